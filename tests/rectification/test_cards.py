"""The pages of how-to cards: for everybody, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from app.regulations.queries.cards import all_cards
from tests.conftest import SignInAs


def test_anybody_reads_a_card_without_signing_in(client: Any) -> None:
    page = client.get("/cards/ext-pressure").get_data(as_text=True)
    for said in (
        "灭火器没有压力或已用过",
        "待修",
        "请有资质的单位做",
        "维修合格证",
        "仅供参考，条款待核实：GB 50444-2008 附录C 第17项",
    ):
        assert said in page
    assert "cards/ext-pressure.svg" in page


@pytest.mark.parametrize("who", ["pema", "ines", "beate", "ada"])
def test_every_role_reads_them(as_person: SignInAs, who: str) -> None:
    assert as_person(who).get("/cards").status_code == 200


@pytest.mark.one_database
def test_every_card_opens_in_both_languages(client: Any) -> None:
    for language, words in (("zh_Hans_CN", "怎么改"), ("en", "How to put it right")):
        client.post("/language", data={"language": language})
        for card in all_cards().cards:
            page = client.get(f"/cards/{card.code}").get_data(as_text=True)
            assert words in page
            assert (card.title.en if language == "en" else card.title.zh) in page.replace("&#34;", '"')


def test_the_list_is_searched_and_filtered(client: Any) -> None:
    page = client.get("/cards?q=水带").get_data(as_text=True)
    assert "/cards/hyi-kit" in page
    assert "/cards/ext-seal" not in page
    page = client.get("/cards?category=laboratory").get_data(as_text=True)
    assert "/cards/lab-chemicals" in page
    assert "/cards/ext-seal" not in page
    assert "没有符合的卡片" in client.get("/cards?q=长颈鹿").get_data(as_text=True)


def test_a_card_that_is_not_there_says_so(client: Any) -> None:
    assert client.get("/cards/no-such-card").status_code == 404
