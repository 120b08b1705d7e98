"""Writing an accepted list into the register: in one transaction, in bulk, with history and labels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentEvent, EquipmentKind, EventKind, TagHistory
from app.equipment.rules.matching import Found, Verdict
from app.equipment.rules.nameplates import plain
from app.equipment.service import importing
from app.imports.models import ImportRun
from app.schools.models import Building, Floor, School
from app.schools.service import grounds

_CHUNK = 500


def write(run: ImportRun, progress: importing.Progress) -> dict[str, Any]:
    """Write the list as it was accepted. Refused when the register has changed since it was checked."""
    found = importing.judge(run)
    if importing.has_moved(run, found):
        raise DomainError(_("核对之后登记资料有变化，没有写入。请重新核对，再导入。"))
    good = [one for one in found if one.verdict in (Verdict.NEW, Verdict.CHANGED)]
    progress(0, len(good), "")
    _add_buildings(run, good)
    new = [one for one in good if one.verdict is Verdict.NEW]
    changed = [one for one in good if one.verdict is Verdict.CHANGED]
    _insert(run, new)
    _update(run, changed)
    importing.close(run, found)
    progress(len(good), len(good), "")
    return {"added": len(new), "updated": len(changed)}


def _parts(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _add_buildings(run: ImportRun, found: Sequence[Found]) -> None:
    """Add the buildings and floors that the list names and the register lacks, and put the pieces there."""
    by = db.session.get(Person, run.made_by_id) if run.made_by_id else None
    levels: dict[tuple[uuid.UUID, str], set[int]] = {}
    names: dict[tuple[uuid.UUID, str], str] = {}
    for one in found:
        if one.new_building and one.school_id:
            key = (one.school_id, plain(one.new_building))
            names.setdefault(key, one.new_building)
            levels.setdefault(key, set()).update({one.read.level} if one.read.level else set())
    made: dict[tuple[uuid.UUID, str], Building] = {}
    for key, name in names.items():
        above, below = max(levels[key] | {1}), -min(levels[key] | {0})
        school = db.session.get_one(School, key[0])
        made[key] = grounds.add_building(by, school, name=name, floors_above=max(above, 1), floors_below=max(below, 0))
    floors = _floors([building.id for building in made.values()])
    for one in found:
        if one.new_building and one.school_id:
            building = made[(one.school_id, plain(one.new_building))]
            one.values["building_id"] = building.id
            one.values["floor_id"] = floors.get((building.id, one.read.level or 0))
    _add_floors(by, found)


def _floors(buildings: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, int], uuid.UUID]:
    rows = db.session.execute(
        sa.select(Floor.id, Floor.building_id, Floor.level).where(Floor.building_id.in_(buildings))
    )
    return {(row.building_id, row.level): row.id for row in rows}


def _add_floors(by: Any, found: Sequence[Found]) -> None:
    """Floors above or below what a registered building is said to have."""
    made: dict[tuple[uuid.UUID, int], uuid.UUID] = {}
    for one in found:
        building_id, level = one.values.get("building_id"), one.read.level
        if not building_id or level is None or one.values.get("floor_id"):
            continue
        if "floor_id" not in one.values and one.verdict is Verdict.CHANGED:
            continue
        key = (building_id, level)
        if key not in made:
            made[key] = grounds.add_floor(by, db.session.get_one(Building, building_id), level=level).id
        one.values["floor_id"] = made[key]


def _insert(run: ImportRun, found: Sequence[Found]) -> None:
    now, rows = clock.now(), []
    for one in found:
        assert one.school_id is not None
        rows.append(
            {
                **dict.fromkeys(("building_id", "floor_id", "made_on", "serviced_on", "tested_on"), None),
                "label": "",
                "location": "",
                "note": "",
                "tag_code": None,
                "external_code": None,
                "made_on_is_month": False,
                **one.values,
                "id": new_id(),
                "school_id": one.school_id,
                "kind": EquipmentKind(one.read.kind),
                "position": one.read.number,
                "made_at": now,
                "changed_at": now,
            }
        )
    for part in _parts(rows):
        db.session.execute(sa.insert(Equipment), part)
    _tell(run, [row["id"] for row in rows], EventKind.REGISTERED)
    _tag(run, [(row["id"], row["tag_code"]) for row in rows if row["tag_code"]])


def _update(run: ImportRun, found: Sequence[Found]) -> None:
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for one in found:
        assert one.target is not None
        row = {"id": one.target.id, **one.values, "changed_at": clock.now()}
        if "specification" in row:
            row["agent"] = row["specification"].get("agent")
        by_columns.setdefault(tuple(sorted(one.values)), []).append(row)
    retagged = [one for one in found if one.values.get("tag_code")]
    _untag([one.target.values["tag_code"] for one in retagged if one.target and one.target.values.get("tag_code")])
    for rows in by_columns.values():
        for part in _parts(rows):
            db.session.execute(sa.update(Equipment), part)
    _tell(run, [one.target.id for one in found if one.target], EventKind.CHANGED)
    _tag(run, [(one.target.id, one.values["tag_code"]) for one in retagged if one.target])


def _tell(run: ImportRun, ids: Sequence[uuid.UUID], kind: EventKind) -> None:
    note, today, now = str(_("导入 %(file)s", file=run.file_name))[:300], clock.today(), clock.now()
    for part in _parts(ids):
        db.session.execute(
            sa.insert(EquipmentEvent),
            [
                {
                    "equipment_id": one,
                    "kind": kind,
                    "happened_on": today,
                    "note": note,
                    "at": now,
                    "by_id": run.made_by_id,
                }
                for one in part
            ],
        )


def _untag(codes: Sequence[str]) -> None:
    for part in _parts(codes):
        db.session.execute(
            sa.update(TagHistory)
            .where(TagHistory.tag_code.in_(part), TagHistory.to_at.is_(None))
            .values(to_at=clock.now())
        )


def _tag(run: ImportRun, pairs: Sequence[tuple[uuid.UUID, str]]) -> None:
    """Remember which label came onto which piece; blank labels among them are used up."""
    _untag([code for _piece, code in pairs])
    for part in _parts(pairs):
        db.session.execute(
            sa.insert(TagHistory),
            [
                {"tag_code": code, "equipment_id": piece, "from_at": clock.now(), "by_id": run.made_by_id}
                for piece, code in part
            ],
        )
