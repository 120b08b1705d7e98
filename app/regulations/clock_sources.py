"""Where running clocks come from: features above register what they have open, for calendars and for the page of clocks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock as wall
from app.regulations.rules.calendars import Calendar, OpenClock, add_workdays
from app.regulations.rules.clocks import CLOCKS, ClockKind, Due, Unit, due_of


@dataclass(frozen=True, slots=True, eq=False)
class Whose:
    """Whose work clocks are: of `owner_ids`, or of everybody of the brigade who holds `permission`. Thousands share few."""

    brigade_id: uuid.UUID | None = None
    owner_ids: frozenset[uuid.UUID] = frozenset()
    permission: Permission | None = None

    def has(self, viewer: Viewer) -> bool:
        """Whether it is this viewer's own work, not only their brigade's."""
        if viewer.person_id in self.owner_ids:
            return True
        if self.permission is None:
            return False
        return viewer.may(self.permission) and self.brigade_id in viewer.brigade_ids


@dataclass(frozen=True, slots=True)
class PlacedClock:
    """An open clock and the area whose days it runs on.

    `kind`: which clock of the law it is. `started_at`: the minute, where hours count. `owner_ids`: whose work it is;
    `permission`: it is the work of everybody of the brigade who holds it.
    """

    area_code: str
    clock: OpenClock
    kind: ClockKind | None = None
    school: str = ""
    started_at: datetime | None = None
    brigade_id: uuid.UUID | None = None
    owner_ids: frozenset[uuid.UUID] = frozenset()
    permission: Permission | None = None

    def due(self, calendar: Calendar, *, with_gaps: bool = True) -> Due:
        """When it runs out by this calendar."""
        if self.kind is not None:
            return due_of(self.kind, self.started_at or self.clock.started, calendar, with_gaps=with_gaps)
        reckoned = add_workdays(self.clock.started, self.clock.workdays, calendar)
        return Due(reckoned.day, None, reckoned.gaps)

    def whose(self) -> Whose:
        """Whose work it is."""
        return Whose(self.brigade_id, self.owner_ids, self.permission)


class Waiting(NamedTuple):
    """What of a running clock puts it in its place among thousands; `tell` gives all of it, for the few that are read."""

    kind: ClockKind | None
    start: date | datetime
    area_code: str
    whose: Whose
    tell: Callable[[], PlacedClock]

    def due(self, calendar: Calendar) -> Due:
        """When it runs out, without asking what the calendar lacks."""
        if self.kind is not None:
            return due_of(self.kind, self.start, calendar, with_gaps=False)
        return self.tell().due(calendar, with_gaps=False)


def placed(
    kind: ClockKind,
    start: date | datetime,
    *,
    key: str,
    label: str,
    href: str | None = None,
    area_code: str,
    school: str = "",
    brigade_id: uuid.UUID | None = None,
    owner_ids: Iterable[uuid.UUID | None] | frozenset[uuid.UUID] = (),
    permission: Permission | None = None,
) -> PlacedClock:
    """A running clock of the law. What counts no working days never moves with a calendar."""
    moment = start if isinstance(start, datetime) else None
    day = wall.day_of(start) if isinstance(start, datetime) else start
    rule = CLOCKS[kind]
    return PlacedClock(
        area_code=area_code,
        clock=OpenClock(key, label, day, rule.amount if rule.unit is Unit.WORKDAYS else 0, href),
        kind=kind,
        school=school,
        started_at=moment,
        brigade_id=brigade_id,
        owner_ids=owner_ids if isinstance(owner_ids, frozenset) else frozenset(one for one in owner_ids if one),
        permission=permission,
    )


ClockSource = Callable[[Viewer, str | None], Iterable[PlacedClock | Waiting]]

_sources: list[ClockSource] = []


def register_clock_source(source: ClockSource) -> ClockSource:
    """Add a source: called with the viewer and an area code, it gives the open clocks of that area and all below it.

    Without an area it gives all the viewer may see. Statuses stay derived; nothing is stored when a calendar changes.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def open_clocks(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """All open clocks of the area that the viewer may see, from every source."""
    for source in _sources:
        for one in source(viewer, area_code):
            yield one.tell() if isinstance(one, Waiting) else one


def waiting_clocks(viewer: Viewer) -> Iterator[Waiting]:
    """The same of all that the viewer may see, none of them told yet."""
    for source in _sources:
        for one in source(viewer, None):
            yield one if isinstance(one, Waiting) else _untold(one)


def _untold(one: PlacedClock) -> Waiting:
    return Waiting(one.kind, one.started_at or one.clock.started, one.area_code, one.whose(), lambda: one)
