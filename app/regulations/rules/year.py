"""A year as a grid of months, for the page on which the office keeps days off and shifted working days."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.regulations.rules.calendars import Calendar, DayLayer, is_workday


@dataclass(frozen=True, slots=True)
class GridDay:
    """A day of the grid: whether it is worked, and whose word that is (`own`, `above`, or nobody's)."""

    day: date
    works: bool
    marked_by: str
    name: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday; None where the week belongs to its neighbour."""

    first: date
    weeks: tuple[tuple[GridDay | None, ...], ...]


def _grid_day(day: date, own: DayLayer, calendar: Calendar) -> GridDay:
    marked = own.days.get(day) or calendar.marked(day)
    by = "own" if day in own.days else "above" if marked else ""
    works = marked.working if marked else is_workday(day, calendar)
    return GridDay(day, works, by, marked.name if marked else "")


def year_grid(year: int, own: DayLayer, calendar: Calendar) -> tuple[Month, ...]:
    """The twelve months of a year as `own` has them, over what the layers above say."""
    grid = []
    for month in range(1, 13):
        rows = [
            tuple(_grid_day(date(year, month, d), own, calendar) if d else None for d in week)
            for week in weeks.monthcalendar(year, month)
        ]
        grid.append(Month(date(year, month, 1), tuple(rows)))
    return tuple(grid)


@dataclass(frozen=True, slots=True)
class Run:
    """Marked days in a row that belong together."""

    start: date
    end: date
    works: bool
    name: str
    source: str


def runs(days: Iterable[tuple[date, bool, str, str]]) -> tuple[Run, ...]:
    """Marked days (day, worked, name, source) put together where they follow each other."""
    found: list[Run] = []
    for day, works, name, source in sorted(days):
        last = found[-1] if found else None
        if last and (last.works, last.name) == (works, name) and day - last.end == timedelta(days=1):
            found[-1] = Run(last.start, day, works, name, last.source)
        else:
            found.append(Run(day, day, works, name, source))
    return tuple(found)
