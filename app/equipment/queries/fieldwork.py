"""What an inspection needs of a school's equipment, in a constant number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.equipment import dates, law, wording
from app.equipment.models import KEPT, Equipment, EquipmentKind, EquipmentStatus
from app.equipment.rules import tags
from app.equipment.rules.extinguishers import DueStatus
from app.equipment.rules.specification import checklist_type, traits
from app.schools.models import Building, Floor, Place


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece as an inspector meets it: where it is, what it is, how it stands, what was said of it last.

    `where` is 教学楼 · 2层 · 东侧走道; `summary` 干粉 ABC 4 kg · 2016-09 出厂; `due` 2026-09 已到报废期, empty when
    nothing is due by date; `due_status` is empty too then. `checklist_type` and `traits` choose conditional items.
    """

    id: uuid.UUID
    kind: EquipmentKind
    kind_words: str
    status: EquipmentStatus
    name: str
    label: str
    tag_code: str | None
    tag_shown: str
    building_id: uuid.UUID | None
    building: str
    floor_id: uuid.UUID | None
    floor: str
    floor_level: int | None
    place_id: uuid.UUID | None
    place: str
    location: str
    where: str
    summary: str
    specification: dict[str, object]
    made_on: date | None
    made_on_is_month: bool
    serviced_on: date | None
    due: str
    due_status: DueStatus | None
    checklist_type: str | None
    traits: dict[str, bool | None]
    last_verdict: str
    last_checked_on: date | None
    last_inspection_id: uuid.UUID | None


def floor_words(floor: Floor | None) -> str:
    """A floor's own name, else its number."""
    if floor is None:
        return ""
    return floor.name or wording.floor_number(floor.level)


def _where(piece: Equipment, building: Building | None, floor: Floor | None, place: Place | None) -> str:
    parts = (building.name if building else "", floor_words(floor), place.name if place else "", piece.location)
    return " · ".join(part for part in parts if part)


def piece_of(row: Any, today: date) -> Piece:
    """A row of `with_places` in words, on a day."""
    piece, building, floor, place = row
    due = dates.due_of(piece, today)
    kind_words = str(wording.KINDS[piece.kind])
    return Piece(
        id=piece.id,
        kind=piece.kind,
        kind_words=kind_words,
        status=piece.status,
        name=f"{kind_words} {piece.label}".strip(),
        label=piece.label,
        tag_code=piece.tag_code,
        tag_shown=tags.spaced(piece.tag_code) if piece.tag_code else "",
        building_id=piece.building_id,
        building=building.name if building else "",
        floor_id=piece.floor_id,
        floor=floor_words(floor),
        floor_level=floor.level if floor else None,
        place_id=piece.place_id,
        place=place.name if place else "",
        location=piece.location,
        where=_where(piece, building, floor, place),
        summary=wording.summary(piece),
        specification=dict(piece.specification),
        made_on=piece.made_on,
        made_on_is_month=piece.made_on_is_month,
        serviced_on=piece.serviced_on,
        due=wording.due_words(due),
        due_status=due.status if due else None,
        checklist_type=checklist_type(piece.kind.value, piece.specification),
        traits=traits(piece.kind.value, piece.specification),
        last_verdict=piece.last_verdict,
        last_checked_on=piece.last_checked_on,
        last_inspection_id=piece.last_inspection_id,
    )


def with_places() -> sa.Select[Equipment, Building, Floor, Place]:
    """Pieces with their building, floor and place, each of which may be None."""
    return (
        sa.select(Equipment, Building, Floor, Place)
        .outerjoin(Building, Building.id == Equipment.building_id)
        .outerjoin(Floor, Floor.id == Equipment.floor_id)
        .outerjoin(Place, Place.id == Equipment.place_id)
    )


#: The way through a school: outdoors first, then building by building, floor by floor.
_WALK = (
    Equipment.building_id.is_not(None),
    sa.func.coalesce(Building.position, 0),
    sa.func.coalesce(Building.name, ""),
    sa.func.coalesce(Floor.level, -100),
    Equipment.position,
    Equipment.kind,
    Equipment.label,
    Equipment.id,
)


def for_inspection(
    school_id: uuid.UUID, *, today: date | None = None, tables: Mapping[str, Any] | None = None
) -> list[Piece]:
    """Every piece the school has (in use or away for service), in the order of a walk; one query.

    The caller has already asked whether the viewer may see the school. `tables` are those of the pack to judge by, when
    it is not the one in force.
    """
    day = today or clock.today()
    if tables is not None:
        law.judge_by(tables)
    rows = db.session.execute(
        with_places().where(Equipment.school_id == school_id, Equipment.status.in_(KEPT)).order_by(*_WALK)
    )
    return [piece_of(row, day) for row in rows]


def pieces(ids: Sequence[uuid.UUID], *, today: date | None = None) -> dict[uuid.UUID, Piece]:
    """The pieces with these ids whatever their status, for records that name them; one query."""
    day = today or clock.today()
    rows = db.session.execute(with_places().where(Equipment.id.in_(list(ids))))
    return {row[0].id: piece_of(row, day) for row in rows}
