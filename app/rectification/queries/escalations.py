"""Cases that a higher level was asked to supervise (督办): those of the viewer's own level, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.db import unindexed
from app.core.extensions import db
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.queries.orders import visible
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.orders import EscalationLevel
from app.schools.models import School

#: How many cases the home page shows.
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Escalated:
    """One asking, with what was answered so far, the last answer last."""

    event: OrderEvent
    order: Order
    school: School
    answers: Sequence[OrderEvent]


def own_level(viewer: Viewer) -> EscalationLevel:
    """Which level the viewer speaks for."""
    return EscalationLevel.DETACHMENT if viewer.brigade_ids else EscalationLevel.BUREAU


def level_of(event: OrderEvent) -> EscalationLevel:
    """Which level was asked; what was kept before there were levels went to the detachment."""
    return EscalationLevel(event.detail.get("level", EscalationLevel.DETACHMENT))


def is_asked(viewer: Viewer, order: Order, event: OrderEvent) -> bool:
    """Whether the viewer belongs to the level that was asked about this order (seen already)."""
    own = event.act == "escalate" and event.order_id == order.id and level_of(event) is own_level(viewer)
    return own and viewer.may(Permission.ANSWER_ESCALATIONS)


def for_level(viewer: Viewer, *, most: int = SHOWN) -> list[Escalated]:
    """The cases in force that the viewer's level was asked about, those without an answer first, in two queries."""
    if not viewer.may(Permission.ANSWER_ESCALATIONS):
        return []
    answer = sa.orm.aliased(OrderEvent)
    answered = sa.exists().where(
        answer.order_id == OrderEvent.order_id,
        answer.act == "answer_escalation",
        answer.at >= OrderEvent.at,
        answer.finding_id.is_not_distinct_from(OrderEvent.finding_id),
    )
    asked = sa.func.coalesce(OrderEvent.detail["level"].as_string(), EscalationLevel.DETACHMENT.value)
    rows = db.session.execute(
        sa.select(OrderEvent, Order, School)
        .join(Order, Order.id == OrderEvent.order_id)
        .join(School, School.id == Order.school_id)
        .where(
            OrderEvent.act == sa.literal_column("'escalate'"),  # as the index of these few says it
            unindexed(Order.state).in_(IN_FORCE),
            visible(viewer),
            asked == own_level(viewer).value,
        )
        .order_by(answered, OrderEvent.at.desc(), OrderEvent.id)
        .limit(most)
    ).all()
    answers = answers_to([event.id for event, _order, _school in rows], *[order.id for _event, order, _s in rows])
    return [
        Escalated(event=event, order=order, school=school, answers=answers.get(event.id, []))
        for event, order, school in rows
    ]


def answers_to(event_ids: Collection[uuid.UUID], *order_ids: uuid.UUID) -> dict[uuid.UUID, list[OrderEvent]]:
    """What was answered to these askings, of these orders, in one query."""
    if not event_ids:
        return {}
    query = sa.select(OrderEvent).where(OrderEvent.order_id.in_(order_ids), OrderEvent.act == "answer_escalation")
    return _by_asking(db.session.scalars(query.order_by(OrderEvent.at, OrderEvent.id)), event_ids)


def of_case(events: Sequence[OrderEvent]) -> list[tuple[OrderEvent, list[OrderEvent]]]:
    """The askings of one order with their answers, from its timeline (read already)."""
    asked = [event for event in events if event.act == "escalate"]
    found = _by_asking((e for e in events if e.act == "answer_escalation"), [event.id for event in asked])
    return [(event, found.get(event.id, [])) for event in asked]


def _by_asking(answers: Iterable[OrderEvent], event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[OrderEvent]]:
    wanted = {str(key): key for key in event_ids}
    found: dict[uuid.UUID, list[OrderEvent]] = {}
    for one in answers:
        key = wanted.get(one.detail.get("of", ""))
        if key is not None:
            found.setdefault(key, []).append(one)
    return found
