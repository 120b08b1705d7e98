"""Working days: the weekend, then the national table, then the region's own days; and school days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
#: How far a school day is looked for, before and after: the longest school holidays and some.
SEARCHED_DAYS = 120


class Layer(StrEnum):
    """Whose days a calendar holds; a later layer overrides an earlier one."""

    NATIONAL = "national"
    REGION = "region"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class MarkedDay:
    """A day off or a shifted working day, with the name of its holiday."""

    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A holiday whose dates are not entered yet, and the stretch of the year it may fall in."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class DayLayer:
    """One layer of days with the years that are entered."""

    layer: Layer
    name: str
    days: Mapping[date, MarkedDay] = field(default_factory=dict)
    filled_years: frozenset[int] = frozenset()
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, first and last day."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one place: its layers, national first, and the terms of its schools."""

    layers: tuple[DayLayer, ...] = ()
    terms: tuple[Term, ...] = ()

    def marked(self, day: date) -> MarkedDay | None:
        """What the last layer that knows the day says of it."""
        for layer in reversed(self.layers):
            if day in layer.days:
                return layer.days[day]
        return None


@dataclass(frozen=True, slots=True)
class Gap:
    """What is not entered: a whole year of the nation's days (`holiday` empty), or one holiday of that year."""

    year: int
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day that was counted to, and what the count could not know."""

    day: date
    gaps: tuple[Gap, ...] = ()


def is_workday(day: date, calendar: Calendar) -> bool:
    """Whether offices work: the region's word, else the nation's, else Monday to Friday."""
    marked = calendar.marked(day)
    return marked.working if marked else day.weekday() < SATURDAY


def holiday_name(day: date, calendar: Calendar) -> str | None:
    """The name of the holiday a day belongs to, also for a shifted working day."""
    marked = calendar.marked(day)
    return marked.name if marked else None


def gaps_between(start: date, end: date, calendar: Calendar) -> tuple[Gap, ...]:
    """What is not entered for the days from `start` to `end`; such days count as Monday to Friday."""
    found: list[Gap] = []
    for layer in calendar.layers:
        if layer.layer is Layer.NATIONAL:
            found += [Gap(y) for y in range(start.year, end.year + 1) if y not in layer.filled_years]
        found += [Gap(p.start.year, p.name) for p in layer.pending if p.start <= end and start <= p.end]
    if not any(layer.layer is Layer.NATIONAL for layer in calendar.layers):
        found += [Gap(y) for y in range(start.year, end.year + 1)]
    return tuple(found)


def day_after_workdays(start: date, amount: int, calendar: Calendar) -> date:
    """The day on which `amount` working days have passed, for who does not ask what the calendar lacks."""
    day, left = start, amount
    while left > 0:
        day += timedelta(days=1)
        left -= is_workday(day, calendar)
    return day


def add_workdays(start: date, amount: int, calendar: Calendar) -> Reckoned:
    """The day on which `amount` working days have passed; the start day is not counted."""
    day = day_after_workdays(start, amount, calendar)
    return Reckoned(day, gaps_between(start, day, calendar))


def is_in_term(day: date, calendar: Calendar) -> bool | None:
    """Whether schools are in term; None where no term of that year is entered."""
    if not any(day.year in (t.start.year, t.end.year) for t in calendar.terms):
        return None
    return any(t.start <= day <= t.end for t in calendar.terms)


def is_school_day(day: date, calendar: Calendar) -> bool:
    """A working day within a term; where no terms are entered, any working day."""
    return is_workday(day, calendar) and is_in_term(day, calendar) is not False


def next_school_day(day: date, calendar: Calendar) -> date | None:
    """The first school day after a day; None where none is found within the longest school holidays. DOMAIN §4.7."""
    return _school_day(day, calendar, step=1, farthest=day + timedelta(days=SEARCHED_DAYS))


def last_school_day(day: date, calendar: Calendar, *, earliest: date) -> date | None:
    """The last school day before a day that is not before `earliest`; None where there is none."""
    return _school_day(day, calendar, step=-1, farthest=max(earliest, day - timedelta(days=SEARCHED_DAYS)))


def _school_day(day: date, calendar: Calendar, *, step: int, farthest: date) -> date | None:
    days = (day + timedelta(days=step * n) for n in range(1, step * (farthest - day).days + 1))
    return next((one for one in days if is_school_day(one, calendar)), None)


@dataclass(frozen=True, slots=True)
class OpenClock:
    """A clock that is running: what it is for, when it started, how many working days it has."""

    key: str
    label: str
    started: date
    workdays: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ClockMove:
    """An open clock whose end moved with the calendar."""

    clock: OpenClock
    before: date
    after: date


def clocks_changed(before: Calendar, after: Calendar, open_clocks: Iterable[OpenClock]) -> tuple[ClockMove, ...]:
    """Which open clocks end on another day under the changed calendar."""
    moves = (
        ClockMove(
            clock,
            before=add_workdays(clock.started, clock.workdays, before).day,
            after=add_workdays(clock.started, clock.workdays, after).day,
        )
        for clock in open_clocks
    )
    return tuple(move for move in moves if move.before != move.after)


def span(start: date, end: date) -> Sequence[date]:
    """All days from `start` to `end`, both included."""
    return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))
