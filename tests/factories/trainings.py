"""Trainings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.trainings.models import Audience, Training, TrainingForm
from tests.cast import Cast


def training(cast: Cast, **more: Any) -> Training:
    """A training of canteen staff at Pema's school, logged by Pema just now."""
    row = Training(
        **{
            "school_id": cast.school_id,
            "audience": Audience.CANTEEN,
            "form": TrainingForm.HANDS_ON,
            "held_at": clock.now(),
            "hours": Decimal("1.5"),
            "expected": 14,
            "attended": 12,
            "topics": "油锅火处置",
            "logged_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
