"""Who holds which post at a school, handbooks as they were handed over, and who received them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model


class PostHolder(HasId, Model):
    """Somebody in a post of a school from a day to a last day, which is included. Adults only; ended, never deleted.

    `post` is the code of the pack's post. Several may hold one post.
    """

    __tablename__ = "post_holder"
    __table_args__ = (
        sa.Index("ix_post_holder_school", "school_id", "to_day", "post"),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name="holder_ends_after_start"),
        sa.CheckConstraint("name <> ''", name="holder_has_name"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    post: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(80))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class HandbookText(Model):
    """The words of a handbook as somebody received them: canonical JSON under its own hash, kept once, never changed."""

    __tablename__ = "handbook_text"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)


class HandbookReceipt(HasId, Model):
    """That the holder of a post has read and received its handbook. The signature hangs on it; withdrawn with a reason.

    `text_sha256` is what was received: when the text changes, the receipt is older than the text.
    """

    __tablename__ = "handbook_receipt"
    __table_args__ = (
        sa.Index("ix_handbook_receipt_school", "school_id", "post"),
        sa.Index("ix_handbook_receipt_holder", "holder_id"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="receipt_withdrawn_needs_reason"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    post: Mapped[str] = mapped_column(sa.String(40))
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("post_holder.id"))
    text_sha256: Mapped[str] = mapped_column(sa.ForeignKey("handbook_text.sha256"))
    received_on: Mapped[date]
    on_paper: Mapped[bool]
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


CONSTRAINT_SENTENCES["holder_ends_after_start"] = "离任日期不能早于到任日期。"
CONSTRAINT_SENTENCES["receipt_withdrawn_needs_reason"] = "撤回签收须写明理由。"
