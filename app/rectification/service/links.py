"""Links that open one order for a school without an account: narrow, expiring, revocable. Only a hash of the token is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import queries as organisations
from app.rectification.models.orders import Order, PortalLink
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.orders import token_hash
from app.rectification.service import events, steps


def make(viewer: Viewer, order: Order) -> tuple[PortalLink, str]:
    """A new link to an order in force, and its token, which is never shown again."""
    if not viewer.may(Permission.SERVE_ORDERS) or order.brigade_id not in viewer.brigade_ids:
        raise steps.NotYours(_("您的岗位不能生成链接。"), code="role")
    if order.state not in IN_FORCE:
        raise DomainError(_("文书签发后才能生成链接。"), code="state")
    if order.imported:
        raise DomainError(_("旧文书没有可供学校查看的内容，不能生成链接。"), code="imported")
    token = secrets.token_urlsafe(24)
    days = organisations.brigade_settings(order.brigade_id).link_days
    link = PortalLink(
        order_id=order.id,
        token_sha256=token_hash(token),
        made_by_id=viewer.person_id,
        expires_at=clock.now() + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    events.note(viewer, "make_link", order)
    audit.record(viewer, "make_link", subject="order", subject_id=order.id, detail={"link": str(link.id)})
    return link, token


def revoke(viewer: Viewer, order: Order, link: PortalLink) -> None:
    """Make a link useless at once; twice does no harm."""
    if (
        not viewer.may(Permission.SERVE_ORDERS)
        or order.brigade_id not in viewer.brigade_ids
        or link.order_id != order.id
    ):
        raise steps.NotYours(_("您的岗位不能撤销链接。"), code="role")
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by_id = clock.now(), viewer.person_id
        db.session.flush()
        events.note(viewer, "revoke_link", order)
        audit.record(viewer, "revoke_link", subject="order", subject_id=order.id, detail={"link": str(link.id)})
