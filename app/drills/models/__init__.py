"""Drills as held, and through `plans` the drills that are planned."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.drills.models.plans import DrillLesson, DrillPlan, DrillTap
from app.drills.rules import DrillKind, Figures
from app.fieldwork.rules import TargetKind
from app.logbook.models import Entry


class Drill(Entry, Model):
    """One drill. Times in seconds from the signal; heads are numbers of people, never names of pupils.

    `classes` and `stairs` are what the live page counted: name, expected, present, elsewhere, seconds; place, seconds.
    `grades` is point of the guide → [grade, note]. `raw` keeps what an older list said word for word, by column.
    """

    __tablename__ = "drill"
    target = TargetKind.DRILL
    __table_args__ = (
        sa.Index("ix_drill_school_held", "school_id", "held_at"),
        sa.Index("ix_drill_held_at", "held_at", "withdrawn_at", "school_id"),
        sa.Index(
            "uq_drill_import_key",
            "school_id",
            "import_key",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.CheckConstraint(
            "last_out_s IS NULL OR first_out_s IS NULL OR last_out_s >= first_out_s", name="last_after_first"
        ),
        sa.CheckConstraint("accounted >= 0 AND (expected IS NULL OR expected >= 0)", name="heads_not_negative"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_needs_reason"),
    )
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"))
    kind: Mapped[DrillKind] = mapped_column(enum_type(DrillKind))
    led_by: Mapped[str] = mapped_column(sa.String(80), default="")
    scenario: Mapped[str] = mapped_column(sa.Text, default="")
    weather: Mapped[str] = mapped_column(sa.String(60), default="")
    first_out_s: Mapped[int | None]
    last_out_s: Mapped[int | None]
    counted_s: Mapped[int | None]
    expected: Mapped[int | None]
    present: Mapped[int | None]
    accounted: Mapped[int | None] = mapped_column(default=0)
    observers: Mapped[str] = mapped_column(sa.String(200), default="")
    problems: Mapped[str] = mapped_column(sa.Text, default="")
    plan_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("drill_plan.id"), unique=True)
    signal: Mapped[str] = mapped_column(sa.String(120), default="")
    staff_on_duty: Mapped[str] = mapped_column(sa.String(200), default="")
    special: Mapped[str] = mapped_column(sa.Text, default="")
    classes: Mapped[list[Any]] = mapped_column(default=list)
    stairs: Mapped[list[Any]] = mapped_column(default=list)
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    raw: Mapped[dict[str, Any]] = mapped_column(default=dict)
    import_key: Mapped[str | None] = mapped_column(sa.String(64))

    @property
    def figures(self) -> Figures:
        """Times and heads, for the rules."""
        return Figures(
            first_out_s=self.first_out_s,
            last_out_s=self.last_out_s,
            counted_s=self.counted_s,
            expected=self.expected,
            present=self.present,
            accounted=self.accounted,
        )


CONSTRAINT_SENTENCES["last_after_first"] = "最后一人离开的时间不能早于第一人。"
CONSTRAINT_SENTENCES["heads_not_negative"] = "人数不能为负数。"

__all__ = ["Drill", "DrillKind", "DrillLesson", "DrillPlan", "DrillTap"]
