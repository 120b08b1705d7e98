"""Finding orders, as far as the viewer may see their schools. What has no number yet is the brigade's own affair."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import Membership, Person, Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import holds, unindexed
from app.core.extensions import db
from app.documents import queries as documents
from app.documents.models import IssuedDocument
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.models.orders import (
    Extension,
    ItemHolder,
    Order,
    OrderEvent,
    OrderItem,
    PortalLink,
    ServiceAttempt,
)
from app.rectification.queries import deputies
from app.rectification.queries import findings as finding_queries
from app.rectification.queries.findings import Line, Story
from app.rectification.rules import clocks as clock_rules
from app.rectification.rules.findings import RANK, Colour, Thresholds
from app.rectification.rules.machine import IN_FORCE, IN_PREPARATION, OrderState, Progress, Stage, stage_of
from app.rectification.rules.orders import OrderKind
from app.schools import queries as schools
from app.schools.models import School

#: Orders that were given a number, whatever became of them.
NUMBERED = (OrderState.ISSUED, OrderState.SERVED, OrderState.CLOSED)
_FAR = date(9999, 12, 31)


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Order: the brigade's own all, of other schools that the viewer sees only what has its number."""
    state: Any = unindexed(Order.state)
    given = sa.or_(state.in_(NUMBERED), sa.and_(state == OrderState.VOID, Order.number != ""))
    return sa.and_(
        schools.at_visible(viewer, Order.school_id),
        sa.or_(given, unindexed(Order.brigade_id).in_(viewer.brigade_ids)),
    )


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which orders a list shows.

    `state` is a state, `living` for all not ended, `preparing`, `unarchived` for ended ones not in the archive yet,
    `archived`, or empty for all; `inspector_id` is either officer of the visit.
    """

    state: str = "living"
    kind: str = ""
    colour: str = ""
    school_id: uuid.UUID | None = None
    inspector_id: uuid.UUID | None = None
    mine: bool = False
    search: str = ""
    sort: str = "deadline"


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """An order as lists show it: with its school, its officer and how many of its items are done.

    `wants_more`: something of it was sent back or found still there, and nothing has come since.
    """

    order: Order
    school_name: str
    school_name_en: str
    lead: str
    items: int
    done: int
    colour: Colour
    wants_more: bool = False

    @property
    def days(self) -> int | None:
        """Calendar days to the nearest open date; negative when late."""
        day = self.order.next_deadline
        return (day - clock.today()).days if day and self.order.state in IN_FORCE else None


_lead = sa.orm.aliased(Person)
_count = (
    sa.select(sa.func.count()).select_from(OrderItem).where(OrderItem.order_id == Order.id).correlate(Order)
).scalar_subquery()
_done = (
    sa.select(sa.func.count())
    .select_from(OrderItem)
    .join(Finding, Finding.id == OrderItem.finding_id)
    .where(OrderItem.order_id == Order.id, Finding.closed_on.is_not(None))
    .correlate(Order)
).scalar_subquery()
_deadline = sa.func.coalesce(Order.next_deadline, sa.literal(_FAR, sa.Date()))
SORTS: dict[str, list[tuple[Any, bool]]] = {
    "deadline": [(_deadline, False)],
    "newest": [(Order.drafted_at, True)],
    "school": [(School.sort_name, False), (_deadline, False)],
}


def _has_open_item(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """One of the order's faults that are still there is like this."""
    items = sa.select(OrderItem.id).join(Finding, Finding.id == OrderItem.finding_id)
    return items.where(OrderItem.order_id == Order.id, Finding.closed_on.is_(None), condition).correlate(Order).exists()


def _wants_more() -> sa.ColumnElement[bool]:
    """In force, and something of it was sent back or found still there by the last re-check."""
    again = _has_open_item(sa.or_(standing.was_returned(), standing.was_not_accepted()))
    return sa.and_(Order.state.in_(IN_FORCE), again)


def _rank(today: date, thresholds: Thresholds) -> sa.ColumnElement[int]:
    """An order has the colour of its worst item; one from an older list, whose items are words only, that of its date. DOMAIN §4.9."""
    near = date.fromordinal(today.toordinal() + thresholds.days_left)
    return sa.case(
        (Order.state.not_in(IN_FORCE), RANK[Colour.GREEN]),
        (Order.next_deadline < today, RANK[Colour.RED]),
        (Order.next_deadline <= near, RANK[Colour.YELLOW]),
        (_has_open_item(standing.colour_rank(today) == RANK[Colour.YELLOW]), RANK[Colour.YELLOW]),
        else_=RANK[Colour.GREEN],
    )


def _has_colour(colour: Colour, today: date, thresholds: Thresholds) -> sa.ColumnElement[bool]:
    if colour is Colour.RED:  # by the index
        return sa.and_(Order.state.in_(IN_FORCE), Order.next_deadline < today)
    return _rank(today, thresholds) == RANK[colour]


def _conditions(viewer: Viewer, choice: Choice, thresholds: Thresholds) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if choice.state == "living":
        found.append(Order.state.in_([*IN_PREPARATION, *IN_FORCE]))
    elif choice.state == "preparing":
        found.append(Order.state.in_(IN_PREPARATION))
    elif choice.state == "unarchived":
        found += [Order.state == OrderState.CLOSED, Order.archived_on.is_(None)]
    elif choice.state == "archived":
        found.append(Order.archived_on.is_not(None))
    elif choice.state in OrderState.__members__.values():
        found.append(Order.state == OrderState(choice.state))
    if choice.kind in OrderKind.__members__.values():
        found.append(Order.kind == OrderKind(choice.kind))
    if choice.colour in Colour.__members__.values():
        found.append(_has_colour(Colour(choice.colour), clock.today(), thresholds))
    if choice.school_id:
        found.append(Order.school_id == choice.school_id)
    if choice.inspector_id:
        found.append(sa.or_(Order.lead_id == choice.inspector_id, Order.second_id == choice.inspector_id))
    if choice.mine:
        found.append(sa.or_(Order.lead_id == viewer.person_id, Order.second_id == viewer.person_id))
    for word in choice.search.split():
        # Schools and officers are searched once, not once for each of their orders.
        at = unindexed(Order.school_id).in_(sa.select(School.id).where(holds(School.name, word)))
        led = unindexed(Order.lead_id).in_(sa.select(Person.id).where(holds(Person.name, word)))
        numbers = (Order.number, Order.national_number, Order.penalty_number, Order.pad_number)
        found.append(sa.or_(at, led, *(holds(number, word) for number in numbers)))
    # Last, since SQLite asks in this order and nearly every order of a brigade may be seen.
    return [*found, visible(viewer)]


def _with_names(*columns: Any) -> Any:
    # Every order has a school: the outer join says that it is looked up by the order, and only where it is asked for.
    orders = sa.select(*columns).outerjoin(School, School.id == Order.school_id)
    return orders.outerjoin(_lead, _lead.id == Order.lead_id)


def _lines(thresholds: Thresholds) -> Any:
    lead = sa.func.coalesce(_lead.name, "")
    rank = _rank(clock.today(), thresholds)
    return _with_names(Order, School.name, School.name_en, lead, _count, _done, rank, _wants_more())


def _line(row: Sequence[Any]) -> OrderLine:
    order, school_name, school_name_en, lead, items, done, rank, wants_more = row
    return OrderLine(
        order=order,
        school_name=school_name,
        school_name_en=school_name_en,
        lead=lead,
        items=items,
        done=done,
        colour=next(colour for colour in Colour if RANK[colour] == rank),
        wants_more=wants_more,
    )


def listing(
    viewer: Viewer, choice: Choice, *, thresholds: Thresholds, key: str | None = None, size: int = 50
) -> paging.Page[OrderLine]:
    """One page of orders in one query."""
    found = paging.page(
        _with_names(Order.id).where(*_conditions(viewer, choice, thresholds)),
        shown=_lines(thresholds),
        keys=[*SORTS.get(choice.sort, SORTS["deadline"]), (Order.id, False)],
        key=key,
        size=size,
        scalars=False,
    )
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def everything(viewer: Viewer, choice: Choice, *, thresholds: Thresholds, most: int) -> list[OrderLine]:
    """The whole list for an export, at most so many."""
    order = [column.desc() if down else column.asc() for column, down in SORTS.get(choice.sort, SORTS["deadline"])]
    query = _lines(thresholds).where(*_conditions(viewer, choice, thresholds)).order_by(*order, Order.id).limit(most)
    return [_line(row) for row in db.session.execute(query)]


def of_school(viewer: Viewer, school_id: uuid.UUID, *, thresholds: Thresholds, most: int = 50) -> list[OrderLine]:
    """A school's orders, the living ones first, then the last made."""
    query = (
        _lines(thresholds)
        .where(visible(viewer), Order.school_id == school_id)
        .order_by(Order.state.in_(IN_FORCE).desc(), Order.drafted_at.desc(), Order.id)
        .limit(most)
    )
    return [_line(row) for row in db.session.execute(query)]


def waiting_for(viewer: Viewer, *, most: int = 20) -> list[tuple[Order, School]]:
    """Orders whose next step is the viewer's own to take, with the school, the longest waiting first."""
    own = sa.or_(Order.lead_id == viewer.person_id, Order.second_id == viewer.person_id)
    steps: list[sa.ColumnElement[bool]] = []
    if viewer.may(Permission.DRAFT_ORDERS):
        steps.append(sa.and_(own, Order.state.in_([OrderState.DRAFT, OrderState.APPROVED, OrderState.ISSUED])))
    if viewer.may(Permission.REVIEW_ORDERS):
        steps.append(sa.and_(Order.state == OrderState.LEGAL_REVIEW, ~own))
    may_approve = sa.true() if viewer.may(Permission.APPROVE_ORDERS) else deputies.in_office(viewer, Order.brigade_id)
    steps.append(sa.and_(Order.state == OrderState.APPROVAL, ~own, may_approve))
    query = (
        sa.select(Order, School)
        .join(School, School.id == Order.school_id)
        .where(Order.brigade_id.in_(viewer.brigade_ids), Order.state.in_(clock_rules.UNSERVED), sa.or_(*steps))
        .order_by(Order.drafted_at, Order.id)
        .limit(most)
    )
    return [(order, school) for order, school in db.session.execute(query)]


def of_inspection(viewer: Viewer, inspection_id: uuid.UUID) -> list[Order]:
    """The orders that a visit led to."""
    query = sa.select(Order).where(Order.inspection_id == inspection_id, visible(viewer))
    return list(db.session.scalars(query.order_by(Order.drafted_at, Order.id)))


def get(viewer: Viewer, order_id: uuid.UUID) -> Order | None:
    """An order, if the viewer may see it; its school is read with it."""
    query = sa.select(Order).join(Order.school).options(contains_eager(Order.school))
    return db.session.scalar(query.where(Order.id == order_id, visible(viewer)))


def officers(viewer: Viewer) -> list[tuple[uuid.UUID, str]]:
    """Who inspects or inspected for the viewer's brigades, by name, for the filter of the list."""
    held = sa.select(Membership.person_id).where(
        Membership.brigade_id.in_(viewer.brigade_ids), Membership.role.in_([Role.INSPECTOR, Role.LEADER])
    )
    query = sa.select(Person.id, Person.name).where(Person.id.in_(held)).order_by(Person.sort_name, Person.id)
    return [(key, name) for key, name in db.session.execute(query)]


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the orders that the viewer may see."""
    return set(db.session.scalars(sa.select(Order.id).where(Order.id.in_(list(ids)), visible(viewer))))


def numbers_of(finding_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The number of the order in force that each of these findings (seen already) is on, the newest where there are several."""
    query = (
        sa.select(OrderItem.finding_id, Order.number)
        .join(Order, Order.id == OrderItem.order_id)
        .where(OrderItem.finding_id.in_(list(finding_ids)), Order.state.in_(IN_FORCE))
        .order_by(Order.issued_on, Order.id)
    )
    return {key: number for key, number in db.session.execute(query)}  # noqa: C416


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a case file: the finding as it stands, its story, who has it in hand, its requests for more time."""

    item: OrderItem
    line: Line
    story: Story
    holder: ItemHolder | None
    extensions: Sequence[Extension]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Everything about one order that its page, its papers and the completeness check need."""

    order: Order
    school: School
    items: Sequence[Item]
    attempts: Sequence[ServiceAttempt]
    links: Sequence[PortalLink]
    events: Sequence[OrderEvent]
    papers: Sequence[IssuedDocument]
    records: Sequence[IssuedDocument] = ()
    sealed: frozenset[uuid.UUID] = frozenset()
    names: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def service(self) -> ServiceAttempt | None:
        """The attempt that counted."""
        return next((a for a in self.attempts if a.confirmed_at is not None), None)

    @property
    def open_items(self) -> list[Item]:
        """Items whose fault is still there."""
        return [item for item in self.items if item.line.finding.closed_on is None]


def case_file(order: Order, viewer: Viewer, *, for_check: bool = False) -> CaseFile:
    """The case file of an order (seen already), in a fixed number of queries.

    `for_check` leaves out what only its page shows: the names of people and the links of the school.
    """
    rows = finding_queries.lines_of_order(viewer, order.id)
    findings = [line.finding for _item, line, _holder in rows]
    stories = finding_queries.stories(findings, with_names=False)
    extensions = _of(Extension, order, Extension.asked_at)
    attempts = _of(ServiceAttempt, order, ServiceAttempt.at)
    links = [] if for_check else _of(PortalLink, order, PortalLink.made_at)
    events = _of(OrderEvent, order, OrderEvent.at)
    papers = _papers(order)
    people = {order.lead_id, order.second_id, order.drafted_by_id, order.approved_by_id}
    people |= {a.by_id for a in attempts} | {a.second_by_id for a in attempts}
    people |= {e.decided_by_id for e in extensions}
    people |= {sent.answered_by_id for story in stories.values() for sent in story.evidence}
    return CaseFile(
        order=order,
        school=order.school,
        items=[
            Item(
                item=item,
                line=line,
                story=stories[line.finding.id],
                holder=holder,
                extensions=[e for e in extensions if e.finding_id == line.finding.id],
            )
            for item, line, holder in rows
        ],
        attempts=attempts,
        links=links,
        events=events,
        papers=[paper for paper, _sealed in papers if paper.subject_kind == "order"],
        records=[paper for paper, _sealed in papers if paper.subject_kind != "order"],
        sealed=frozenset(paper.id for paper, sealed in papers if sealed),
        names={} if for_check else _names({person for person in people if person}),
    )


def _papers(order: Order) -> Sequence[tuple[IssuedDocument, bool]]:
    """The papers of an order and of the record of its visit, each with whether its sealed scan is kept."""
    own = sa.and_(IssuedDocument.subject_kind == "order", IssuedDocument.subject_id == order.id)
    record = sa.and_(
        IssuedDocument.subject_kind == "inspection",
        IssuedDocument.subject_id == order.inspection_id,
        IssuedDocument.kind == "inspection_record",
    )
    query = (
        sa.select(IssuedDocument, documents.is_sealed())
        .where(sa.or_(own, record))
        .order_by(IssuedDocument.made_at, IssuedDocument.id)
    )
    return [(paper, sealed) for paper, sealed in db.session.execute(query)]


def _of(table: Any, order: Order, at: Any) -> Sequence[Any]:
    return db.session.scalars(sa.select(table).where(table.order_id == order.id).order_by(at, table.id)).all()


def _names(ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {key: name for key, name in rows}  # noqa: C416


def stages(case: CaseFile) -> dict[uuid.UUID, Stage]:
    """At which stage each finding of a case file is today."""
    today = clock.today()
    is_ordered = case.order.state not in IN_PREPARATION and case.order.state is not OrderState.VOID
    found = {}
    for item in case.items:
        progress = Progress(
            facts=item.line.facts,
            closed_how=item.line.finding.closed_how,
            is_ordered=is_ordered,
            served_at=case.order.served_at,
        )
        found[item.line.finding.id] = stage_of(progress, today)
    return found
