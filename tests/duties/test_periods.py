"""In which stretches of days a duty is owed, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from app.duties.rules.periods import Per, Period, SchoolDays, periods, reach
from app.regulations.rules.calendars import Calendar
from tests.duties.years import AUTUMN_25, CALENDAR, DAYS_2026, SPRING_26

pytestmark = pytest.mark.one_database


def test_months_in_term_are_those_with_ten_school_days() -> None:
    # January has two school days, July eight; February and August none; October fifteen.
    found = periods(Per.MONTH, 2026, DAYS_2026, in_term_only=True)
    assert [p.start.month for p in found] == [3, 4, 5, 6, 9, 10, 11, 12]
    assert found[0] == Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("month", "count"),
    [(1, 2), (2, 0), (3, 22), (7, 8), (8, 0), (9, 23), (10, 18)],
)
def test_school_days_heed_terms_holidays_and_shifted_days(month: int, count: int) -> None:
    end = date(2026, month, 28) if month == 2 else date(2026, month, 31 if month in (1, 3, 7, 8, 10) else 30)
    assert DAYS_2026.between(date(2026, month, 1), end) == count


@pytest.mark.parametrize(
    ("per", "number", "first", "last"),
    [
        (Per.MONTH, 12, ("2026-01-01", "2026-01-31"), ("2026-12-01", "2026-12-31")),
        (Per.QUARTER, 4, ("2026-01-01", "2026-03-31"), ("2026-10-01", "2026-12-31")),
        (Per.HALF_YEAR, 2, ("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")),
        (Per.YEAR, 1, ("2026-01-01", "2026-12-31"), ("2026-01-01", "2026-12-31")),
        (Per.SCHOOL_YEAR, 1, ("2025-09-01", "2026-08-31"), ("2025-09-01", "2026-08-31")),
        (Per.HALF_MONTH, 24, ("2026-01-01", "2026-01-15"), ("2026-12-16", "2026-12-31")),
        (Per.TERM, 2, ("2025-09-01", "2026-01-04"), ("2026-03-02", "2026-07-10")),
        (Per.WEEK, 37, ("2025-12-29", "2026-01-04"), ("2026-12-21", "2026-12-27")),
    ],
)
def test_the_periods_that_end_in_a_year(per: Per, number: int, first: tuple[str, str], last: tuple[str, str]) -> None:
    found = periods(per, 2026, DAYS_2026)
    assert len(found) == number
    assert [(str(p.start), str(p.end)) for p in (found[0], found[-1])] == [first, last]


def test_a_term_belongs_to_the_year_in_which_it_ends_and_keeps_its_name() -> None:
    assert [p.name for p in periods(Per.TERM, 2026, DAYS_2026)] == [AUTUMN_25.name, SPRING_26.name]


def test_days_are_school_days_only() -> None:
    days = periods(Per.DAY, 2026, DAYS_2026)
    assert all(p.start == p.end for p in days)
    assert date(2026, 9, 20) in {p.start for p in days}  # a Sunday on which school is held
    assert date(2026, 10, 1) not in {p.start for p in days}


@pytest.mark.parametrize("per", [Per.HOUR, Per.NEW_POST])
def test_rounds_by_the_hour_and_newcomers_have_no_periods(per: Per) -> None:
    assert periods(per, 2026, DAYS_2026) == ()


def test_where_no_term_is_entered_no_term_is_guessed_and_months_count_their_working_days() -> None:
    days = SchoolDays(Calendar(CALENDAR.layers), *reach(2026))
    assert periods(Per.TERM, 2026, days) == ()
    assert len(periods(Per.MONTH, 2026, days, in_term_only=True)) == 12


def test_leap_february_ends_on_the_29th() -> None:
    days = SchoolDays(Calendar(), *reach(2028))
    assert periods(Per.MONTH, 2028, days)[1].end == date(2028, 2, 29)
