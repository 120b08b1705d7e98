"""Inspections: a draft grows by answer operations; signed, it is frozen JSON with its hash."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model


class InspectionKind(enum.StrEnum):
    """A first look, or a look at what was to be put right."""

    INSPECTION = "inspection"
    RECHECK = "recheck"


class InspectionForm(enum.StrEnum):
    """检查形式 of the record. 消防监督检查规定 Art. 6, DOMAIN §2.3."""

    SPOT_CHECK = "spot_check"
    RECHECK = "recheck"
    COMPLAINT = "complaint"
    UNSEAL = "unseal"
    RESUME_USE = "resume_use"
    OTHER = "other"


class InspectionState(enum.StrEnum):
    """A draft is filled; the first signature freezes it; with all signatures it is signed."""

    DRAFT = "draft"
    SIGNING = "signing"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class Inspection(HasId, Model):
    """One carrying-out of a checklist. `id` may be made by a tablet; `record` is RFC 8785 JSON as text once frozen."""

    __tablename__ = "inspection"
    __table_args__ = (
        sa.Index("ix_inspection_school_started", "school_id", "started_at"),
        sa.Index("ix_inspection_state_started", "state", "started_at"),
        sa.Index("ix_inspection_brigade_state", "brigade_id", "state", "started_at"),
        sa.Index("ix_inspection_started_at", "started_at", "state", "kind", "school_id"),
        sa.CheckConstraint("state IN ('draft', 'withdrawn') OR record_sha256 IS NOT NULL", name="frozen_needs_record"),
        sa.CheckConstraint("second_id IS NULL OR second_id <> lead_id", name="two_different_officers"),
        sa.CheckConstraint(
            "state NOT IN ('signing', 'signed') OR second_id IS NOT NULL", name="signed_by_two_officers"
        ),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_reason <> '')", name="withdrawn_needs_reason"),
    )
    kind: Mapped[InspectionKind] = mapped_column(enum_type(InspectionKind), default=InspectionKind.INSPECTION)
    form: Mapped[InspectionForm] = mapped_column(enum_type(InspectionForm), default=InspectionForm.SPOT_CHECK)
    visit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    pack_version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_version.id"))
    tier: Mapped[str] = mapped_column(sa.String(8), default="core")
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[InspectionState] = mapped_column(enum_type(InspectionState), default=InspectionState.DRAFT)
    rev: Mapped[int] = mapped_column(default=0)
    school_data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lead_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    second_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    accompanying: Mapped[str] = mapped_column(sa.String(80), default="")
    accompanying_post: Mapped[str] = mapped_column(sa.String(80), default="")
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    from_paper: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    clock_offset_s: Mapped[float | None]
    device: Mapped[str] = mapped_column(sa.String(64), default="")
    national_number: Mapped[str] = mapped_column(sa.String(60), default="")
    ink_scan_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    record: Mapped[str | None] = mapped_column(sa.Text)
    record_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    passed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    not_applicable: Mapped[int] = mapped_column(default=0)
    not_seen: Mapped[int] = mapped_column(default=0)
    bulk: Mapped[int] = mapped_column(default=0)
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
