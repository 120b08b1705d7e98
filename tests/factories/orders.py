"""Orders at each step of their road."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind, ServiceMethod
from app.rectification.service import approving, drafting, issuing, links, serving
from app.rectification.service import findings as finding_service
from app.rectification.service.findings import RecheckReading
from tests.cast import Cast
from tests.factories import rectification as make
from tests.factories.pictures import strokes


def draft(
    cast: Cast,
    *,
    kind: OrderKind = OrderKind.LIMITED,
    findings: list[Finding] | None = None,
    count: int = 2,
    **more: Any,
) -> Order:
    """A draft by Ines for findings of one visit of hers and Ivo's to Pema's school."""
    if findings is None:
        row = make.inspection(cast, on=more.pop("on", None), school_id=more.pop("school_id", None))
        findings = [
            make.finding(cast, row=row, item_code=f"EXI-0{n}", found_on=clock.day_of(row.started_at), **more)
            for n in range(1, count + 1)
        ]
    return drafting.draft(
        cast.viewer("ines"),
        kind=kind,
        findings=findings,
        officers=(cast.people["ines"], cast.people["ivo"]),
        inspection_id=findings[0].inspection_id,
        visited_on=findings[0].found_on,
    )


def approved(cast: Cast, **more: Any) -> Order:
    """Submitted by Ines, passed by Olga, approved by Lea."""
    order = draft(cast, **more)
    drafting.submit(cast.viewer("ines"), order)
    if order.state is OrderState.LEGAL_REVIEW:
        approving.pass_review(cast.viewer("olga"), order)
    if order.state is OrderState.APPROVAL:
        approving.approve(cast.viewer("lea"), order)
    return order


def issued(cast: Cast, **more: Any) -> Order:
    """With its number."""
    order = approved(cast, **more)
    issuing.issue(cast.viewer("ines"), order)
    return order


def served(cast: Cast, **more: Any) -> Order:
    """Handed over to Pema."""
    order = issued(cast, **more)
    serving.serve(cast.viewer("ines"), order, by_hand())
    return order


def by_hand(**more: Any) -> serving.Service:
    """Pema signs for it."""
    return serving.Service(
        **{"method": ServiceMethod.HAND, "to_name": "白玛", "to_post": "校长", "strokes": strokes()} | more
    )


def link(cast: Cast, order: Order) -> str:
    """The token of a link to an order in force."""
    return links.make(cast.viewer("ines"), order)[1]


def paper(order: Order) -> IssuedDocument:
    """The order's paper."""
    return db.session.get_one(IssuedDocument, order.document_id)


def in_days(days: int) -> Any:
    """A day from today."""
    return clock.today() + timedelta(days=days)


def acts_of(order: Order) -> list[str]:
    """What was done with an order, in its order."""
    return list(
        db.session.scalars(
            sa.select(OrderEvent.act).where(OrderEvent.order_id == order.id).order_by(OrderEvent.at, OrderEvent.id)
        )
    )


def recheck(cast: Cast, order: Order, outcome: RecheckOutcome, *, only: int | None = None) -> None:
    """Ines looks again at what is open on an order, or at the first few of it."""
    row = make.inspection(cast, school_id=order.school_id)
    found = [f for _i, f in drafting.items_of(order) if f.closed_on is None]
    finding_service.apply_recheck(
        cast.viewer("ines"),
        inspection=make.facts(cast, row),
        results=[RecheckReading(finding_id=f.id, outcome=outcome) for f in (found[:only] if only else found)],
    )
