"""Trainings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.trainings.models import Attendee, Audience, SignedVia, Training, TrainingForm, TrainingSession
from app.trainings.rules.attendance import person_key
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


def session(cast: Cast, **more: Any) -> TrainingSession:
    """A session for canteen staff at Pema's school, two hours from now, planned by Pema."""
    row = TrainingSession(
        **{
            "school_id": cast.school_id,
            "audience": Audience.CANTEEN,
            "form": TrainingForm.HANDS_ON,
            "starts_at": clock.now() + timedelta(hours=2),
            "hours": Decimal("1.5"),
            "expected": 14,
            "topics": "油锅火处置",
            "made_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def attendee(of: TrainingSession, name: str = "次仁", post: str = "食堂", **more: Any) -> Attendee:
    """Somebody on the list."""
    row = Attendee(
        **{"session_id": of.id, "name": name, "post": post, "person_key": person_key(name, post), "via": SignedVia.LIST}
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
