"""A how-to card in a real browser: readable on a phone without script, and one sheet of paper."""

from __future__ import annotations

import re

import pytest

from app.regulations.queries.cards import all_cards
from tests.browser import OpenPage, axe, no_overflow, targets_48, text_16

pytestmark = pytest.mark.browser


def _longest(most: int) -> list[str]:
    def length(code: str) -> int:
        card = all_cards().by_code[code]
        return sum(len(text.en) for text in (*card.steps, card.photo, card.call, *(b.text for b in card.buy)))

    return sorted(all_cards().by_code, key=length)[-most:]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_card_reads_well_on_a_phone_without_script(browser_page: OpenPage, language: str) -> None:
    tab = browser_page(size="phone", language=language, script=False)
    tab.goto("/cards/hyi-kit")
    for check in (no_overflow, text_16, targets_48):
        check(tab)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_card_and_the_list_are_accessible(browser_page: OpenPage, language: str) -> None:
    tab = browser_page(size="phone", language=language)
    for address in ("/cards/exit-locked", "/cards?category=kitchen"):
        tab.goto(address)
        axe(tab)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_longest_cards_print_on_one_sheet(browser_page: OpenPage, language: str) -> None:
    tab = browser_page(size="desktop", language=language)
    tab.emulate_media(media="print")
    for code in _longest(4):
        tab.goto(f"/cards/{code}")
        assert len(re.findall(rb"/Type\s*/Page[^s]", tab.pdf(prefer_css_page_size=True))) == 1, code
