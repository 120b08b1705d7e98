"""The frozen record of an inspection: what is written into it, and reading it again."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785

from app.accounts.models import Person
from app.core import clock
from app.fieldwork.models import Photo
from app.fieldwork.rules import Op
from app.inspections.deadlines import DEFAULT_DEADLINE, Deadlines
from app.inspections.models import Inspection
from app.inspections.rules.answers import Said, count
from app.inspections.rules.faults import Problem
from app.inspections.rules.fields import RECHECK, VISIT, Answer, row_name
from app.inspections.rules.rows import Row
from app.inspections.sheet import Sheet
from app.rectification.rules.findings import NEEDS_DEADLINE, Handling
from app.regulations.units import unit

SCHEMA = "xiaofang/inspection/1"


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def school_data(sheet: Sheet) -> dict[str, Any]:
    """The school as it was on the day."""
    school = sheet.school
    return {
        "id": str(school.id),
        "name": school.name,
        "name_bo": school.name_bo,
        "name_en": school.name_en,
        "kind": school.kind.value,
        "is_boarding": school.is_boarding,
        "is_key_unit": school.is_key_unit,
        "area_code": school.area_code,
        "address": school.address,
        "responsible_person": school.responsible_person,
        "responsible_phone": school.responsible_phone,
        "safety_manager": school.safety_manager,
        "safety_manager_phone": school.safety_manager_phone,
        "pupils": school.pupils,
        "boarders": school.boarders,
        "staff": school.staff,
        "buildings": [
            {
                "id": house.id, "name": house.name, "use": house.use, "height_m": house.height_m, "area_m2": house.area_m2,
                "floors_above": house.floors_above, "floors_below": house.floors_below,
            }
            for house in sheet.ground.houses
        ],
    }  # fmt: skip


def _row(row: Row, said: Said, sheet: Sheet, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    item = sheet.checklist.by_code.get(row.item)
    content: dict[str, Any] = {
        "name": row.name,
        "item": row.item,
        "place": row.place,
        "where": row.where,
        "house": row.house,
        "category": row.category,
        "critical": row.critical,
        "codes": list(row.codes),
        "answer": said.answer,
        "given": said.given,
        "via": said.via.value if said.via else None,
        "at": _moment(said.at),
        "by": names.get(said.by_id, "") if said.by_id else "",
    }
    if row.is_piece:
        content |= {"kind": str(row.piece.kind), "summary": row.piece.summary, "at_place": row.piece.where}
    elif row.item == RECHECK:
        content |= {"finding": row.piece.text, "finding_en": row.piece.text_en, "item_code": row.piece.item_code}
    elif row.piece is not None:
        content["at_place"] = row.piece.where
    for name in ("note", "reading", "choice", "date", "text", "deadline"):
        if getattr(said, name):
            content[name] = getattr(said, name)
    if said.where:
        content["looked_at"] = said.where
    if said.faults:
        content["faults"] = list(said.faults)
    if said.spot:
        content["spot"] = True
    if said.judged:
        content["judged"] = said.judged.value
    if row.bounds is not None and said.reading:
        content["unit"] = item.unit if item else None
        content["limits"] = {k: getattr(row.bounds, k) for k in ("min", "max", "hard_max", "target_max")}
    return content


def finding_data(problem: Problem, sheet: Sheet, deadlines: Deadlines) -> dict[str, Any]:
    """One finding as the record keeps it and as rectification opens it."""
    row, said = problem.row, sheet.said[problem.row.name]
    handling = Handling.SPOT if problem.spot else Handling(problem.handling.value)
    deadline: date | None = None
    if handling in NEEDS_DEADLINE and not problem.spot:
        deadline = date.fromisoformat(said.deadline) if said.deadline else deadlines.of(problem).day
    photos = sheet.photos_by_row.get(row.name, [])
    where = row.piece.where if row.piece is not None else row.where
    label = " · ".join(part for part in ((row.where if row.piece is not None else ""), where, said.where) if part)
    return {
        "row": row.name,
        "item_code": problem.code,
        "target_id": row.place,
        "equipment_id": str(row.piece.id) if row.piece is not None else None,
        "building_id": row.house,
        "place_label": label[:200],
        "category": problem.category,
        "record_section": problem.record_section,
        "faults": list(problem.faults),
        "text": problem.text.zh,
        "text_en": problem.text.en,
        "measure": problem.measure.zh,
        "measure_en": problem.measure.en,
        "note": said.note,
        "reading": _reading(said, row, sheet),
        "violation_code": problem.violation,
        "basis": [{"ref": c.ref, "evidence": c.evidence.value} for c in problem.basis],
        "severity": problem.severity.value,
        "handling": handling.value,
        "deadline": deadline.isoformat() if deadline else None,
        "deadline_days": (problem.deadline or DEFAULT_DEADLINE).days,
        "corrected_on_spot": problem.spot,
        "has_photo_before": any(p.slot != "after" for p in photos),
        "has_photo_after": any(p.slot == "after" for p in photos),
    }


def _reading(said: Said, row: Row, sheet: Sheet) -> str:
    item = sheet.checklist.by_code.get(row.item)
    return f"{said.reading} {unit(item.unit)}".strip()[:40] if said.reading and item else ""


def samples_of(sheet: Sheet) -> list[dict[str, Any]]:
    """Of each kind of equipment: how many there are, were seen, were tested, and which were not seen."""
    found: dict[str, dict[str, Any]] = {}
    for row in sheet.rows:
        if not row.is_piece:
            continue
        kind = str(row.piece.kind)
        entry = found.setdefault(
            kind, {"kind": kind, "category": row.category, "registered": 0, "seen": 0, "tested": 0, "not_seen": []}
        )
        entry["registered"] += 1
        if sheet.said[row.name].is_open:
            entry["not_seen"].append({"id": row.place, "name": row.where, "where": row.piece.where})
        else:
            entry["seen"] += 1
    tested = {
        (str(r.piece.kind), r.owner)
        for r in sheet.rows
        if r.owner and sheet.said[r.name].answer in (Answer.PASS, Answer.FAIL)
    }
    for kind, _owner in tested:
        if kind in found:
            found[kind]["tested"] += 1
    return list(found.values())


def _photo(photo: Photo, number: int) -> dict[str, Any]:
    return {
        "number": number, "id": str(photo.id), "row": row_name(photo.item, photo.place), "slot": photo.slot, "sha256": photo.sha256,
        "original_sha256": photo.original_sha256, "taken_at": _moment(photo.taken_at), "added_at": _moment(photo.added_at),
    }  # fmt: skip


def digest_of_ops(ops: list[Op]) -> str:
    """What names the whole log of operations."""
    lines = [
        [str(op.op_id), op.item, op.place, op.field, op.value, op.base_rev, op.rev, op.status.value, _moment(op.at), str(op.by_id), op.via.value]
        for op in ops
    ]  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(lines)).hexdigest()


def build(
    sheet: Sheet, *, lead: Person, second: Person, finished_at: datetime, names: Mapping[uuid.UUID, str]
) -> dict[str, Any]:
    """The record of a sheet as plain JSON values; the same sheet always gives the same record."""
    inspection, deadlines = sheet.inspection, Deadlines(sheet)
    counts = count(sheet.rows, sheet.said)
    answered = [row for area in sheet.areas for row in area.rows if not sheet.said[row.name].is_open]
    return {
        "schema": SCHEMA,
        "id": str(inspection.id),
        "kind": inspection.kind.value,
        "form": inspection.form.value,
        "tier": inspection.tier,
        "from_paper": inspection.from_paper,
        "corrects": str(inspection.corrects_id) if inspection.corrects_id else None,
        "checklist": {
            "pack": sheet.checklist.code, "version": sheet.checklist.version, "sha256": sheet.checklist.sha256,
            "title": sheet.checklist.title.zh, "title_en": sheet.checklist.title.en,
        },
        "school": school_data(sheet),
        "brigade": {"id": str(sheet.brigade.id), "name": sheet.brigade.name, "name_en": sheet.brigade.name_en},
        "officers": [
            {"role": role, "id": str(p.id), "name": p.name, "credential": p.credential_number}
            for role, p in (("lead", lead), ("second", second))
        ],
        "accompanying": {"name": inspection.accompanying, "post": inspection.accompanying_post},
        "started_at": _moment(inspection.started_at),
        "finished_at": _moment(finished_at),
        "position": sheet.folded.value(VISIT, "", "position"),
        "rows": [_row(row, sheet.said[row.name], sheet, names) for row in answered],
        "samples": samples_of(sheet),
        "findings": [finding_data(problem, sheet, deadlines) for problem in sheet.problems],
        "photos": [_photo(photo, n) for n, photo in enumerate(sheet.photos, start=1)],
        "counts": {
            "passed": counts.passed, "failed": counts.failed, "not_applicable": counts.not_applicable,
            "not_checked": counts.not_checked, "not_seen": counts.open_pieces, "bulk": counts.bulk, "answered": counts.done,
        },
        "operations": {"count": len(sheet.ops), "sha256": digest_of_ops(sheet.ops)},
    }  # fmt: skip


def canonical(record: Mapping[str, Any]) -> tuple[str, str]:
    """The record as RFC 8785 text, and its SHA-256."""
    content = rfc8785.dumps(dict(record))
    return content.decode(), hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Record:
    """A frozen record, read again."""

    content: Mapping[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its answered rows in the order of the walk."""
        return list(self.content["rows"])

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What was found."""
        return list(self.content["findings"])

    @property
    def finished_at(self) -> datetime:
        """When the officers were done."""
        return datetime.fromisoformat(self.content["finished_at"])

    @property
    def started_at(self) -> datetime:
        """When they began."""
        return datetime.fromisoformat(self.content["started_at"])


def read(inspection: Inspection) -> Record:
    """The frozen record of an inspection. Raises when its text is not what was frozen."""
    text = inspection.record or ""
    if hashlib.sha256(text.encode()).hexdigest() != inspection.record_sha256:
        raise ValueError(f"the record of inspection {inspection.id} is not what was frozen")
    return Record(json.loads(text))


def answers_of(inspection: Inspection | None) -> tuple[dict[str, dict[str, Any]], date | None]:
    """The rows of a frozen record by form name, and the day they are of; nothing where there is none."""
    if inspection is None or not inspection.record:
        return {}, None
    content = json.loads(inspection.record)
    rows = {row["name"]: row for row in content.get("rows", ())}
    for finding in content.get("findings", ()):
        row = rows.get(finding["row"])
        if row is not None:
            row["said"] = "；".join(filter(None, (row.get("said"), finding["text"])))
    return rows, clock.day_of(inspection.started_at)
