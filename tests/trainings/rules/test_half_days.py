"""Which weeks had their half day: by a table, over holidays, before the first and after the last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.trainings.rules.half_days import HalfDay, WeekState, mondays, weeks

pytestmark = pytest.mark.one_database

#: Monday of week 48 is 23 November 2026; the first half day ever was in week 40; nobody works in week 41.
TODAY = date(2026, 11, 25)
SINCE = date(2026, 9, 30)
HOLIDAY = range(date(2026, 10, 5).toordinal(), date(2026, 10, 12).toordinal())


def _states(*half_days: tuple[str, bool], wanted: int = 1) -> dict[int, WeekState]:
    found = weeks(
        2026,
        [HalfDay(date.fromisoformat(day), is_held) for day, is_held in half_days],
        wanted=wanted, today=TODAY, since=SINCE, is_workday=lambda day: day.weekday() < 5 and day.toordinal() not in HOLIDAY,
    )  # fmt: skip
    return {week.number: week.state for week in found}


def test_each_week_stands_as_what_was_held_and_planned_in_it() -> None:
    found = _states(
        ("2026-09-30", True), ("2026-10-18", True), ("2026-10-19", False), ("2026-11-24", False), ("2026-12-01", False)
    )  # fmt: skip
    stands = {
        39: WeekState.OFF, 40: WeekState.HELD, 41: WeekState.OFF, 42: WeekState.HELD, 43: WeekState.TO_LOG, 44: WeekState.LACKING,
        47: WeekState.LACKING, 48: WeekState.PLANNED, 49: WeekState.PLANNED, 50: WeekState.FREE,
    }  # fmt: skip
    assert {number: found[number] for number in stands} == stands


def test_two_a_week_are_lacking_one_and_none_a_week_lack_nothing() -> None:
    assert _states(("2026-09-30", True), wanted=2)[40] is WeekState.LACKING
    assert _states(("2026-09-30", True), ("2026-10-01", True), wanted=2)[40] is WeekState.HELD
    found = _states(("2026-09-30", True), wanted=0)
    assert found[40] is WeekState.HELD
    assert WeekState.LACKING not in found.values()


@pytest.mark.parametrize(("year", "number", "first", "last"), [
    (2026, 53, "2025-12-29", "2026-12-28"), (2025, 52, "2024-12-30", "2025-12-22"),
])  # fmt: skip
def test_the_weeks_of_a_year_are_those_of_the_calendar(year: int, number: int, first: str, last: str) -> None:
    found = mondays(year)
    assert (len(found), str(found[0]), str(found[-1])) == (number, first, last)
    assert mondays(year + 1)[0] == found[-1] + timedelta(days=7)
