"""Answer operations, photos and signatures: what people bring back from a school, whatever they filled in there."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.extensions import Model
from app.fieldwork.rules import OpStatus, SignerRole, TargetKind, Via


class AnswerOp(Model):
    """One operation on a draft. `op_id` is made by the sender, so sending twice is harmless; `rev` orders what was applied."""

    __tablename__ = "answer_op"
    __table_args__ = (
        sa.UniqueConstraint("target_id", "rev"),
        sa.Index("ix_answer_op_target_row", "target_id", "item", "place", "field"),
    )
    op_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    target_kind: Mapped[TargetKind] = mapped_column(enum_type(TargetKind))
    target_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(sa.String(40))
    place: Mapped[str] = mapped_column(sa.String(40), default="")
    field: Mapped[str] = mapped_column(sa.String(24))
    value: Mapped[Any] = mapped_column(SMALL_JSON, nullable=True)
    base_rev: Mapped[int] = mapped_column(default=0)
    rev: Mapped[int | None]
    status: Mapped[OpStatus] = mapped_column(enum_type(OpStatus))
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    via: Mapped[Via] = mapped_column(enum_type(Via))
    device: Mapped[str] = mapped_column(sa.String(64), default="")


class Photo(HasId, Model):
    """A photo: the picture shown (`sha256`, oriented and shrunk) and the bytes as received (`original_sha256`, kept sealed)."""

    __tablename__ = "photo"
    __table_args__ = (sa.Index("ix_photo_target", "target_kind", "target_id"),)
    target_kind: Mapped[TargetKind] = mapped_column(enum_type(TargetKind))
    target_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(sa.String(40), default="")
    place: Mapped[str] = mapped_column(sa.String(40), default="")
    slot: Mapped[str] = mapped_column(sa.String(16), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    thumb_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    original_sha256: Mapped[str] = mapped_column(sa.String(64))
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    caption: Mapped[str] = mapped_column(sa.String(200), default="")
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class Signature(HasId, Model):
    """A signature, or the refusal of one. `content_sha256` is what was signed. Evidence: never edited."""

    __tablename__ = "signature"
    __table_args__ = (
        sa.UniqueConstraint("target_id", "role", name="uq_signature_once_per_role"),
        sa.CheckConstraint("refused OR image_sha256 IS NOT NULL", name="signed_needs_image"),
        sa.CheckConstraint("NOT refused OR reason <> ''", name="refusal_needs_reason"),
    )
    target_kind: Mapped[TargetKind] = mapped_column(enum_type(TargetKind))
    target_id: Mapped[uuid.UUID]
    role: Mapped[SignerRole] = mapped_column(enum_type(SignerRole))
    name: Mapped[str] = mapped_column(sa.String(80))
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    method: Mapped[str] = mapped_column(sa.String(16), default="drawn")
    image_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    refused: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    content_sha256: Mapped[str] = mapped_column(sa.String(64))
    signed_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    device: Mapped[str] = mapped_column(sa.String(64), default="")
