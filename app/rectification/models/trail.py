"""What major hazards, sealings and transfers have in common: a timeline that only grows, and scans of their papers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.extensions import Model
from app.rectification.rules.records import RecordKind


class RecordEvent(HasId, Model):
    """Something that happened to a record: append-only."""

    __tablename__ = "record_event"
    __table_args__ = (sa.Index("ix_record_event_record", "record_kind", "record_id", "at"),)
    record_kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind))
    record_id: Mapped[uuid.UUID]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    act: Mapped[str] = mapped_column(sa.String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(SMALL_JSON, default=dict)


class RecordScan(HasId, Model):
    """A scan or photo kept with a record: PDF or picture. Never replaced; another one is added beside it."""

    __tablename__ = "record_scan"
    __table_args__ = (
        sa.UniqueConstraint("record_kind", "record_id", "sha256", name="uq_record_scan_once"),
        sa.Index("ix_record_scan_record", "record_kind", "record_id"),
    )
    record_kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind))
    record_id: Mapped[uuid.UUID]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    is_pdf: Mapped[bool]
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
