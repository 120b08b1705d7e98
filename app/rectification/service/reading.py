"""That a school has read an order: the first time leaves an event, a link also keeps when it was opened last."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.rectification.models.orders import Order, PortalLink
from app.rectification.service import events
from app.rectification.service.events import Sender

#: A link that is opened again and again is noted so often.
NOTED_EVERY = timedelta(minutes=10)


def is_news(order: Order, link: PortalLink | None) -> bool:
    """Whether this reading is to be noted: the order's first, the link's first, or the link's first for a while."""
    if order.first_read_at is None:
        return True
    return link is not None and (link.last_used_at is None or clock.now() - link.last_used_at > NOTED_EVERY)


def note_read(reader: Viewer | Sender, order: Order, link: PortalLink | None = None) -> None:
    """Note that the school has the order before its eyes. Only the first reading of an order is an event."""
    now = clock.now()
    first = db.session.execute(
        sa.update(Order)
        .where(Order.id == order.id, Order.first_read_at.is_(None))
        .values(first_read_at=now)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    ).first()
    if link is not None:
        used = {"last_used_at": now, "first_used_at": sa.func.coalesce(PortalLink.first_used_at, now)}
        db.session.execute(
            sa.update(PortalLink)
            .where(PortalLink.id == link.id)
            .values(**used)
            .execution_options(synchronize_session=False)
        )
    if first is not None:
        events.note(reader, "read", order.id, door="link" if link else "account")
    db.session.flush()
