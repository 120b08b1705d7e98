"""Handing an item of an order to somebody at the school: the last one given has it in hand, the others stay on record."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.orders import ItemHolder, Order, OrderItem
from app.rectification.rules.machine import IN_FORCE
from app.rectification.service import events, senders
from app.rectification.service.events import Sender


def holders_of(item: OrderItem) -> list[ItemHolder]:
    """Everybody who had the item in hand, the last first."""
    query = sa.select(ItemHolder).where(ItemHolder.order_item_id == item.id)
    return list(db.session.scalars(query.order_by(ItemHolder.given_at.desc(), ItemHolder.id.desc())))


def hand_item(
    sender: Viewer | Sender, order: Order, item: OrderItem, *, name: str, post: str = "", phone: str = ""
) -> ItemHolder:
    """Give an item to a post-holder. Giving it to who has it already changes nothing."""
    senders.check_order(sender, order)
    if not name.strip():
        raise DomainError(_("请填写责任人的姓名。"), field="name", code="name_missing")
    if order.state not in IN_FORCE or item.order_id != order.id:
        raise DomainError(_("这份文书已经结束，不需要再交办。"), code="state")
    last = next(iter(holders_of(item)), None)
    if last is not None and (last.name, last.post, last.phone) == (name.strip(), post.strip(), phone.strip()):
        return last
    holder = ItemHolder(
        order_item_id=item.id,
        name=name.strip(),
        post=post.strip(),
        phone=phone.strip(),
        given_by_id=sender.person_id,
        given_by_name=sender.name,
    )
    db.session.add(holder)
    db.session.flush()
    events.note(sender, "hand_item", order, finding_id=item.finding_id, to=holder.name, post=holder.post)
    detail = {"order": str(order.id), "position": item.position, "name": holder.name, "post": holder.post}
    audit.record(sender, "hand_item", subject="order_item", subject_id=item.id, detail=detail)
    return holder
