"""Visits that the program plans to look again, and the leader's samples of what was struck off."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model
from app.planning.models import VisitKind


class PlannedLook(HasId, Model):
    """A finding that a planned visit is to look at. `key` says what for, so that the same is never planned twice."""

    __tablename__ = "planned_look"
    __table_args__ = (sa.UniqueConstraint("finding_id", "key", name="uq_planned_look_once"),)
    visit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"))
    kind: Mapped[VisitKind] = mapped_column(enum_type(VisitKind))
    key: Mapped[str] = mapped_column(sa.String(120))
    due_on: Mapped[date]
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)


class ClosureSample(HasId, Model):
    """A draw from what was struck off in a month: the seed and the pool, so that anybody can draw it again. DOMAIN §6.3."""

    __tablename__ = "closure_sample"
    __table_args__ = (
        sa.UniqueConstraint("brigade_id", "month", name="uq_closure_sample_once"),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    month: Mapped[date]
    percent: Mapped[int]
    seed: Mapped[str] = mapped_column(sa.String(64))
    pool: Mapped[list[str]] = mapped_column(default=list)
    drawn_at: Mapped[datetime] = mapped_column(default=clock.now)
    drawn_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class SampledClosure(HasId, Model):
    """One closure of a draw, and what its second look said."""

    __tablename__ = "sampled_closure"
    __table_args__ = (
        sa.UniqueConstraint("sample_id", "finding_id", name="uq_sampled_closure_once"),
        sa.CheckConstraint("(is_true IS NULL) = (checked_at IS NULL)", name="checked_has_moment"),
        sa.CheckConstraint("is_true IS NULL OR is_true OR remark <> ''", name="false_needs_remark"),
    )
    sample_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("closure_sample.id"))
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    position: Mapped[int]
    closed_on: Mapped[date]
    recheck_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"))
    is_true: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(sa.String(300), default="")
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


__all__ = ["ClosureSample", "PlannedLook", "SampledClosure"]
