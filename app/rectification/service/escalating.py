"""Asking a higher level to supervise a stubborn case (督办), and what it answers: kept in the timeline of the order. DOMAIN §6.3."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Membership, Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.notifications import service as notifications
from app.organisations.models import Brigade
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.queries import escalations as queries
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.orders import EscalationLevel
from app.rectification.service import drafting, events, steps
from app.schools.models import School


def escalate(
    viewer: Viewer,
    order: Order,
    *,
    finding_id: uuid.UUID | None,
    to: str,
    reason: str,
    level: EscalationLevel = EscalationLevel.DETACHMENT,
) -> None:
    """Ask a higher level to supervise an order in force, or one item of it: whom, and why.

    The detachment above, or the education bureau of the area, is told at once and has the case on its home; of anybody
    else it is kept that they were asked.
    """
    steps.require(viewer, order.brigade_id, Permission.DRAFT_ORDERS)
    if order.state not in IN_FORCE:
        raise DomainError(_("这份文书已不在执行中，不能提请督办。"), code="state")
    if finding_id is not None:
        item = next((f for _i, f in drafting.items_of(order) if f.id == finding_id), None)
        if item is None or item.closed_on is not None:
            raise DomainError(_("这份文书里没有这个未结束的问题。"), code="finding")
    if not to.strip():
        raise DomainError(_("请填写督办单位。"), field="to", code="to")
    if not reason.strip():
        raise DomainError(_("请写明提请督办的理由。"), field="reason", code="reason_missing")
    told = _who(order, level)
    said = {"to": to.strip(), "reason": reason.strip(), "level": level.value}
    event = events.note(viewer, "escalate", order, finding_id=finding_id, **said)
    audit.record(
        viewer,
        "order_escalate",
        subject="order",
        subject_id=order.id,
        detail={"name": to.strip(), "reason": reason.strip(), "finding": str(finding_id or "")},
    )
    db.session.flush()
    if told:
        _tell("escalated", order, event, told, reason=said["reason"])


def _who(order: Order, level: EscalationLevel) -> dict[str, Any]:
    """Whom `notifications` tells. A level that nobody holds here is refused: nobody would ever see the case."""
    if level is EscalationLevel.OTHER:
        return {}
    if level is EscalationLevel.DETACHMENT:
        above = db.session.scalar(sa.select(Brigade.parent_id).where(Brigade.id == order.brigade_id))
        people = accounts.holders([above], roles=frozenset({Role.DETACHMENT})) if above else []
        if not people:
            raise DomainError(_("系统里没有上级支队的人员，请选“其他单位（只登记）”。"), field="level", code="nobody")
        return {"person_ids": [person.id for person in people]}
    area = db.session.scalar(sa.select(School.area_code).where(School.id == order.school_id)) or ""
    held = sa.select(Membership.person_id, Membership.area_code).where(
        Membership.role == Role.BUREAU, Membership.area_code.is_not(None), accounts.held_today()
    )
    ids = [person for person, code in db.session.execute(held) if area.startswith(code or "-")]
    if not ids:
        raise DomainError(_("系统里没有当地教育局的人员，请选“其他单位（只登记）”。"), field="level", code="nobody")
    return {"person_ids": ids}


def answer(viewer: Viewer, order: Order, event: OrderEvent, *, text: str, due: date | None = None) -> None:
    """What the level that was asked says, with the day by which it wants to hear again where it sets one.

    It may answer as often as there is something to say; the same words again change nothing.
    """
    if not queries.is_asked(viewer, order, event):
        raise steps.NotYours(_("这件督办不是提请本单位的。"), code="role")
    if order.state not in IN_FORCE:
        raise DomainError(_("这份文书已不在执行中，不需要再督办。"), code="state")
    if not text.strip():
        raise DomainError(_("请写明督办意见。"), field="text", code="text_missing")
    if due is not None and due < clock.today():
        raise DomainError(_("要求报告的日期不能早于今天。"), field="due", code="early")
    said = {"of": str(event.id), "remark": text.strip()[:1000], "due": due.isoformat() if due else ""}
    last = next(iter(queries.answers_to([event.id], order.id).get(event.id, ())[-1:]), None)
    if last is not None and last.by_id == viewer.person_id and last.detail == {k: v for k, v in said.items() if v}:
        return
    events.note(viewer, "answer_escalation", order, finding_id=event.finding_id, **said)
    audit.record(viewer, "answer_escalation", subject="order", subject_id=order.id, detail={"text": text.strip()[:300]})
    db.session.flush()
    people = [person for person in (event.by_id, order.lead_id, order.second_id) if person]
    told = {"person_ids": people, "brigade_id": order.brigade_id, "roles": frozenset({Role.LEADER})}
    _tell("escalation_answered", order, event, told, reason=text.strip()[:300], due=due)


def _tell(name: str, order: Order, event: OrderEvent, told: dict[str, Any], **more: Any) -> None:
    school = db.session.get_one(School, order.school_id)
    finding = db.session.get(Finding, event.finding_id) if event.finding_id else None
    data = {
        "school": school.name,
        "school_en": school.name_en,
        "order_number": order.number,
        "order_kind": order.kind.value,
        "text": finding.text if finding else "",
        "text_en": finding.text_en if finding else "",
        **more,
    }
    notifications.tell(
        name,
        subject=("order", order.id),
        data={key: value for key, value in data.items() if value not in (None, "")},
        urgent=True,
        key=f"{name}:{event.id}:{clock.now().isoformat()}",
        **told,
    )
