"""Figures of the home pages that an officer could argue about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.rectification.rules.findings import RECHECK_WORKDAYS
from app.regulations.rules.calendars import Calendar, day_after_workdays


@dataclass(slots=True, kw_only=True)
class Closure:
    """Some findings that were struck off: by when they were due, when that was, how many."""

    deadline: date | None
    closed_on: date
    count: int = 1


def last_on_time(deadline: date, calendar: Calendar) -> date:
    """Found corrected by the end of the brigade's own three working days after the deadline: the school was in time."""
    return day_after_workdays(deadline, RECHECK_WORKDAYS, calendar)


def on_time_percent(closures: Iterable[Closure], calendar: Calendar) -> int | None:
    """Share of those struck off that were on time, whole percent rounded down; None where none had a deadline."""
    all_of_them = good = 0
    last = cache(lambda deadline: last_on_time(deadline, calendar))
    for one in closures:
        if one.deadline is not None:
            all_of_them += one.count
            # Before the deadline nothing needs to be counted, and most is.
            if one.closed_on <= one.deadline or one.closed_on <= last(one.deadline):
                good += one.count
    return good * 100 // all_of_them if all_of_them else None


def last_months(today: date, *, count: int = 6) -> list[tuple[int, int]]:
    """Year and month of the last months, this one last."""
    last = today.year * 12 + today.month - 1
    return [(number // 12, number % 12 + 1) for number in range(last - count + 1, last + 1)]
