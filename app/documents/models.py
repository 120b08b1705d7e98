"""Papers as issued, and the numbers they carry."""

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
        sa.Index("ix_issued_document_state", "state", "made_at"),
        sa.Index("ix_issued_document_made", "made_at", "id"),
        sa.Index("ix_issued_document_subject", "subject_kind", "subject_id"),
        sa.Index("ix_issued_document_printed_number", "brigade_id", "number"),
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
    archive_sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    archive_size: Mapped[int | None]
    archive_pages: Mapped[int | None]
    warnings: Mapped[list[str]] = mapped_column(default=list)
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("job.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"), unique=True)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class SealedScan(HasId, Model):
    """The scan of a paper as it was sealed and signed by ink (PDF or picture), kept beside ours. Withdrawn, never removed."""

    __tablename__ = "sealed_scan"
    __table_args__ = (
        sa.UniqueConstraint("document_id", "sha256", name="uq_sealed_scan_once"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_scan_needs_reason"),
    )
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("issued_document.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    added_by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


#: The pattern of numbers among the texts of a kind that no setting numbers.
NUMBERING = "numbering"


class PaperTexts(HasId, Model):
    """A version of how a brigade words and numbers a kind of paper. The highest version is in force; `texts` holds what
    differs from the program's own, so an empty one is the return to it."""

    __tablename__ = "paper_texts"
    __table_args__ = (sa.UniqueConstraint("brigade_id", "kind", "language", "version", name="uq_paper_texts_version"),)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_by_name: Mapped[str] = mapped_column(sa.String(80), default="")


class NumberSequence(Model):
    """The last number given, per brigade, kind and year: gap-free, never used again."""

    __tablename__ = "number_sequence"
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


#: What makes a number one of its own.
NUMBER = ("brigade_id", "kind", "year", "serial")


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
