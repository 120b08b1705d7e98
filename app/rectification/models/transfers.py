"""What another authority is competent for: to whom a finding was handed over, when, with which words, what it answered."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model
from app.rectification.rules.records import AuthorityKind


class Transfer(HasId, Model):
    """A finding handed over to another authority (住建、教育、燃气…). It closes nothing."""

    __tablename__ = "transfer"
    __table_args__ = (sa.CheckConstraint("(replied_on IS NULL) = (reply = '')", name="reply_has_day"),)
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), index=True)
    authority: Mapped[AuthorityKind] = mapped_column(enum_type(AuthorityKind))
    authority_name: Mapped[str] = mapped_column(sa.String(120))
    sent_on: Mapped[date]
    text: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    replied_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(sa.Text, default="")
