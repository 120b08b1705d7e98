"""Finding inspections; the viewer comes first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import unindexed
from app.core.extensions import db
from app.documents.subjects import register_subject
from app.equipment.models import Equipment
from app.fieldwork.queries import Draft, register_target
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.rules.fields import makes_sense
from app.rectification.models.findings import Finding
from app.rectification.rules.findings import finding_id
from app.schools import queries as schools
from app.schools.models import Building, Floor, Place, School
from app.schools.queries.visits import register_last_visit


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Inspection: of schools the viewer may see; drafts only for the brigade that fills them."""
    mine: Any = unindexed(Inspection.brigade_id).in_(viewer.brigade_ids)
    shown = [InspectionState.SIGNED] if viewer.is_school else [InspectionState.SIGNED, InspectionState.WITHDRAWN]
    finished = Inspection.state.in_(shown)
    return sa.or_(mine, sa.and_(finished, schools.at_visible(viewer, Inspection.school_id)))


def get(viewer: Viewer, inspection_id: uuid.UUID) -> Inspection | None:
    """An inspection, if the viewer may see it."""
    return db.session.scalar(sa.select(Inspection).where(Inspection.id == inspection_id, visible(viewer)))


def may_fill(viewer: Viewer, inspection: Inspection) -> bool:
    """Whether the viewer fills this one: its two officers, or the leader of the brigade."""
    if not viewer.may(Permission.INSPECT) or inspection.brigade_id not in viewer.brigade_ids:
        return False
    return viewer.person_id in (inspection.lead_id, inspection.second_id) or viewer.may(Permission.WITHDRAW_INSPECTIONS)


def locked(viewer: Viewer, inspection_id: uuid.UUID) -> Inspection | None:
    """An inspection that the viewer may see, its row locked until the transaction ends, as it is now."""
    return db.session.scalar(
        sa.select(Inspection)
        .where(Inspection.id == inspection_id, visible(viewer))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _seen(kind: InspectionKind) -> Any:
    def may_see(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        query = sa.select(Inspection.id).where(Inspection.id.in_(list(ids)), Inspection.kind == kind, visible(viewer))
        return set(db.session.scalars(query))

    return may_see


def _lock(viewer: Viewer, inspection_id: uuid.UUID) -> Draft | None:
    inspection = locked(viewer, inspection_id)
    if inspection is None or not may_fill(viewer, inspection):
        return None
    return draft_of(inspection)


def draft_of(inspection: Inspection) -> Draft:
    """A locked inspection as operations are applied to it, for who has looked whether the viewer fills it."""
    known: set[str] = set()

    def judge(item: str, place: str, field: str, value: Any) -> str | None:
        if not makes_sense(item, field, value):
            return str(_("“%(item)s”不能这样填写，请重新输入。", item=item))
        if place and not place.startswith("person-") and not known:
            known.update(places_known(inspection))
        if place and not place.startswith("person-") and place not in known:
            return str(_("这个部位或器材不属于这所学校。"))
        return None

    return Draft(row=inspection, closed=_closed(inspection), judge=judge)


def _closed(inspection: Inspection) -> str:
    if inspection.state is InspectionState.DRAFT:
        return ""
    if inspection.state is InspectionState.SIGNING:
        return str(_("这份检查已完成并等待签名，不能再改；如需修改请先“返回修改”。"))
    return str(_("这份检查已经签名，不能再改；如有错误请作更正记录。"))


def places_known(inspection: Inspection) -> set[str]:
    """Ids of everything at the school that an answer may hang on; for a re-check, of its findings."""
    if inspection.kind is InspectionKind.RECHECK:
        return set(inspection.scope.get("findings", []))
    school_id = inspection.school_id
    selects = (
        sa.select(Place.id).where(Place.school_id == school_id),
        sa.select(Building.id).where(Building.school_id == school_id),
        sa.select(Floor.id).join(Building).where(Building.school_id == school_id),
        sa.select(Equipment.id).where(Equipment.school_id == school_id),
    )
    return {str(key) for key in db.session.scalars(sa.union_all(*selects))}


def _is_withdrawn(inspection_id: uuid.UUID) -> bool:
    state = db.session.scalar(sa.select(Inspection.state).where(Inspection.id == inspection_id))
    return state is InspectionState.WITHDRAWN


register_subject("inspection", is_withdrawn=_is_withdrawn)


def last_visit(school_ids: sa.Select[uuid.UUID]) -> date | None:
    """The day of the last signed inspection or re-check of any of these schools, as signing notes it."""
    ended = sa.func.coalesce(Inspection.finished_at, Inspection.started_at)
    seen = sa.case((Inspection.from_paper, Inspection.started_at), else_=ended)
    moment = db.session.scalar(
        sa.select(sa.func.max(seen)).where(
            Inspection.state == InspectionState.SIGNED, Inspection.school_id.in_(school_ids)
        )
    )
    return clock.day_of(moment) if moment else None


register_last_visit(last_visit)
register_target(TargetKind.INSPECTION, may_see=_seen(InspectionKind.INSPECTION), lock=_lock)
register_target(TargetKind.RECHECK, may_see=_seen(InspectionKind.RECHECK), lock=_lock)


def target_kind(inspection: Inspection) -> TargetKind:
    """What operations, photos and signatures of it belong to."""
    return TargetKind.RECHECK if inspection.kind is InspectionKind.RECHECK else TargetKind.INSPECTION


def findings_by_id(ids: Sequence[str]) -> list[Finding]:
    """Findings in the order of the ids; those that do not exist are left out."""
    wanted = [uuid.UUID(i) for i in ids]
    found = {f.id: f for f in db.session.scalars(sa.select(Finding).where(Finding.id.in_(wanted)))}
    return [found[i] for i in wanted if i in found]


def last_signed(school_id: uuid.UUID, *, before: Inspection | None = None) -> Inspection | None:
    """The school's last signed inspection."""
    query = sa.select(Inspection).where(
        Inspection.school_id == school_id,
        Inspection.kind == InspectionKind.INSPECTION,
        Inspection.state == InspectionState.SIGNED,
    )
    if before is not None:
        query = query.where(Inspection.id != before.id)
    return db.session.scalar(query.order_by(Inspection.started_at.desc(), Inspection.id.desc()).limit(1))


@dataclass(frozen=True, kw_only=True)
class Line:
    """An inspection as lists show it."""

    inspection: Inspection
    school: School
    lead: str
    second: str


_lead, _second = sa.orm.aliased(Person), sa.orm.aliased(Person)
#: Drafts and what waits for signatures come first.
_WAITING = (InspectionState.DRAFT, InspectionState.SIGNING)
_waits = sa.case((Inspection.state.in_(_WAITING), 0), else_=1)
_PARTS = {0: Inspection.state.in_(_WAITING), 1: Inspection.state.not_in(_WAITING)}


def listing(
    viewer: Viewer,
    *,
    state: InspectionState | None = None,
    mine: bool = False,
    school_id: uuid.UUID | None = None,
    key: str | None = None,
    size: int = 50,
) -> paging.Page[Line]:
    """One page of inspections in one query."""
    query = sa.select(Inspection.id).where(visible(viewer))
    shown: Any = (
        sa.select(Inspection, School, _lead.name, sa.func.coalesce(_second.name, ""))
        .options(sa.orm.defer(Inspection.record))
        .join(School, School.id == Inspection.school_id)
        .join(_lead, _lead.id == Inspection.lead_id)
        .outerjoin(_second, _second.id == Inspection.second_id)
    )
    if state is not None:
        query = query.where(Inspection.state == state)
    if mine:
        query = query.where(sa.or_(Inspection.lead_id == viewer.person_id, Inspection.second_id == viewer.person_id))
    if school_id is not None:
        query = query.where(Inspection.school_id == school_id)
    keys = [(_waits, False), (Inspection.started_at, True), (Inspection.id, True)]
    found = paging.page(query, shown=shown, parts=_PARTS, keys=keys, key=key, size=size, scalars=False)
    lines = [Line(inspection=i, school=s, lead=lead, second=second) for i, s, lead, second in found.rows]
    return paging.Page(lines, found.next_key, found.previous_key)


def finding_ids(inspection: Inspection, findings: Sequence[Mapping[str, Any]]) -> list[uuid.UUID]:
    """The ids that the findings of a frozen record have in the register."""
    return [finding_id(inspection.id, f["item_code"], f["target_id"]) for f in findings]


def unfinished_of(viewer: Viewer, *, most: int = 20) -> list[Line]:
    """The viewer's own drafts, and what waits for their signature, the latest first."""
    rows = db.session.execute(
        sa.select(Inspection, School, _lead.name, sa.func.coalesce(_second.name, ""))
        .options(sa.orm.defer(Inspection.record))
        .join(School, School.id == Inspection.school_id)
        .join(_lead, _lead.id == Inspection.lead_id)
        .outerjoin(_second, _second.id == Inspection.second_id)
        .where(
            visible(viewer),
            Inspection.state.in_((InspectionState.DRAFT, InspectionState.SIGNING)),
            sa.or_(Inspection.lead_id == viewer.person_id, Inspection.second_id == viewer.person_id),
        )
        .order_by(Inspection.started_at.desc())
        .limit(most)
    )
    return [Line(inspection=i, school=s, lead=lead, second=second) for i, s, lead, second in rows]
