"""Egress widths, drill times and emergency light."""

from __future__ import annotations

from datetime import date

import pytest

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.drilltime import plausible_seconds, target_seconds
from app.regulations.rules.egress import (
    Opening,
    default_profile,
    egress_width,
    lanes,
    needed_width,
    people_to_count,
    usable_width,
    width_per_hundred,
)
from app.regulations.rules.lighting import damage_hint, is_bright_enough, plan_duration_tests, required_illuminance


@pytest.mark.parametrize(
    ("profile", "floor", "people", "metres"),
    [
        ("GB50099", 3, 320, 2.56),
        ("GB55037", 3, 320, 2.40),
        ("GB50099", 4, 480, 5.04),
        ("GB55037", 4, 480, 4.80),
        ("GB50099", 1, 100, 0.70),
        ("GB55037", 2, 100, 0.65),
        ("GB50099", -1, 100, 0.80),
    ],
)
def test_needed_width_by_heads(checklist: Checklist, profile: str, floor: int, people: int, metres: float) -> None:
    per_hundred = width_per_hundred(checklist.tables["egress_widths"]["profiles"][profile], floor=floor)
    assert per_hundred is not None
    assert needed_width(people, per_hundred) == metres


def test_a_rating_that_may_not_be_so_high_has_no_width(checklist: Checklist) -> None:
    table = checklist.tables["egress_widths"]["profiles"]["GB50099"]
    assert width_per_hundred(table, floor=3, fire_rating="4") is None


@pytest.mark.parametrize(("width", "whole"), [(1.35, 2), (1.20, 2), (1.19, 1), (1.80, 3), (0.59, 0), (2.4, 4)])
def test_lanes_are_whole(width: float, whole: int) -> None:
    assert lanes(width, 0.6) == whole


def test_a_stair_of_135_counts_as_120_under_the_school_code() -> None:
    assert usable_width(1.35, lane_m=0.6, whole_lanes=True) == 1.2
    assert usable_width(1.35, lane_m=0.6, whole_lanes=False) == 1.35


def test_a_stair_serves_the_fullest_storey_on_or_above_it() -> None:
    heads = {1: 200, 2: 320, 3: 410, 4: 180, -1: 50}
    assert people_to_count(heads, 2) == 410
    assert people_to_count(heads, 4) == 180
    assert people_to_count(heads, -1) == 50


def test_a_storey_report_names_shortage_and_the_loss_of_the_largest_exit(checklist: Checklist) -> None:
    report = egress_width(
        checklist.tables["egress_widths"],
        profile="GB50099",
        floor=3,
        people=320,
        openings=[Opening("东楼梯", 1.35), Opening("西楼梯", 1.80)],
    )
    assert (report.need_m, report.usable_m, report.shortage_m) == (2.56, 3.0, 0)
    assert (report.usable_without_largest_m, report.shortage_without_largest_m) == (1.2, 1.36)
    assert report.narrowest == Opening("东楼梯", 1.35)


def test_primary_schools_are_measured_by_the_school_code(checklist: Checklist) -> None:
    tables = checklist.tables["egress_widths"]
    assert default_profile(tables, {"primary", "boarding"}) == "GB50099"
    assert default_profile(tables, {"kindergarten"}) == "GB55037"


def test_320_pupils_on_two_stairs_need_about_two_minutes(checklist: Checklist) -> None:
    seconds = plausible_seconds(checklist.tables["drill"], people=320, stair_widths_m=[1.2, 1.35])
    assert seconds == pytest.approx(129.7, abs=0.1)
    assert plausible_seconds(checklist.tables["drill"], people=320, stair_widths_m=[0.5]) is None
    assert target_seconds(checklist.tables["drill"], floors=3) == 120
    assert target_seconds(checklist.tables["drill"], floors=4) is None


@pytest.mark.parametrize(
    ("place", "profile", "lux"),
    [
        ("stair_people_dense", None, 10),
        ("stair", None, 5),
        ("boarding_bedroom", None, 5),
        ("hall", None, 3),
        ("corridor", None, 1),
        ("corridor", "GB55037_strict", 3),
        ("stair", "GB55037_strict", 5),
    ],
)
def test_lux_by_place_and_profile(checklist: Checklist, place: str, profile: str | None, lux: float) -> None:
    required = required_illuminance(checklist.tables["illuminance"], place, profile)
    assert required is not None
    assert required.lux == lux
    assert is_bright_enough(lux, required)
    assert not is_bright_enough(lux - 0.1, required)


def test_an_unknown_place_has_no_lux(checklist: Checklist) -> None:
    assert required_illuminance(checklist.tables["illuminance"], "moon") is None


@pytest.mark.parametrize(
    ("defective", "installed", "high", "hint"),
    [(3, 10, True, False), (4, 10, True, True), (5, 10, False, False), (6, 10, False, True), (0, 0, True, False)],
)
def test_a_hint_at_the_major_hazard_list(
    checklist: Checklist, defective: int, installed: int, high: bool, hint: bool
) -> None:
    hints = checklist.tables["damage_hints"]
    assert damage_hint(hints, defective=defective, installed=installed, high_rise_or_underground=high) is hint


def test_storeys_are_never_tested_on_the_same_evening() -> None:
    plan = plan_duration_tests(["1", "2", "3"], date(2026, 12, 30))
    assert [day for _floor, day in plan] == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
