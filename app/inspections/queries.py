"""Finding inspections; the viewer comes first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.schools import queries as schools


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Inspection: of schools the viewer may see; drafts only for the brigade that fills them."""
    mine = Inspection.brigade_id.in_(viewer.brigade_ids)
    finished = Inspection.state.in_((InspectionState.SIGNED, InspectionState.WITHDRAWN))
    if viewer.is_school:
        finished = Inspection.state == InspectionState.SIGNED
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
        query = sa.select(Inspection.id).where(
            Inspection.id.in_(list(ids)), Inspection.kind == kind, visible(viewer)
        )
        return set(db.session.scalars(query))

    return may_see


_judges: dict[str, Any] = {}
