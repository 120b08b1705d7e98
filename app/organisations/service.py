"""Acts on what the brigades stand on: the code table of areas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.organisations.models import Area
from app.organisations.queries import forget_areas
from app.organisations.rules import parent_of

#: Codes and names after GB/T 2260 as published by the civil affairs ministry; retired codes name their successor.
AREAS = Path(__file__).parent / "data" / "areas.csv"


def _wanted() -> list[dict[str, Any]]:
    with AREAS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row["code"] for row in rows}
    found = []
    for row in rows:
        parent = parent_of(row["code"])
        while parent is not None and parent not in codes:
            parent = parent_of(parent)
        found.append(
            {
                "code": row["code"],
                "name": row["name"],
                "name_en": row["name_en"],
                "name_bo": row["name_bo"],
                "parent_code": parent,
                "successor_code": row["successor"] or None,
            }
        )
    # What others point to comes first: shorter codes, then those in force.
    return sorted(found, key=lambda area: (area["successor_code"] is not None, len(area["code"]), area["code"]))


def load_areas() -> int:
    """Bring the table of areas to what the program ships; returns how many rows were new or changed. Twice does no harm."""
    there = {row.code: row._asdict() for row in db.session.execute(sa.select(*Area.__table__.columns))}
    fresh = [area for area in _wanted() if area["code"] not in there]
    changed = [area for area in _wanted() if area["code"] in there and there[area["code"]] != area]
    if fresh:
        db.session.execute(sa.insert(Area), fresh)
    if changed:
        db.session.execute(sa.update(Area), changed)
    db.session.flush()
    forget_areas()
    return len(fresh) + len(changed)
