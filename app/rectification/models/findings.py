"""Findings, what the school sends about them, and how a re-check saw them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.rectification.rules.findings import ClosedHow, Handling, RecheckOutcome, Severity
from app.rectification.rules.orders import EvidenceAnswer


class Finding(HasId, Model):
    """One fault of one item at one place. `id` is uuid5 of inspection, item and target, so that papers made offline agree.

    It was found by an inspection, or is a lesson of a drill (`drill_id`) with somebody at the school who sees to it (`owner`).
    """

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "item_code", "target_id", name="uq_finding_once"),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_how IS NULL)", name="closed_needs_date"),
        sa.CheckConstraint("(inspection_id IS NULL) <> (drill_id IS NULL)", name="found_somewhere"),
        sa.CheckConstraint(
            "closed_how IS NULL OR closed_how <> 'recheck' OR recheck_id IS NOT NULL", name="struck_off_needs_recheck"
        ),
        sa.CheckConstraint(
            "closed_how IS NULL OR closed_how <> 'withdrawn' OR closed_reason <> ''", name="withdrawn_needs_reason"
        ),
        sa.Index("ix_finding_school_closed", "school_id", "closed_on", "deadline"),
        sa.Index("ix_finding_brigade_deadline", "brigade_id", "closed_on", "deadline"),
        sa.Index("ix_finding_school_found", "school_id", "found_on"),
        sa.Index(
            "ix_finding_open", "school_id", "deadline", "found_on", "brigade_id", "id", "closed_on", "inspection_id",
            "evidence_at", "returned_at", "applied_at", "rechecked_at", "looked_on", "recheck_outcome",
            sqlite_where=sa.text("closed_on IS NULL"), postgresql_where=sa.text("closed_on IS NULL"),
        ),
        sa.Index(
            "ix_finding_struck", "closed_on", "closed_how", "deadline", "school_id", "found_on",
            sqlite_where=sa.text("closed_on IS NOT NULL"), postgresql_where=sa.text("closed_on IS NOT NULL"),
        ),
        sa.Index("ix_finding_found", "found_on", "closed_how", "school_id", "category", "item_code"),
    )  # fmt: skip
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    drill_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("drill.id"))
    owner: Mapped[str] = mapped_column(sa.String(80), default="")
    item_code: Mapped[str] = mapped_column(sa.String(20))
    target_id: Mapped[str] = mapped_column(sa.String(40), default="")
    equipment_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("equipment.id"), index=True)
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"))
    place_label: Mapped[str] = mapped_column(sa.String(200), default="")
    category: Mapped[str] = mapped_column(sa.String(40))
    record_section: Mapped[str] = mapped_column(sa.String(40), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str] = mapped_column(sa.Text, default="")
    measure: Mapped[str] = mapped_column(sa.Text, default="")
    measure_en: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    reading: Mapped[str] = mapped_column(sa.String(40), default="")
    violation_code: Mapped[str] = mapped_column(sa.String(20), default="")
    basis: Mapped[list[Any]] = mapped_column(default=list)
    severity: Mapped[Severity] = mapped_column(enum_type(Severity))
    handling: Mapped[Handling] = mapped_column(enum_type(Handling))
    found_on: Mapped[date]
    deadline: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_how: Mapped[ClosedHow | None] = mapped_column(enum_type(ClosedHow))
    penalty_number: Mapped[str] = mapped_column(sa.String(60), default="")
    closed_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    recheck_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    # The latest of what was sent and seen; see `latest.py`, which alone writes them.
    evidence_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    rechecked_at: Mapped[datetime | None]
    looked_on: Mapped[date | None]
    recheck_outcome: Mapped[RecheckOutcome | None] = mapped_column(enum_type(RecheckOutcome))


class Evidence(HasId, Model):
    """What the school sent about a finding, who did the work, what it cost (yuan), and an officer's answer. It never closes one."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.Index("ix_evidence_finding_asked", "finding_id", "asks_recheck", "sent_at", "answer", "answered_at"),
        sa.CheckConstraint("sent_by_id IS NOT NULL OR link_id IS NOT NULL", name="evidence_has_sender"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
        sa.CheckConstraint("answer IS NULL OR answer <> 'returned' OR answer_reason <> ''", name="return_needs_reason"),
    )
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    link_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("portal_link.id"), index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    done_by: Mapped[str] = mapped_column(sa.String(120), default="")
    cost: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    asks_recheck: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[EvidenceAnswer | None] = mapped_column(enum_type(EvidenceAnswer))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    answer_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class RecheckResult(HasId, Model):
    """What a signed re-check says of one finding."""

    __tablename__ = "recheck_result"
    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "finding_id"),
        sa.Index("ix_recheck_result_finding_seen", "finding_id", "seen_at", "outcome", "seen_on", "id"),
    )
    inspection_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("inspection.id"))
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"))
    outcome: Mapped[RecheckOutcome] = mapped_column(enum_type(RecheckOutcome))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    seen_on: Mapped[date]
    seen_at: Mapped[datetime]


CONSTRAINT_SENTENCES["closed_needs_date"] = "销号须有日期和方式。"
CONSTRAINT_SENTENCES["struck_off_needs_recheck"] = "须凭两名检查人员的复查记录销号。"
CONSTRAINT_SENTENCES["ck_finding_withdrawn_needs_reason"] = "撤回须写明理由。"

__all__ = ["ClosedHow", "Evidence", "Finding", "Handling", "RecheckOutcome", "RecheckResult", "Severity"]
