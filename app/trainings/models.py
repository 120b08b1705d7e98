"""Trainings and education sessions as held."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.fieldwork.rules import TargetKind
from app.logbook.models import Entry
from app.trainings.rules import Audience, TrainingForm


class Training(Entry, Model):
    """One session at or for a school. `hours` are class hours."""

    __tablename__ = "training"
    target = TargetKind.TRAINING
    __table_args__ = (
        sa.Index("ix_training_school_held", "school_id", "held_at"),
        sa.Index("ix_training_held_at", "held_at", "withdrawn_at", "school_id"),
        sa.CheckConstraint("hours > 0 AND hours <= 100", name="sensible_hours"),
        sa.CheckConstraint("attended >= 0", name="attended_not_negative"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_needs_reason"),
    )
    audience: Mapped[Audience] = mapped_column(enum_type(Audience))
    form: Mapped[TrainingForm] = mapped_column(enum_type(TrainingForm))
    hours: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    expected: Mapped[int | None]
    attended: Mapped[int]
    topics: Mapped[str] = mapped_column(sa.Text)
    trainer: Mapped[str] = mapped_column(sa.String(80), default="")
    materials: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="")


CONSTRAINT_SENTENCES["sensible_hours"] = "学时应大于 0，不超过 100。"
CONSTRAINT_SENTENCES["attended_not_negative"] = "实到人数不能为负数。"

__all__ = ["Audience", "Training", "TrainingForm"]
