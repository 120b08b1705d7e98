"""How-to cards: whole, consistent with the pack, and one for everything that can fail."""

from __future__ import annotations

import re
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from app.regulations import card_files
from app.regulations.queries.cards import all_cards, card_of, of_findings
from app.regulations.rules.cards import Cards, Count, faults_in
from app.regulations.rules.checklist import Checklist

pytestmark = pytest.mark.one_database

CONTENTS = card_files.read("cn-school")


@pytest.fixture(scope="module")
def cards() -> Cards:
    """The shipped cards."""
    return all_cards()


def test_the_shipped_cards_have_no_problem(checklist: Checklist) -> None:
    assert card_files.problems_of(CONTENTS, checklist) == []


def _spoilt(change: dict[str, Any]) -> list[dict[str, Any]]:
    contents = deepcopy(CONTENTS)
    contents[0].update(change)
    return contents


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps": []}, "ext-pressure"),
        ({"title": {"zh": "只有中文"}}, "'en' is a required property"),
        ({"for": ["EXT-99"]}, "unknown key EXT-99"),
        ({"for": ["EXT-17:no_such_fault"]}, "unknown key EXT-17:no_such_fault"),
        ({"for": ["EXT-14"], "buy": []}, "EXT-14 has 2 cards"),
        ({"code": "ext-seal"}, "ext-seal twice"),
        ({"violations": ["FL99"]}, "unknown breach FL99"),
        ({"source": [{"ref": "GB 50444-2008 附录C 第17项", "evidence": "found"}]}, "is not found in the pack"),
        ({"source": [{"ref": "消防法第九百条", "evidence": "found"}]}, "is not found in the pack"),
    ],
)
def test_a_spoilt_card_is_named(checklist: Checklist, change: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in card_files.problems_of(_spoilt(change), checklist))


def test_everything_that_can_fail_has_a_card(checklist: Checklist, cards: Cards) -> None:
    for item in checklist.items:
        for fault in item.faults:
            assert cards.card_of(item.code, fault.violation, item.category, faults=[fault.key]), item.code
        assert cards.card_of(item.code, item.violation, item.category), item.code


def test_most_items_have_a_card_of_their_own(checklist: Checklist, cards: Cards) -> None:
    own = {card.code for item in checklist.items if (card := cards.specific(item.code))}
    general = [item.code for item in checklist.items if not cards.specific(item.code)]
    assert len(own) >= 30
    assert general == ["EXT-31", "HYI-11", "HYI-16", "HYO-08", "HYO-09"]


@pytest.mark.parametrize(
    ("item", "violation", "category", "faults", "card"),
    [
        ("EXT-01", "", "extinguisher", ["misplaced"], "ext-place"),
        ("EXT-01", "", "extinguisher", ["misplaced", "missing"], "ext-missing"),
        ("EXT-15", "", "extinguisher", ["rust"], "ext-parts"),
        ("EXT-15", "", "extinguisher", ["rust_third"], "ext-scrap"),
        ("PIECE", "FL60-1-1b", "extinguisher", [], "ext-parts"),
        ("EVA-03", "FL60-1-3", "exit_route", ["ebike"], "ebike"),
        ("", "FL60-1-5", "", [], "fire-lane"),
        ("", "FL60-1-6", "exit_route", [], "window-bars"),
        ("", "FL67", "management", [], "mgt-duties"),
        ("HYI-16", "NONE", "hydrant_indoor", [], "hyi-valve"),
    ],
)
def test_the_nearest_card_is_taken(item: str, violation: str, category: str, faults: list[str], card: str) -> None:
    found = card_of(item, violation, category, faults=faults)
    assert found is not None
    assert found.code == card


def test_what_nobody_knows_has_no_card() -> None:
    assert card_of("XXX-01", "FL67", "") is None


def test_every_category_has_a_general_card(checklist: Checklist, cards: Cards) -> None:
    for category in checklist.order("categories"):
        assert cards.card_of("", "", category) is not None


@dataclass
class _Finding:
    item_code: str
    text: str
    violation_code: str = ""
    category: str = "extinguisher"
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@pytest.mark.parametrize("text", ["设置点缺灭火器", "未放在规定的设置点；设置点缺灭火器"])
def test_a_findings_words_lead_to_the_exact_card(app: Flask, text: str) -> None:
    finding = _Finding("EXT-01", text)
    assert of_findings([finding])[finding.id].code == "ext-missing"


def test_an_officers_own_words_lead_to_the_items_card(app: Flask) -> None:
    finding = _Finding("EXT-01", "灭火器放在窗外")
    assert of_findings([finding])[finding.id].code == "ext-place"


def test_the_cards_of_many_findings_ask_the_database_once(app: Flask, count_queries: Any) -> None:
    of_findings([_Finding("EXT-17", "指针在红区（欠压）")])
    with count_queries() as sent:
        of_findings([_Finding("EXT-17", "指针在红区（欠压）") for _ in range(50)])
    assert sent.number <= 1


def test_faults_are_read_from_the_text_alone(checklist: Checklist) -> None:
    assert faults_in("指针在红区（欠压）", checklist.item("EXT-17")) == ("red",)
    assert faults_in("指针不对", checklist.item("EXT-17")) == ()
    assert faults_in("指针在红区（欠压）", None) == ()


def test_only_seen_clauses_stand_as_law(cards: Cards) -> None:
    card = cards.by_code["ext-pressure"]
    assert [clause.ref for clause in card.law] == ["消防法第十六条第一款第二项"]
    assert [clause.ref for clause in card.to_verify] == ["GB 50444-2008 附录C 第17项"]


@pytest.mark.parametrize(
    ("text", "category", "code"),
    [
        ("水带", "", "hyi-kit"),
        ("panic bar", "", "exit-locked"),
        ("hyi-10", "", "hyi-no-water"),
        ("", "laboratory", "lab-chemicals"),
    ],
)
def test_cards_are_found_by_words_of_either_language(cards: Cards, text: str, category: str, code: str) -> None:
    assert code in [card.code for card in cards.matching(text, category)]


def test_words_that_nothing_has_find_nothing(cards: Cards) -> None:
    assert cards.matching("长颈鹿") == ()


def test_what_is_bought_follows_the_fault(cards: Cards) -> None:
    kit = cards.by_code["hyi-kit"]
    assert [b.text.zh[:4] for b in kit.buy if b.is_for(("HYI-04:nozzle_missing", "HYI-04"))] == ["消防水枪"]
    missing = cards.by_code["ext-missing"]
    assert [b.count for b in missing.buy if b.is_for(("EXT-25:none", "EXT-25"))] == [Count.UP_TO]
    assert [b for b in missing.buy if b.is_for(("EXT-25:too_many", "EXT-25"))] == []


def _drawing(code: str) -> str:
    return (card_files.DRAWINGS / f"{code}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [content["code"] for content in CONTENTS])
def test_each_card_has_a_small_drawing_without_words_or_scripts(code: str) -> None:
    drawing = _drawing(code)
    assert len(drawing.encode()) <= 4096
    assert 'viewBox="0 0 640 300"' in drawing
    assert re.search(r"<(text|script|image|style|foreignObject)|style=|href=\"[^#]|\son\w+=", drawing) is None


def test_no_drawing_is_left_without_its_card() -> None:
    kept = {file.stem for file in card_files.DRAWINGS.glob("*.svg")}
    assert kept == {content["code"] for content in CONTENTS}
