"""Drafts of inspections."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.fieldwork import service
from app.fieldwork.rules import OpStatus, SignerRole, TargetKind
from app.fieldwork.service import AnswerOperation, Hand
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.service import finishing, signing
from app.inspections.sheet import Sheet
from app.organisations.models import Brigade
from app.schools.models import School
from tests.cast import Cast
from tests.factories import pictures
from tests.factories.rectification import pack_version_id


def draft(cast: Cast, **more: Any) -> Inspection:
    """A draft of Ines and Ivo at Pema's school."""
    row = Inspection(
        **{
            "kind": InspectionKind.INSPECTION,
            "school_id": cast.school_id,
            "brigade_id": cast.brigade_id,
            "pack_version_id": pack_version_id(),
            "state": InspectionState.DRAFT,
            "lead_id": cast.people["ines"],
            "second_id": cast.people["ivo"],
            "started_at": clock.now(),
        }
        | more
    )
    db.session.add(row)
    db.session.commit()
    return row


def op(target: Inspection | uuid.UUID, item: str = "MGT-01", value: Any = "pass", **more: Any) -> AnswerOperation:
    """An answer to one item, by tap."""
    target_id = target if isinstance(target, uuid.UUID) else target.id
    return AnswerOperation(
        **{
            "op_id": new_id(),
            "kind": TargetKind.INSPECTION,
            "target_id": target_id,
            "item": item,
            "field": "answer",
            "value": value,
            "base_rev": 0,
        }
        | more
    )


def answered(
    cast: Cast, row: Inspection, fails: dict[str, dict[str, Any]] | None = None, *, by: str = "ines", **fields: str
) -> Sheet:
    """Every open row of a draft answered 合格 by tap, but those named in `fails`, with further fields of theirs; committed."""
    sheet = whole_sheet(row)
    ops = []
    for one in sheet.rows:
        more = (fails or {}).get(one.name)
        value = more.get("answer", "fail") if more is not None else "corrected" if one.item == "RECHECK" else "pass"
        fields_of_row = {"answer": value} | {k: v for k, v in (more or {}).items() if k not in ("photo", "after")}
        ops += [
            op(row, one.item, v, place=one.place, field=name, kind=sheet.kind, **fields)
            for name, v in fields_of_row.items()
        ]
        for slot in ("photo", "after"):
            if more and slot in more:
                service.add_photo(
                    cast.viewer(by), photo_id=new_id(), kind=sheet.kind, target_id=row.id, content=more[slot], item=one.item,
                    place=one.place, slot="after" if slot == "after" else "close",
                )  # fmt: skip
    verdicts = service.apply(ops, by=cast.viewer(by))
    assert all(v.status is OpStatus.APPLIED for v in verdicts), verdicts
    db.session.commit()
    return whole_sheet(row)


def whole_sheet(row: Inspection) -> Sheet:
    """The sheet of an inspection, whoever asks."""
    return sheets.of(row, db.session.get_one(School, row.school_id), db.session.get_one(Brigade, row.brigade_id))


def frozen(cast: Cast, row: Inspection | None = None, fails: dict[str, dict[str, Any]] | None = None) -> Inspection:
    """A draft of Ines and Ivo, filled and finished, not yet signed; committed."""
    row = row or draft(cast, accompanying="索南")
    finishing.finalise(cast.viewer("ines"), answered(cast, row, fails))
    db.session.commit()
    return row


def hands(cast: Cast, row: Inspection) -> dict[SignerRole, Hand]:
    """The signatures of all three."""
    return {
        SignerRole.LEAD: Hand(name="尼玛", person_id=row.lead_id, strokes=pictures.strokes()),
        SignerRole.SECOND: Hand(name="次仁", person_id=row.second_id, strokes=pictures.strokes()),
        SignerRole.SCHOOL: Hand(name="索南", post="安全干事", strokes=pictures.strokes()),
    }


def signed(cast: Cast, row: Inspection | None = None, fails: dict[str, dict[str, Any]] | None = None) -> Inspection:
    """An inspection with all signatures; committed."""
    row = frozen(cast, row, fails)
    signing.sign(cast.viewer("ines"), row, hands(cast, row))
    db.session.commit()
    return row


def a_fault(cast: Cast, *, spot: bool = False) -> dict[str, dict[str, Any]]:
    """`fails` for one extinguisher of the school whose needle is in the red; put right on the spot with both photos if wanted."""
    piece = (
        db.session.query(Equipment)
        .filter_by(kind=EquipmentKind.EXTINGUISHER, school_id=cast.school_id)
        .order_by(Equipment.position, Equipment.label)
        .first()
    )
    assert piece is not None
    fault: dict[str, Any] = {"fault": ["EXT-17:red"], "photo": pictures.picture(seed=1)}
    if spot:
        fault |= {"spot": True, "after": pictures.picture(seed=2)}
    return {f"PIECE@{piece.id}": fault}
