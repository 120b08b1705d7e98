"""Pages of findings and orders, a subject a module."""

from __future__ import annotations

from app.rectification.views import (
    cards,
    clocks,
    closures,
    escalations,
    findings,
    major,
    old_orders,
    order_acts,
    orders,
    record_prints,
    records,
    sealings,
    shopping,
    transfers,
)
from app.rectification.views.blueprint import bp

__all__ = [
    "bp",
    "cards",
    "clocks",
    "closures",
    "escalations",
    "findings",
    "major",
    "old_orders",
    "order_acts",
    "orders",
    "record_prints",
    "records",
    "sealings",
    "shopping",
    "transfers",
]
