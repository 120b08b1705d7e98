"""Drafts of inspections."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.fieldwork.rules import TargetKind
from app.fieldwork.service import AnswerOperation
from app.inspections.models import Inspection, InspectionKind, InspectionState
from tests.cast import Cast
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
