"""What a person's tablet may take along, part by part, and by what each part is known to have changed: a constant number of queries."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import language
from app.equipment.models import Equipment
from app.inspections import queries as inspections
from app.inspections.models import Inspection, InspectionState
from app.organisations.models import Brigade
from app.planning import queries as planning
from app.planning.models import Visit
from app.planning.service import OFFICERS
from app.planning.words import VISIT_KINDS
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem
from app.regulations import queries as regulations
from app.regulations.models import CalendarDay, CalendarYear, Term
from app.schools import queries as schools
from app.schools.models import Building, Floor, Place, School
from app.sync.build import build
from app.sync.models import SyncOp
from app.sync.rules import OpState

MOST_SCHOOLS = 40
#: Visits of today and tomorrow are taken along, and those of before that are not over.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a bundle: `stamp` changes when anything in it may have changed."""

    key: str
    stamp: str
    title: str = ""
    school_id: uuid.UUID | None = None
    draft: Inspection | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Everything a person's tablet may take along now."""

    visits: Sequence[planning.Line]
    schools: Sequence[School]
    drafts: Sequence[inspections.Line]
    parts: Sequence[Part] = field(default_factory=list)

    def stamp_of(self, key: str) -> str:
        """By what a part is known; empty where it is none."""
        return next((part.stamp for part in self.parts if part.key == key), "")

    @property
    def etag(self) -> str:
        """What names the whole."""
        said = [(part.key, part.stamp) for part in self.parts] + [visit_json(line) for line in self.visits]
        return _name(said)


def _name(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:32]


def visit_json(line: planning.Line) -> dict[str, Any]:
    """A visit as the tablet lists it."""
    visit = line.visit
    return {
        "id": str(visit.id), "school": str(visit.school_id), "school_name": line.school.name, "planned_on": visit.planned_on.isoformat(),
        "kind": visit.kind.value, "kind_words": str(VISIT_KINDS[visit.kind]), "purpose": visit.purpose, "lead": str(visit.lead_id),
        "lead_name": line.lead, "second": str(visit.second_id) if visit.second_id else None, "second_name": line.second, "state": visit.state.value,
    }  # fmt: skip


# what there is ---------------------------------------------------------------------------------------------------


def _visits(viewer: Viewer) -> list[planning.Line]:
    last = clock.today() + AHEAD
    return [line for line in planning.today_of(viewer, most=60) if line.visit.planned_on <= last]


def _asked(viewer: Viewer, ids: Collection[uuid.UUID]) -> Sequence[School]:
    if not ids:
        return []
    return db.session.scalars(
        sa.select(School).where(
            School.id.in_(list(ids)[:MOST_SCHOOLS]), schools.visible(viewer), School.brigade_id.in_(viewer.brigade_ids)
        )
    ).all()


def offer(viewer: Viewer, *, also: Collection[uuid.UUID] = ()) -> Offer:
    """What the viewer's tablet may take along: schools of visits and drafts, and those asked for."""
    visits, drafts = _visits(viewer), inspections.unfinished_of(viewer, most=60)
    found = {school.id: school for school in (*(v.school for v in visits), *(d.school for d in drafts))}
    found |= {school.id: school for school in _asked(viewer, set(also) - set(found))}
    mine = [s for s in found.values() if s.brigade_id in viewer.brigade_ids][: max(MOST_SCHOOLS, len(visits))]
    stamps = _stamps([school.id for school in mine])
    common = _name([*_around(viewer), [s.area_code for s in mine]])
    parts = [Part(key="common", stamp=common)]
    parts += [
        Part(key=f"school-{s.id}", stamp=_name([common, stamps[s.id]]), title=s.name, school_id=s.id) for s in mine
    ]
    parts += _draft_parts(drafts, common, stamps)
    return Offer(visits=visits, schools=mine, drafts=drafts, parts=parts)


def _draft_parts(drafts: Sequence[inspections.Line], common: str, stamps: dict[uuid.UUID, str]) -> list[Part]:
    open_ = [line for line in drafts if line.inspection.state in (InspectionState.DRAFT, InspectionState.SIGNING)]
    held = _held([line.inspection.id for line in open_])
    return [
        Part(
            key=f"draft-{row.id}", title=line.school.name, school_id=row.school_id, draft=row,
            stamp=_name(
                [common, stamps.get(row.school_id, ""), row.rev, row.state.value, row.second_id, row.accompanying, held.get(row.id, 0)]
            ),
        )
        for line in open_
        if (row := line.inspection)
    ]  # fmt: skip


def _held(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = sa.select(SyncOp.target_id, sa.func.count()).where(
        SyncOp.target_id.in_(ids), SyncOp.state == OpState.HELD, SyncOp.dealt_with_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(SyncOp.target_id)) if row[0] is not None}


# by what a change shows ------------------------------------------------------------------------------------------


def _around(viewer: Viewer) -> list[Any]:
    """What is the same for all parts: the day, the language, the build, the checklist, the calendars, the brigade."""
    days = db.session.execute(
        sa.select(
            sa.select(sa.func.count())
            .select_from(CalendarDay)
            .where(CalendarDay.withdrawn_at.is_(None))
            .scalar_subquery(),
            sa.select(sa.func.max(sa.cast(CalendarDay.id, sa.String))).scalar_subquery(),
            sa.select(sa.func.count()).select_from(CalendarYear).where(CalendarYear.is_filled).scalar_subquery(),
            sa.select(sa.func.count()).select_from(Term).where(Term.withdrawn_at.is_(None)).scalar_subquery(),
            sa.select(sa.func.max(sa.cast(Term.id, sa.String))).scalar_subquery(),
        )
    ).one()
    brigade = db.session.get(Brigade, viewer.own_brigade_id) if viewer.own_brigade_id else None
    colleagues = [(person.id, person.name) for person in accounts.colleagues(viewer, roles=OFFICERS)]
    return [
        str(viewer.person_id), clock.today(), language(), build(), regulations.current_checklist().sha256, list(days),
        brigade.settings if brigade else None, colleagues,
    ]  # fmt: skip


def _rows(table: Any, school: Any, ids: Collection[uuid.UUID], *, join: Any = None) -> Iterable[tuple[uuid.UUID, str]]:
    """Each row of a table with the school it belongs to, as text."""
    query = sa.select(school, *table.__table__.columns)
    if join is not None:
        query = query.join(*join)
    for row in db.session.execute(query.where(school.in_(ids)).order_by(school, table.id)):
        yield row[0], repr(tuple(row)[1:])


def _stamps(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """A name of all that is registered of each school; the same rows give the same name."""
    made = {key: hashlib.sha256() for key in ids}
    if not made:
        return {}
    lists = (
        _rows(School, School.id, ids),
        _rows(Building, Building.school_id, ids),
        _rows(Floor, Building.school_id, ids, join=(Building, Building.id == Floor.building_id)),
        _rows(Place, Place.school_id, ids),
        _rows(Equipment, Equipment.school_id, ids),
        _rows(Finding, Finding.school_id, ids),
        _open_visits(ids),
        _last_signed(ids),
        _on_orders(ids),
    )
    for rows in lists:
        for key, text in rows:
            made[key].update(text.encode() + b"\n")
    return {key: one.hexdigest() for key, one in made.items()}


def _open_visits(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, str]]:
    query = (
        sa.select(Visit.school_id, Visit.id, Visit.planned_on, Visit.kind, Visit.purpose)
        .where(Visit.school_id.in_(ids), Visit.state.in_(planning.OPEN))
        .order_by(Visit.school_id, Visit.id)
    )
    return [(row[0], repr(tuple(row)[1:])) for row in db.session.execute(query)]


def _last_signed(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, str]]:
    query = (
        sa.select(Inspection.school_id, sa.func.count(), sa.func.max(Inspection.started_at))
        .where(Inspection.school_id.in_(ids), Inspection.state == InspectionState.SIGNED)
        .group_by(Inspection.school_id)
    )
    return [(row[0], repr(tuple(row)[1:])) for row in db.session.execute(query)]


def _on_orders(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, str]]:
    query = (
        sa.select(Finding.school_id, OrderItem.id, Order.number, Order.state)
        .join(OrderItem, OrderItem.finding_id == Finding.id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(Finding.school_id.in_(ids), Finding.closed_on.is_(None))
        .order_by(Finding.school_id, OrderItem.id)
    )
    return [(row[0], repr(tuple(row)[1:])) for row in db.session.execute(query)]
