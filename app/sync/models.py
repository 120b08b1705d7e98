"""Tablets, every operation they brought with what became of it, and uploads that have come whole."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.extensions import Model
from app.sync.rules import OpState


class Tablet(HasId, Model):
    """One person on one tablet: when they were last here, what they took along, what is still on it. `device` is made by the tablet."""

    __tablename__ = "sync_tablet"
    __table_args__ = (sa.UniqueConstraint("device", "person_id", name="uq_sync_tablet_device_person"),)
    device: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(80), default="")
    agent: Mapped[str] = mapped_column(sa.String(200), default="")
    build: Mapped[str] = mapped_column(sa.String(40), default="")
    first_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    clock_offset_s: Mapped[float | None]
    waiting: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taken: Mapped[list[Any]] = mapped_column(default=list)
    taken_at: Mapped[datetime | None]
    grant_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    grant_until: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    lost_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class SyncOp(Model):
    """An operation as a tablet sent it and what became of it; `id` is the order in which they came.

    `at` is the tablet's clock, `corrected_at` ours. `content` is kept until the operation is applied. `by_id` did it, `sent_by_id`
    was signed in; `proven` says that the first is known to have been there. `waits_for` is the file it needs.
    """

    __tablename__ = "sync_op"
    __table_args__ = (
        sa.Index("ix_sync_op_target_state", "target_id", "state"),
        sa.Index("ix_sync_op_state_waits", "state", "waits_for"),
        sa.CheckConstraint("state IN ('applied', 'conflict') OR reason <> ''", name="kept_needs_reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    op_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    device: Mapped[str] = mapped_column(sa.String(64))
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    proven: Mapped[bool] = mapped_column(default=False)
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    target_kind: Mapped[str] = mapped_column(sa.String(16), default="")
    target_id: Mapped[uuid.UUID | None]
    what: Mapped[str] = mapped_column(sa.String(24), default="")
    state: Mapped[OpState] = mapped_column(enum_type(OpState))
    reason: Mapped[str] = mapped_column(sa.String(32), default="")
    message: Mapped[str] = mapped_column(sa.String(400), default="")
    rev: Mapped[int | None]
    waits_for: Mapped[str] = mapped_column(sa.String(64), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content: Mapped[Any] = mapped_column(SMALL_JSON, nullable=True)
    at: Mapped[datetime | None]
    corrected_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    dealt_with_at: Mapped[datetime | None]
    dealt_with_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class Upload(Model):
    """A file that has come whole, until an operation that names it is applied. `problem` says why it is no picture."""

    __tablename__ = "sync_upload"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(sa.String(64), default="")
    completed_at: Mapped[datetime] = mapped_column(default=clock.now)
    problem: Mapped[str] = mapped_column(sa.String(200), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    kept_at: Mapped[datetime | None]
