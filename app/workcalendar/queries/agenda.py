"""A week or a month put together: what is on which day, what clashes, how much each officer has to do."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.planning.service import OFFICERS
from app.regulations import queries as regulations
from app.regulations.rules import calendars
from app.schools.models import School
from app.schools.queries import register
from app.workcalendar import rules
from app.workcalendar.queries import entries as reading
from app.workcalendar.queries.entries import MOST, Wanted
from app.workcalendar.rules import Clash, Entry, Key, Kind, Load

#: The viewer's own place among the schools whose days are read.
OWN = uuid.UUID(int=0)
#: How many schools a search may find before it counts as none in particular.
MOST_FOUND = 200


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Some days with all that is on them. `off` names the days off: the holiday, or '' for a weekend."""

    days: tuple[date, ...]
    entries: Sequence[Entry]
    clashes: Mapping[Key, tuple[Clash, ...]]
    loads: Sequence[Load]
    names: Mapping[uuid.UUID, str]
    off: Mapping[date, str]
    is_cut: bool = False

    @cached_property
    def by_day(self) -> dict[date, list[Entry]]:
        """The entries of each day, also of a day without any."""
        found: dict[date, list[Entry]] = {day: [] for day in self.days}
        for entry in self.entries:
            found[entry.day].append(entry)
        return found

    @cached_property
    def clashing(self) -> Counter[date]:
        """How many entries of each day clash."""
        return Counter(entry.day for entry in self.entries if entry.key in self.clashes)


def _areas(viewer: Viewer, entries: Iterable[Entry]) -> dict[uuid.UUID, str]:
    found = {entry.school_id: entry.area_code for entry in entries if entry.school_id and entry.needs_school}
    if viewer.own_brigade_area:
        own: str | None = viewer.own_brigade_area
    elif viewer.area_codes:
        own = min(viewer.area_codes)
    else:
        own = db.session.scalar(sa.select(School.area_code).where(School.id.in_(viewer.school_ids)).limit(1))
    return found | ({OWN: own} if own else {})


def _days_off(days: Iterable[date], calendar: calendars.Calendar | None) -> dict[date, str]:
    if calendar is None:
        return {}
    return {day: calendars.holiday_name(day, calendar) or "" for day in days if not calendars.is_workday(day, calendar)}


def _without_lessons(
    entries: Iterable[Entry], known: Mapping[uuid.UUID, calendars.Calendar]
) -> set[tuple[uuid.UUID | None, date]]:
    return {
        (entry.school_id, entry.day)
        for entry in entries
        if entry.needs_school and entry.school_id and not calendars.is_school_day(entry.day, known[entry.school_id])
    }


def _shown(entry: Entry, wanted: Wanted) -> bool:
    """Visits are all read, as each counts against the others, and narrowed afterwards."""
    if not wanted.has(entry.kind):
        return False
    if wanted.school_ids is not None and entry.kind is Kind.VISIT and entry.school_id not in wanted.school_ids:
        return False
    return wanted.officer_id is None or wanted.officer_id in entry.people


def agenda(viewer: Viewer, days: tuple[date, ...], wanted: Wanted) -> Agenda:
    """Everything asked for between the first day and the last. A fixed number of statements, whatever is found."""
    first, last = days[0], days[-1]
    visits = list(reading.visits(viewer, first, last))
    others = reading.but_visits(viewer, first, last, wanted)
    everything = sorted([*visits, *others], key=lambda entry: entry.order)
    known = regulations.calendars_of(_areas(viewer, everything))
    off = _days_off(days, known.get(OWN))
    officers = {p.id: p.name for p in accounts.colleagues(viewer, roles=OFFICERS)} if viewer.brigade_ids else {}
    gone = {person for entry in everything for person in entry.people} - set(officers)
    clashes = rules.clashes(everything, days_off=off, no_school=_without_lessons(everything, known), officers=officers)
    return Agenda(
        days=days,
        entries=[entry for entry in everything if _shown(entry, wanted)],
        clashes=clashes,
        loads=rules.workload(everything, officers=officers, days=days, days_off=off),
        names=officers | accounts.names_of(gone),
        off=off,
        is_cut=len(visits) >= MOST or len(others) >= MOST,
    )


def schools_named(viewer: Viewer, text: str) -> list[School]:
    """The schools that a search finds, as in the list of schools."""
    return list(register.find(viewer, register.Wanted(text=text), size=MOST_FOUND).rows)
