"""Rows are held in one order everywhere: findings by id, then orders by id. So two acts wait for each other, never both.

They are held without their keys (FOR NO KEY UPDATE): a row that only points at them may be written meanwhile, and so an
act that has left an event with an order never stands in the way of who wants to hold that order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem


def _held(query: sa.Select[Any]) -> list[Any]:
    fresh = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def hold_findings(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Finding]:
    """These findings as they stand now, held until the act is committed, and with them the orders they are on."""
    wanted = sorted(set(ids))
    findings = _held(sa.select(Finding).where(Finding.id.in_(wanted)).order_by(Finding.id))
    about = sa.select(OrderItem.order_id).where(OrderItem.finding_id.in_(wanted))
    _held(sa.select(Order).where(Order.id.in_(about)).order_by(Order.id))
    return {finding.id: finding for finding in findings}


def hold_order(order_id: uuid.UUID) -> Order:
    """The order as it stands now, held until the act is committed; its findings before it."""
    items = sa.select(OrderItem.finding_id).where(OrderItem.order_id == order_id)
    _held(sa.select(Finding).where(Finding.id.in_(items)).order_by(Finding.id))
    found: Order = _held(sa.select(Order).where(Order.id == order_id))[0]
    return found
