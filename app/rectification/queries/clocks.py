"""The page of clocks: everything the brigade still has time for, or no longer has, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.viewer import Viewer
from app.core import clock
from app.regulations.clock_sources import PlacedClock, open_clocks
from app.regulations.queries import workdays_of
from app.regulations.rules.clocks import CLOCKS, ClockRule, Due

#: The most that one page shows; the figures above it count all.
SHOWN = 200


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
    now, today = clock.now(), clock.today()
    lines = []
    for one in open_clocks(viewer, None):
        if one.brigade_id not in viewer.brigade_ids or (one.kind and CLOCKS[one.kind].of_party):
            continue
        due = one.due(workdays_of(one.area_code))
        lines.append(
            ClockLine(
                placed=one,
                due=due,
                is_late=due.is_late(now, today),
                is_own=one.is_of(viewer),
                days=(due.day - today).days,
            )
        )
    lines.sort(key=lambda line: (line.due.day, line.due.moment or clock.end_of(line.due.day), line.placed.clock.label))
    mine = [line for line in lines if line.is_own]
    shown = mine if own else lines
    return Clocks(
        lines=shown[:SHOWN],
        total=len(shown),
        late=sum(line.is_late for line in shown),
        own=len(mine),
        own_late=sum(line.is_late for line in mine),
        all=len(lines),
    )
