"""Finding inspections; the viewer comes first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.equipment.models import Equipment
from app.fieldwork.queries import Draft, register_target
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.rules.fields import makes_sense
from app.schools import queries as schools
from app.schools.models import Building, Floor, Place


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Inspection: of schools the viewer may see; drafts only for the brigade that fills them."""
    mine = Inspection.brigade_id.in_(viewer.brigade_ids)
    shown = [InspectionState.SIGNED] if viewer.is_school else [InspectionState.SIGNED, InspectionState.WITHDRAWN]
    finished = Inspection.state.in_(shown)
    return sa.or_(mine, sa.and_(finished, Inspection.school_id.in_(schools.visible_ids(viewer))))


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


register_target(TargetKind.INSPECTION, may_see=_seen(InspectionKind.INSPECTION), lock=_lock)
register_target(TargetKind.RECHECK, may_see=_seen(InspectionKind.RECHECK), lock=_lock)
