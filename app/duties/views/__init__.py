"""Pages of duties: the district's grid, a school's year, what was recorded, which unsure rules count."""

from __future__ import annotations

from flask import Blueprint

from app.duties import words
from app.duties.rules.counting import Standing

bp = Blueprint("duties", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of duties call things."""
    return {"duty_words": words, "duty_standing": Standing}


from app.duties.views import adopting, holders, records, trainings, years  # noqa: E402

__all__ = ["adopting", "bp", "holders", "records", "trainings", "years"]
