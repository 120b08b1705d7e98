"""Answers tick the boxes of the inspection record."""

from __future__ import annotations

import pytest

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.record import Given, record_rows


def ticked(checklist: Checklist, *answers: Given) -> dict[str, list[str]]:
    rows = record_rows(checklist.content["record_rows"], answers)
    return {row.key: [box.key for box in row.boxes if box.ticked] for row in rows if row.asked}


def test_a_row_whose_items_all_passed_is_in_order(checklist: Checklist) -> None:
    assert ticked(checklist, Given("EXT-06", "pass"), Given("EXT-09", "na")) == {"extinguishers": ["ok"]}


def test_each_fault_ticks_its_own_box(checklist: Checklist) -> None:
    found = ticked(
        checklist,
        Given("EXT-07", "fail", ("scrap_due",)),
        Given("HYI-04", "fail", ("nozzle_missing",)),
        Given("EVA-01", "fail", ("locked",)),
        Given("LIT-01", "fail", ("damaged",)),
        Given("LIT-02", "pass"),
    )
    assert found == {
        "extinguishers": ["failed"],
        "indoor_hydrants": ["parts"],
        "exits": ["locked"],
        "lights": ["damaged"],
    }


def test_a_failure_without_a_box_of_its_own_ticks_the_general_one(checklist: Checklist) -> None:
    assert ticked(checklist, Given("EXT-27", "fail", ("no_log",))) == {"extinguishers": ["bad"]}


def test_several_faults_tick_several_boxes(checklist: Checklist) -> None:
    found = ticked(checklist, Given("EXT-07", "fail"), Given("EXT-09", "fail"), Given("EXT-12", "fail"))
    assert found == {"extinguishers": ["failed", "wrong_place", "bad"]}


def test_a_choice_ticks_the_box_of_its_value(checklist: Checklist) -> None:
    assert ticked(checklist, Given("BLD-01", "pass", value="filed")) == {"acceptance": ["filed"]}
    assert ticked(checklist, Given("BLD-01", "fail", ("none",), "none")) == {"acceptance": ["none"]}


@pytest.mark.parametrize(
    ("given", "unboxed"),
    [
        (Given("BLD-01", "pass"), "pass"), (Given("BLD-01", "na"), "na"), (Given("BLD-01", "pass", value="filed"), ""),
        (Given("BLD-01", "fail"), ""), (Given("EXT-06", "pass"), ""), (Given("SPR-01", "na"), ""),
    ],
)  # fmt: skip
def test_a_verdict_without_a_box_is_not_lost(checklist: Checklist, given: Given, unboxed: str) -> None:
    [row] = [row for row in record_rows(checklist.content["record_rows"], [given]) if row.asked]
    assert row.unboxed == unboxed


def test_what_does_not_concern_the_school_says_so(checklist: Checklist) -> None:
    assert ticked(checklist, Given("SPR-01", "na"), Given("SPR-03", "na")) == {"sprinklers": ["na"]}


def test_every_failing_item_has_a_box_in_the_section_it_belongs_to(checklist: Checklist) -> None:
    for item in checklist.items:
        rows = record_rows(checklist.content["record_rows"], [Given(item.code, "fail")])
        (row,) = [r for r in rows if r.asked]
        assert row.section == item.record_section
        assert any(box.ticked for box in row.boxes), item.code
