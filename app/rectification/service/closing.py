"""An order is done when all its findings are; the program takes that step, and takes it back when one is open again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem
from app.rectification.rules.findings import ClosedHow
from app.rectification.rules.machine import IN_FORCE, OrderAct, OrderState
from app.rectification.service import events, locks, steps


def settle(finding_ids: Iterable[uuid.UUID]) -> list[Order]:
    """Bring every order of these findings in line with them: close what is done, set the next date of what is not.

    Returns the orders that were closed.
    """
    about = sa.select(OrderItem.order_id).where(OrderItem.finding_id.in_(list(finding_ids)))
    query = sa.select(Order).where(Order.id.in_(about), Order.state.in_(IN_FORCE)).order_by(Order.id)
    orders = db.session.scalars(query.with_for_update(key_share=True)).all()
    if not orders:
        return []
    db.session.flush()
    open_ones = {
        order_id: (count, deadline)
        for order_id, count, deadline in db.session.execute(
            sa.select(OrderItem.order_id, sa.func.count(), sa.func.min(Finding.deadline))
            .join(Finding, Finding.id == OrderItem.finding_id)
            .where(OrderItem.order_id.in_([o.id for o in orders]), Finding.closed_on.is_(None))
            .group_by(OrderItem.order_id)
        )
    }
    closed = []
    for order in orders:
        count, order.next_deadline = open_ones.get(order.id, (0, None))
        if count == 0:
            steps.take(None, order, OrderAct.CLOSE)
            order.closed_on = clock.today()
            closed.append(order)
    db.session.flush()
    return closed


def reopen(viewer: Viewer, finding: Finding, *, reason: str) -> None:
    """Open a struck-off finding again that a sample check found false; its orders are in force again. DOMAIN §6.3."""
    if not steps.may_sample(viewer, finding.brigade_id):
        raise steps.NotYours(_("您的岗位不能重新打开已销号的问题。"), code="role")
    locks.hold_findings([finding.id])
    if finding.closed_how is not ClosedHow.RECHECK:
        raise DomainError(_("只有复查销号的问题可以重新打开。"), code="not_struck_off")
    if not reason.strip():
        raise DomainError(_("请写明重新打开的理由。"), field="reason", code="reason_missing")
    detail = {
        "reason": reason.strip(),
        "closed_on": finding.closed_on.isoformat() if finding.closed_on else "",
        "recheck": str(finding.recheck_id),
    }
    finding.closed_on = finding.closed_how = finding.recheck_id = finding.closed_by_id = None
    db.session.flush()
    audit.record(viewer, "reopen_finding", subject="finding", subject_id=finding.id, detail=detail)
    for order in db.session.scalars(
        sa.select(Order)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(OrderItem.finding_id == finding.id, Order.state == OrderState.CLOSED)
        .order_by(Order.id)
    ):
        order.archived_on = order.archived_by_id = None
        steps.take(None, order, OrderAct.REOPEN)
        order.closed_on = None
        db.session.flush()
    events.note_finding(viewer, "reopen_finding", finding.id, reason=reason.strip())
    settle([finding.id])
