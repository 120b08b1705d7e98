"""Registering a piece, changing what is known of it, retiring and replacing it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment import wording
from app.equipment.models import Equipment, EquipmentKind, EquipmentStatus, EventKind
from app.equipment.rules.specification import BadSpecification, plain, read_specification
from app.equipment.service.labels import stick, take_off
from app.equipment.service.trail import must_be_kept, tell
from app.schools.models import Building, Floor, Place


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a person says about a piece. Days may be unknown; `made_on` is the 1st when only the month is known."""

    specification: Mapping[str, Any]
    building_id: uuid.UUID | None = None
    floor_id: uuid.UUID | None = None
    place_id: uuid.UUID | None = None
    label: str = ""
    location: str = ""
    made_on: date | None = None
    made_on_is_month: bool = False
    serviced_on: date | None = None
    tested_on: date | None = None
    external_code: str | None = None
    note: str = ""


#: The columns that Details fills as they are.
_PLAIN = (
    "building_id", "floor_id", "place_id", "label", "location", "made_on", "made_on_is_month", "serviced_on", "tested_on",
    "external_code", "note",
)  # fmt: skip
_WHERE = ("building_id", "floor_id", "place_id", "location")


@dataclass(frozen=True)
class Ground:
    """What stands at a school, to check where a piece is said to be: floors and places with their building."""

    buildings: frozenset[uuid.UUID] = frozenset()
    floors: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    places: Mapping[uuid.UUID, tuple[uuid.UUID | None, uuid.UUID | None]] = field(default_factory=dict)


def ground_of(school_id: uuid.UUID) -> Ground:
    """Buildings, floors and places of a school, in three queries."""
    buildings = db.session.scalars(sa.select(Building.id).where(Building.school_id == school_id))
    floors = db.session.execute(
        sa.select(Floor.id, Floor.building_id)
        .join(Building, Building.id == Floor.building_id)
        .where(Building.school_id == school_id)
    )
    places = db.session.execute(
        sa.select(Place.id, Place.building_id, Place.floor_id).where(Place.school_id == school_id)
    )
    return Ground(
        frozenset(buildings), {row[0]: row[1] for row in floors}, {row[0]: (row[1], row[2]) for row in places}
    )


def _placed(details: Details, ground: Ground) -> dict[str, uuid.UUID | None]:
    """Where the piece is, the wider filled from the narrower. Raises DomainError where they contradict each other."""
    building, floor, place = details.building_id, details.floor_id, details.place_id
    if place is not None:
        if place not in ground.places:
            raise DomainError(_("所选位置不属于这所学校。"), field="place")
        its_building, its_floor = ground.places[place]
        floor, building = floor or its_floor, building or its_building
        if (its_floor and floor != its_floor) or (its_building and building != its_building):
            raise DomainError(_("所选位置不在所选的楼或楼层内。"), field="place")
    if floor is not None:
        if floor not in ground.floors:
            raise DomainError(_("所选楼层不属于这所学校。"), field="floor")
        building = building or ground.floors[floor]
        if building != ground.floors[floor]:
            raise DomainError(_("所选楼层不在所选的楼内。"), field="floor")
    if building is not None and building not in ground.buildings:
        raise DomainError(_("所选建筑不属于这所学校。"), field="building")
    return {"building_id": building, "floor_id": floor, "place_id": place}


def checked_specification(kind: EquipmentKind, data: Mapping[str, Any]) -> dict[str, Any]:
    """The specification as it is stored. Raises DomainError with a sentence at the field that is wrong."""
    try:
        return plain(read_specification(kind.value, data))
    except BadSpecification as problem:
        raise DomainError(wording.complaint(problem), field=problem.fact) from None


def check_days(details: Details) -> None:
    """Days must have passed and follow each other. Raises DomainError at the field."""
    today = clock.today()
    named = (("made_on", details.made_on), ("serviced_on", details.serviced_on), ("tested_on", details.tested_on))
    for name, day in named:
        if day is not None and day > today:
            raise DomainError(_("日期不能晚于今天。"), field=name)
        if day is not None and day.year < 1950:
            raise DomainError(_("日期太早，请核对年份。"), field=name)
        if day is not None and details.made_on is not None and day < details.made_on:
            raise DomainError(_("日期不能早于出厂日期。"), field=name)


def register(
    by: Viewer, *, school_id: uuid.UUID, kind: EquipmentKind, details: Details, ground: Ground | None = None
) -> Equipment:
    """Add a piece to a school's register. The caller has checked that the viewer serves the school."""
    specification = checked_specification(kind, details.specification)
    check_days(details)
    values = {name: getattr(details, name) for name in _PLAIN} | _placed(details, ground or ground_of(school_id))
    piece = Equipment(school_id=school_id, kind=kind, specification=specification, **values)
    db.session.add(piece)
    db.session.flush()
    tell(piece, EventKind.REGISTERED, by)
    audit.record(by, "register", subject="equipment", subject_id=piece.id, detail={"kind": kind.value})
    db.session.flush()
    return piece


def change(by: Viewer, piece: Equipment, *, details: Details, ground: Ground | None = None) -> bool:
    """Put right what is known of a piece; returns whether anything changed."""
    must_be_kept(piece)
    specification = checked_specification(piece.kind, details.specification)
    check_days(details)
    wanted = {name: getattr(details, name) for name in _PLAIN} | _placed(details, ground or ground_of(piece.school_id))
    wanted["specification"] = specification
    before = {name: getattr(piece, name) for name in wanted}
    changed = [name for name in wanted if before[name] != wanted[name]]
    if not changed:
        return False
    for name in changed:
        setattr(piece, name, wanted[name])
    piece.changed_at = clock.now()
    moved = any(name in _WHERE for name in changed)
    tell(piece, EventKind.MOVED if moved else EventKind.CHANGED, by, note="、".join(_words(name) for name in changed))
    audit.record(
        by,
        "change",
        subject="equipment",
        subject_id=piece.id,
        detail={name: [_told(before[name]), _told(wanted[name])] for name in changed},
    )
    db.session.flush()
    return True


def _told(value: Any) -> Any:
    return value if isinstance(value, bool | int | dict) or value is None else str(value)


def _words(name: str) -> str:
    return str(wording.COLUMNS[name])


def _leave(piece: Equipment, status: EquipmentStatus, reason: str, on: date) -> None:
    piece.status, piece.retired_on, piece.retired_reason = status, on, reason
    piece.away_on = None
    piece.changed_at = clock.now()


def retire(by: Viewer, piece: Equipment, *, reason: str, on: date | None = None) -> None:
    """Take a piece out of use for good. It stays on record with its place and reason; its label becomes free."""
    must_be_kept(piece)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("请写明停用的原因。"), field="reason")
    day = on or clock.today()
    if day > clock.today():
        raise DomainError(_("日期不能晚于今天。"), field="on")
    take_off(by, piece)
    _leave(piece, EquipmentStatus.RETIRED, reason[:200], day)
    tell(piece, EventKind.RETIRED, by, on=day, note=reason)
    audit.record(by, "retire", subject="equipment", subject_id=piece.id, detail={"reason": reason})
    db.session.flush()


def replace(
    by: Viewer, piece: Equipment, *, details: Details, takes_label: bool, reason: str = "", on: date | None = None
) -> Equipment:
    """Put a new piece in the place of an old one: same place, number and position; the label goes along if wanted."""
    must_be_kept(piece)
    specification = checked_specification(piece.kind, details.specification)
    check_days(details)
    day, code, external = on or clock.today(), piece.tag_code, piece.external_code
    take_off(by, piece)
    _leave(piece, EquipmentStatus.REPLACED, (reason.strip() or str(_("更换")))[:200], day)
    piece.external_code = None
    db.session.flush()
    kept = {n: getattr(piece, n) for n in ("school_id", "kind", "building_id", "floor_id", "place_id", "position")}
    new = Equipment(
        **kept,
        label=details.label or piece.label,
        location=details.location or piece.location,
        specification=specification,
        made_on=details.made_on,
        made_on_is_month=details.made_on_is_month,
        serviced_on=details.serviced_on,
        tested_on=details.tested_on,
        external_code=external,
        note=details.note,
        replaces_id=piece.id,
    )
    db.session.add(new)
    db.session.flush()
    if takes_label and code:
        stick(by, new, code)
    tell(piece, EventKind.REPLACED, by, on=day, note=reason.strip())
    tell(
        new, EventKind.REGISTERED, by, on=day, note=str(_("接替 %(old)s", old=piece.label or wording.KINDS[piece.kind]))
    )
    audit.record(by, "replace", subject="equipment", subject_id=piece.id, detail={"by": str(new.id)})
    db.session.flush()
    return new
