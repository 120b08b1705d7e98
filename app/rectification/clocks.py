"""The brigade's clocks that are running over findings and orders: for the page of clocks, and for changed calendars."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import language
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorHazard
from app.rectification.models.orders import Order, OrderKind, OrderState
from app.rectification.models.sealing import Sealing, SealingApplication
from app.rectification.queries import findings as queries
from app.rectification.rules import clocks as rules
from app.rectification.rules import major, sealing
from app.rectification.rules.findings import recheck_start
from app.regulations.clock_sources import PlacedClock, Waiting, Whose, placed
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


class _Order(NamedTuple):
    """What a clock says of its order."""

    id: uuid.UUID
    kind: OrderKind
    state: OrderState
    number: str
    visited_on: date
    brigade_id: uuid.UUID
    lead_id: uuid.UUID | None
    second_id: uuid.UUID | None


#: No start was reckoned yet; None is a start that there is not.
_UNKNOWN = object()
_SCHOOL = tuple(getattr(School, name) for name in _School._fields)


def rechecks(viewer: Viewer, area_code: str | None) -> Iterator[Waiting]:
    """Re-checks that are due within three working days of a deadline or request (消防监督检查规定 Art. 20), in one query."""
    visits: dict[tuple[Any, date], list[Any]] = {}
    starts = dict[Any, Any]()
    for row in _awaiting(viewer, area_code):
        _lead, _second, _findings, deadline, applied, looked, school_id, *_rest = row
        told = deadline, applied, looked
        started = starts.get(told, _UNKNOWN)
        if started is _UNKNOWN:
            started = starts[told] = recheck_start(deadline, _as_moment(applied), _as_moment(looked))
        if started is not None:
            visits.setdefault((school_id, started), []).append(row)
    tell, whose = _visit(), _whose()
    for (_school_id, started), rows in visits.items():
        first, findings = rows[0], sum(row.findings for row in rows)
        owners = first[:2] if len(rows) == 1 else tuple({one for row in rows for one in row[:2]})
        belongs = whose(first.brigade_id, owners)
        yield Waiting(
            ClockKind.RECHECK, started, first.area_code, belongs, partial(tell, first[6:], findings, started, belongs)
        )


def _visit() -> Callable[[Any, int, date, Whose], PlacedClock]:
    """How the clock of one school's re-checks is told, when it is read."""
    label, name = _labels(), _names()
    said = cache(lambda number: ngettext("%(num)d 项待复查", "%(num)d 项待复查", number))

    def tell(of_school: Any, findings: int, started: date, whose: Whose) -> PlacedClock:
        school = _School(*of_school)
        school_id = _as_id(school.id)
        return placed(
            ClockKind.RECHECK,
            started,
            key=f"recheck-{school_id}-{started.isoformat()}",
            label=label(school, said(findings)),
            href=f"/findings?state=awaiting&school={school_id}",
            area_code=school.area_code,
            school=name(school),
            brigade_id=whose.brigade_id,
            owner_ids=whose.owner_ids,
        )

    return tell


def _awaiting(viewer: Viewer, area_code: str | None) -> Any:
    """What waits for a re-check, by school and officers: how many findings of the same dates, and what their clock goes by."""
    officers = queries.inspection_table
    alike = (
        officers.c.lead_id,
        officers.c.second_id,
        Finding.deadline,
        Finding.applied_at,
        Finding.rechecked_at,
        Finding.school_id,
    )
    one = (
        sa.select(*alike, sa.func.count().label("findings"))
        .outerjoin(officers, officers.c.id == Finding.inspection_id)
        .where(standing.awaits_recheck(clock.today()))
        .group_by(*alike)
        .subquery("waiting")
        .c
    )
    return _rows(
        sa.select(
            _unread(one.lead_id),
            _unread(one.second_id),
            one.findings,
            one.deadline,
            _unread(one.applied_at),
            _unread(one.rechecked_at),
        )
        .add_columns(*(_cheap(column) for column in _SCHOOL))
        .join_from(one.school_id.table, School, School.id == one.school_id)
        .where(schools.visible(viewer), *_within(area_code))
    )


def _rows(wanted: sa.Select[Any]) -> Any:
    """Thousands of rows of plain columns: the session writes what it still holds, and the connection reads them faster."""
    db.session.flush()
    return db.session.connection().execute(wanted).all()


def _unread(column: Any) -> Any:
    """An id or a moment as the database keeps it: thousands of rows name a few officers and brigades, each is read once (`_as_id`)."""
    return sa.type_coerce(column, sa.String)


def _cheap(column: Any) -> Any:
    return _unread(column) if isinstance(column.type, sa.Uuid) else column


def _as_moment(kept: Any) -> datetime | None:
    """A moment as the database keeps it; SQLite keeps a text in UTC."""
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if isinstance(kept, str) else kept


def _as_id(kept: Any) -> uuid.UUID:
    return kept if isinstance(kept, uuid.UUID) else uuid.UUID(kept)


def _whose() -> Callable[..., Whose]:
    """Whose clocks are, by ids as the database keeps them: thousands of clocks name a few brigades and officers."""
    as_id = cache(_as_id)

    @cache
    def whose(brigade_id: Any, owner_ids: tuple[Any, ...], permission: Permission | None = None) -> Whose:
        return Whose(as_id(brigade_id), frozenset(as_id(one) for one in owner_ids if one), permission)

    return whose


def _within(area_code: str | None) -> list[sa.ColumnElement[bool]]:
    return [School.area_code.startswith(area_code, autoescape=True)] if area_code else []


def _labels() -> Callable[[School | _School, str], str]:
    """How a clock is named; language and words are looked up once for thousands of clocks."""
    words, name = _("%(school)s：%(what)s"), _names()
    return lambda school, what: words % {"school": name(school), "what": what}


def _names() -> Callable[[School | _School], str]:
    """How a school is named, by the language of the moment."""
    if language() == "en":
        return lambda school: school.name_en or school.name
    return lambda school: school.name


#: Which permission an order waits for.
_WAITS_FOR = {
    OrderState.LEGAL_REVIEW: Permission.REVIEW_ORDERS,
    OrderState.APPROVAL: Permission.APPROVE_ORDERS,
}


def orders(viewer: Viewer, area_code: str | None) -> Iterator[Waiting]:
    """Orders on their way to the school: to be served in time, whoever has them in hand, in one query."""
    rows: Any = _rows(
        sa.select(*(_cheap(getattr(Order, name)) for name in _Order._fields), *(_cheap(one) for one in _SCHOOL))
        .join(School, School.id == Order.school_id)
        .where(
            schools.visible(viewer),
            Order.brigade_id.in_(viewer.brigade_ids),
            Order.state.in_(rules.UNSERVED),
            Order.imported.is_(False),
            Order.visited_on.is_not(None),
            *_within(area_code),
        )
        .order_by(School.sort_name, Order.id)
    )
    width, tell, whose = len(_Order._fields), _service(), _whose()
    for row in rows:
        order, waits_for = _Order(*row[:width]), _WAITS_FOR.get(row.state)
        belongs = whose(order.brigade_id, () if waits_for else (order.lead_id, order.second_id), waits_for)
        yield Waiting(
            rules.service_clock(order.kind),
            order.visited_on,
            row.area_code,
            belongs,
            partial(tell, order, row[width:], belongs),
        )


def _service() -> Callable[[_Order, Any, Whose], PlacedClock]:
    """How the clock of an order on its way is told, when it is read."""
    label, name, said = _labels(), _names(), cache(_order_words)

    def tell(order: _Order, of_school: Any, whose: Whose) -> PlacedClock:
        school, order_id = _School(*of_school), _as_id(order.id)
        paper, step = said(order.kind, order.state)
        return placed(
            rules.service_clock(order.kind),
            order.visited_on,
            key=f"order-{order_id}",
            label=label(school, f"{paper}{order.number}（{step}）"),
            href=f"/orders/{order_id}",
            area_code=school.area_code,
            school=name(school),
            brigade_id=whose.brigade_id,
            owner_ids=whose.owner_ids,
            permission=whose.permission,
        )

    return tell


def _order_words(kind: OrderKind, state: OrderState) -> tuple[str, str]:
    paper = _("责令限期改正通知书") if kind is OrderKind.LIMITED else _("责令立即改正通知书")
    step = {
        OrderState.DRAFT: _("起草中"),
        OrderState.LEGAL_REVIEW: _("待法制审核"),
        OrderState.APPROVAL: _("待审批"),
        OrderState.APPROVED: _("待签发"),
        OrderState.ISSUED: _("待送达"),
    }[state]
    return paper, step


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
            yield _of_record(kind, started, "major", record, school, Permission.APPROVE_ORDERS if decides else None)


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
                one.kind, one.started, "sealings", record, school, Permission.APPROVE_ORDERS if decides else None
            )


def _records(table: Any, states: Any, viewer: Viewer, area_code: str | None) -> Iterator[tuple[Any, School]]:
    rows = db.session.execute(
        sa.select(table, School)
        .join(School, School.id == table.school_id)
        .where(
            schools.visible(viewer),
            table.brigade_id.in_(viewer.brigade_ids),
            table.state.in_(states),
            *_within(area_code),
        )
        .order_by(School.sort_name, table.id)
    )
    yield from ((record, school) for record, school in rows)


def _of_record(
    kind: ClockKind, started: date | datetime, address: str, record: Any, school: School, permission: Permission | None
) -> PlacedClock:
    return placed(
        kind,
        started,
        key=f"{kind}-{record.id}",
        label=_labels()(school, str(CLOCKS[kind])),
        href=f"/{address}/{record.id}",
        area_code=school.area_code,
        school=_names()(school),
        brigade_id=record.brigade_id,
        owner_ids=() if permission else (record.lead_id, record.second_id),
        permission=permission,
    )
