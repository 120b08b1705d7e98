"""The answer to a request for more time, on paper (延期改正申请答复书)."""

from __future__ import annotations

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
from app.rectification import order_words as words
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Extension, Order, OrderItem
from app.rectification.papers.extension import EXTENSION_DECISION, ExtensionDecision, WantedDate
from app.rectification.papers.parts import Unit
from app.rectification.service import events, steps
from app.schools.models import School


def print_decision(viewer: Viewer, order: Order, request: Extension) -> IssuedDocument:
    """Give the answer its number and leave the job that makes it; twice gives the one that is there."""
    steps.require(viewer, order.brigade_id, Permission.SERVE_ORDERS)
    if request.decided_at is None:
        raise DomainError(_("这份延期申请还没有答复。"), code="undecided")
    known = document_queries.valid_one(request.document_id)
    if known is not None:
        return known
    school = db.session.get_one(School, order.school_id)
    paper = documents.issue(
        EXTENSION_DECISION,
        _context(order, request, school),
        brigade=db.session.get_one(Brigade, order.brigade_id),
        by=viewer,
        subject=("order", order.id),
        school=school,
    )
    request.document_id = paper.id
    events.note(viewer, "print_extension", order, finding_id=request.finding_id, number=paper.number)
    db.session.flush()
    return paper


def _context(order: Order, request: Extension, school: School) -> ExtensionDecision:
    finding = db.session.get_one(Finding, request.finding_id)
    position = db.session.scalar(
        sa.select(OrderItem.position).where(OrderItem.order_id == order.id, OrderItem.finding_id == finding.id)
    )
    item = WantedDate(
        number=position or 1,
        problem=_("%(where)s：%(text)s", where=finding.place_label, text=finding.text)
        if finding.place_label
        else finding.text,
        before=request.before,
        wanted=request.wanted,
        reason=request.reason,
        granted=request.granted,
        deadline=request.deadline,
    )
    return ExtensionDecision(
        unit=Unit(name=school.name, name_bo=school.name_bo),
        order_title=str(words.KINDS[order.kind]),
        order_number=order.number,
        asked_on=clock.day_of(request.asked_at),
        items=(item,),
        reason=request.decision_reason,
        issued_on=clock.today(),
    )
