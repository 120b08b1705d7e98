"""Handing an order over, in one of the ways the law knows, with what proves it. 行政处罚法 Art. 61, DOMAIN §2.9."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.pictures import prepare
from app.fieldwork.strokes import picture_of
from app.rectification.models.orders import Order, ServiceAttempt
from app.rectification.rules.machine import OrderAct, OrderState
from app.rectification.rules.orders import NEEDS_CONFIRMATION, NEEDS_WITNESS, ServiceMethod
from app.rectification.service import events, senders, steps
from app.rectification.service.events import Sender

#: Who may hand over a paper.
SERVERS = frozenset({Role.INSPECTOR, Role.LEADER, Role.OFFICE})


@dataclass(frozen=True, kw_only=True)
class Service:
    """One way tried: to whom, signed how (strokes on the screen or a photo of ink), who saw it, why not signed."""

    method: ServiceMethod
    to_name: str = ""
    to_post: str = ""
    strokes: str = ""
    scan: bytes = b""
    scan_name: str = ""
    witness_name: str = ""
    witness_post: str = ""
    reason: str = ""
    tracking: str = ""
    second_by_id: uuid.UUID | None = None
    at: datetime | None = None


def _check(viewer: Viewer, order: Order, service: Service) -> None:
    method = service.method
    if method is not ServiceMethod.POSTED and not service.to_name:
        raise DomainError(_("请填写受送达人的姓名。"), field="to_name", code="to_name")
    if method is ServiceMethod.HAND and not (service.strokes or service.scan):
        raise DomainError(_("请受送达人签收，或上传纸上签收的照片。"), field="signature", code="signature")
    if method in NEEDS_WITNESS and not service.witness_name:
        raise DomainError(_("请填写见证人的姓名。"), field="witness_name", code="witness")
    if method in NEEDS_WITNESS and not service.reason:
        raise DomainError(_("请写明拒收或留置的事由。"), field="reason", code="reason_missing")
    if method is ServiceMethod.POSTED and not service.tracking:
        raise DomainError(_("请填写邮寄单号。"), field="tracking", code="tracking")
    if service.second_by_id == viewer.person_id:
        raise DomainError(_("两名送达人不能是同一人。"), field="second_by_id", code="two_officers")
    if method in NEEDS_WITNESS and service.second_by_id is None:
        raise DomainError(_("拒收或留置送达须有两名送达人。"), field="second_by_id", code="two_officers")
    if service.second_by_id is not None:
        known = {person.id for person in accounts.colleagues(viewer, roles=SERVERS)}
        if service.second_by_id not in known:
            raise DomainError(_("第二名送达人须是本大队的人员。"), field="second_by_id", code="two_officers")
    at = service.at
    if at is not None and at > clock.now():
        raise DomainError(_("送达时间不能晚于现在。"), field="at", code="at")
    if at is not None and order.issued_on is not None and clock.day_of(at) < order.issued_on:
        raise DomainError(_("送达日期不能早于文书签发日期。"), field="at", code="at")


def _signature(service: Service) -> str | None:
    if service.strokes:
        return files().put(picture_of(service.strokes))
    if service.scan:
        return files().put(prepare(service.scan, name=service.scan_name).picture)
    return None


def serve(viewer: Viewer, order: Order, service: Service, *, attempt_id: uuid.UUID | None = None) -> ServiceAttempt:
    """Keep one way of handing over; what needs no confirmation counts at once. The same `attempt_id` twice is kept once."""
    steps.require(viewer, order.brigade_id, Permission.SERVE_ORDERS)
    known = db.session.get(ServiceAttempt, attempt_id) if attempt_id else None
    if known is not None and known.order_id == order.id:
        return known
    steps.check(viewer, order, OrderAct.SERVE)
    _check(viewer, order, service)
    at = service.at or clock.now()
    attempt = ServiceAttempt(
        order_id=order.id,
        method=service.method,
        at=at,
        to_name=service.to_name,
        to_post=service.to_post,
        signature_sha256=_signature(service),
        witness_name=service.witness_name,
        witness_post=service.witness_post,
        reason=service.reason,
        tracking=service.tracking,
        by_id=viewer.person_id,
        second_by_id=service.second_by_id,
    )
    if attempt_id:
        attempt.id = attempt_id
    db.session.add(attempt)
    db.session.flush()
    if service.method in NEEDS_CONFIRMATION:
        events.note(viewer, "send", order, method=service.method.value, tracking=service.tracking)
        detail = {"attempt": str(attempt.id), "method": service.method.value}
        audit.record(viewer, "order_send", subject="order", subject_id=order.id, detail=detail)
    else:
        _count(viewer, order, attempt, at=at, by=service.to_name)
    return attempt


def _count(viewer: Viewer, order: Order, attempt: ServiceAttempt, *, at: datetime, by: str) -> None:
    attempt.confirmed_at, attempt.confirmed_by = at, by
    order.served_at, order.served_on = at, clock.day_of(at)
    steps.take(viewer, order, OrderAct.SERVE, method=attempt.method.value, to=attempt.to_name)
    db.session.flush()


def confirm_post(viewer: Viewer, order: Order, attempt: ServiceAttempt, *, on: datetime, by: str) -> None:
    """Enter that the post was delivered, when and who took it."""
    steps.require(viewer, order.brigade_id, Permission.SERVE_ORDERS)
    if attempt.method is not ServiceMethod.POSTED or attempt.confirmed_at is not None:
        raise DomainError(_("这次送达不需要再确认。"), code="confirmed")
    if not by.strip():
        raise DomainError(_("请填写签收人的姓名。"), field="by", code="by")
    if on > clock.now() or on < attempt.at:
        raise DomainError(_("签收时间须在寄出之后、现在之前。"), field="on", code="at")
    _count(viewer, order, attempt, at=on, by=by.strip())


def confirm_by_link(sender: Viewer | Sender, order: Order, *, name: str) -> ServiceAttempt | None:
    """The school confirms on its page that it has received the order; the stored word makes the service count.

    Returns None when there is nothing to confirm any more.
    """
    senders.check_order(sender, order)
    if not name.strip():
        raise DomainError(_("请填写签收人的姓名。"), field="name", code="by")
    if order.state is not OrderState.ISSUED:
        return None
    attempt = db.session.scalar(
        sa.select(ServiceAttempt)
        .where(
            ServiceAttempt.order_id == order.id,
            ServiceAttempt.method == ServiceMethod.LINK,
            ServiceAttempt.confirmed_at.is_(None),
        )
        .order_by(ServiceAttempt.at)
        .limit(1)
    )
    if attempt is None:
        raise DomainError(_("这份文书不是以链接方式送达的，请按大队的通知签收。"), code="method")
    now = clock.now()
    attempt.confirmed_at, attempt.confirmed_by = now, name.strip()
    order.state, order.served_at, order.served_on = OrderState.SERVED, now, clock.day_of(now)
    events.note(sender, OrderAct.SERVE.value, order, method=ServiceMethod.LINK.value, to=name.strip())
    detail = {"from": "issued", "to": "served", "method": "link", "name": name.strip()}
    audit.record(sender, "order_serve", subject="order", subject_id=order.id, detail=detail)
    db.session.flush()
    return attempt
