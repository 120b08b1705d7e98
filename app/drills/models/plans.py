"""Drills that are planned, what is tapped while one is held, and what was learnt from it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.drills.rules import DrillKind
from app.drills.rules.live import Tap, TapKind
from app.drills.rules.plans import ClassLine, GuideLine, PlanState, Step


class DrillPlan(HasId, Model):
    """One drill to be held. `posts` is post → who; `classes` and `guides` are lines with keys, never names of pupils.

    `steps` are what became of it: [act, moment, person, reason]. `version` grows with each tap, so that watchers can ask
    cheaply whether anything is new.
    """

    __tablename__ = "drill_plan"
    __table_args__ = (
        sa.Index("ix_drill_plan_school_planned", "school_id", "planned_at"),
        sa.Index("ix_drill_plan_state", "state", "planned_at"),
        sa.CheckConstraint("target_s IS NULL OR target_s > 0", name="target_positive"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"))
    kind: Mapped[DrillKind] = mapped_column(enum_type(DrillKind))
    planned_at: Mapped[datetime]
    is_announced: Mapped[bool] = mapped_column(default=True)
    signal: Mapped[str] = mapped_column(sa.String(120), default="")
    scenario: Mapped[str] = mapped_column(sa.Text, default="")
    assembly_point: Mapped[str] = mapped_column(sa.String(120), default="")
    target_s: Mapped[int | None]
    posts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    classes: Mapped[list[Any]] = mapped_column(default=list)
    guides: Mapped[list[Any]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState), default=PlanState.DRAFT)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=0)
    signal_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))

    @property
    def class_lines(self) -> tuple[ClassLine, ...]:
        """The classes, for the rules."""
        return tuple(ClassLine(**one) for one in self.classes)

    @property
    def guide_lines(self) -> tuple[GuideLine, ...]:
        """The guides, for the rules."""
        return tuple(GuideLine(**one) for one in self.guides)

    @property
    def story(self) -> tuple[Step, ...]:
        """What became of it, the first first."""
        return tuple(Step(act=act, at=datetime.fromisoformat(at), by=by, reason=why) for act, at, by, why in self.steps)

    @property
    def heads(self) -> int:
        """Everybody expected."""
        return sum(int(one["expected"]) for one in self.classes)


class DrillTap(Model):
    """One tap of a watcher. `op_id` is the sender's: the same twice is kept once. `said_at` is what its own clock said."""

    __tablename__ = "drill_tap"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number", name="uq_drill_tap_number"),
        sa.CheckConstraint("(present IS NULL OR present >= 0) AND elsewhere >= 0", name="tapped_heads_not_negative"),
    )
    op_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("drill_plan.id"))
    number: Mapped[int]
    kind: Mapped[TapKind] = mapped_column(enum_type(TapKind))
    key: Mapped[str] = mapped_column(sa.String(40), default="")
    present: Mapped[int | None]
    elsewhere: Mapped[int] = mapped_column(default=0)
    undoes: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    said_at: Mapped[datetime | None]
    offset_ms: Mapped[int | None] = mapped_column(sa.BigInteger)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    received_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def plain(self) -> Tap:
        """The tap, for the rules."""
        return Tap(
            op_id=self.op_id,
            kind=self.kind,
            at=self.at,
            by=self.by_name,
            key=self.key,
            present=self.present,
            elsewhere=self.elsewhere,
            undoes=self.undoes,
        )


class DrillLesson(HasId, Model):
    """What was learnt from a drill: who sees to it by when, and the finding under which it is followed until struck off."""

    __tablename__ = "drill_lesson"
    drill_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("drill.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(sa.String(80))
    due_on: Mapped[date]
    finding_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("finding.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


CONSTRAINT_SENTENCES["target_positive"] = "目标用时应大于零。"
CONSTRAINT_SENTENCES["tapped_heads_not_negative"] = "人数不能为负数。"

__all__ = ["DrillLesson", "DrillPlan", "DrillTap", "PlanState", "TapKind"]
