"""Buildings, floors, places and contacts of a school: added, changed, retired, never deleted."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.core.extensions import db
from app.schools.models import Building, Contact, Floor, Place, School
from app.schools.service.changes import apply, note

CONSTRAINT_SENTENCES["uq_floor_building_id_level"] = "这栋建筑已经有这一层。"
MOST_FLOORS = 120


def add_building(
    by: Any, school: School, *, name: str, floors_above: int, floors_below: int, **values: Any
) -> Building:
    """A building with its floors: 1 is the ground floor, -1 the first below it."""
    _unique_building(school.id, name)
    building = Building(school_id=school.id, name=name, floors_above=floors_above, floors_below=floors_below, **values)
    building.facilities = building.facilities or []
    db.session.add(building)
    db.session.flush()
    _grow(building, there=set())
    note(by, "add_building", school.id, building=str(building.id), name=name)
    return building


def edit_building(by: Any, building: Building, **values: Any) -> dict[str, list[Any]]:
    """Change a building. More storeys add floors; fewer leave those that are there, since things may hang on them."""
    if "name" in values and values["name"] != building.name:
        _unique_building(building.school_id, values["name"])
    changes = apply(building, values)
    if changes:
        db.session.flush()
        _grow(building, there={floor.level for floor in building.floors})
        note(by, "change_building", building.school_id, building=str(building.id), name=building.name, changes=changes)
    return changes


def retire_building(by: Any, building: Building, *, reason: str, day: date | None = None) -> None:
    """A building is pulled down or given away: it and its places leave the lists, their records stay."""
    _with_reason(reason)
    if building.retired_on is not None:
        return
    day = day or clock.today()
    building.retired_on = day
    db.session.execute(
        sa.update(Place).where(Place.building_id == building.id, Place.retired_on.is_(None)).values(retired_on=day)
    )
    db.session.flush()
    note(
        by, "retire_building", building.school_id, building=str(building.id), name=building.name, reason=reason.strip()
    )


def _unique_building(school_id: uuid.UUID, name: str) -> None:
    same = sa.select(Building.id).where(
        Building.school_id == school_id, Building.name == name, Building.retired_on.is_(None)
    )
    if db.session.scalar(same):
        raise DomainError(_("这所学校已有同名的建筑。"), field="name")


def _grow(building: Building, *, there: set[int]) -> None:
    if building.floors_above + building.floors_below > MOST_FLOORS:
        raise DomainError(_("楼层太多，请核对层数。"), field="floors_above")
    wanted = [*range(1, building.floors_above + 1), *range(-building.floors_below, 0)]
    for level in wanted:
        if level not in there:
            db.session.add(Floor(building_id=building.id, level=level, name=floor_name(level)))
    db.session.flush()
    db.session.expire(building, ["floors"])


def floor_name(level: int) -> str:
    """2 → 2层, -1 → 地下1层: what people call a floor, kept as a name that may be changed."""
    return f"{level}层" if level > 0 else f"地下{-level}层"


def add_floor(by: Any, building: Building, *, level: int, name: str = "", heads: int | None = None) -> Floor:
    """A floor that the number of storeys does not tell (a mezzanine numbered otherwise, a roof)."""
    if level == 0 or abs(level) > MOST_FLOORS:
        raise DomainError(_("楼层从 1 起；地下从 -1 起。"), field="level")
    if any(floor.level == level for floor in building.floors):
        raise DomainError(_("这栋建筑已经有这一层。"), field="level")
    floor = Floor(building_id=building.id, level=level, name=name or floor_name(level), heads=heads)
    db.session.add(floor)
    db.session.flush()
    db.session.expire(building, ["floors"])
    note(by, "add_floor", building.school_id, building=str(building.id), floor=str(floor.id), name=floor.name)
    return floor


def edit_floor(by: Any, building: Building, floor: Floor, *, name: str, heads: int | None) -> dict[str, list[Any]]:
    """Change a floor's name or the number of people on it."""
    changes = apply(floor, {"name": name or floor_name(floor.level), "heads": heads})
    if changes:
        db.session.flush()
        note(by, "change_floor", building.school_id, building=str(building.id), name=building.name, changes=changes)
    return changes


def _standing_on(school_id: uuid.UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Building and floor of a place must be the school's own and belong together."""
    floor_id, building_id = values.get("floor_id"), values.get("building_id")
    if floor_id is not None:
        floor = db.session.get(Floor, floor_id)
        if floor is None or (building_id is not None and floor.building_id != building_id):
            raise DomainError(_("请选择这栋建筑的楼层。"), field="floor_id")
        building_id = floor.building_id
    if building_id is not None:
        building = db.session.get(Building, building_id)
        if building is None or building.school_id != school_id or building.retired_on is not None:
            raise DomainError(_("请选择这所学校在用的建筑。"), field="building_id")
    return {**values, "building_id": building_id, "floor_id": floor_id}


def add_place(by: Any, school: School, **values: Any) -> Place:
    """A room, corridor, stair, exit, point, system or part of the grounds."""
    place = Place(school_id=school.id, **_standing_on(school.id, values))
    db.session.add(place)
    db.session.flush()
    note(by, "add_place", school.id, place=str(place.id), name=place.name)
    return place


def edit_place(by: Any, place: Place, **values: Any) -> dict[str, list[Any]]:
    """Change a place."""
    changes = apply(place, _standing_on(place.school_id, values))
    if changes:
        db.session.flush()
        note(by, "change_place", place.school_id, place=str(place.id), name=place.name, changes=changes)
    return changes


def retire_place(by: Any, place: Place, *, reason: str) -> None:
    """A place is no more; what was recorded about it stays."""
    _with_reason(reason)
    if place.retired_on is None:
        place.retired_on = clock.today()
        db.session.flush()
        note(by, "retire_place", place.school_id, place=str(place.id), name=place.name, reason=reason.strip())


def add_contact(by: Any, school: School, *, name: str, post: str = "", phone: str = "") -> Contact:
    """Somebody at the school to call."""
    contact = Contact(school_id=school.id, name=name, post=post, phone=phone)
    db.session.add(contact)
    db.session.flush()
    note(by, "add_contact", school.id, contact=str(contact.id), name=name)
    return contact


def edit_contact(by: Any, contact: Contact, **values: Any) -> dict[str, list[Any]]:
    """Change a contact."""
    changes = apply(contact, values)
    if changes:
        db.session.flush()
        note(by, "change_contact", contact.school_id, contact=str(contact.id), name=contact.name, changes=changes)
    return changes


def end_contact(by: Any, contact: Contact) -> None:
    """Somebody left; they stay in the history."""
    if contact.ended_on is None:
        contact.ended_on = clock.today()
        db.session.flush()
        note(by, "end_contact", contact.school_id, contact=str(contact.id), name=contact.name)


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("请写明原因。"), field="reason")
