"""Working days with the shipped calendars, as the office will see them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.regulations import queries
from app.regulations.rules.calendars import add_workdays, is_workday

pytestmark = pytest.mark.one_database

LHASA = "540102"


@pytest.mark.parametrize(
    ("visit", "national", "lhasa"),
    [
        ("2026-02-13", "2026-02-25", "2026-02-28"),
        ("2026-04-30", "2026-05-08", "2026-05-08"),
        ("2026-09-30", "2026-10-10", "2026-10-10"),
        ("2026-09-18", "2026-09-22", "2026-09-22"),
        ("2025-02-26", "2025-03-03", "2025-03-07"),
    ],
)
def test_three_working_days_after_a_visit(app: Flask, visit: str, national: str, lhasa: str) -> None:
    start = date.fromisoformat(visit)
    nation, region = queries.calendar_of(None), queries.calendar_of(LHASA)
    assert add_workdays(start, 3, nation).day == date.fromisoformat(national)
    assert add_workdays(start, 3, region).day == date.fromisoformat(lhasa)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-04", True), ("2026-02-14", True), ("2026-02-15", False), ("2026-02-23", False), ("2026-02-24", True),
        ("2026-02-28", True), ("2026-05-09", True), ("2026-06-19", False), ("2026-09-20", True), ("2026-10-10", True),
        ("2025-01-26", True), ("2025-10-08", False), ("2024-02-09", True), ("2024-02-18", True), ("2024-09-29", True),
    ],
)  # fmt: skip
def test_days_of_the_nation(app: Flask, day: str, works: bool) -> None:
    assert is_workday(date.fromisoformat(day), queries.calendar_of(None)) is works


@pytest.mark.parametrize("day", ["2022-02-26", "2022-03-13"])
def test_losar_2022_had_two_worked_weekend_days(app: Flask, day: str) -> None:
    assert is_workday(date.fromisoformat(day), queries.calendar_of(LHASA))
    assert not is_workday(date(2022, 3, 4), queries.calendar_of(LHASA))


def test_another_region_does_not_keep_losar(app: Flask) -> None:
    assert is_workday(date(2026, 2, 25), queries.calendar_of("110101"))


def test_years_not_entered_are_said(app: Flask) -> None:
    gaps = add_workdays(date(2027, 2, 4), 3, queries.calendar_of(LHASA)).gaps
    assert [(g.year, g.holiday) for g in gaps] == [(2027, ""), (2027, "藏历新年")]
