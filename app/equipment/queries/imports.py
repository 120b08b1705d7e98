"""What a list of equipment is held against."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.equipment.models import KEPT, Equipment
from app.equipment.rules.matching import Known, Register
from app.equipment.rules.nameplates import plain
from app.schools.models import Building, Floor, School, SchoolStatus

#: What a list may change of a piece.
COLUMNS = (
    "label", "location", "tag_code", "external_code", "building_id", "floor_id", "made_on", "made_on_is_month", "serviced_on",
    "tested_on", "note", "specification",
)  # fmt: skip


def _schools(brigade_ids: Sequence[uuid.UUID], only: uuid.UUID | None) -> sa.Select[uuid.UUID, str, str | None]:
    query = sa.select(School.id, School.name, School.external_code).where(
        School.brigade_id.in_(brigade_ids), School.status != SchoolStatus.MERGED
    )
    return query.where(School.id == only) if only else query


def register_of(brigade_ids: Sequence[uuid.UUID], *, only_school: uuid.UUID | None) -> Register:
    """Everything that a list is held against; five queries for any number of schools and pieces."""
    by_name: dict[str, list[uuid.UUID]] = {}
    by_code: dict[str, uuid.UUID] = {}
    for school_id, name, code in db.session.execute(_schools(brigade_ids, only_school)):
        by_name.setdefault(plain(name), []).append(school_id)
        if code:
            by_code[code] = school_id
    ids = _schools(brigade_ids, only_school).with_only_columns(School.id)
    buildings = db.session.execute(
        sa.select(Building.id, Building.school_id, Building.name).where(
            Building.school_id.in_(ids), Building.retired_on.is_(None)
        )
    ).all()
    floors = db.session.execute(
        sa.select(Floor.id, Floor.building_id, Floor.level)
        .join(Building, Building.id == Floor.building_id)
        .where(Building.school_id.in_(ids))
    ).all()
    return Register(
        schools_by_name=by_name,
        schools_by_code=by_code,
        buildings={(row.school_id, plain(row.name)): row.id for row in buildings},
        floors={(row.building_id, row.level): row.id for row in floors},
        pieces=_pieces(ids),
        only_school=only_school,
    )


def _pieces(ids: Any) -> list[Known]:
    """The pieces of the schools, and those of others that carry a label: a label is on one piece in all."""
    columns = [getattr(Equipment, name) for name in COLUMNS]
    query = sa.select(Equipment.id, Equipment.school_id, Equipment.kind, Equipment.status, *columns)
    found = db.session.execute(query.where(sa.or_(Equipment.school_id.in_(ids), Equipment.tag_code.is_not(None)))).all()
    return [
        Known(row.id, row.school_id, row.kind.value, row.status in KEPT, {n: getattr(row, n) for n in COLUMNS})
        for row in found
    ]
