"""Orders with their items and all that happens to them. Nothing here is deleted; an event is never changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.rectification.rules.machine import OrderAct, OrderState
from app.rectification.rules.orders import OrderKind, ServiceMethod

if TYPE_CHECKING:
    from app.schools.models import School


class Order(HasId, Model):
    """One notice to a school about one or many findings. `number` and `document_id` come when it is issued.

    `pad_number` is that of the pre-printed sheet by which it was served on the spot, where there was no network.
    An order taken over from older lists (`imported`) has no findings; `source` keeps its words, `flags` what is dirty in it.
    """

    __tablename__ = "rectification_order"
    __table_args__ = (
        sa.CheckConstraint(
            "imported OR state NOT IN ('issued', 'served', 'closed') OR document_id IS NOT NULL",
            name="issued_has_paper",
        ),
        sa.CheckConstraint("(state = 'void') = (void_reason <> '')", name="void_needs_reason"),
        sa.CheckConstraint("imported OR (state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_day"),
        sa.CheckConstraint(
            "imported OR state NOT IN ('served', 'closed') OR issued_on IS NOT NULL", name="served_was_issued"
        ),
        sa.CheckConstraint("archived_on IS NULL OR imported OR state IN ('closed', 'void')", name="archived_is_done"),
        sa.UniqueConstraint("brigade_id", "import_key", name="uq_order_imported_once"),
        sa.Index("ix_order_school_state", "school_id", "state"),
        sa.Index("ix_order_brigade_state", "brigade_id", "state", "next_deadline"),
        sa.Index("ix_order_brigade_drafted", "brigade_id", "drafted_at"),
        sa.Index("ix_order_state_deadline", "state", "next_deadline"),
        sa.Index("ix_order_state_archived", "state", "archived_on", "drafted_at"),
        sa.Index("ix_order_drafted", "drafted_at", "id"),
        sa.Index("ix_order_issued", "issued_on", "school_id"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), index=True)
    kind: Mapped[OrderKind] = mapped_column(enum_type(OrderKind))
    state: Mapped[OrderState] = mapped_column(enum_type(OrderState), default=OrderState.DRAFT)
    lead_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    second_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    visited_on: Mapped[date | None]
    problem_text: Mapped[str] = mapped_column(sa.Text, default="")
    number: Mapped[str] = mapped_column(sa.String(60), default="", index=True)
    national_number: Mapped[str] = mapped_column(sa.String(60), default="")
    penalty_number: Mapped[str] = mapped_column(sa.String(60), default="")
    pad_number: Mapped[str] = mapped_column(sa.String(60), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))
    drafted_at: Mapped[datetime] = mapped_column(default=clock.now)
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    issued_on: Mapped[date | None]
    served_on: Mapped[date | None]
    served_at: Mapped[datetime | None]
    next_deadline: Mapped[date | None]
    closed_on: Mapped[date | None]
    archived_on: Mapped[date | None]
    archived_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    first_read_at: Mapped[datetime | None]
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("rectification_order.id"), unique=True)
    void_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    imported: Mapped[bool] = mapped_column(default=False)
    import_key: Mapped[str | None] = mapped_column(sa.String(120))
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    flags: Mapped[list[str]] = mapped_column(default=list)
    school: Mapped[School] = relationship(viewonly=True)


class OrderItem(HasId, Model):
    """One finding on an order, with the date the paper gave it. The finding's own deadline is the one in force."""

    __tablename__ = "order_item"
    __table_args__ = (sa.UniqueConstraint("order_id", "finding_id", name="uq_order_item_once"),)
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("rectification_order.id"))
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    position: Mapped[int]
    deadline: Mapped[date | None]


class OrderEvent(HasId, Model):
    """Something that happened to an order: append-only, told as the timeline of its case file."""

    __tablename__ = "order_event"
    __table_args__ = (
        sa.Index("ix_order_event_order_at", "order_id", "at"),
        sa.Index(
            "ix_order_event_escalated", "at", "order_id",
            sqlite_where=sa.text("act = 'escalate'"), postgresql_where=sa.text("act = 'escalate'"),
        ),
    )  # fmt: skip
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("rectification_order.id"))
    finding_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    act: Mapped[str] = mapped_column(sa.String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(SMALL_JSON, default=dict)


class ServiceAttempt(HasId, Model):
    """One way tried to hand an order over. It counts at `confirmed_at`; by hand, refused or left that is at once."""

    __tablename__ = "service_attempt"
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("rectification_order.id"), index=True)
    method: Mapped[ServiceMethod] = mapped_column(enum_type(ServiceMethod))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    to_name: Mapped[str] = mapped_column(sa.String(80), default="")
    to_post: Mapped[str] = mapped_column(sa.String(80), default="")
    signature_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    witness_name: Mapped[str] = mapped_column(sa.String(80), default="")
    witness_post: Mapped[str] = mapped_column(sa.String(80), default="")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    tracking: Mapped[str] = mapped_column(sa.String(80), default="")
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    second_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    receipt_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))


class Extension(HasId, Model):
    """A request for more time for one finding, and what became of it."""

    __tablename__ = "extension"
    __table_args__ = (
        sa.Index(
            "uq_extension_one_waiting",
            "finding_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="decided_is_granted_or_not"),
        sa.CheckConstraint("granted IS NULL OR NOT granted OR deadline IS NOT NULL", name="granted_has_day"),
    )
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("rectification_order.id"), index=True)
    finding_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("finding.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_by_name: Mapped[str] = mapped_column(sa.String(80), default="")
    reason: Mapped[str] = mapped_column(sa.String(500))
    before: Mapped[date]
    wanted: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    granted: Mapped[bool | None]
    deadline: Mapped[date | None]
    decision_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("issued_document.id"))


class PortalLink(HasId, Model):
    """A link that opens one order for a school without an account. Only the token's hash is kept."""

    __tablename__ = "portal_link"
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("rectification_order.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    first_used_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class ItemHolder(HasId, Model):
    """Who at the school has an item in hand; the last one given holds it."""

    __tablename__ = "item_holder"
    order_item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("order_item.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    given_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    given_by_name: Mapped[str] = mapped_column(sa.String(80), default="")


class Deputy(HasId, Model):
    """Who approves in the leader's place, from a day to a day. DOMAIN §6.1: who found never approves."""

    __tablename__ = "deputy"
    __table_args__ = (sa.CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    named_at: Mapped[datetime] = mapped_column(default=clock.now)
    named_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


CONSTRAINT_SENTENCES["ck_rectification_order_void_needs_reason"] = "作废须写明理由。"
CONSTRAINT_SENTENCES["uq_extension_one_waiting"] = "这一项已有延期申请在等待答复。"
CONSTRAINT_SENTENCES["uq_order_imported_once"] = "这份旧文书已经导入过。"

__all__ = [
    "Deputy",
    "Extension",
    "ItemHolder",
    "Order",
    "OrderAct",
    "OrderEvent",
    "OrderItem",
    "OrderKind",
    "OrderState",
    "PortalLink",
    "ServiceAttempt",
    "ServiceMethod",
]
