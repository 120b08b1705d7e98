"""What a floor is and what hangs on it, for the calculation of how many extinguishers it needs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.equipment.models import KEPT, Equipment, EquipmentKind
from app.equipment.queries.fieldwork import floor_words
from app.equipment.rules.extinguishers import powder_rating
from app.equipment.rules.specification import Agent
from app.schools import queries as schools
from app.schools.models import Building, Floor


@dataclass(frozen=True)
class FloorFacts:
    """A calculation unit with what is known of it. `ratings` are those of its extinguishers for class A fires."""

    floor_id: uuid.UUID
    school_id: uuid.UUID
    name: str
    area_m2: float | None
    hazard: str
    is_basement: bool
    has_hydrants: bool
    ratings: tuple[int, ...]
    unrated: int


def facts(viewer: Viewer, floor_id: uuid.UUID, ratings_by_charge: dict[str, object]) -> FloorFacts | None:
    """A floor of a school the viewer sees; two queries."""
    row = db.session.execute(
        sa.select(Floor, Building)
        .join(Building, Building.id == Floor.building_id)
        .where(Floor.id == floor_id, Building.school_id.in_(schools.visible_ids(viewer)))
    ).first()
    if row is None:
        return None
    floor, building = row
    pieces = db.session.execute(
        sa.select(Equipment.kind, Equipment.specification).where(
            Equipment.floor_id == floor_id, Equipment.status.in_(KEPT)
        )
    ).all()
    found = [_rating(data, ratings_by_charge) for kind, data in pieces if kind is EquipmentKind.EXTINGUISHER]
    stories = (building.floors_above or 0) + (building.floors_below or 0)
    return FloorFacts(
        floor_id=floor.id,
        school_id=building.school_id,
        name=f"{building.name} · {floor_words(floor)}",
        area_m2=round(building.area_m2 / stories, 1) if building.area_m2 and stories else None,
        hazard=building.hazard_class.value,
        is_basement=floor.level < 0,
        has_hydrants=any(kind is EquipmentKind.INDOOR_HYDRANT for kind, _data in pieces),
        ratings=tuple(rating for rating in found if rating),
        unrated=sum(not rating for rating in found),
    )


def _rating(data: dict[str, object], ratings_by_charge: dict[str, object]) -> int:
    """Rating A of a piece: the nameplate's, else that of ABC powder by its charge, else none."""
    rating, charge = data.get("rating_a"), data.get("charge")
    if isinstance(rating, int):
        return rating
    if data.get("agent") == Agent.POWDER_ABC and isinstance(charge, int | float):
        return powder_rating(ratings_by_charge, float(charge)) or 0
    return 0
