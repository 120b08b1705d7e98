"""Pages of questions: the box, one question, answers for all schools."""

from __future__ import annotations

from flask import Blueprint

from app.questions import words
from app.questions.rules import QuestionAct, State

bp = Blueprint("questions", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of questions call things."""
    return {"words": words, "QuestionState": State, "QuestionAct": QuestionAct}


from app.questions.views import box, one, public  # noqa: E402

__all__ = ["box", "bp", "one", "public"]
