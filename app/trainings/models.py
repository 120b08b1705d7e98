"""Sessions as planned, who signed in, how they did in the quiz; trainings as held."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.fieldwork.rules import TargetKind
from app.logbook.models import Entry
from app.trainings.rules import Audience, TrainingForm


def _only_one(name: str, *columns: str, where: str) -> sa.Index:
    """Unique among the rows that stand."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class TrainingSession(HasId, Model):
    """A session that is to be held, or whose names are kept; the training that was held points here.

    Names of adults only. `token_sha256` is what is kept of the address in its QR code, `sign_in_round` how often a new
    one was made; people sign in from `sign_in_from` until `sign_in_until`, unless it was closed before.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        sa.Index("ix_training_session_school_starts", "school_id", "starts_at"),
        sa.Index("ix_training_session_starts", "starts_at", "called_off_at"),
        sa.CheckConstraint("hours > 0 AND hours <= 100", name="session_sensible_hours"),
        sa.CheckConstraint("pass_percent BETWEEN 1 AND 100", name="session_sensible_mark"),
        sa.CheckConstraint("(called_off_at IS NULL) = (called_off_reason = '')", name="called_off_needs_reason"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    audience: Mapped[Audience] = mapped_column(enum_type(Audience))
    form: Mapped[TrainingForm] = mapped_column(enum_type(TrainingForm))
    starts_at: Mapped[datetime]
    hours: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    expected: Mapped[int | None]
    topics: Mapped[str] = mapped_column(sa.Text)
    trainer: Mapped[str] = mapped_column(sa.String(80), default="")
    materials: Mapped[str] = mapped_column(sa.Text, default="")
    is_half_day: Mapped[bool] = mapped_column(default=False)
    pass_percent: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    called_off_at: Mapped[datetime | None]
    called_off_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    sign_in_round: Mapped[int] = mapped_column(default=0)
    token_sha256: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    sign_in_from: Mapped[datetime | None]
    sign_in_until: Mapped[datetime | None]
    sign_in_closed_at: Mapped[datetime | None]


class SignedVia(enum.StrEnum):
    """How somebody came onto the list."""

    CODE = "code"
    LIST = "list"


class Attendee(HasId, Model):
    """An adult who came: once a person, once a device. Taken off with a reason, never deleted."""

    __tablename__ = "training_attendee"
    __table_args__ = (
        _only_one("uq_training_attendee_person", "session_id", "person_key", where="withdrawn_at IS NULL"),
        _only_one("uq_training_attendee_device", "session_id", "device_sha256", where="withdrawn_at IS NULL"),
        sa.Index("ix_training_attendee_session_at", "session_id", "signed_at"),
        sa.CheckConstraint("feedback BETWEEN 1 AND 5", name="sensible_feedback"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="attendee_off_needs_reason"),
    )
    session_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training_session.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    person_key: Mapped[str] = mapped_column(sa.String(200))
    device_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    via: Mapped[SignedVia] = mapped_column(enum_type(SignedVia))
    signed_at: Mapped[datetime] = mapped_column(default=clock.now)
    listed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    feedback: Mapped[int | None]
    feedback_words: Mapped[str] = mapped_column(sa.String(300), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class QuizTry(HasId, Model):
    """One attempt at the quiz, in per cent of the points. The best one counts."""

    __tablename__ = "training_quiz_try"
    __table_args__ = (
        sa.UniqueConstraint("attendee_id", "number", name="uq_training_quiz_try_number"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="sensible_percent"),
    )
    attendee_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training_attendee.id"))
    number: Mapped[int]
    percent: Mapped[int]
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class Training(Entry, Model):
    """One session as held at or for a school. `hours` are class hours.

    `hours`, `attended`, audience and form are unknown only on entries from an older list, where nothing could be read;
    `typed` is what stood there (source, texts, flags, time). Of groups without names the quiz is kept as how many took and
    passed it.
    """

    __tablename__ = "training"
    target = TargetKind.TRAINING
    __table_args__ = (
        sa.Index("ix_training_school_held", "school_id", "held_at"),
        sa.Index("ix_training_held_at", "held_at", "withdrawn_at", "school_id"),
        _only_one("uq_training_session_held", "session_id", where="withdrawn_at IS NULL"),
        _only_one("uq_training_import_key", "school_id", "import_key", where="withdrawn_at IS NULL"),
        sa.CheckConstraint("hours > 0 AND hours <= 100", name="sensible_hours"),
        sa.CheckConstraint("attended >= 0", name="attended_not_negative"),
        sa.CheckConstraint("quiz_passed >= 0 AND quiz_passed <= quiz_taken", name="passed_of_taken"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_needs_reason"),
    )
    session_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("training_session.id"))
    audience: Mapped[Audience] = mapped_column(enum_type(Audience))
    form: Mapped[TrainingForm] = mapped_column(enum_type(TrainingForm))
    hours: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    expected: Mapped[int | None]
    attended: Mapped[int | None]
    topics: Mapped[str] = mapped_column(sa.Text)
    trainer: Mapped[str] = mapped_column(sa.String(80), default="")
    materials: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")
    reflections: Mapped[str] = mapped_column(sa.Text, default="")
    quiz_taken: Mapped[int | None]
    quiz_passed: Mapped[int | None]
    import_key: Mapped[str | None] = mapped_column(sa.String(64))
    typed: Mapped[dict[str, Any] | None]

    @property
    def doubts(self) -> tuple[str, ...]:
        """What could not be read in the older list that it came from, as field:why."""
        return tuple(self.typed["flags"]) if self.typed else ()

    @property
    def has_time(self) -> bool:
        """Whether the time of day is known; an older list may know the day only."""
        return self.typed is None or bool(self.typed["time"])


CONSTRAINT_SENTENCES["sensible_hours"] = "学时应大于 0，不超过 100。"
CONSTRAINT_SENTENCES["session_sensible_hours"] = "学时应大于 0，不超过 100。"
CONSTRAINT_SENTENCES["session_sensible_mark"] = "合格线应在 1 到 100 之间。"
CONSTRAINT_SENTENCES["called_off_needs_reason"] = "取消培训须写明理由。"
CONSTRAINT_SENTENCES["attended_not_negative"] = "实到人数不能为负数。"
CONSTRAINT_SENTENCES["passed_of_taken"] = "合格人数不能多于参加测验的人数。"
CONSTRAINT_SENTENCES["sensible_percent"] = "成绩应在 0 到 100 之间。"

__all__ = ["Attendee", "Audience", "QuizTry", "SignedVia", "Training", "TrainingForm", "TrainingSession"]
