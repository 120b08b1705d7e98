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
from app.rectification.service import telling


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
    """Leave an event, and tell whom it concerns. `by` is None for the program itself; `detail` is plain JSON."""
    if finding_id is None:
        telling.about_order(act, _order(order), detail)
    else:
        telling.about_finding(act, finding_id, detail, _order(order).id)
    return _keep(by, act, order, finding_id=finding_id, **detail)


def _order(order: Order | uuid.UUID) -> Order:
    with db.session.no_autoflush:
        return db.session.get_one(Order, order) if isinstance(order, uuid.UUID) else order


def _keep(
    by: Viewer | Sender | None,
    act: str,
    order: Order | uuid.UUID,
    *,
    finding_id: uuid.UUID | None,
    **detail: Any,
) -> OrderEvent:
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
    """Leave an event with every order in force that the finding is on, and tell whom it concerns once."""
    known = orders_in_force([finding_id])
    for order_id in known:
        _keep(by, act, order_id, finding_id=finding_id, **detail)
    telling.about_finding(act, finding_id, detail, known[-1] if known else None)


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
