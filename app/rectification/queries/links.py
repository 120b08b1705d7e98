"""Opening an order by its link, for somebody without an account."""

from __future__ import annotations

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.rectification.models.orders import Order, PortalLink
from app.rectification.rules.orders import token_hash


def opened(token: str) -> tuple[PortalLink, Order] | None:
    """The link and its order, whether it still works or not; None when nobody ever made it."""
    row = db.session.execute(
        sa.select(PortalLink, Order)
        .join(Order, Order.id == PortalLink.order_id)
        .where(PortalLink.token_sha256 == token_hash(token))
    ).first()
    return (row[0], row[1]) if row else None


def works(link: PortalLink) -> bool:
    """Whether a link opens its order now."""
    return link.revoked_at is None and clock.now() < link.expires_at
