"""Measures of the brigade's plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.measures.models import Measure
from app.measures.rules import MeasureKind
from tests.cast import Cast


def measure(cast: Cast, **more: Any) -> Measure:
    """One trainings measure of this year for all schools, due at its end, that Ines answers for."""
    year = clock.today().year
    row = Measure(
        **{
            "brigade_id": cast.brigade_id,
            "year": year,
            "kind": MeasureKind.TRAININGS,
            "title": "每校一次宿管培训",
            "due_on": date(year, 12, 31),
            "answers_id": cast.people["ines"],
            "made_by_id": cast.people["lea"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
