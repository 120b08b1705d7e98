"""How far findings have come, over all the orders each is on."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem
from app.rectification.rules.machine import OrderState, Progress, Stage, stage_of

#: An order that a finding is on counts while it has a number and is not void.
_COUNTS = (OrderState.ISSUED, OrderState.SERVED, OrderState.CLOSED)


def of(finding_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """The progress of findings that were seen already, in two queries."""
    ids = list(finding_ids)
    handed_over = db.session.execute(
        sa.select(OrderItem.finding_id, sa.func.max(Order.served_at))
        .join(Order, Order.id == OrderItem.order_id)
        .where(OrderItem.finding_id.in_(ids), Order.state.in_(_COUNTS))
        .group_by(OrderItem.finding_id)
    )
    served: dict[uuid.UUID, datetime | None] = {key: moment for key, moment in handed_over}  # noqa: C416
    rows = db.session.scalars(sa.select(Finding).where(Finding.id.in_(ids)))
    return {
        finding.id: Progress(
            facts=standing.facts_of(finding),
            closed_how=finding.closed_how,
            is_ordered=finding.id in served,
            served_at=served.get(finding.id),
        )
        for finding in rows
    }


def stages(finding_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Stage]:
    """At which stage each finding is today."""
    today = clock.today()
    return {key: stage_of(progress, today) for key, progress in of(finding_ids).items()}
