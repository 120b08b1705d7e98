"""Handing an item of an order to somebody at the school: the last one given has it in hand, the others stay on record."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Membership, Person
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.notifications import service as notifications
from app.rectification.models.findings import Finding
from app.rectification.models.orders import ItemHolder, Order, OrderItem
from app.rectification.rules.machine import IN_FORCE
from app.rectification.service import events, senders
from app.rectification.service.events import Sender
from app.schools.models import School


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
    _tell(order, item, holder)
    detail = {"order": str(order.id), "position": item.position, "name": holder.name, "post": holder.post}
    audit.record(sender, "hand_item", subject="order_item", subject_id=item.id, detail=detail)
    return holder


def _tell(order: Order, item: OrderItem, holder: ItemHolder) -> None:
    """Tell the holder who has an account at the school: known by the telephone, else by a name that nobody shares.

    Messages go to people with an account only; of anybody else the page shows whom to call.
    """
    staff = db.session.execute(
        sa.select(Person.id, Person.name, Person.phone)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.school_id == order.school_id, accounts.held_today(), Person.active)
        .distinct()
    ).all()
    digits = _digits(holder.phone)
    by_phone = [one.id for one in staff if digits and _digits(one.phone) == digits]
    by_name = [one.id for one in staff if one.name == holder.name and not (digits and one.phone)]
    known = by_phone or by_name
    if len(known) != 1 or known[0] == holder.given_by_id:
        return
    finding, school = db.session.get_one(Finding, item.finding_id), db.session.get_one(School, order.school_id)
    data = {
        "school": school.name,
        "school_en": school.name_en,
        "order_number": order.number,
        "order_kind": order.kind.value,
        "position": item.position,
        "text": finding.text,
        "text_en": finding.text_en,
        "deadline": finding.deadline,
        "page": f"/portal/orders/{order.id}/items/{item.position}",
    }
    notifications.tell(
        "item_handed",
        person_ids=known,
        subject=("order", order.id),
        data={key: value for key, value in data.items() if value not in (None, "")},
        key=f"item_handed:{holder.id}",
    )


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
