"""The tables of the pack in force that equipment is judged by: lives of extinguishers, hazard classes, ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from app.regulations.queries import current_checklist


def tables() -> Mapping[str, Any]:
    """Every table of the pack in force, looked up once per request."""
    if "equipment_law" not in g:
        g.equipment_law = current_checklist().tables
    found: Mapping[str, Any] = g.equipment_law
    return found


def judge_by(chosen: Mapping[str, Any]) -> None:
    """Judge by these tables for the rest of the request: a record keeps to the pack it was begun with."""
    g.equipment_law = chosen


def basis(table: str) -> str:
    """The clauses a table stands on, those that are not settled left out: they inform and never print as law."""
    sources = tables()[table].get("basis", [])
    return "；".join(one["ref"] for one in sources if one.get("evidence") == "found")
