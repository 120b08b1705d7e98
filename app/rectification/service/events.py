"""The timeline of an order: every act leaves an event, in the act's own transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.rectification.models.orders import Order, OrderEvent, OrderItem
from app.rectification.rules.machine import IN_FORCE


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Somebody of a school without an account, who came by a link to one order."""

    name: str
    link_id: uuid.UUID
    person_id: None = None


def note(
    by: Viewer | Sender | None,
    act: str,
    order: Order | uuid.UUID,
    *,
    finding_id: uuid.UUID | None = None,
    **detail: Any,
) -> OrderEvent:
    """Leave an event. `by` is None for the program itself; `detail` is plain JSON."""
    event = OrderEvent(
        order_id=order if isinstance(order, uuid.UUID) else order.id,
        finding_id=finding_id,
        by_id=by.person_id if by else None,
        by_name=by.name if by else "",
        act=act,
        detail={key: value for key, value in detail.items() if value not in (None, "")},
    )
    db.session.add(event)
    return event


def note_finding(by: Viewer | Sender | None, act: str, finding_id: uuid.UUID, **detail: Any) -> None:
    """Leave an event with every order in force that the finding is on."""
    for order_id in orders_in_force([finding_id]):
        note(by, act, order_id, finding_id=finding_id, **detail)


def orders_in_force(finding_ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """The orders in force that any of these findings is on."""
    query = (
        sa.select(Order.id)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(OrderItem.finding_id.in_(finding_ids), Order.state.in_(IN_FORCE))
        .distinct()
        .order_by(Order.id)
    )
    return list(db.session.scalars(query))
