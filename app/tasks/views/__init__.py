"""Pages of tasks: the board, sending one, one school's task, the lists of templates."""

from __future__ import annotations

from flask import Blueprint

from app.tasks import words
from app.tasks.rules import Colour, State

bp = Blueprint("tasks", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of tasks call things."""
    return {"words": words, "Colour": Colour, "TaskState": State}


from app.tasks.views import at, boards, sending  # noqa: E402

__all__ = ["at", "boards", "bp", "sending"]
