"""Visits."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model


class VisitState(enum.StrEnum):
    """Where an outing stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class VisitKind(enum.StrEnum):
    """What an outing is for."""

    CHECK = "check"
    COMPLAINT = "complaint"
    RECHECK = "recheck"
    MIDTERM = "midterm"
    LOOK_BACK = "look_back"
    SAMPLE = "sample"
    OTHER = "other"


class DayPart(enum.StrEnum):
    """Which half of its day an outing takes."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Visit(HasId, Model):
    """One outing to a school; it may carry an inspection, a training and a drill. It takes half a day; `part` says which, once known."""

    __tablename__ = "visit"
    __table_args__ = (
        sa.Index("ix_visit_brigade_day", "brigade_id", "planned_on"),
        sa.Index("ix_visit_planned", "planned_on", "id"),
        sa.Index("ix_visit_state", "state", "planned_on"),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_reason <> '')", name="cancelled_needs_reason"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    planned_on: Mapped[date]
    part: Mapped[DayPart | None] = mapped_column(enum_type(DayPart))
    purpose: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[VisitKind] = mapped_column(enum_type(VisitKind), default=VisitKind.CHECK)
    lead_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    second_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[VisitState] = mapped_column(enum_type(VisitState), default=VisitState.PLANNED)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(200), default="")
