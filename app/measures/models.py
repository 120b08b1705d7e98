"""Measures of a brigade's plan."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.measures.rules import MeasureKind, MeasureState, state_of


class Measure(HasId, Model):
    """One measure of a year, or of one of its quarters; cancelled with a reason, never deleted.

    For all schools of the brigade, for the kinds in `school_kinds`, or for those of a team. `target`: how many are meant.
    """

    __tablename__ = "measure"
    __table_args__ = (
        sa.Index("ix_measure_brigade_year", "brigade_id", "year", "due_on"),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name="measure_quarter"),
        sa.CheckConstraint("target IS NULL OR target > 0", name="measure_target"),
        sa.CheckConstraint("(done_on IS NULL) = (done_words = '')", name="measure_done_needs_words"),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason = '')", name="measure_cancelled_needs_reason"),
        sa.CheckConstraint("done_on IS NULL OR cancelled_at IS NULL", name="measure_done_or_cancelled"),
        sa.CheckConstraint(
            "done_on IS NULL OR done_on <= due_on OR late_reason <> ''", name="measure_late_needs_reason"
        ),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    year: Mapped[int] = mapped_column(sa.SmallInteger)
    quarter: Mapped[int | None] = mapped_column(sa.SmallInteger)
    kind: Mapped[MeasureKind] = mapped_column(enum_type(MeasureKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    school_kinds: Mapped[list[str]] = mapped_column(default=list)
    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    target: Mapped[int | None]
    due_on: Mapped[date]
    answers_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    done_on: Mapped[date | None]
    done_words: Mapped[str] = mapped_column(sa.Text, default="")
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    late_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def state(self) -> MeasureState:
        """How it stands today."""
        return state_of(
            self.due_on, done_on=self.done_on, is_cancelled=self.cancelled_at is not None, today=clock.today()
        )


CONSTRAINT_SENTENCES["measure_done_needs_words"] = "完成须写明情况。"
CONSTRAINT_SENTENCES["measure_cancelled_needs_reason"] = "取消须写明理由。"
CONSTRAINT_SENTENCES["measure_late_needs_reason"] = "逾期完成须写明原因。"
