"""Review and approval of a draft, and who stands in for the leader. Who found never approves. DOMAIN §6.1."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.orders import Deputy, Order
from app.rectification.rules.machine import OrderAct
from app.rectification.service import steps

#: Who may be named deputy.
DEPUTIES = frozenset({Role.INSPECTOR, Role.LEADER, Role.OFFICE})
#: The longest a deputy is named for at once.
MOST_DAYS = 366


def pass_review(viewer: Viewer, order: Order, *, remark: str = "") -> None:
    """The legal reviewer (法制审核) finds the draft in order."""
    steps.take(viewer, order, OrderAct.PASS_REVIEW, remark=remark.strip())
    db.session.flush()


def approve(viewer: Viewer, order: Order, *, remark: str = "") -> None:
    """The leader, or who stands in, approves the draft."""
    steps.take(viewer, order, OrderAct.APPROVE, remark=remark.strip())
    order.approved_at, order.approved_by_id = clock.now(), viewer.person_id
    db.session.flush()


def send_back(viewer: Viewer, order: Order, *, reason: str) -> None:
    """Return a draft to its officers, with what is to be mended."""
    if not reason.strip():
        raise DomainError(_("请写明退回原因。"), field="reason", code="reason_missing")
    steps.take(viewer, order, OrderAct.RETURN, reason=reason.strip())
    db.session.flush()


def name_deputy(viewer: Viewer, *, person_id: uuid.UUID, from_on: date, to_on: date) -> Deputy:
    """Name who approves in the leader's place, from a day to a day."""
    if viewer.own_brigade_id is None or not viewer.may(Permission.NAME_DEPUTIES):
        raise steps.NotYours(_("您的岗位不能指定代理人。"), code="role")
    if person_id not in {p.id for p in accounts.colleagues(viewer, roles=DEPUTIES)}:
        raise DomainError(_("代理人须是本大队的人员。"), field="person_id", code="person")
    if to_on < from_on:
        raise DomainError(_("结束日期不能早于开始日期。"), field="to_on", code="dates")
    if to_on < clock.today():
        raise DomainError(_("代理期限已经过去。"), field="to_on", code="dates")
    if (to_on - from_on).days > MOST_DAYS:
        raise DomainError(_("一次代理最长一年。"), field="to_on", code="dates")
    deputy = Deputy(
        brigade_id=viewer.own_brigade_id,
        person_id=person_id,
        from_on=from_on,
        to_on=to_on,
        named_by_id=viewer.person_id,
    )
    db.session.add(deputy)
    db.session.flush()
    detail = {"person": str(person_id), "from": from_on.isoformat(), "to": to_on.isoformat()}
    audit.record(viewer, "name_deputy", subject="deputy", subject_id=deputy.id, detail=detail)
    return deputy


def end_deputy(viewer: Viewer, deputy: Deputy) -> None:
    """End a naming before its day; ending twice does no harm."""
    if deputy.ended_at is None:
        deputy.ended_at = clock.now()
        db.session.flush()
        audit.record(viewer, "end_deputy", subject="deputy", subject_id=deputy.id)
