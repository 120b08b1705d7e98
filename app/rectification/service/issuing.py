"""Giving an order its number and paper, printing what belongs to it, and taking it back or replacing it with a reason."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.rectification.models.orders import Order, OrderItem, ServiceAttempt
from app.rectification.rules.machine import OrderAct, OrderState
from app.rectification.rules.orders import OrderKind
from app.rectification.service import closing, drafting, events, papers, steps


def issue(viewer: Viewer, order: Order) -> IssuedDocument:
    """Give the order its number; from here on the dates on the paper are those in force.

    The order's row is locked by the caller: pressing twice issues one. Numbers are given in the same transaction, so that
    there is never a gap (DOMAIN §2.2).
    """
    steps.require(viewer, order.brigade_id, Permission.ISSUE_DOCUMENTS)
    if order.state in (OrderState.ISSUED, OrderState.SERVED) and order.document_id:
        return db.session.get_one(IssuedDocument, order.document_id)
    items = drafting.items_of(order)
    if not any(finding.closed_on is None for _item, finding in items):
        raise DomainError(_("文书中的问题都已结束，不需要再签发，请撤销草稿。"), code="closed")
    steps.check(viewer, order, OrderAct.ISSUE)
    paper = _print(viewer, order)
    steps.take(viewer, order, OrderAct.ISSUE, number=paper.number)
    order.issued_on = _dated(order)
    for item, finding in items:
        if finding.closed_on is None and order.kind is OrderKind.LIMITED:
            finding.deadline = item.deadline
    db.session.flush()
    closing.settle([finding.id for _item, finding in items])
    return paper


def _dated(order: Order) -> date:
    """What was served on the spot by a sheet of the pad bears the day of the visit; all else that of its number."""
    return order.visited_on if order.pad_number and order.visited_on else clock.today()


def _print(viewer: Viewer, order: Order, *, replaces: IssuedDocument | None = None) -> IssuedDocument:
    paper = documents.issue_about(
        papers.KINDS[order.kind],
        papers.order_context(order, issued_on=_dated(order)),
        order,
        "order",
        by=viewer,
        national_number=order.national_number,
        replaces=replaces,
    )
    order.document_id, order.number = paper.id, paper.number
    return paper


def preview(viewer: Viewer, order: Order, *, lang: str = "zh_Hans_CN") -> uuid.UUID:
    """Leave the job that makes the paper as it would look; returns the job."""
    if order.imported:
        raise DomainError(_("旧文书没有可预览的内容。"), code="imported")
    brigade = db.session.get_one(Brigade, order.brigade_id)
    context = papers.order_context(order, lang=lang)
    return documents.preview(papers.KINDS[order.kind], context, brigade=brigade, by=viewer, language=lang).id


def print_approval(viewer: Viewer, order: Order) -> IssuedDocument:
    """The sheet of approval (审批表) of an order that was approved; twice gives the one that is there."""
    if (
        not (viewer.may(Permission.DRAFT_ORDERS) or viewer.may(Permission.REVIEW_ORDERS))
        or order.brigade_id not in viewer.brigade_ids
    ):
        raise steps.NotYours(_("您的岗位不能办理这一步。"), code="role")
    if order.approved_at is None:
        raise DomainError(_("文书尚未审批，没有审批表。"), code="state")
    known = document_queries.newest_about(("order", order.id), papers.APPROVAL_SHEET.code)
    if known is not None:
        return known
    return documents.issue_about(papers.APPROVAL_SHEET, papers.approval_context(order), order, "order", by=viewer)


def print_receipt(viewer: Viewer, order: Order, attempt: ServiceAttempt) -> IssuedDocument:
    """The proof of service (送达回证) of the way that was taken; twice gives the one that is there."""
    steps.require(viewer, order.brigade_id, Permission.SERVE_ORDERS)
    known = document_queries.valid_one(attempt.receipt_id)
    if known is not None:
        return known
    paper = documents.issue_about(
        papers.SERVICE_RECEIPT, papers.receipt_context(order, attempt), order, "order", by=viewer
    )
    attempt.receipt_id = paper.id
    events.note(viewer, "print_receipt", order, number=paper.number)
    db.session.flush()
    return paper


def void(viewer: Viewer, order: Order, *, reason: str) -> None:
    """Declare an order that has its number void, with the reason; its paper is revoked and its number stays taken."""
    if not reason.strip():
        raise DomainError(_("请写明作废理由。"), field="reason", code="reason_missing")
    steps.take(viewer, order, OrderAct.VOID, reason=reason.strip())
    order.void_reason = reason.strip()
    if order.document_id:
        documents.make_invalid(db.session.get_one(IssuedDocument, order.document_id), by=viewer, reason=reason)
    db.session.flush()


def replace(viewer: Viewer, order: Order, *, reason: str) -> Order:
    """Void an order and draft another with the same items in its place; the new one walks the road of approval again."""
    steps.require(viewer, order.brigade_id, Permission.VOID_ORDERS)
    known = db.session.scalar(sa.select(Order).where(Order.replaces_id == order.id))
    if known is not None:
        return known
    items = drafting.items_of(order)
    void(viewer, order, reason=reason)
    living = [finding for _item, finding in items if finding.closed_on is None]
    if not living or order.lead_id is None or order.second_id is None or order.visited_on is None:
        raise DomainError(_("没有未结束的问题，作废即可，不需要替换。"), code="closed")
    new = drafting.draft(
        viewer,
        kind=order.kind,
        findings=living,
        officers=(order.lead_id, order.second_id),
        visited_on=order.visited_on,
        inspection_id=order.inspection_id,
    )
    new.replaces_id = order.id
    for item in db.session.scalars(sa.select(OrderItem).where(OrderItem.order_id == new.id)):
        before = next(old for old, _finding in items if old.finding_id == item.finding_id)
        item.deadline = before.deadline
    db.session.flush()
    events.note(viewer, "replace", order, new=str(new.id))
    return new
