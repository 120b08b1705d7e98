"""临时查封 as a well-kept record: consent, study, document, strips, terms, lifting. 消防监督检查规定 Arts 22–25."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.rectification.rules.sealing import SealingState


class Sealing(HasId, Model):
    """A part of a school that is, or was to be, sealed. `urgent`: sealed at once after oral consent, the document follows."""

    __tablename__ = "sealing"
    __table_args__ = (
        sa.CheckConstraint(
            "NOT urgent OR (consent_by <> '' AND consent_at IS NOT NULL AND sealed_at IS NOT NULL)",
            name="urgent_needs_consent",
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'in_force', 'applied', 'checked', 'lifted') OR approved_by_id IS NOT NULL",
            name="sealed_was_approved",
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'applied', 'checked', 'lifted') "
            "OR (document_id IS NOT NULL AND sealed_from IS NOT NULL AND sealed_until IS NOT NULL)",
            name="in_force_has_paper",
        ),
        sa.CheckConstraint("lead_id <> second_id", name="sealed_by_two"),
        sa.CheckConstraint("(state = 'lifted') = (lifted_on IS NOT NULL)", name="lifted_has_day"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_reason <> '')", name="withdrawn_needs_reason"),
        sa.Index("ix_sealing_brigade_state", "brigade_id", "state"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    visited_on: Mapped[date]
    lead_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    second_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[SealingState] = mapped_column(enum_type(SealingState), default=SealingState.PROPOSED)
    place: Mapped[str] = mapped_column(sa.String(200))
    extent: Mapped[str] = mapped_column(sa.String(300), default="")
    strips: Mapped[int | None]
    danger: Mapped[str] = mapped_column(sa.Text)
    urgent: Mapped[bool] = mapped_column(default=False)
    consent_by: Mapped[str] = mapped_column(sa.String(80), default="")
    consent_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    studied_on: Mapped[date | None]
    participants: Mapped[str] = mapped_column(sa.Text, default="")
    conclusion: Mapped[str] = mapped_column(sa.Text, default="")
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    sealed_from: Mapped[date | None]
    sealed_until: Mapped[date | None]
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    national_number: Mapped[str] = mapped_column(sa.String(60), default="")
    issued_on: Mapped[date | None]
    scene_from: Mapped[datetime | None]
    scene_to: Mapped[datetime | None]
    party: Mapped[str] = mapped_column(sa.String(80), default="")
    party_post: Mapped[str] = mapped_column(sa.String(80), default="")
    witness: Mapped[str] = mapped_column(sa.String(120), default="")
    course: Mapped[str] = mapped_column(sa.Text, default="")
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    scene_document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    lifted_on: Mapped[date | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class SealingTerm(HasId, Model):
    """A renewal: from the end of the term before, at most thirty days, with who decided and why."""

    __tablename__ = "sealing_term"
    __table_args__ = (sa.UniqueConstraint("sealing_id", "from_on", name="uq_sealing_term_once"),)
    sealing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("sealing.id"))
    from_on: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class SealingApplication(HasId, Model):
    """A request to lift a sealing: how it was checked, and what was decided. A refused one stays, another may follow."""

    __tablename__ = "sealing_application"
    __table_args__ = (
        sa.CheckConstraint("checked_on IS NULL OR danger_gone IS NOT NULL", name="checked_says_what"),
        sa.CheckConstraint("(decided_on IS NULL) = (granted IS NULL)", name="decided_is_granted_or_not"),
        sa.CheckConstraint("granted IS NULL OR checked_on IS NOT NULL", name="decided_was_checked"),
        sa.CheckConstraint("checked_by_id <> checked_with_id", name="checked_by_two"),
    )
    sealing_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("sealing.id"), index=True)
    applied_on: Mapped[date]
    text: Mapped[str] = mapped_column(sa.Text)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    checked_on: Mapped[date | None]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_with_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    check_text: Mapped[str] = mapped_column(sa.Text, default="")
    danger_gone: Mapped[bool | None]
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    granted: Mapped[bool | None]
    decision_text: Mapped[str] = mapped_column(sa.Text, default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))


CONSTRAINT_SENTENCES["ck_sealing_urgent_needs_consent"] = "紧急查封须写明谁在何时口头同意，以及查封的时间。"
CONSTRAINT_SENTENCES["ck_sealing_sealed_by_two"] = "须由两名不同的检查人员办理。"
CONSTRAINT_SENTENCES["ck_sealing_withdrawn_needs_reason"] = "撤回须写明理由。"
CONSTRAINT_SENTENCES["ck_sealing_application_checked_by_two"] = "解除查封的检查须由两名检查人员进行。"
