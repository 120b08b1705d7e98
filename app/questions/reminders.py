"""The brigade is reminded of answers it owes: the day before their day, on it, and the day after, when it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from app.core.extensions import db
from app.notifications.reminders import Reminder, register_reminder_source
from app.questions.models import Question
from app.questions.queries import is_waiting
from app.questions.service import HEARERS
from app.schools.models import School


@register_reminder_source
def of_questions(day: date) -> Iterator[Reminder]:
    """Each question without an answer whose day is near or just over."""
    near = Question.due_on.between(day - timedelta(days=1), day + timedelta(days=1))
    rows = db.session.execute(
        sa.select(Question, School).join(School, School.id == Question.school_id).where(is_waiting(), near)
    )
    for question, school in rows:
        yield Reminder(
            key=f"question:{question.id}:{question.due_on}:{(day - question.due_on).days}",
            event="question_due",
            subject=("question", question.id),
            brigade_id=school.brigade_id,
            roles=HEARERS,
            data={
                "title": question.title,
                "deadline": question.due_on,
                "school": school.name,
                "school_en": school.name_en,
                "page": f"/questions/{question.id}",
            },
            urgent=question.due_on < day,
        )
