"""Papers as issued, and the numbers they carry."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model


class DocumentState(enum.StrEnum):
    """A paper has its number at once and counts as issued when its bytes are stored."""

    RENDERING = "rendering"
    ISSUED = "issued"
    FAILED = "failed"


class IssuedDocument(HasId, Model):
    """One paper: the frozen data it was made from, and its bytes by hash. Replaced or revoked, never changed."""

    __tablename__ = "issued_document"
    __table_args__ = (
        sa.UniqueConstraint("brigade_id", "kind", "year", "serial", name="uq_issued_document_number"),
        sa.CheckConstraint("state <> 'issued' OR file_sha256 IS NOT NULL", name="issued_needs_bytes"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name="revoked_needs_reason"),
        sa.Index("ix_issued_document_subject", "subject_kind", "subject_id"),
    )
    kind: Mapped[str] = mapped_column(sa.String(40))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(60))
    national_number: Mapped[str] = mapped_column(sa.String(60), default="")
    language: Mapped[str] = mapped_column(sa.String(12))
    title: Mapped[str] = mapped_column(sa.String(200))
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    school_name: Mapped[str] = mapped_column(sa.String(120), default="")
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[uuid.UUID]
    check_code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    context: Mapped[str] = mapped_column(sa.Text)
    context_sha256: Mapped[str] = mapped_column(sa.String(64))
    template_revision: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[DocumentState] = mapped_column(enum_type(DocumentState), default=DocumentState.RENDERING)
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    size: Mapped[int | None]
    pages: Mapped[int | None]
    warnings: Mapped[list[str]] = mapped_column(default=list)
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("job.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"), unique=True)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class NumberSequence(Model):
    """The last number given, per brigade, kind and year: gap-free, never used again."""

    __tablename__ = "number_sequence"
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class VoidedNumber(Model):
    """A number that was given and will never be used, with the reason."""

    __tablename__ = "voided_number"
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(300))
    voided_at: Mapped[datetime] = mapped_column(default=clock.now)
    voided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
