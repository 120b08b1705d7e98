"""The page of clocks: everything the brigade still has time for, or no longer has, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.accounts.viewer import Viewer
from app.core import clock
from app.regulations.clock_sources import PlacedClock, open_clocks
from app.regulations.queries import workdays_of
from app.regulations.rules.clocks import CLOCKS, ClockRule, Due

#: The most that one page shows; the figures above it count all.
SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class ClockLine:
    """A running clock as the page shows it."""

    placed: PlacedClock
    due: Due
    is_late: bool
    is_own: bool
    days: int

    @property
    def law(self) -> ClockRule | None:
        """The rule of the law, where it is one."""
        return CLOCKS[self.placed.kind] if self.placed.kind else None


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """The viewer's own clocks or all of the brigade: the most urgent ones, and how many there are."""

    lines: list[ClockLine]
    total: int
    late: int
    own: int
    own_late: int
    all: int


def running(viewer: Viewer, *, own: bool) -> Clocks:
    """Every running clock that the viewer's brigade answers for, by when it runs out. One query a source."""
    now, today, brigades = clock.now(), clock.today(), viewer.brigade_ids
    lines, days = [], dict[tuple[Any, ...], tuple[Due, bool]]()
    for one in open_clocks(viewer, None):
        if one.brigade_id not in brigades or (one.kind and CLOCKS[one.kind].of_party):
            continue
        # Thousands of clocks start on some hundreds of days: each is counted to its end once.
        start = (one.kind, one.started_at, one.clock.started, one.clock.workdays, one.area_code)
        if start not in days:
            due = one.due(workdays_of(one.area_code), with_gaps=False)
            days[start] = (due, due.is_late(now, today))
        lines.append((one, *days[start]))
    lines.sort(
        key=lambda line: (
            line[1].day,
            line[1].moment or clock.end_of(line[1].day),
            line[0].clock.label,
            line[0].clock.key,
        )
    )
    mine = [line for line in lines if line[0].is_of(viewer)]
    shown = mine if own else lines
    return Clocks(
        lines=[_line(one, viewer, now, today) for one, _due, _late in shown[:SHOWN]],
        total=len(shown),
        late=sum(late for _one, _due, late in shown),
        own=len(mine),
        own_late=sum(late for _one, _due, late in mine),
        all=len(lines),
    )


def _line(one: PlacedClock, viewer: Viewer, now: datetime, today: date) -> ClockLine:
    """The clock as it is shown, with what the calendar lacks for it."""
    due = one.due(workdays_of(one.area_code))
    return ClockLine(
        placed=one, due=due, is_late=due.is_late(now, today), is_own=one.is_of(viewer), days=(due.day - today).days
    )
