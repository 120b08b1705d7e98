"""Asking a higher level to supervise a stubborn case (督办): kept in the timeline of the order. DOMAIN §6.3."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.orders import Order
from app.rectification.rules.machine import IN_FORCE
from app.rectification.service import drafting, events, steps


def escalate(viewer: Viewer, order: Order, *, finding_id: uuid.UUID | None, to: str, reason: str) -> None:
    """Keep that a higher level was asked to supervise an order in force, or one item of it: whom, and why."""
    steps.require(viewer, order.brigade_id, "draft_orders")
    if order.state not in IN_FORCE:
        raise DomainError(_("这份文书已不在执行中，不能提请督办。"), code="state")
    if finding_id is not None:
        item = next((f for _i, f in drafting.items_of(order) if f.id == finding_id), None)
        if item is None or item.closed_on is not None:
            raise DomainError(_("这份文书里没有这个未结束的问题。"), code="finding")
    if not to.strip():
        raise DomainError(_("请填写督办单位。"), field="to", code="to")
    if not reason.strip():
        raise DomainError(_("请写明提请督办的理由。"), field="reason", code="reason_missing")
    said = {"to": to.strip(), "reason": reason.strip()}
    events.note(viewer, "escalate", order, finding_id=finding_id, **said)
    audit.record(
        viewer,
        "order_escalate",
        subject="order",
        subject_id=order.id,
        detail={"name": to.strip(), "reason": reason.strip(), "finding": str(finding_id or "")},
    )
    db.session.flush()
