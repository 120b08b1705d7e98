"""What becomes of the rows of a list against the register: new, changed, unchanged, or refused with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.equipment.rules.lists import ReadPiece
from app.equipment.rules.nameplates import plain
from app.equipment.rules.specification import lacking


class Verdict(StrEnum):
    """What checking found out about a row; the words are those of import rows."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True)
class Known:
    """A piece of the register: what it is known by, and what a list may change of it."""

    id: uuid.UUID
    school_id: uuid.UUID
    kind: str
    is_kept: bool
    values: Mapping[str, Any]


@dataclass
class Register:
    """What a list is held against. Names are looked up without regard to width, case and white space."""

    schools_by_name: dict[str, list[uuid.UUID]]
    schools_by_code: dict[str, uuid.UUID]
    buildings: dict[tuple[uuid.UUID, str], uuid.UUID]
    floors: dict[tuple[uuid.UUID, int], uuid.UUID]
    pieces: list[Known]
    only_school: uuid.UUID | None = None
    by_tag: dict[str, Known] = field(init=False)
    by_code: dict[tuple[uuid.UUID, str], Known] = field(init=False)
    by_label: dict[tuple[uuid.UUID, str, str], list[Known]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_tag = {p.values["tag_code"]: p for p in self.pieces if p.values.get("tag_code")}
        self.by_code = {
            (p.school_id, p.values["external_code"]): p for p in self.pieces if p.values.get("external_code")
        }
        self.by_label = {}
        for piece in self.pieces:
            if piece.is_kept and piece.values.get("label"):
                self.by_label.setdefault((piece.school_id, piece.kind, piece.values["label"]), []).append(piece)


@dataclass
class Found:
    """One piece of a list, judged. `values` is what would be written; `new_building` a building that is not there yet."""

    read: ReadPiece
    verdict: Verdict
    school_id: uuid.UUID | None = None
    target: Known | None = None
    values: dict[str, Any] = field(default_factory=dict)
    new_building: str = ""


def _school(read: ReadPiece, register: Register) -> uuid.UUID | None:
    said = read.values.get("school", "")
    if not said:
        if register.only_school is None:
            read.errors.append(("no_school", {}))
        return register.only_school
    names = register.schools_by_name.get(plain(said), [])
    school = register.schools_by_code.get(said) or (names[0] if len(names) == 1 else None)
    if school is None:
        read.errors.append(("many_schools" if names else "unknown_school", {"text": said[:60]}))
    elif register.only_school not in (None, school):
        read.errors.append(("other_school", {"text": said[:60]}))
    return school


def _target(read: ReadPiece, school: uuid.UUID, register: Register) -> Known | None:
    """The piece that a row means: by its label's code, else by its foreign code, else by kind and the school's own number."""
    tag, code, label = (read.values.get(name) for name in ("tag_code", "external_code", "label"))
    if tag and (known := register.by_tag.get(tag)):
        if known.school_id != school:
            read.errors.append(("tag_elsewhere", {}))
        return known
    if code and (known := register.by_code.get((school, code))):
        return known
    alike = register.by_label.get((school, read.kind, label), []) if label else []
    if len(alike) > 1:
        read.errors.append(("label_twice", {"text": label}))
        return None
    if alike and code and alike[0].values.get("external_code") not in (None, code):
        read.errors.append(("label_taken", {"text": label}))
        return None
    return alike[0] if alike else None


def _place(found: Found, school: uuid.UUID, register: Register, *, add_places: bool) -> None:
    """Building and floor by name; what is not registered is added if wanted, else told in words."""
    read, values = found.read, found.values
    name = values.pop("building", "")
    if not name:
        return
    building = register.buildings.get((school, plain(name)))
    if building is not None:
        values["building_id"] = building
        if read.level is not None:
            floor = register.floors.get((building, read.level))
            if floor is None and not add_places:
                read.warnings.append(("unknown_floor", {"text": f"{name} {read.level}"}))
            values["floor_id"] = floor
    elif add_places:
        found.new_building = name
        read.warnings.append(("new_building", {"text": name}))
    else:
        level = "" if read.level is None else f"{read.level}F "
        values["location"] = f"{name} {level}{values.get('location', '')}".strip()[:120]
        read.warnings.append(("unknown_building", {"text": name}))


def _judge_days(read: ReadPiece, values: Mapping[str, Any], today: Any) -> None:
    for name in ("made_on", "serviced_on", "tested_on"):
        day = read.values.get(name)
        if day is not None and (day > today or day.year < 1950):
            read.errors.append(("impossible_day", {"field": name, "text": day.isoformat()}))
        elif day is not None and values.get("made_on") and day < values["made_on"]:
            read.errors.append(("day_before_made", {"field": name, "text": day.isoformat()}))


def _compare(found: Found) -> None:
    """New, or what differs from the register; an empty cell never erases what is known."""
    read, known = found.read, found.target
    missing = lacking(read.kind, read.specification) if read.kind and known is None else None
    if missing:
        read.errors.append(("fact_missing", {"field": missing}))
    if read.errors:
        found.verdict = Verdict.ERROR
        return
    if known is None:
        found.values["specification"] = read.specification
        found.verdict = Verdict.NEW
        return
    specification = {**known.values["specification"], **read.specification}
    wanted = {name: value for name, value in found.values.items() if value not in (None, "")}
    wanted["specification"] = specification
    found.values = {name: value for name, value in wanted.items() if known.values.get(name) != value}
    found.verdict = Verdict.CHANGED if found.values or found.new_building else Verdict.UNCHANGED


def judge(rows: Iterable[ReadPiece], register: Register, *, today: Any, add_places: bool) -> list[Found]:
    """Every piece of a list against the register and the rows before it."""
    seen: dict[tuple[Any, ...], int] = {}
    targets: dict[uuid.UUID, int] = {}
    judged = []
    for read in rows:
        found = Found(read, Verdict.ERROR, _school(read, register))
        judged.append(found)
        if found.school_id is not None:
            found.target = _target(read, found.school_id, register)
            _judge_target(found, targets)
        if read.identity is not None:
            _judge_repeat(found, seen)
        found.values = {name: value for name, value in read.values.items() if name != "school"}
        _judge_days(read, {**(found.target.values if found.target else {}), **read.values}, today)
        if found.school_id is not None and not read.errors:
            _place(found, found.school_id, register, add_places=add_places)
        _compare(found)
    return judged


def _judge_target(found: Found, targets: dict[uuid.UUID, int]) -> None:
    read, known = found.read, found.target
    if known is None:
        return
    if not known.is_kept:
        read.errors.append(("retired", {}))
    elif read.kind and read.kind != known.kind:
        read.errors.append(("other_kind", {}))
    elif known.id in targets:
        read.errors.append(("twice_in_list", {"row": targets[known.id]}))
    targets.setdefault(known.id, read.number)


def _judge_repeat(found: Found, seen: dict[tuple[Any, ...], int]) -> None:
    read = found.read
    for name in ("tag_code", "external_code", "label"):
        value = read.values.get(name)
        if not value:
            continue
        key = {
            "tag_code": (name, value),
            "external_code": (name, value, found.school_id),
            "label": (name, value, found.school_id, read.kind),
        }[name]
        if key in seen and not any(code == "twice_in_list" for code, _about in read.errors):
            read.errors.append(("twice_in_list", {"row": seen[key]}))
        seen.setdefault(key, read.number)
