"""Finding entries of a log, as far as the viewer may see their schools."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.logbook.models import Entry
from app.planning.models import Visit, VisitState
from app.schools import queries as schools


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which entries a list shows. Withdrawn ones only when asked for."""

    school_id: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None
    search: str = ""
    withdrawn: bool = False


def visible(viewer: Viewer, table: type[Entry]) -> sa.ColumnElement[bool]:
    """A condition on a log: of a school that the viewer may see."""
    return schools.at_visible(viewer, table.school_id)


def visible_ids(viewer: Viewer, table: type[Entry], ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the entries that the viewer may see."""
    return set(db.session.scalars(sa.select(table.id).where(table.id.in_(list(ids)), visible(viewer, table))))


def conditions(table: type[Entry], choice: Choice, *, searched: Sequence[Any]) -> list[sa.ColumnElement[bool]]:
    """What a choice asks of the entries; each word of its search is in one of the searched columns."""
    found: list[sa.ColumnElement[bool]] = [
        table.withdrawn_at.is_not(None) if choice.withdrawn else table.withdrawn_at.is_(None)
    ]
    if choice.school_id:
        found.append(table.school_id == choice.school_id)
    if choice.since:
        found.append(table.held_at >= clock.start_of(choice.since))
    if choice.until:
        found.append(table.held_at < clock.end_of(choice.until))
    for word in choice.search.split():
        found.append(sa.or_(*(column.icontains(word, autoescape=True) for column in searched)))
    return found


def name_of(person_id: uuid.UUID) -> str:
    """Who logged it."""
    return db.session.scalar(sa.select(Person.name).where(Person.id == person_id)) or ""


#: How many outings a form offers.
MOST_VISITS = 10


def visits_of(school_id: uuid.UUID, *, most: int = MOST_VISITS) -> Sequence[Visit]:
    """Outings to a school that an entry may belong to, the latest first."""
    query = sa.select(Visit).where(Visit.school_id == school_id, Visit.state != VisitState.CANCELLED)
    return db.session.scalars(query.order_by(Visit.planned_on.desc(), Visit.id).limit(most)).all()


def visits_to_choose(viewer: Viewer, school_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """The same in words, for a form; a school's own people see none."""
    visits = [] if viewer.is_school else visits_of(school_id)
    return [(visit.id, visit_words(visit)) for visit in visits]


def visit_words(visit: Visit) -> str:
    """Its day and purpose."""
    return f"{visit.planned_on.isoformat()} {visit.purpose}".strip()
