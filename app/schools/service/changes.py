"""Changing a row and saying what was changed, for the audit trail."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.audit.service import record


def plain(value: Any) -> Any:
    """A value as the audit trail keeps it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | uuid.UUID):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return value


def apply(row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; returns column → [old, new]."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [plain(before), plain(value)]
            setattr(row, name, value)
    return changes


def note(by: Any, action: str, school_id: uuid.UUID, **detail: Any) -> None:
    """Leave an entry in the history of a school."""
    record(by, action, subject="school", subject_id=school_id, detail=detail)
