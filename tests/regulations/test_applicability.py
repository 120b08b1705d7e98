"""What applies to a school, in a season, to a piece."""

from __future__ import annotations

from datetime import date

import pytest

from app.regulations.rules.applicability import SchoolFacts, school_types, season_on
from app.regulations.rules.checklist import Checklist

SUMMER, WINTER = date(2026, 6, 1), date(2026, 12, 1)


def codes(checklist: Checklist, facts: SchoolFacts, day: date = SUMMER) -> set[str]:
    return {i.code for i in checklist.for_school("full", facts, day)}


def test_a_facility_known_to_be_absent_leaves_its_items_out(checklist: Checklist) -> None:
    assert "CTR-01" not in codes(checklist, SchoolFacts(flags={"control_room": False}))
    assert "CTR-01" in codes(checklist, SchoolFacts(flags={"control_room": True}))


def test_a_facility_nobody_recorded_is_asked_about(checklist: Checklist) -> None:
    assert {"CTR-01", "ALM-01", "SPR-01", "WTR-02"} <= codes(checklist, SchoolFacts())


def test_winter_items_are_asked_in_winter_only(checklist: Checklist) -> None:
    winter = codes(checklist, SchoolFacts(), WINTER) - codes(checklist, SchoolFacts(), SUMMER)
    assert winter == {"HYI-15", "WTR-06", "HYO-10", "ELE-07"}


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "winter"),
        (date(2027, 1, 1), "winter"),
        (date(2027, 3, 31), "winter"),
        (date(2027, 4, 1), None),
    ],
)
def test_winter_passes_the_new_year(checklist: Checklist, day: date, season: str | None) -> None:
    assert season_on(day, checklist.seasons) == season


def test_night_drills_are_asked_of_boarding_schools(checklist: Checklist) -> None:
    assert "DRL-03" in codes(checklist, SchoolFacts(types=school_types("senior", is_boarding=True)))
    assert "DRL-03" not in codes(checklist, SchoolFacts(types=school_types("senior", is_boarding=False)))


@pytest.mark.parametrize(
    ("kind", "boarding", "asked"),
    [
        ("primary", True, True),
        ("nine_year", True, True),
        ("kindergarten", True, True),
        ("senior", True, False),
        ("primary", False, False),
    ],
)
def test_bedroom_light_is_asked_of_young_boarders(checklist: Checklist, kind: str, boarding: bool, asked: bool) -> None:
    facts = SchoolFacts(types=school_types(kind, is_boarding=boarding))
    assert ("LIT-07" in codes(checklist, facts)) is asked


def test_a_day_school_without_kitchen_is_not_asked_about_one(checklist: Checklist) -> None:
    found = codes(checklist, SchoolFacts(amenities={"kitchen": False, "sleeping_rooms": False, "laboratory": False}))
    assert not {c for c in found if c[:3] in ("KIT", "LAB")}
    assert {c for c in found if c.startswith("DOR")} == {"DOR-01"}


def test_weighing_is_asked_where_there_is_something_to_weigh(checklist: Checklist) -> None:
    assert "EXT-20" in codes(checklist, SchoolFacts(extinguisher_types=frozenset({"powder", "co2"})))
    assert "EXT-20" not in codes(checklist, SchoolFacts(extinguisher_types=frozenset({"powder"})))
    assert "EXT-20" in codes(checklist, SchoolFacts(extinguisher_types=None))
