"""Complaints, who made them (sealed, apart), and what became of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model
from app.planning.rules.complaints import ComplaintKind, ComplaintState, Intake, Outcome, ReplyChannel


def number_of(year: int, serial: int) -> str:
    """How a complaint is numbered in words."""
    return f"{year}-{serial:04d}"


class Complaint(HasId, Model):
    """One complaint about a school. Nothing here says who made it; `is_named` only that they are known."""

    __tablename__ = "complaint"
    __table_args__ = (
        sa.Index("ix_complaint_brigade_received", "brigade_id", "received_at", "id"),
        sa.Index("ix_complaint_brigade_state", "brigade_id", "state"),
        sa.UniqueConstraint("brigade_id", "year", "serial"),
        sa.CheckConstraint("(state = 'planned') <= (visit_id IS NOT NULL)", name="planned_needs_visit"),
        sa.CheckConstraint("(state = 'visited') <= (visited_at IS NOT NULL)", name="visited_needs_moment"),
        sa.CheckConstraint("(state IN ('replied', 'closed')) <= (replied_on IS NOT NULL)", name="replied_needs_day"),
        sa.CheckConstraint("(state IN ('replied', 'closed')) <= (outcome IS NOT NULL)", name="replied_needs_outcome"),
        sa.CheckConstraint("(state = 'rejected') <= (decision_reason <> '')", name="rejected_needs_reason"),
        sa.CheckConstraint("(state = 'transferred') <= (transferred_to <> '')", name="transferred_needs_office"),
        sa.CheckConstraint("duplicate_of_id <> id", name="no_duplicate_of_itself"),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    year: Mapped[int]
    serial: Mapped[int]
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    about: Mapped[str] = mapped_column(sa.String(200), default="")
    intake: Mapped[Intake] = mapped_column(enum_type(Intake))
    office: Mapped[str] = mapped_column(sa.String(120), default="")
    office_number: Mapped[str] = mapped_column(sa.String(80), default="")
    kind: Mapped[ComplaintKind] = mapped_column(enum_type(ComplaintKind))
    text: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    is_named: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[ComplaintState] = mapped_column(enum_type(ComplaintState), default=ComplaintState.RECEIVED)
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decision_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    transferred_to: Mapped[str] = mapped_column(sa.String(120), default="")
    visit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    visited_at: Mapped[datetime | None]
    replied_on: Mapped[date | None]
    reply_channel: Mapped[ReplyChannel | None] = mapped_column(enum_type(ReplyChannel))
    reply_text: Mapped[str] = mapped_column(sa.Text, default="")
    replied_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    duplicate_of_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("complaint.id"), index=True)

    @property
    def number(self) -> str:
        """As the register has it: year and running number, gap-free for a brigade."""
        return number_of(self.year, self.serial)

    @property
    def stopped_at(self) -> datetime | None:
        """When the clock of Art. 18 stopped: on site, or decided that nobody goes."""
        if self.visited_at is not None:
            return self.visited_at
        return self.decided_at if self.outcome in (Outcome.TRANSFERRED, Outcome.REJECTED) else None


class Complainant(Model):
    """Who complained: one sealed text. Only `service.complainants` reads it, after an audited act."""

    __tablename__ = "complainant"
    complaint_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("complaint.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(sa.Text)


class ComplaintPhoto(HasId, Model):
    """A photo that came with a complaint, without what the phone wrote into it."""

    __tablename__ = "complaint_photo"
    complaint_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    position: Mapped[int]
    picture_sha256: Mapped[str] = mapped_column(sa.String(64))
    thumb_sha256: Mapped[str] = mapped_column(sa.String(64))


class ComplaintEvent(HasId, Model):
    """One line of a complaint's timeline; only ever added. `detail` never says who complained."""

    __tablename__ = "complaint_event"
    complaint_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("complaint.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    act: Mapped[str] = mapped_column(sa.String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WallCode(Model):
    """The code on the wall of a school through which anybody may complain. A withdrawn one opens nothing."""

    __tablename__ = "wall_code"
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
