"""The brigade's weekly half day of fire education: which weeks had one, which did not, which are planned. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WEEK = timedelta(days=6)


class WeekState(StrEnum):
    """How a week stands."""

    HELD = "held"
    TO_LOG = "to_log"
    LACKING = "lacking"
    PLANNED = "planned"
    FREE = "free"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One half day: its day, and whether it is logged as held."""

    day: date
    is_held: bool


@dataclass(frozen=True, slots=True)
class Week:
    """One week, Monday to Sunday, with how many half days were held and how many are only planned."""

    number: int
    monday: date
    state: WeekState
    held: int
    planned: int

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + _WEEK

    @property
    def counts(self) -> bool:
        """Whether a half day was due in it by now: it is over, or has had it."""
        return self.state in (WeekState.HELD, WeekState.TO_LOG, WeekState.LACKING)


def mondays(year: int) -> list[date]:
    """The weeks of a year as the calendar numbers them (ISO 8601)."""
    return [date.fromisocalendar(year, week, 1) for week in range(1, date(year, 12, 28).isocalendar().week + 1)]


def _state(held: int, planned: int, *, wanted: int, is_over: bool, is_off: bool) -> WeekState:
    if held and held >= wanted:
        return WeekState.HELD
    if not is_over:
        return WeekState.PLANNED if planned else WeekState.OFF if is_off else WeekState.FREE
    if planned:
        return WeekState.TO_LOG
    if held:
        return WeekState.LACKING
    return WeekState.OFF if is_off or not wanted else WeekState.LACKING


def weeks(
    year: int,
    half_days: Sequence[HalfDay],
    *,
    wanted: int,
    today: date,
    since: date | None,
    is_workday: Callable[[date], bool],
) -> list[Week]:
    """The weeks of a year. None is due in a week without a working day, nor before the week of `since`, the first ever."""
    found = []
    for number, monday in enumerate(mondays(year), 1):
        sunday = monday + _WEEK
        within = [one for one in half_days if monday <= one.day <= sunday]
        held = sum(one.is_held for one in within)
        works = any(is_workday(monday + timedelta(days=n)) for n in range(7))
        is_off = not works or (sunday < today and (since is None or sunday < since))
        state = _state(held, len(within) - held, wanted=wanted, is_over=sunday < today, is_off=is_off)
        found.append(Week(number, monday, state, held, len(within) - held))
    return found
