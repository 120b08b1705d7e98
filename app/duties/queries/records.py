"""Finding what schools recorded for their duties, as far as the viewer may see them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.duties.models import DutyAdoption, DutyRecord
from app.duties.queries.facts import duties_in_force
from app.duties.rules.duties import Duty
from app.logbook import queries as logbook
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record with its school and its rule; the rule is None where the pack in force has it no more."""

    record: DutyRecord
    school: School
    duty: Duty | None


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the records that the viewer may see."""
    return logbook.visible_ids(viewer, DutyRecord, ids)


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(DutyRecord, School)
        .join(School, School.id == DutyRecord.school_id)
        .where(logbook.visible(viewer, DutyRecord))
    )


def _line(row: Any, rules: dict[str, Duty]) -> Line:
    return Line(record=row[0], school=row[1], duty=rules.get(row[0].duty))


def _rules() -> dict[str, Duty]:
    return {duty.code: duty for duty in duties_in_force()}


def get(viewer: Viewer, record_id: uuid.UUID) -> Line | None:
    """One record."""
    row = db.session.execute(_lines(viewer).where(DutyRecord.id == record_id)).first()
    return _line(row, _rules()) if row else None


def latest(viewer: Viewer, school_id: uuid.UUID, *, most: int = 20) -> list[Line]:
    """A school's last records that stand."""
    query = _lines(viewer).where(DutyRecord.school_id == school_id, DutyRecord.withdrawn_at.is_(None))
    rows = db.session.execute(query.order_by(DutyRecord.held_at.desc(), DutyRecord.id).limit(most))
    rules = _rules()
    return [_line(row, rules) for row in rows]


def adoptions(brigade_id: uuid.UUID) -> dict[str, DutyAdoption]:
    """The rules a brigade has taken on and not dropped, by code."""
    rows = db.session.scalars(
        sa.select(DutyAdoption).where(DutyAdoption.brigade_id == brigade_id, DutyAdoption.ended_on.is_(None))
    )
    return {row.duty: row for row in rows}
