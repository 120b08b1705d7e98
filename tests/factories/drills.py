"""Drills and buildings to hold them in."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillKind
from app.schools.models import Building
from tests.cast import Cast


def building(cast: Cast, *, school_id: uuid.UUID | None = None, **more: Any) -> Building:
    """A three-storey teaching building at Pema's school."""
    row = Building(**{"school_id": school_id or cast.school_id, "name": "1号教学楼", "floors_above": 3} | more)
    db.session.add(row)
    db.session.flush()
    return row


def drill(cast: Cast, **more: Any) -> Drill:
    """An evacuation drill at Pema's school, logged by Pema just now, nobody missing."""
    row = Drill(
        **{
            "school_id": cast.school_id,
            "kind": DrillKind.EVACUATION,
            "held_at": clock.now(),
            "first_out_s": 22,
            "last_out_s": 114,
            "counted_s": 190,
            "expected": 620,
            "present": 600,
            "accounted": 600,
            "logged_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
