"""A school with buildings, places and as much equipment as a test wants."""

from __future__ import annotations

import itertools
import uuid
from datetime import date
from typing import Any

from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.schools.models import Building, BuildingUse, Floor, Place, PlaceKind, School
from tests.cast import Cast

#: Kinds in the proportions in which schools have them.
_MIX = (
    EquipmentKind.EXTINGUISHER, EquipmentKind.EXTINGUISHER, EquipmentKind.INDOOR_HYDRANT, EquipmentKind.EXIT_DOOR,
    EquipmentKind.EMERGENCY_LIGHT, EquipmentKind.EXIT_SIGN, EquipmentKind.FIRE_DOOR,
)  # fmt: skip
_PREFIX = {
    EquipmentKind.EXTINGUISHER: "MF", EquipmentKind.INDOOR_HYDRANT: "XS", EquipmentKind.EXIT_DOOR: "CK",
    EquipmentKind.EMERGENCY_LIGHT: "YJ", EquipmentKind.EXIT_SIGN: "ZS", EquipmentKind.FIRE_DOOR: "FM",
    EquipmentKind.OUTDOOR_HYDRANT: "SW",
}  # fmt: skip


def building(
    school_id: uuid.UUID, *, name: str = "教学楼", use: BuildingUse = BuildingUse.TEACHING, floors: int = 3, **more: Any
) -> Building:
    """A building with its floors."""
    row = Building(school_id=school_id, name=name, use=use, floors_above=floors, **more)
    db.session.add(row)
    db.session.flush()
    db.session.add_all([Floor(building_id=row.id, level=n) for n in range(1, floors + 1)])
    db.session.flush()
    return row


_SPECIFICATION: dict[EquipmentKind, dict[str, Any]] = {
    EquipmentKind.EXTINGUISHER: {"agent": "powder_abc", "charge": 4},
    EquipmentKind.INDOOR_HYDRANT: {"cabinet": True, "outlet_mm": 65, "hose_m": 25.0, "hose_reel": False},
    EquipmentKind.OUTDOOR_HYDRANT: {"form": "above_ground", "outlet_mm": 100},
    EquipmentKind.EXIT_DOOR: {"opening": "final_exit", "width_m": 1.5, "leaves": 2, "opens_outward": True},
    EquipmentKind.EMERGENCY_LIGHT: {"voltage": "a", "autonomy_min": 90, "lux_place": "corridor"},
    EquipmentKind.EXIT_SIGN: {"sign": "exit", "lit": True},
    EquipmentKind.FIRE_DOOR: {"form": "hinged", "door_class": "b", "holding": "normally_closed", "leaves": 2},
}


def piece(school_id: uuid.UUID, kind: EquipmentKind, *, label: str = "", **more: Any) -> Equipment:
    """A piece of equipment with what its kind needs."""
    row = Equipment(
        **{
            "school_id": school_id, "kind": kind, "label": label, "specification": dict(_SPECIFICATION[kind]),
            "made_on": date(2024, 3, 1),
        } | more
    )  # fmt: skip
    db.session.add(row)
    return row


def campus(cast: Cast, *, pieces: int = 12, school_id: uuid.UUID | None = None, outdoor: bool = True) -> School:
    """Pema's school with a teaching building, a canteen with a kitchen, an outdoor hydrant and so many pieces."""
    school = db.session.get_one(School, school_id or cast.school_id)
    teaching = building(school.id, name="教学楼 A", area_m2=3200, height_m=12.6)
    canteen = building(school.id, name="食堂", use=BuildingUse.CANTEEN, floors=1, position=1)
    floors = list(db.session.query(Floor).filter(Floor.building_id == teaching.id).order_by(Floor.level))
    db.session.add_all(
        [
            Place(school_id=school.id, building_id=canteen.id, kind=PlaceKind.ROOM, use="kitchen", name="厨房"),
            Place(school_id=school.id, building_id=teaching.id, kind=PlaceKind.STAIR, use="stair", name="东楼梯"),
            Place(school_id=school.id, kind=PlaceKind.SITE, use="other", name="校园"),
        ]
    )
    numbers = itertools.count(1)
    for kind, floor in zip(itertools.cycle(_MIX), itertools.cycle(floors), strict=False):
        number = next(numbers)
        if number > pieces - int(outdoor):
            break
        piece(
            school.id, kind, label=f"{_PREFIX[kind]}-{number:04d}", building_id=teaching.id, floor_id=floor.id,
            location=("东楼梯口", "中厅", "西楼梯口")[number % 3], position=number,
        )  # fmt: skip
    if outdoor:
        piece(school.id, EquipmentKind.OUTDOOR_HYDRANT, label="SW-0001", location="校门内东侧")
    db.session.commit()
    return school
