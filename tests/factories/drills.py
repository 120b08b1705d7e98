"""Drills, buildings to hold them in, plans."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillKind, DrillPlan
from app.drills.rules.plans import PlanState
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


def plan(cast: Cast, *, classes: int = 3, **more: Any) -> DrillPlan:
    """A whole plan of Pema's for today, agreed to, with two stairs and a few classes of forty."""
    row = DrillPlan(
        **{
            "school_id": cast.school_id,
            "kind": DrillKind.EVACUATION,
            "planned_at": clock.now(),
            "signal": "电铃三长声",
            "assembly_point": "操场北侧",
            "posts": {"command": "白玛"},
            "classes": [
                {"key": f"c{n}", "name": f"{n}班", "expected": 40, "teacher": ""} for n in range(1, classes + 1)
            ],
            "guides": [
                {"key": "s1", "place": "东侧楼梯", "person": "德吉"},
                {"key": "s2", "place": "西侧楼梯", "person": "罗布"},
            ],
            "steps": [],
            "state": PlanState.READY,
            "made_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
