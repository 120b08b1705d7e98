"""Long work with orders: checking and writing lists of former years."""

from __future__ import annotations

from app.imports.jobs import handle_lists
from app.rectification.service import old_orders

handle_lists(
    old_orders.KIND,
    check=lambda run, _progress: old_orders.check(run),
    write=lambda run, _progress: old_orders.write(run),
)
