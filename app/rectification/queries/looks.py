"""What is to be looked at again, and what a planned visit is to look at. The first functions serve the program itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.planning.models import Visit, VisitKind, VisitState
from app.planning.queries import OPEN
from app.rectification import standing
from app.rectification.models.findings import ClosedHow, Finding, Severity
from app.rectification.models.looks import PlannedLook
from app.rectification.models.orders import Order, OrderItem
from app.rectification.queries import findings as queries
from app.rectification.queries.findings import Line, inspection_table
from app.rectification.rules.findings import Facts
from app.rectification.rules.machine import IN_FORCE


def _has_look(kind: VisitKind, *states: VisitState) -> sa.Exists:
    found = sa.exists().where(PlannedLook.finding_id == Finding.id, PlannedLook.kind == kind)
    return found.where(PlannedLook.visit_id == Visit.id, Visit.state.in_(states)) if states else found


def awaiting(school_id: uuid.UUID | None = None) -> list[tuple[Finding, Facts]]:
    """Findings that wait for a re-check which no visit to come is for."""
    where = [standing.awaits_recheck(clock.today()), ~_has_look(VisitKind.RECHECK, *OPEN)]
    if school_id:
        where.append(Finding.school_id == school_id)
    rows = db.session.scalars(sa.select(Finding).where(*where).order_by(Finding.school_id, Finding.id))
    return [(finding, standing.facts_of(finding)) for finding in rows]


def long_ones(shortest: int) -> Sequence[Finding]:
    """Open findings with a long time to go at which nobody is to look half way."""
    far = standing.days_between(Finding.found_on, Finding.deadline) >= shortest
    return db.session.scalars(
        sa.select(Finding)
        .where(Finding.closed_on.is_(None), Finding.deadline > clock.today(), far, ~_has_look(VisitKind.MIDTERM))
        .order_by(Finding.school_id, Finding.id)
    ).all()


def closed_critical(since: date) -> Sequence[Finding]:
    """Critical findings put right since a day at which nobody is to look back; a closure opened again and closed anew counts anew."""
    looked = _has_look(VisitKind.LOOK_BACK).where(
        PlannedLook.key == "look_back:" + sa.cast(Finding.closed_on, sa.String)
    )
    return db.session.scalars(
        sa.select(Finding)
        .where(
            Finding.severity == Severity.CRITICAL,
            Finding.closed_on >= since,
            Finding.closed_how.in_([ClosedHow.RECHECK, ClosedHow.SPOT]),
            ~looked,
        )
        .order_by(Finding.school_id, Finding.id)
    ).all()


def officers_of(finding_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who has each finding in hand: the officers of its orders in force, then those of the visit that found it."""
    ids = list(finding_ids)
    visit = inspection_table.c
    rows = db.session.execute(
        sa.select(Finding.id, Order.lead_id, Order.second_id, visit.lead_id, visit.second_id)
        .outerjoin(OrderItem, OrderItem.finding_id == Finding.id)
        .outerjoin(Order, sa.and_(Order.id == OrderItem.order_id, Order.state.in_(IN_FORCE)))
        .outerjoin(inspection_table, visit.id == Finding.inspection_id)
        .where(Finding.id.in_(ids))
        .order_by(Finding.id, Order.drafted_at.desc())
    )
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for key, *people in rows:
        found.setdefault(key, []).extend(person for person in people if person)
    return found


def planned_visit(school_id: uuid.UUID, kind: VisitKind, *, first: date, last: date) -> Visit | None:
    """A visit of the kind that nobody has begun, planned between two days."""
    return db.session.scalar(
        sa.select(Visit)
        .where(
            Visit.school_id == school_id,
            Visit.kind == kind,
            Visit.state == VisitState.PLANNED,
            Visit.planned_on.between(first, last),
        )
        .order_by(Visit.planned_on, Visit.id)
        .limit(1)
    )


def needless() -> Sequence[Visit]:
    """Visits that the program planned and nobody has begun, of which nothing is left to look at."""
    waits = sa.case(
        (PlannedLook.kind == VisitKind.RECHECK, standing.awaits_recheck(clock.today())),
        (PlannedLook.kind == VisitKind.MIDTERM, Finding.closed_on.is_(None)),
        else_=Finding.closed_on.is_not(None),
    )
    mine = PlannedLook.visit_id == Visit.id
    left = sa.exists().where(mine, Finding.id == PlannedLook.finding_id, waits)
    return db.session.scalars(
        sa.select(Visit).where(
            Visit.state == VisitState.PLANNED, Visit.made_by_id.is_(None), sa.exists().where(mine), ~left
        )
    ).all()


@dataclass(frozen=True, kw_only=True)
class Look:
    """A finding that a visit is to look at, and by when."""

    line: Line
    due_on: date


def of_visit(viewer: Viewer, visit_id: uuid.UUID) -> list[Look]:
    """What a visit is to look at."""
    rows = db.session.execute(
        sa.select(PlannedLook.finding_id, PlannedLook.due_on).where(PlannedLook.visit_id == visit_id)
    )
    due = {key: day for key, day in rows}  # noqa: C416
    return [Look(line=line, due_on=due[line.finding.id]) for line in queries.by_ids(viewer, due)] if due else []
