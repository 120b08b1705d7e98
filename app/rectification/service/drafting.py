"""Preparing an order: from what a signed inspection found, or by hand for findings that are open without one."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
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
from app.rectification.models.findings import Finding, RecheckResult
from app.rectification.models.orders import Order, OrderItem
from app.rectification.queries import deadlines as asked_days
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import IN_FORCE, IN_PREPARATION, OrderAct, OrderState
from app.rectification.rules.orders import PAPER_OF, OrderKind, papers_for
from app.rectification.service import events, steps
from app.rectification.service.findings import InspectionFacts
from app.schools.models import School

#: The most findings of one paper.
MOST_ITEMS = 60


def draft_from_inspection(viewer: Viewer, inspection: InspectionFacts, findings: Sequence[Finding]) -> list[Order]:
    """One draft for each kind of paper that the findings of a signed inspection need. DOMAIN §2.8.

    What was corrected on the spot needs none (消防监督检查规定 Art. 19). The same inspection twice drafts nothing twice.
    """
    known = db.session.scalars(sa.select(Order).where(Order.inspection_id == inspection.id)).all()
    if known:
        return list(known)
    wanting = [f for f in findings if f.closed_on is None and f.handling in PAPER_OF]
    drafts = []
    for kind in papers_for(f.handling for f in wanting):
        own = [f for f in wanting if PAPER_OF[f.handling] is kind]
        order = _draft(
            viewer,
            kind=kind,
            findings=own,
            officers=inspection.officer_ids,
            inspection_id=inspection.id,
            visited_on=clock.day_of(inspection.seen_at),
        )
        # The page before signing has asked about these dates; who signed has kept them.
        _note_kept(viewer, order, items_of(order), reasons={})
        drafts.append(order)
    return drafts


def _note_kept(
    viewer: Viewer,
    order: Order,
    items: Sequence[tuple[OrderItem, Finding]],
    *,
    reasons: Mapping[uuid.UUID, str],
) -> None:
    """Keep in the timeline which dates stay on a day without school although the officer was asked, who said so, and why."""
    if order.kind is not OrderKind.LIMITED or not items:
        return
    doubts = asked_days.doubts(
        db.session.get_one(School, order.school_id),
        [(finding, item.deadline) for item, finding in items],
        earliest=order.visited_on,
    )
    for item, finding in items:
        doubt = doubts.get(finding.id)
        if doubt is not None:
            events.note(
                viewer,
                "keep_day",
                order,
                finding_id=finding.id,
                position=item.position,
                deadline=doubt.day.isoformat(),
                why=doubt.why.value,
                holiday=doubt.holiday,
                reason=reasons.get(finding.id, "").strip()[:200],
            )


def draft(
    viewer: Viewer,
    *,
    kind: OrderKind,
    findings: Sequence[Finding],
    officers: tuple[uuid.UUID, uuid.UUID],
    visited_on: date,
    inspection_id: uuid.UUID | None = None,
) -> Order:
    """Draft an order for open findings of one school, by hand: what no order in force or in preparation covers.

    `officers` and `visited_on` are those of the visit that saw the faults last. Raises DomainError.
    """
    if not viewer.may(Permission.DRAFT_ORDERS):
        raise steps.NotYours(_("您的岗位不能起草文书。"), code="role")
    if not findings:
        raise DomainError(_("请至少选择一个问题。"), field="findings", code="empty")
    if len({f.school_id for f in findings}) != 1 or any(f.brigade_id not in viewer.brigade_ids for f in findings):
        raise DomainError(_("一份文书只能写同一所学校的问题。"), field="findings", code="other_school")
    if any(f.closed_on is not None for f in findings):
        raise DomainError(_("所选问题中有已经结束的，请重新选择。"), field="findings", code="closed")
    ordered = covered({f.id for f in findings if not _failed_since_served(f)}, IN_FORCE)
    if ordered:
        raise DomainError(_("所选问题已在生效的文书里，复查未通过才能另行下达文书。"), field="findings", code="ordered")
    busy = covered({f.id for f in findings}, {state for state in OrderState if state in IN_PREPARATION})
    if busy:
        raise DomainError(
            _("所选问题已在另一份办理中的文书里，请先完成或撤销那一份。"), field="findings", code="covered"
        )
    return _draft(
        viewer,
        kind=kind,
        findings=findings,
        officers=officers,
        inspection_id=inspection_id,
        visited_on=visited_on,
    )


def _failed_since_served(finding: Finding) -> bool:
    """A re-check has found the fault still there after the last order about it was issued: another may follow."""
    issued = (
        sa.select(sa.func.max(Order.issued_on))
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(OrderItem.finding_id == finding.id, Order.state.in_(IN_FORCE))
    )
    last = db.session.execute(
        sa.select(RecheckResult.outcome, RecheckResult.seen_on)
        .where(RecheckResult.finding_id == finding.id)
        .order_by(RecheckResult.seen_at.desc(), RecheckResult.id.desc())
        .limit(1)
    ).first()
    day = db.session.scalar(issued)
    return last is not None and last[0] is not RecheckOutcome.CORRECTED and (day is None or last[1] >= day)


def covered(finding_ids: Iterable[uuid.UUID], states: Iterable[OrderState]) -> set[uuid.UUID]:
    """Those of the findings that an order in one of the states is about."""
    query = (
        sa.select(OrderItem.finding_id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(OrderItem.finding_id.in_(list(finding_ids)), Order.state.in_(list(states)))
    )
    return set(db.session.scalars(query))


def _draft(
    viewer: Viewer,
    *,
    kind: OrderKind,
    findings: Sequence[Finding],
    officers: tuple[uuid.UUID, uuid.UUID],
    inspection_id: uuid.UUID | None,
    visited_on: date,
) -> Order:
    if len(findings) > MOST_ITEMS:
        raise DomainError(_("一份文书最多写 %(most)d 个问题，请分开起草。", most=MOST_ITEMS), code="too_many")
    order = Order(
        school_id=findings[0].school_id,
        brigade_id=findings[0].brigade_id,
        inspection_id=inspection_id,
        kind=kind,
        state=OrderState.DRAFT,
        lead_id=officers[0],
        second_id=officers[1],
        visited_on=visited_on,
        drafted_by_id=viewer.person_id,
        next_deadline=min((f.deadline for f in findings if f.deadline), default=None),
    )
    db.session.add(order)
    db.session.flush()
    for position, finding in enumerate(findings, start=1):
        deadline = visited_on if kind is OrderKind.IMMEDIATE else finding.deadline
        db.session.add(OrderItem(order_id=order.id, finding_id=finding.id, position=position, deadline=deadline))
    db.session.flush()
    events.note(viewer, "draft", order, items=len(findings))
    audit.record(
        viewer,
        "order_draft",
        subject="order",
        subject_id=order.id,
        detail={"kind": kind.value, "findings": [str(f.id) for f in findings]},
    )
    return order


def items_of(order: Order) -> Sequence[tuple[OrderItem, Finding]]:
    """The items of an order with their findings, in their order on the paper."""
    query = (
        sa.select(OrderItem, Finding)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .where(OrderItem.order_id == order.id)
        .order_by(OrderItem.position)
    )
    return [(item, finding) for item, finding in db.session.execute(query)]


def edit(
    viewer: Viewer,
    order: Order,
    *,
    deadlines: Mapping[uuid.UUID, date | None],
    problem_text: str = "",
    national_number: str = "",
    pad_number: str | None = None,
    reasons: Mapping[uuid.UUID, str] | None = None,
) -> None:
    """Set the date of each item (by finding) and the words of a draft. Dates lie on or after the visit.

    A new date on a day without school is kept in the timeline, with its `reasons` where the officer gave one.
    `pad_number`: of the pre-printed sheet by which an order was served on the spot; None leaves it as it is.
    """
    steps.take(viewer, order, OrderAct.EDIT)
    if pad_number is not None and order.kind is OrderKind.IMMEDIATE:
        _keep_pad_number(viewer, order, unicodedata.normalize("NFKC", pad_number).strip())
    changed = []
    for item, finding in items_of(order):
        day = deadlines.get(finding.id, item.deadline)
        if order.kind is OrderKind.LIMITED and day is None:
            raise DomainError(
                _("请为第 %(number)d 项确定改正期限。", number=item.position), field="deadline", code="deadline_missing"
            )
        if day is not None and order.visited_on and day < order.visited_on:
            raise DomainError(
                _("第 %(number)d 项的改正期限不能早于检查日期。", number=item.position),
                field="deadline",
                code="deadline_early",
            )
        _check_far(order, item, day)
        if day != item.deadline:
            changed.append((item, finding))
        item.deadline = day
    _note_kept(viewer, order, changed, reasons=reasons or {})
    order.problem_text, order.national_number = problem_text.strip(), national_number.strip()
    order.next_deadline = min((item.deadline for item, _f in items_of(order) if item.deadline), default=None)
    db.session.flush()


def _keep_pad_number(viewer: Viewer, order: Order, number: str) -> None:
    """The sheet's own number, beside the one that we shall give. One sheet is one order: the same twice is a slip."""
    if number == order.pad_number:
        return
    other = sa.select(Order.id).where(
        Order.brigade_id == order.brigade_id,
        Order.pad_number == number,
        Order.id != order.id,
        Order.state != OrderState.VOID,
    )
    if number and db.session.scalar(other.limit(1)) is not None:
        raise DomainError(
            _("文书本编号 %(number)s 已登记在另一份文书上，请核对。", number=number),
            field="pad_number",
            code="pad_number",
        )
    detail = {"before": order.pad_number, "number": number}
    order.pad_number = number
    audit.record(viewer, "order_pad_number", subject="order", subject_id=order.id, detail=detail)


def _check_far(order: Order, item: OrderItem, day: date | None) -> None:
    """Refuse a day that can only be a slip. DOMAIN §2.8: what has to be put right at once is due on the day of the visit."""
    if day is None or day == item.deadline or not order.visited_on:
        return
    is_limited = order.kind is OrderKind.LIMITED
    most = organisations.brigade_settings(order.brigade_id).deadline_most_days if is_limited else 0
    if (day - order.visited_on).days <= most:
        return
    if is_limited:
        said = _("第 %(number)d 项的改正期限太远，请核对年份。", number=item.position)
    else:
        said = _("责令立即改正的，期限是检查当日；需要更长时间的，请另拟责令限期改正通知书。")
    raise DomainError(said, field="deadline", code="deadline_far")


def submit(viewer: Viewer, order: Order) -> None:
    """Send a draft on its road of approval."""
    items = items_of(order)
    if all(finding.closed_on is not None for _item, finding in items):
        raise DomainError(_("文书中的问题都已结束，不需要再办理，请撤销草稿。"), code="closed")
    if order.kind is OrderKind.LIMITED and any(item.deadline is None for item, _finding in items):
        raise DomainError(_("还有项目没有确定改正期限。"), field="deadline", code="deadline_missing")
    steps.take(viewer, order, OrderAct.SUBMIT)
    db.session.flush()


def discard(viewer: Viewer, order: Order, *, reason: str) -> None:
    """Give up a paper that has no number yet; it stays on record with the reason."""
    if not reason.strip():
        raise DomainError(_("请写明撤销理由。"), field="reason", code="reason_missing")
    steps.check(viewer, order, OrderAct.DISCARD)
    order.void_reason = reason.strip()
    with db.session.no_autoflush:
        steps.take(viewer, order, OrderAct.DISCARD, reason=reason.strip())
    db.session.flush()


def link_penalty(viewer: Viewer, order: Order, *, number: str) -> None:
    """Keep the number of the penalty case (处罚案号) that follows an order; penalties themselves are kept elsewhere."""
    if not viewer.may(Permission.DRAFT_ORDERS) or order.brigade_id not in viewer.brigade_ids:
        raise steps.NotYours(_("您的岗位不能关联处罚案号。"), code="role")
    if order.state in IN_PREPARATION:
        raise DomainError(_("文书签发后才能关联处罚案号。"), code="state")
    if order.penalty_number == number.strip():
        return
    before, order.penalty_number = order.penalty_number, number.strip()
    db.session.flush()
    events.note(viewer, "penalty", order, number=number.strip())
    detail = {"before": before, "number": number.strip()}
    audit.record(viewer, "order_penalty", subject="order", subject_id=order.id, detail=detail)
