"""The brigade's clocks that are running over findings and orders: for the page of clocks, and for changed calendars."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorHazard
from app.rectification.models.orders import Order, OrderKind, OrderState
from app.rectification.models.sealing import Sealing, SealingApplication
from app.rectification.queries import findings as queries
from app.rectification.rules import clocks as rules
from app.rectification.rules import major, sealing
from app.rectification.rules.findings import Facts, recheck_clock_start
from app.regulations.clock_sources import PlacedClock, placed
from app.regulations.rules.clocks import ClockKind
from app.regulations.words import CLOCKS
from app.schools import queries as schools
from app.schools.models import School


class _School(NamedTuple):
    """What a clock says of its school; there may be thousands of findings, so no more is read of it."""

    id: uuid.UUID
    name: str
    name_en: str
    area_code: str
    brigade_id: uuid.UUID


_SCHOOL = tuple(getattr(School, name) for name in _School._fields)


@dataclass
class _Rechecks:
    """What of one school is to be looked at again from the same day on."""

    school: _School
    findings: list[uuid.UUID] = field(default_factory=list)
    owners: set[uuid.UUID] = field(default_factory=set)


def rechecks(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Re-checks that are due within three working days of a deadline or request (消防监督检查规定 Art. 20), in one query."""
    officers = queries.inspection_table
    rows = db.session.execute(
        sa.select(Finding.id, Finding.found_on, Finding.deadline, officers.c.lead_id, officers.c.second_id)
        .add_columns(*standing.FACTS, *_SCHOOL)
        .join(School, School.id == Finding.school_id)
        .outerjoin(officers, officers.c.id == Finding.inspection_id)
        .where(
            queries.visible(viewer),
            standing.awaits_recheck(clock.today()),
            School.area_code.startswith(area_code or "", autoescape=True),
        )
        .order_by(School.name, Finding.id)
    )
    visits: dict[tuple[uuid.UUID, date], _Rechecks] = {}
    for (
        finding_id,
        found_on,
        deadline,
        lead_id,
        second_id,
        sent,
        returned,
        applied,
        looked,
        outcome,
        *of_school,
    ) in rows:
        school = _School(*of_school)
        facts = Facts(
            found_on=found_on,
            deadline=deadline,
            evidence_at=sent,
            returned_at=returned,
            applied_at=applied,
            rechecked_at=looked,
            outcome=outcome,
        )
        started = recheck_clock_start(facts)
        if started is not None:
            visit = visits.setdefault((school.id, started), _Rechecks(school))
            visit.findings.append(finding_id)
            visit.owners |= {lead_id, second_id}
    for (school_id, started), visit in visits.items():
        yield placed(
            ClockKind.RECHECK,
            started,
            key=f"recheck-{school_id}-{started.isoformat()}",
            label=_label(visit.school, ngettext("%(num)d 项待复查", "%(num)d 项待复查", len(visit.findings))),
            href=f"/findings?state=awaiting&school={school_id}",
            area_code=visit.school.area_code,
            school=_name(visit.school),
            brigade_id=visit.school.brigade_id,
            owner_ids=visit.owners,
        )


def _name(school: School | _School) -> str:
    return localised(school.name, school.name_en)


def _label(school: School | _School, what: str) -> str:
    return str(_("%(school)s：%(what)s", school=_name(school), what=what))


#: Which permission an order waits for.
_WAITS_FOR = {
    OrderState.LEGAL_REVIEW: Permission.REVIEW_ORDERS,
    OrderState.APPROVAL: Permission.APPROVE_ORDERS,
}


def orders(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Orders on their way to the school: to be served in time, whoever has them in hand, in one query."""
    rows: Any = db.session.execute(
        sa.select(Order, Order.visited_on, School)
        .join(School, School.id == Order.school_id)
        .where(
            schools.visible(viewer),
            Order.brigade_id.in_(viewer.brigade_ids),
            Order.state.in_(rules.UNSERVED),
            Order.imported.is_(False),
            Order.visited_on.is_not(None),
            School.area_code.startswith(area_code or "", autoescape=True),
        )
        .order_by(School.name, Order.id)
    )
    for order, visited_on, school in rows:
        waits_for = _WAITS_FOR.get(order.state)
        yield placed(
            rules.service_clock(order.kind),
            visited_on,
            key=f"order-{order.id}",
            label=_label(school, _order_words(order)),
            href=f"/orders/{order.id}",
            area_code=school.area_code,
            school=_name(school),
            brigade_id=order.brigade_id,
            owner_ids=() if waits_for else (order.lead_id, order.second_id),
            permission=waits_for or "",
        )


def _order_words(order: Order) -> str:
    paper = _("责令限期改正通知书") if order.kind is OrderKind.LIMITED else _("责令立即改正通知书")
    step = {
        OrderState.DRAFT: _("起草中"),
        OrderState.LEGAL_REVIEW: _("待法制审核"),
        OrderState.APPROVAL: _("待审批"),
        OrderState.APPROVED: _("待签发"),
        OrderState.ISSUED: _("待送达"),
    }[order.state]
    return f"{paper}{order.number}（{step}）"


def majors(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Major hazards to be studied or notified (Art. 21), in one query."""
    for record, school in _records(MajorHazard, major.OPEN, viewer, area_code):
        running = major.running(
            major.MajorFacts(
                state=record.state,
                visited_on=record.visited_on,
                determined_on=record.determined_on,
                with_experts=record.with_experts,
            )
        )
        if running is not None:
            kind, started = running
            decides = record.state is major.MajorState.STUDIED
            yield _of_record(kind, started, "major", record, school, Permission.APPROVE_ORDERS if decides else "")


def sealings(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """Sealings: the document, the term, the check and the decision on lifting (Arts 22–25), in two queries."""
    found = list(_records(Sealing, sealing.OPEN, viewer, area_code))
    waiting = (sealing.SealingState.APPLIED, sealing.SealingState.CHECKED)
    asked = {
        one.sealing_id: one
        for one in db.session.scalars(
            sa.select(SealingApplication).where(
                SealingApplication.sealing_id.in_([record.id for record, _school in found if record.state in waiting]),
                SealingApplication.granted.is_(None),
            )
        )
    }
    for record, school in found:
        application = asked.get(record.id)
        facts = sealing.SealingFacts(
            state=record.state,
            visited_on=record.visited_on,
            urgent=record.urgent,
            sealed_at=record.sealed_at,
            until=record.sealed_until,
            applied_on=application.applied_on if application else None,
            checked_on=application.checked_on if application else None,
        )
        decides = record.state in (sealing.SealingState.PROPOSED, sealing.SealingState.CHECKED)
        for one in sealing.running(facts):
            yield _of_record(
                one.kind, one.started, "sealings", record, school, Permission.APPROVE_ORDERS if decides else ""
            )


def _records(table: Any, states: Any, viewer: Viewer, area_code: str | None) -> Iterator[tuple[Any, School]]:
    rows = db.session.execute(
        sa.select(table, School)
        .join(School, School.id == table.school_id)
        .where(
            schools.visible(viewer),
            table.brigade_id.in_(viewer.brigade_ids),
            table.state.in_(states),
            School.area_code.startswith(area_code or "", autoescape=True),
        )
        .order_by(School.name, table.id)
    )
    yield from ((record, school) for record, school in rows)


def _of_record(
    kind: ClockKind, started: date | datetime, address: str, record: Any, school: School, permission: str
) -> PlacedClock:
    return placed(
        kind,
        started,
        key=f"{kind}-{record.id}",
        label=_label(school, str(CLOCKS[kind])),
        href=f"/{address}/{record.id}",
        area_code=school.area_code,
        school=_name(school),
        brigade_id=record.brigade_id,
        owner_ids=() if permission else (record.lead_id, record.second_id),
        permission=permission,
    )
