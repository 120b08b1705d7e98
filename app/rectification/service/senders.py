"""Who may send for a school: its own staff, or whoever holds a working link to the order."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem, PortalLink
from app.rectification.queries import links
from app.rectification.service.events import Sender
from app.rectification.service.steps import NotYours


def _of_school(viewer: Viewer, thing: Finding | Order) -> bool:
    return viewer.may(Permission.SEND_EVIDENCE) and thing.school_id in viewer.school_ids


def _link(sender: Sender) -> PortalLink | None:
    link = db.session.get(PortalLink, sender.link_id)
    return link if link is not None and links.works(link) else None


def check_order(sender: Viewer | Sender, order: Order) -> None:
    """Refuse whoever does not act for the school of the order, or came by a link to another."""
    if isinstance(sender, Viewer):
        allowed = _of_school(sender, order)
    else:
        link = _link(sender)
        allowed = link is not None and link.order_id == order.id
    if not allowed:
        raise NotYours(_("只有这所学校的人员可以办理。"), code="role")


def check_finding(sender: Viewer | Sender, finding: Finding) -> None:
    """Refuse whoever does not act for the school of the finding, or came by a link to an order without it."""
    if isinstance(sender, Viewer):
        allowed = _of_school(sender, finding)
    else:
        link = _link(sender)
        query = sa.select(OrderItem.id).where(OrderItem.finding_id == finding.id)
        allowed = link is not None and db.session.scalar(query.where(OrderItem.order_id == link.order_id)) is not None
    if not allowed:
        raise NotYours(_("只有这所学校的人员可以办理。"), code="role")
