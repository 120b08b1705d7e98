"""More time for one item: asked for before the date, granted or refused with a reason. By setting once [U], DOMAIN §2.12."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import queries as organisations
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Extension, Order, OrderItem
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.orders import ExtensionFacts, ExtensionRefusal, extension_refusal
from app.rectification.service import closing, events, senders, steps
from app.rectification.service.events import Sender


def _longest(finding: Finding) -> int:
    """The furthest a date can be put off in one go, in days: what is longer is a typing slip."""
    return organisations.brigade_settings(finding.brigade_id).deadline_most_days


def facts_of(finding: Finding) -> ExtensionFacts:
    """What decides whether more time may be asked for."""
    granted, waiting = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((Extension.granted.is_(True), 1), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(sa.case((Extension.decided_at.is_(None), 1), else_=0)), 0),
        ).where(Extension.finding_id == finding.id)
    ).one()
    return ExtensionFacts(
        deadline=finding.deadline, is_closed=finding.closed_on is not None, granted=granted, waiting=waiting > 0
    )


def _sentence(refusal: ExtensionRefusal, most: int) -> str:
    return str(
        {
            ExtensionRefusal.CLOSED: _("这个问题已经结束。"),
            ExtensionRefusal.NO_DEADLINE: _("这个问题没有改正期限。"),
            ExtensionRefusal.TOO_LATE: _("改正期限已过，不能再申请延期。请尽快改正并申请复查。"),
            ExtensionRefusal.WAITING: _("已有延期申请在等待答复。"),
            ExtensionRefusal.USED_UP: _("已延期 %(most)d 次，不能再次申请。", most=most),
            ExtensionRefusal.NOT_LATER: _("申请的日期须晚于现在的改正期限。"),
        }[refusal]
    )


def why_not(finding: Finding) -> str:
    """Why more time cannot be asked for now, or an empty text."""
    most = organisations.brigade_settings(finding.brigade_id).extensions_most
    refusal = extension_refusal(facts_of(finding), today=clock.today(), most=most)
    return _sentence(refusal, most) if refusal else ""


def ask(sender: Viewer | Sender, order: Order, finding: Finding, *, wanted: date, reason: str) -> Extension:
    """The school asks for more time for one item of an order in force. The date stands until it is decided."""
    senders.check_order(sender, order)
    if order.state not in IN_FORCE:
        raise DomainError(_("这份文书已不在执行中，不能申请延期。"), code="state")
    if not reason.strip():
        raise DomainError(_("请写明申请延期的原因。"), field="reason", code="reason_missing")
    item = db.session.scalar(
        sa.select(OrderItem.id).where(OrderItem.order_id == order.id, OrderItem.finding_id == finding.id)
    )
    if item is None:
        raise DomainError(_("这份文书里没有这个问题。"), code="other_order")
    most = organisations.brigade_settings(finding.brigade_id).extensions_most
    refusal = extension_refusal(facts_of(finding), today=clock.today(), most=most, wanted=wanted)
    if refusal:
        raise DomainError(_sentence(refusal, most), field="wanted", code=refusal.value)
    assert finding.deadline is not None
    if (wanted - finding.deadline).days > _longest(finding):
        raise DomainError(_("申请的日期太远，请核对年份。"), field="wanted", code="too_far")
    request = Extension(
        order_id=order.id,
        finding_id=finding.id,
        asked_by_id=sender.person_id,
        asked_by_name=sender.name,
        reason=reason.strip(),
        before=finding.deadline,
        wanted=wanted,
    )
    db.session.add(request)
    db.session.flush()
    events.note(sender, "ask_extension", order, finding_id=finding.id, wanted=wanted.isoformat(), reason=reason.strip())
    detail = {"extension": str(request.id), "wanted": wanted.isoformat()}
    audit.record(sender, "ask_extension", subject="finding", subject_id=finding.id, detail=detail)
    return request


def decide(
    viewer: Viewer, request: Extension, *, granted: bool, deadline: date | None = None, reason: str = ""
) -> None:
    """Grant more time, to the day asked for or another, or refuse it with a reason. The finding's date moves only here."""
    order = db.session.get_one(Order, request.order_id)
    finding = db.session.get_one(Finding, request.finding_id)
    if not viewer.may(Permission.DECIDE_EXTENSIONS) or order.brigade_id not in viewer.brigade_ids:
        raise steps.NotYours(_("您的岗位不能答复延期申请。"), code="role")
    if request.decided_at is not None:
        if request.granted is granted:
            return
        raise DomainError(_("这份延期申请已经答复过。"), code="decided")
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束。"), code="closed")
    day = (deadline or request.wanted) if granted else None
    if not granted and not reason.strip():
        raise DomainError(_("请写明不同意的理由。"), field="reason", code="reason_missing")
    if day is not None and order.state not in IN_FORCE:
        raise DomainError(_("这份文书已不在执行中，不能延期。"), code="state")
    if day is not None and day < clock.today():
        raise DomainError(_("新的期限不能早于今天。"), field="deadline", code="past")
    if day is not None and day <= request.before:
        raise DomainError(_("新的期限须晚于原期限。"), field="deadline", code="not_later")
    if day is not None and (day - request.before).days > _longest(finding):
        raise DomainError(_("新的期限太远，请核对年份。"), field="deadline", code="too_far")
    request.decided_at, request.decided_by_id = clock.now(), viewer.person_id
    request.granted, request.deadline, request.decision_reason = granted, day, reason.strip()
    if day is not None:
        finding.deadline = day
        closing.settle([finding.id])
    db.session.flush()
    act = "grant_extension" if granted else "refuse_extension"
    detail = {"deadline": day.isoformat() if day else "", "reason": reason.strip()}
    events.note(viewer, act, order, finding_id=finding.id, **detail)
    audit.record(viewer, act, subject="finding", subject_id=finding.id, detail=detail | {"extension": str(request.id)})
