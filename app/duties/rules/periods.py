"""The stretches of days in which a duty is owed once: weeks, months, terms … over a school's calendar. DOMAIN §4.5."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from app.regulations.rules.calendars import Calendar, is_school_day

_DAY = timedelta(days=1)

#: A month with fewer school days is no month in which a drill is owed. DOMAIN §4.5 [P].
LEAST_SCHOOL_DAYS = 10


class Per(StrEnum):
    """How often a duty is owed. `hour` and `new_post` have no periods in a calendar."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    TERM = "term"
    NEW_POST = "new_post"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day; `name` only where it has one of its own (a term)."""

    start: date
    end: date
    name: str = ""


@dataclass(frozen=True)
class SchoolDays:
    """The school days of a stretch, once worked out and then only counted."""

    calendar: Calendar
    first: date
    last: date

    @cached_property
    def days(self) -> Sequence[date]:
        """All school days of the stretch, in order."""
        length = (self.last - self.first).days + 1
        return [day for n in range(length) if is_school_day(day := self.first + timedelta(days=n), self.calendar)]

    def between(self, start: date, end: date) -> int:
        """How many school days lie from `start` to `end`, both counted."""
        return bisect_right(self.days, end) - bisect_left(self.days, start)


def _last_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def _months(year: int, size: int) -> Iterator[Period]:
    """The year in pieces of `size` months."""
    for month in range(1, 13, size):
        yield Period(date(year, month, 1), _last_of_month(year, month + size - 1))


def _half_months(year: int) -> Iterator[Period]:
    for month in _months(year, 1):
        middle = month.start.replace(day=15)
        yield Period(month.start, middle)
        yield Period(middle + _DAY, month.end)


def _weeks(year: int) -> Iterator[Period]:
    """Weeks from Monday to Sunday that end in the year."""
    sunday = date(year, 1, 1) + timedelta(days=6 - date(year, 1, 1).weekday())
    while sunday.year == year:
        yield Period(sunday - timedelta(days=6), sunday)
        sunday += timedelta(days=7)


def _school_year(year: int) -> Iterator[Period]:
    """The school year that ends in the year: 1 September to 31 August."""
    yield Period(date(year - 1, 9, 1), date(year, 8, 31))


_BY_CALENDAR: dict[Per, Callable[[int], Iterator[Period]]] = {
    Per.WEEK: _weeks,
    Per.HALF_MONTH: _half_months,
    Per.MONTH: lambda year: _months(year, 1),
    Per.QUARTER: lambda year: _months(year, 3),
    Per.HALF_YEAR: lambda year: _months(year, 6),
    Per.YEAR: lambda year: _months(year, 12),
    Per.SCHOOL_YEAR: _school_year,
}


def _terms(year: int, calendar: Calendar) -> list[Period]:
    return [Period(t.start, t.end, t.name) for t in sorted(calendar.terms, key=lambda t: t.end) if t.end.year == year]


def _needs_school(per: Per, *, in_term_only: bool) -> int:
    """How many school days a period must have to be owed at all.

    Days and weeks without school are not owed [P]: nobody is there to patrol for. Other periods are, unless the rule
    says "in term only"; then it takes ten school days.
    """
    if per in (Per.DAY, Per.WEEK):
        return 1
    return LEAST_SCHOOL_DAYS if in_term_only else 0


def periods(per: Per, year: int, days: SchoolDays, *, in_term_only: bool = False) -> tuple[Period, ...]:
    """The periods of a duty that end in a year, in order; none for `hour` and `new_post`, and none where no term is entered.

    `days` must reach from 1 September of the year before to the end of the year.
    """
    if per is Per.DAY:
        return tuple(Period(day, day) for day in days.days if day.year == year)
    if per is Per.TERM:
        return tuple(_terms(year, days.calendar))
    found = _BY_CALENDAR[per](year) if per in _BY_CALENDAR else iter(())
    least = _needs_school(per, in_term_only=in_term_only)
    return tuple(p for p in found if days.between(p.start, p.end) >= least)


def reach(year: int) -> tuple[date, date]:
    """First and last day that the periods of a year may hold."""
    return date(year - 1, 9, 1), date(year, 12, 31)
