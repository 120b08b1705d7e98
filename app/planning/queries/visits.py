"""Finding visits; the viewer comes first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import unindexed
from app.core.extensions import db
from app.planning.models.visits import Visit, VisitState
from app.schools import queries as schools
from app.schools.models import School

OPEN = (VisitState.PLANNED, VisitState.UNDER_WAY)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A visit with the names that lists show."""

    visit: Visit
    school: School
    lead: str
    second: str


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Visit: plans are the brigade's own; schools and bureaus do not see them beforehand."""
    return unindexed(Visit.brigade_id).in_(viewer.brigade_ids)


def get(viewer: Viewer, visit_id: uuid.UUID) -> Visit | None:
    """A visit, if the viewer may see it."""
    return db.session.scalar(sa.select(Visit).where(Visit.id == visit_id, visible(viewer)))


_lead, _second = sa.orm.aliased(Person), sa.orm.aliased(Person)


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(Visit, School, _lead.name, sa.func.coalesce(_second.name, ""))
        .join(School, School.id == Visit.school_id)
        .join(_lead, _lead.id == Visit.lead_id)
        .outerjoin(_second, _second.id == Visit.second_id)
        .where(visible(viewer))
    )


def _line(row: Sequence[object]) -> Line:
    visit, school, lead, second = row
    assert isinstance(visit, Visit)
    assert isinstance(school, School)
    return Line(visit=visit, school=school, lead=str(lead), second=str(second))


def line(viewer: Viewer, visit_id: uuid.UUID) -> Line | None:
    """One visit with its names."""
    row = db.session.execute(_lines(viewer).where(Visit.id == visit_id)).one_or_none()
    return _line(row) if row else None


def listing(
    viewer: Viewer,
    *,
    mine: bool = False,
    past: bool = False,
    school_id: uuid.UUID | None = None,
    key: str | None = None,
) -> paging.Page[Line]:
    """One page of visits: what is still to do from the next on, or what is over from the last on."""
    query = sa.select(Visit.id).where(visible(viewer), Visit.state.not_in(OPEN) if past else Visit.state.in_(OPEN))
    if mine:
        query = query.where(sa.or_(Visit.lead_id == viewer.person_id, Visit.second_id == viewer.person_id))
    if school_id:
        query = query.where(Visit.school_id == school_id)
    keys = [(Visit.planned_on, past), (Visit.id, past)]
    found = paging.page(query, shown=_lines(viewer), keys=keys, key=key, scalars=False)
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def open_of_school(viewer: Viewer, school_id: uuid.UUID, *, most: int = 10) -> list[Line]:
    """Visits to a school that are planned or under way."""
    rows = db.session.execute(
        _lines(viewer).where(Visit.school_id == school_id, Visit.state.in_(OPEN)).order_by(Visit.planned_on).limit(most)
    )
    return [_line(row) for row in rows]


def today_of(viewer: Viewer, *, most: int = 20) -> list[Line]:
    """The viewer's own visits planned for today or before and not over, and those of the coming week."""
    rows = db.session.execute(
        _lines(viewer)
        .where(
            Visit.state.in_(OPEN),
            sa.or_(Visit.lead_id == viewer.person_id, Visit.second_id == viewer.person_id),
            Visit.planned_on <= clock.today() + timedelta(days=7),
        )
        .order_by(Visit.planned_on, Visit.id)
        .limit(most)
    )
    return [_line(row) for row in rows]


def may_visit(viewer: Viewer, school: School) -> bool:
    """Whether the viewer's brigade answers for this school."""
    return school.brigade_id in viewer.brigade_ids and schools.serves(viewer, school)
