"""Who hears of what happens to an order or a finding: one table, read by the timeline's own notes, so no act is forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Role
from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.notifications import service as notifications
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import Deputy, Order, OrderItem
from app.rectification.rules.findings import RECHECK_WORKDAYS, RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind, ServiceMethod
from app.regulations.queries import workdays_of
from app.regulations.rules.calendars import add_workdays
from app.schools.models import School

#: What is read of inspections, which stand above: whose they are.
_inspection = sa.table(
    "inspection", sa.column("id", sa.Uuid()), sa.column("lead_id", sa.Uuid()), sa.column("second_id", sa.Uuid())
)


@dataclass(frozen=True, kw_only=True)
class News:
    """Something told: the event, whether to the school, else to which roles or people of the brigade; and how soon."""

    event: str
    to_school: bool = False
    roles: frozenset[Role] = frozenset()
    people: tuple[uuid.UUID | None, ...] = ()
    urgent: bool = False


Detail = dict[str, Any]


def _officers(order: Order) -> tuple[uuid.UUID | None, ...]:
    return order.lead_id, order.second_id


def _deputies(brigade_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    today = clock.today()
    query = sa.select(Deputy.person_id).where(
        Deputy.brigade_id == brigade_id, Deputy.from_on <= today, Deputy.to_on >= today, Deputy.ended_at.is_(None)
    )
    return tuple(db.session.scalars(query))


def _on_its_road(order: Order, _detail: Detail) -> Iterable[News]:
    """The next to look at it: the legal reviewer, or the leader and who stands in for one."""
    if order.state is OrderState.LEGAL_REVIEW:
        yield News(event="order_review_wanted", roles=frozenset({Role.OFFICE}))
    elif order.state is OrderState.APPROVAL:
        leaders = frozenset({Role.LEADER})
        yield News(event="order_approval_wanted", roles=leaders, people=_deputies(order.brigade_id))


def _approved(order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_approved", people=_officers(order))


def _returned(order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_returned", people=(*_officers(order), order.drafted_by_id))


def _issued(order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_issued", people=_officers(order))


def _sent(_order: Order, detail: Detail) -> Iterable[News]:
    if detail.get("method") == ServiceMethod.LINK.value:
        yield News(event="order_to_confirm", to_school=True, urgent=True)


def _served(order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_served", to_school=True, urgent=order.kind is OrderKind.IMMEDIATE)


def _closed(_order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_closed", to_school=True)


def _void(_order: Order, _detail: Detail) -> Iterable[News]:
    yield News(event="order_void", to_school=True)


#: Acts with an order, by the word of its timeline.
ABOUT_ORDERS: dict[str, Callable[[Order, Detail], Iterable[News]]] = {
    "submit": _on_its_road,
    "pass_review": _on_its_road,
    "approve": _approved,
    "return": _returned,
    "issue": _issued,
    "send": _sent,
    "serve": _served,
    "close": _closed,
    "void": _void,
}


def _evidence(finding: Finding, _detail: Detail) -> Iterable[News]:
    newest = sa.select(Evidence.asks_recheck).where(Evidence.finding_id == finding.id)
    if not db.session.scalar(newest.order_by(Evidence.sent_at.desc(), Evidence.id.desc()).limit(1)):
        yield News(event="evidence_sent", people=_finders(finding))


def _applied(finding: Finding, _detail: Detail) -> Iterable[News]:
    yield News(event="recheck_applied", people=_finders(finding))


def _finders(finding: Finding) -> tuple[uuid.UUID | None, ...]:
    row = db.session.execute(
        sa.select(_inspection.c.lead_id, _inspection.c.second_id).where(_inspection.c.id == finding.inspection_id)
    ).first()
    return tuple(row) if row else ()


def _rechecked(_finding: Finding, detail: Detail) -> Iterable[News]:
    passed = detail.get("outcome") == RecheckOutcome.CORRECTED.value
    yield News(event="recheck_passed" if passed else "recheck_failed", to_school=True, urgent=not passed)


def _to_school(event: str, *, urgent: bool = False) -> Callable[[Finding, Detail], Iterable[News]]:
    return lambda _finding, _detail: [News(event=event, to_school=True, urgent=urgent)]


#: Acts with a finding, by the word of the timeline.
ABOUT_FINDINGS: dict[str, Callable[[Finding, Detail], Iterable[News]]] = {
    "send_evidence": _evidence,
    "apply_recheck": _applied,
    "evidence_accepted": _to_school("evidence_accepted"),
    "evidence_returned": _to_school("evidence_returned", urgent=True),
    "ask_extension": lambda _f, _d: [News(event="extension_asked", roles=frozenset({Role.LEADER}))],
    "grant_extension": _to_school("extension_granted"),
    "refuse_extension": _to_school("extension_refused", urgent=True),
    "recheck": _rechecked,
    "reopen_finding": _to_school("sample_failed", urgent=True),
}


def about_order(act: str, order: Order, detail: Detail) -> None:
    """Tell of an act with an order. Writes without a flush: the act may still be setting what its constraints want."""
    news_of = ABOUT_ORDERS.get(act)
    if news_of is None or order.imported:
        return
    with db.session.no_autoflush:
        data = _school(order.school_id) | {
            "order_number": order.number,
            "order_kind": order.kind.value,
            "deadline": order.next_deadline,
            "reason": detail.get("reason", ""),
        }
        for news in news_of(order, detail):
            _leave(news, school_id=order.school_id, brigade_id=order.brigade_id, subject=("order", order.id), data=data)


def about_finding(act: str, finding_id: uuid.UUID, detail: Detail, order_id: uuid.UUID | None) -> None:
    """Tell of an act with a finding; `order_id`: the order in force by which it is called, if any."""
    news_of = ABOUT_FINDINGS.get(act)
    if news_of is None:
        return
    with db.session.no_autoflush:
        finding = db.session.get_one(Finding, finding_id)
        wanted = detail.get("wanted")
        data = _school(finding.school_id) | {
            "text": finding.text,
            "text_en": finding.text_en,
            "deadline": finding.deadline,
            "reason": detail.get("reason", ""),
            "wanted": date.fromisoformat(wanted) if wanted else None,
            **_place_on_order(order_id, finding_id),
        }
        for news in news_of(finding, detail):
            due = _recheck_due(finding) if news.event == "recheck_applied" else None
            _leave(
                news,
                school_id=finding.school_id,
                brigade_id=finding.brigade_id,
                subject=("finding", finding.id),
                data=data | {"due": due},
            )


def _school(school_id: uuid.UUID) -> Detail:
    school = db.session.get_one(School, school_id)
    return {"school": school.name, "school_en": school.name_en}


def _place_on_order(order_id: uuid.UUID | None, finding_id: uuid.UUID) -> Detail:
    if order_id is None:
        return {}
    row = db.session.execute(
        sa.select(Order.number, Order.kind, OrderItem.position)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(Order.id == order_id, OrderItem.finding_id == finding_id)
    ).first()
    return {"order_number": row[0], "order_kind": row[1].value, "position": row[2]} if row else {}


def _recheck_due(finding: Finding) -> date:
    """Three working days from today. 消防监督检查规定 Art. 20."""
    school = db.session.get_one(School, finding.school_id)
    return add_workdays(clock.today(), RECHECK_WORKDAYS, workdays_of(school.area_code)).day


def _leave(
    news: News, *, school_id: uuid.UUID, brigade_id: uuid.UUID, subject: tuple[str, uuid.UUID], data: Detail
) -> None:
    people = [person for person in news.people if person is not None]
    notifications.tell(
        news.event,
        person_ids=() if news.to_school else people,
        school_id=school_id if news.to_school else None,
        brigade_id=None if news.to_school else brigade_id,
        roles=news.roles,
        subject=subject,
        data={key: value for key, value in data.items() if value not in (None, "")},
        urgent=news.urgent,
        key=f"{news.event}:{new_id()}",
        fresh=True,
    )
