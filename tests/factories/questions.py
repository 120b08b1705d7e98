"""Questions of schools."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.questions.models import PublicAnswer, Question, QuestionPost
from app.questions.rules import QuestionAct, QuestionKind
from tests.cast import Cast


def question(cast: Cast, *, words: str = "灭火器维修到哪里送？", **more: Any) -> Question:
    """A question of Pema's school, by Pema, to be answered in a week."""
    row = Question(
        **{
            "school_id": cast.school_id,
            "brigade_id": cast.brigade_id,
            "kind": QuestionKind.QUESTION,
            "title": "灭火器送修",
            "asked_by_id": cast.people["pema"],
            "due_on": clock.today() + timedelta(days=7),
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    post = QuestionPost(
        question_id=row.id, act=QuestionAct.ASK, words=words, by_id=row.asked_by_id, by_brigade=False, at=row.asked_at
    )
    db.session.add(post)
    db.session.flush()
    return row


def public(cast: Cast, **more: Any) -> PublicAnswer:
    """An answer for all schools of the brigade, by Ines."""
    row = PublicAnswer(
        **{
            "brigade_id": cast.brigade_id,
            "question": "灭火器送修要多久？",
            "answer": "一般五个工作日，期间放备用灭火器。",
            "made_by_id": cast.people["ines"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
