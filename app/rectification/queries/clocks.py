"""The page of clocks: everything the brigade still has time for, or no longer has, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import takewhile
from operator import itemgetter
from typing import Any

from app.accounts.viewer import Viewer
from app.core import clock
from app.regulations.clock_sources import PlacedClock, Waiting, Whose, waiting_clocks
from app.regulations.queries import workdays_of
from app.regulations.rules.clocks import CLOCKS, ClockRule, Due

#: The most that one page shows; the figures above it count all.
SHOWN = 50


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
    now, today, brigades, end_of = clock.now(), clock.today(), viewer.brigade_ids, cache(clock.end_of)
    # Thousands of clocks start on some hundreds of days and belong to a few people: each is looked at once.
    ends: dict[Any, dict[Any, tuple[Any, bool]]] = defaultdict(dict)
    is_ours, is_mine = dict[Whose, bool](), dict[Whose, bool]()
    ours, mine = list[tuple[Any, bool, Waiting]](), list[tuple[Any, bool, Waiting]]()
    for one in waiting_clocks(viewer):
        kind, start, area_code, whose, _tell = one
        if whose not in is_ours:
            is_ours[whose], is_mine[whose] = whose.brigade_id in brigades, whose.has(viewer)
        if not is_ours[whose] or (kind and CLOCKS[kind].of_party):
            continue
        of_kind = ends[kind]
        known = of_kind.get((start, area_code)) if kind else None
        if known is None:
            due = one.due(workdays_of(area_code))
            known = of_kind[start, area_code] = (due.day, due.moment or end_of(due.day)), due.is_late(now, today)
        line = (*known, one)
        ours.append(line)
        if is_mine[whose]:
            mine.append(line)
    shown = mine if own else ours
    return Clocks(
        lines=[_line(one, viewer, now, today) for one in _first(shown)],
        total=len(shown),
        late=sum(late for _ends, late, _one in shown),
        own=len(mine),
        own_late=sum(late for _ends, late, _one in mine),
        all=len(ours),
    )


def _first(lines: list[tuple[Any, bool, Waiting]]) -> list[PlacedClock]:
    """The most urgent ones, of one day by their words: only those that may be among them are told."""
    lines.sort(key=itemgetter(0))
    last = lines[min(SHOWN, len(lines)) - 1][0] if lines else None
    told = [(ends, one.tell()) for ends, _late, one in takewhile(lambda line: line[0] <= last, lines)]
    told.sort(key=lambda line: (line[0], line[1].clock.label, line[1].clock.key))
    return [one for _ends, one in told[:SHOWN]]


def _line(one: PlacedClock, viewer: Viewer, now: datetime, today: date) -> ClockLine:
    """The clock as it is shown, with what the calendar lacks for it."""
    due = one.due(workdays_of(one.area_code))
    return ClockLine(
        placed=one,
        due=due,
        is_late=due.is_late(now, today),
        is_own=one.whose().has(viewer),
        days=(due.day - today).days,
    )
