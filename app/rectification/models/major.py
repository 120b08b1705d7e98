"""重大火灾隐患 as a well-kept record: who studied it when, who approved, notice, report. 消防监督检查规定 Art. 21, DOMAIN §1.11."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.rectification.rules.major import MajorState


class MajorHazard(HasId, Model):
    """What was put before the collective study and what became of it. `is_major`: what the study proposed."""

    __tablename__ = "major_hazard"
    __table_args__ = (
        sa.CheckConstraint(
            "state NOT IN ('determined', 'noticed', 'closed') OR (studied_on IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="determined_was_studied",
        ),
        sa.CheckConstraint("state NOT IN ('noticed', 'closed') OR document_id IS NOT NULL", name="noticed_has_paper"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_day"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_reason <> '')", name="withdrawn_needs_reason"),
        sa.Index("ix_major_hazard_brigade_state", "brigade_id", "state"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    visited_on: Mapped[date]
    lead_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    second_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[MajorState] = mapped_column(enum_type(MajorState), default=MajorState.PROPOSED)
    problem_text: Mapped[str] = mapped_column(sa.Text, default="")
    with_experts: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    studied_on: Mapped[date | None]
    study_place: Mapped[str] = mapped_column(sa.String(120), default="")
    chair: Mapped[str] = mapped_column(sa.String(80), default="")
    participants: Mapped[str] = mapped_column(sa.Text, default="")
    conclusion: Mapped[str] = mapped_column(sa.Text, default="")
    is_major: Mapped[bool | None]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    determined_on: Mapped[date | None]
    deadline: Mapped[date | None]
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    national_number: Mapped[str] = mapped_column(sa.String(60), default="")
    noticed_on: Mapped[date | None]
    served_on: Mapped[date | None]
    served_to: Mapped[str] = mapped_column(sa.String(120), default="")
    reported_on: Mapped[date | None]
    reported_to: Mapped[str] = mapped_column(sa.String(120), default="")
    report_document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    closed_on: Mapped[date | None]
    closed_text: Mapped[str] = mapped_column(sa.Text, default="")
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class MajorFinding(HasId, Model):
    """A finding that is part of what was studied."""

    __tablename__ = "major_finding"
    __table_args__ = (sa.UniqueConstraint("major_id", "finding_id", name="uq_major_finding_once"),)
    major_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("major_hazard.id"))
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    position: Mapped[int]


CONSTRAINT_SENTENCES["ck_major_hazard_determined_was_studied"] = "判定重大火灾隐患须先经集体研究和审批。"
CONSTRAINT_SENTENCES["ck_major_hazard_withdrawn_needs_reason"] = "撤回须写明理由。"
