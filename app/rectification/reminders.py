"""Which open findings their schools are reminded of on a day: so many days before the deadline or after it, as the brigade set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.notifications.reminders import Reminder, register_reminder_source
from app.organisations.models import Brigade
from app.organisations.setting_kinds import days_of
from app.organisations.settings import settings_of
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem
from app.rectification.rules.machine import IN_FORCE
from app.schools.models import School


def _deadlines(day: date) -> dict[Any, set[date]]:
    """For each brigade the deadlines that are mentioned on this day."""
    found = {}
    for brigade_id, stored in db.session.execute(sa.select(Brigade.id, Brigade.settings)):
        settings = settings_of(stored)
        before = {day + timedelta(days=n) for n in days_of(settings.remind_before)}
        found[brigade_id] = before | {day - timedelta(days=n) for n in days_of(settings.remind_after)}
    return found


@register_reminder_source
def of_findings(day: date) -> Iterator[Reminder]:
    """Each open finding whose deadline is as far off as the setting says, unless what the school sent waits for the brigade.

    A finding on an order in force is called by the order's number and its position there.
    """
    wanted = _deadlines(day)
    every = set().union(*wanted.values())
    living = sa.select(Order.id).where(Order.state.in_(IN_FORCE))
    query = (
        sa.select(Finding, School.name, School.name_en, Order.id, Order.number, Order.kind, OrderItem.position)
        .join(School, School.id == Finding.school_id)
        .outerjoin(OrderItem, sa.and_(OrderItem.finding_id == Finding.id, OrderItem.order_id.in_(living)))
        .outerjoin(Order, Order.id == OrderItem.order_id)
        .where(Finding.closed_on.is_(None), Finding.deadline.in_(every), ~standing.has_unanswered_evidence())
        .order_by(Finding.id, Order.id)
    )
    for finding, school, school_en, order_id, number, kind, position in db.session.execute(query):
        if finding.deadline is not None and finding.deadline in wanted.get(finding.brigade_id, ()):
            yield Reminder(
                key=f"finding:{finding.id}:{finding.deadline}:{(day - finding.deadline).days}",
                event="deadline_passed" if finding.deadline < day else "deadline_near",
                subject=("finding", finding.id),
                school_id=finding.school_id,
                data={
                    "school": school,
                    "school_en": school_en,
                    "text": finding.text,
                    "text_en": finding.text_en,
                    "place": finding.place_label,
                    "deadline": finding.deadline,
                    **(
                        {"order_number": number, "order_kind": kind.value, "position": position, "order": str(order_id)}
                        if order_id
                        else {}
                    ),
                },
                urgent=finding.deadline < day,
            )
