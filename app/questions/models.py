"""Questions with everything said about them, and answers that all schools of a brigade may read."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.questions.rules import QuestionAct, QuestionKind, Stamps, State, is_late, state_of, was_late


class Question(HasId, Model):
    """What a school asked, said or wants. `due_on`: the day by which the brigade owes an answer, fixed when it is asked.

    Never deleted: it is answered, closed and reopened. `moved_at` is when something last happened, for the lists.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.Index("ix_question_school", "school_id", "moved_at"),
        sa.Index("ix_question_brigade", "brigade_id", "moved_at"),
        sa.Index("ix_question_due", "due_on", "answered_at", "closed_at"),
        sa.CheckConstraint("title <> ''", name="question_has_title"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    kind: Mapped[QuestionKind] = mapped_column(enum_type(QuestionKind))
    title: Mapped[str] = mapped_column(sa.String(120))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    moved_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]

    @property
    def state(self) -> State:
        """How far it is."""
        return state_of(Stamps(answered_at=self.answered_at, closed_at=self.closed_at, reopened_at=self.reopened_at))

    @property
    def is_late(self) -> bool:
        """Whether an answer is owed and its day is over."""
        return is_late(self.state, self.due_on, today=clock.today())

    @property
    def was_late(self) -> bool:
        """Whether it was answered after its day."""
        return self.answered_at is not None and was_late(clock.day_of(self.answered_at), self.due_on)


class QuestionPost(HasId, Model):
    """One thing said or done about a question, by whom and when; only added. `by_brigade`: on which side they stood."""

    __tablename__ = "question_post"
    __table_args__ = (sa.Index("ix_question_post_question", "question_id", "at"),)
    question_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("question.id"))
    act: Mapped[QuestionAct] = mapped_column(enum_type(QuestionAct))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    by_brigade: Mapped[bool]


class PublicAnswer(HasId, Model):
    """A question and its answer as all schools of a brigade may read them, worded anew without the asker; withdrawn, never deleted."""

    __tablename__ = "public_answer"
    __table_args__ = (
        sa.Index("ix_public_answer_brigade", "brigade_id", "made_at"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="public_withdrawn_needs_reason"),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    question_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("question.id"))
    question: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


CONSTRAINT_SENTENCES["public_withdrawn_needs_reason"] = "撤回公开解答须写明理由。"
CONSTRAINT_SENTENCES["question_has_title"] = "请写明标题。"
