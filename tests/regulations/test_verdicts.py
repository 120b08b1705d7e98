"""Verdicts of readings and choices."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.verdicts import damage_ratio, is_within_a_year, verdict

PUBLIC = {"building": "multi_storey_public", "clear_height_m": 4}


@pytest.mark.parametrize(
    ("code", "facts", "value", "expected"),
    [
        ("HYI-07", PUBLIC, 0.24, "fail"),
        ("HYI-07", PUBLIC, 0.25, "pass"),
        ("HYI-07", PUBLIC, 0.50, "pass"),
        ("HYI-07", PUBLIC, 0.51, "warn"),
        ("HYI-07", PUBLIC, 0.70, "warn"),
        ("HYI-07", PUBLIC, 0.71, "fail"),
        ("EXT-23", {}, 1.5, "pass"),
        ("EXT-23", {}, 1.51, "fail"),
        ("EXT-25", {}, 0, "fail"),
        ("EXT-25", {}, 6, "fail"),
        ("DRL-04", {"floors": 3}, 121, "warn"),
        ("DRL-04", {"floors": 3}, 120, "pass"),
        ("DRL-04", {"floors": 5}, 600, "pass"),
        ("EXT-20", {}, 3.2, "pass"),
        ("EXT-17", {}, "green", "pass"),
        ("EXT-17", {}, "red", "fail"),
        ("EXT-17", {}, "none", "pass"),
        ("EXT-17", {}, "blue", None),
        ("EXT-01", {}, "pass", None),
        ("EXT-25", {}, None, None),
    ],
)
def test_a_reading_is_judged_by_its_bounds(
    checklist: Checklist, code: str, facts: dict[str, Any], value: Any, expected: str | None
) -> None:
    assert verdict(checklist.item(code), value, checklist.bounds(code, facts)) == expected


@pytest.mark.parametrize("code", ["FDR-13", "LIT-16"])
def test_a_limit_from_unsure_sources_never_turns_red(checklist: Checklist, code: str) -> None:
    assert verdict(checklist.item(code), 99, checklist.bounds(code, {})) == "warn"


@pytest.mark.parametrize(
    ("done", "expected"),
    [(date(2025, 11, 22), True), (date(2025, 11, 21), False), (date(2026, 11, 22), True), (date(2026, 11, 23), False)],
)
def test_the_yearly_test_holds_for_365_days(done: date, expected: bool) -> None:
    assert is_within_a_year(done, date(2026, 11, 22)) is expected


def test_a_damage_ratio_needs_something_installed() -> None:
    assert damage_ratio(3, 9) == 33.3
    assert damage_ratio(0, 0) is None
