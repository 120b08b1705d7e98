"""Pieces of equipment, and a school full of them."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import cycle
from typing import Any

from app.core.db import new_id
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.schools.models import Building, BuildingUse, Floor, School


def piece(school: School | uuid.UUID, kind: EquipmentKind, specification: dict[str, Any], **more: Any) -> Equipment:
    """One piece, flushed."""
    school_id = school if isinstance(school, uuid.UUID) else school.id
    made = Equipment(school_id=school_id, kind=kind, specification=specification, **more)
    db.session.add(made)
    db.session.flush()
    return made


def extinguisher(
    school: School | uuid.UUID,
    *,
    agent: str = "powder_abc",
    charge: float = 4,
    made_on: date | None = date(2024, 9, 1),
    **more: Any,
) -> Equipment:
    """A 4 kg ABC powder extinguisher of 2024-09 unless said otherwise."""
    return piece(
        school,
        EquipmentKind.EXTINGUISHER,
        {"agent": agent, "charge": charge},
        **{"label": "1F-01", "made_on": made_on, "made_on_is_month": made_on is not None, **more},
    )


def hydrant(school: School | uuid.UUID, *, outdoor: bool = False, **more: Any) -> Equipment:
    """A hydrant in its cabinet, or one outdoors."""
    if outdoor:
        return piece(
            school,
            EquipmentKind.OUTDOOR_HYDRANT,
            {"form": "above_ground", "outlet_mm": 100},
            **{"label": "室外-1", **more},
        )
    return piece(
        school,
        EquipmentKind.INDOOR_HYDRANT,
        {"cabinet": True, "outlet_mm": 65, "hose_m": 25.0, "hose_reel": True},
        **{"label": "栓-1", **more},
    )


def light(school: School | uuid.UUID, **more: Any) -> Equipment:
    """An emergency light of a corridor."""
    return piece(
        school,
        EquipmentKind.EMERGENCY_LIGHT,
        {"voltage": "a", "autonomy_min": 90, "lux_place": "corridor"},
        **{"label": "灯-1", **more},
    )


def exit_door(
    school: School | uuid.UUID, *, opening: str = "final_exit", width_m: float = 1.5, **more: Any
) -> Equipment:
    """An exit of a building."""
    return piece(
        school,
        EquipmentKind.EXIT_DOOR,
        {"opening": opening, "width_m": width_m, "leaves": 2, "opens_outward": True},
        **{"label": "东门", **more},
    )


def fire_door(school: School | uuid.UUID, **more: Any) -> Equipment:
    """A normally closed class B fire door with two leaves."""
    return piece(
        school,
        EquipmentKind.FIRE_DOOR,
        {"form": "hinged", "door_class": "b", "holding": "normally_closed", "leaves": 2, "closer": True},
        **{"label": "防火门-1", **more},
    )


def sign(school: School | uuid.UUID, **more: Any) -> Equipment:
    """A lit exit sign."""
    return piece(school, EquipmentKind.EXIT_SIGN, {"sign": "exit", "lit": True}, **{"label": "标志-1", **more})


def building(school: School | uuid.UUID, name: str = "教学楼", *, floors: int = 4, **more: Any) -> Building:
    """A building with its floors, flushed."""
    school_id = school if isinstance(school, uuid.UUID) else school.id
    made = Building(school_id=school_id, name=name, floors_above=floors, **{"use": BuildingUse.TEACHING, **more})
    made.floors = [Floor(level=level) for level in range(1, floors + 1)]
    db.session.add(made)
    db.session.flush()
    return made


_MIX: tuple[tuple[EquipmentKind, dict[str, Any], str], ...] = (
    (EquipmentKind.EXTINGUISHER, {"agent": "powder_abc", "charge": 4.0, "rating_a": 2, "rating_b": 55}, "灭"),
    (EquipmentKind.EXTINGUISHER, {"agent": "powder_abc", "charge": 5.0, "rating_a": 3, "rating_b": 89}, "灭"),
    (EquipmentKind.EXTINGUISHER, {"agent": "co2", "charge": 3.0, "rating_b": 21}, "灭"),
    (EquipmentKind.INDOOR_HYDRANT, {"cabinet": True, "outlet_mm": 65, "hose_m": 25.0, "hose_reel": True}, "栓"),
    (EquipmentKind.EXIT_DOOR, {"opening": "floor_exit", "width_m": 1.4, "leaves": 2, "opens_outward": True}, "出口"),
    (
        EquipmentKind.FIRE_DOOR,
        {"form": "hinged", "door_class": "b", "holding": "normally_closed", "leaves": 2},
        "防火门",
    ),
    (EquipmentKind.EMERGENCY_LIGHT, {"voltage": "a", "autonomy_min": 90, "lux_place": "corridor"}, "灯"),
    (EquipmentKind.EXIT_SIGN, {"sign": "direction", "pointing": "both", "lit": True}, "标志"),
)


def a_school_full_of(cast: Any, pieces: int = 300, *, school_id: uuid.UUID | None = None, buildings: int = 2) -> School:
    """Pema's school (or another) with buildings, floors and so many pieces of every kind, made in bulk and committed."""
    school = db.session.get_one(School, school_id or cast.school_id)
    names = ("教学楼", "宿舍楼", "实验楼", "食堂")
    floors = [
        (one.id, floor.id, floor.level)
        for number in range(buildings)
        for one in [
            building(school, names[number % 4] if number < 4 else f"{number + 1} 号楼", floors=4, position=number)
        ]
        for floor in one.floors
    ]
    spots, mix = cycle(floors), cycle(_MIX)
    rows = []
    for number in range(pieces):
        (building_id, floor_id, level), (kind, specification, word) = next(spots), next(mix)
        is_extinguisher = kind is EquipmentKind.EXTINGUISHER
        rows.append(
            {
                "id": new_id(),
                "school_id": school.id,
                "building_id": building_id,
                "floor_id": floor_id,
                "kind": kind,
                "specification": specification,
                "label": f"{word}{level}F-{number + 1:03}",
                "location": "走道" if number % 2 else "楼梯口",
                "position": number,
                "made_on": date(2014 + number % 12, 1 + number % 12, 1) if is_extinguisher else None,
                "made_on_is_month": is_extinguisher,
            }
        )
    db.session.execute(Equipment.__table__.insert(), rows)  # type: ignore[attr-defined]
    db.session.commit()
    return school
