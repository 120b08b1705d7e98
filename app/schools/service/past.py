"""Keeping what a school was, when that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.schools.models import School, SchoolKind, SchoolPast

_TRAITS = ("kind", "is_boarding", "is_key_unit")


def remember(school: School, changes: Mapping[str, Sequence[Any]]) -> None:
    """Keep what the school was until today, where `changes` (column → [old, new]) touch its kind, boarding or key unit."""
    if not set(_TRAITS) & changes.keys():
        return
    before = {name: changes[name][0] if name in changes else getattr(school, name) for name in _TRAITS}
    before["kind"] = SchoolKind(before["kind"])
    db.session.add(SchoolPast(school_id=school.id, until=clock.today(), **before))
