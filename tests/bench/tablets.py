"""What a tablet takes along from schools with 150 pieces each: bytes on the wire and seconds to make them."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.db import new_id
from app.core.extensions import db
from app.equipment.models import KEPT, Equipment
from app.schools.models import School
from app.sync.queries.bundle import MOST_SCHOOLS
from tests.bench.district import browser, viewer

PIECES = 150


def fill(school_id: uuid.UUID) -> None:
    """As many pieces as a large school has: those that are there, once more at their places."""
    there = db.session.execute(
        sa.select(*Equipment.__table__.columns).where(Equipment.school_id == school_id, Equipment.status.in_(KEPT))
    ).all()
    if not there:
        return
    more = max(PIECES - len(there), 0)
    again = (
        dict(there[n % len(there)]._mapping) | {"id": new_id(), "tag_code": None, "label": f"B-{n}"}
        for n in range(more)
    )
    rows = list(again)
    if rows:
        db.session.execute(sa.insert(Equipment), rows)


def measure(app: Flask, *, most: int = MOST_SCHOOLS) -> dict[str, Any]:
    """The list of parts and every part, packed, as a tablet fetches them the first time; then when nothing has changed."""
    with app.app_context():
        mine = School.brigade_id.in_(viewer("inspector").brigade_ids)
        ids = list(db.session.scalars(sa.select(School.id).where(mine).order_by(School.id).limit(most)))
        for key in ids:
            fill(key)
        db.session.commit()
        count = (
            sa.select(sa.func.count())
            .select_from(Equipment)
            .where(Equipment.school_id.in_(ids), Equipment.status.in_(KEPT))
        )
        pieces = db.session.scalar(count) or 0
        db.session.remove()
    client = browser(app, "inspector")
    address = "/sync/bundle?" + "&".join(f"school={key}" for key in ids)
    start = time.perf_counter()
    index = client.get(address)
    listed = time.perf_counter() - start
    start, packed, whole = time.perf_counter(), len(index.data), 0
    parts = json.loads(index.data)["parts"]
    for part in parts:
        answer = client.get(part["url"], headers={"Accept-Encoding": "gzip"})
        packed += len(answer.data)
        whole += answer.status_code == 200
    fetched = time.perf_counter() - start
    start = time.perf_counter()
    unchanged = client.get(address, headers={"If-None-Match": index.headers["ETag"]}).status_code
    return {
        "schools": len(ids), "pieces": pieces, "parts": whole, "packed_bytes": packed, "list_ms": round(listed * 1000), "parts_s": round(fetched, 1),
        "unchanged_ms": round((time.perf_counter() - start) * 1000), "unchanged": unchanged,
        "packed_bytes_of_40_schools": round(packed * MOST_SCHOOLS / max(len(ids), 1)),
    }  # fmt: skip
