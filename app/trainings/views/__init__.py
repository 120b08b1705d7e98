"""Pages of trainings: what was held, older lists, sessions and their lists, the door that people sign in at."""

from __future__ import annotations

from flask import Blueprint

from app.trainings import words
from app.trainings.rules.attendance import SignIn, keeps_names

bp = Blueprint("trainings", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of trainings call things."""
    return {"words": words, "SignIn": SignIn, "keeps_names": keeps_names}


from app.trainings.views import certificates, door, half_days, held, old_logs, sessions, topics  # noqa: E402

__all__ = ["bp", "certificates", "door", "half_days", "held", "old_logs", "sessions", "topics"]
