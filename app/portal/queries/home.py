"""What a school's own people see at home: their schools, what is to be put right, what was sent, what is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.models import Membership, Person, Role
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.documents import queries as documents
from app.documents.models import IssuedDocument
from app.portal.queries.orders import OwnOrder, own_orders
from app.rectification.models.findings import Finding
from app.rectification.models.orders import ItemHolder, Order, OrderItem
from app.rectification.queries import findings, shopping
from app.rectification.queries.findings import Line, Story
from app.rectification.rules import findings as rules
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.shopping import Total
from app.regulations.queries import cards
from app.regulations.rules.calendars import Reckoned
from app.regulations.rules.cards import Card
from app.schools.models import Contact, School

#: How many papers of the school the home page lists.
PAPERS_SHOWN = 10
#: How many closed findings the home page keeps in sight.
CLOSED_SHOWN = 20


def own_schools(viewer: Viewer) -> Sequence[School]:
    """The schools whose staff the viewer is, by name."""
    return db.session.scalars(
        sa.select(School).where(School.id.in_(viewer.school_ids)).order_by(School.sort_name)
    ).all()


def own_finding(viewer: Viewer, finding_id: uuid.UUID) -> Line | None:
    """A finding of one of the viewer's own schools."""
    line = findings.get(viewer, finding_id)
    return line if line and line.finding.school_id in viewer.school_ids else None


def is_to_do(line: Line) -> bool:
    """Open, and nothing that was sent waits for the brigade."""
    return line.finding.closed_on is None and not rules.has_unanswered_evidence(line.facts)


@dataclass(frozen=True, kw_only=True)
class Home:
    """A school's orders in force, then its findings on none: to put right, sent and waiting for the re-check, done.

    `cards` say how to put a finding right.
    """

    orders: Sequence[OwnOrder]
    lines: Sequence[Line]
    to_do: Sequence[Line]
    sent: Sequence[Line]
    done: Sequence[Line]
    stories: dict[uuid.UUID, Story]
    cards: dict[uuid.UUID, Card]
    shopping: list[Total]

    @property
    def most_urgent(self) -> Line | None:
        """The open finding with the worst colour, the earliest of those."""
        return max(self.open_lines, key=lambda line: rules.RANK[line.standing.colour], default=None)

    @property
    def open_lines(self) -> list[Line]:
        """Every open finding, on an order or not."""
        return [line for line in self.lines if line.finding.closed_on is None]

    @property
    def all_to_do(self) -> int:
        """How many findings wait for the school."""
        return sum(is_to_do(line) for line in self.open_lines)

    @property
    def all_sent(self) -> int:
        """How many findings wait for the re-check."""
        return len(self.open_lines) - self.all_to_do

    def recheck_due(self, line: Line) -> Reckoned | None:
        """The last day for the re-check while it lies ahead."""
        due = findings.recheck_due(line)
        return due if due and due.day >= clock.today() else None


def home_of(viewer: Viewer, school: School) -> Home:
    """Everything about a school's findings, in a fixed number of queries."""
    lines = findings.of_school(viewer, school.id, closed=CLOSED_SHOWN)
    ordered = own_orders(school, lines)
    on_paper = {line.finding.id for order in ordered for _item, line in order.items}
    free = [line for line in lines if line.finding.id not in on_paper]
    open_lines = [line for line in free if line.finding.closed_on is None]
    return Home(
        orders=ordered,
        lines=lines,
        to_do=[line for line in open_lines if is_to_do(line)],
        sent=[line for line in open_lines if not is_to_do(line)],
        done=[line for line in lines if line.finding.closed_on is not None],
        stories=findings.stories([line.finding for line in open_lines], with_names=False),
        cards=cards.of_findings([line.finding for line in open_lines]),
        shopping=shopping.totals_for([line.finding for line in lines if is_to_do(line)]),
    )


def papers(viewer: Viewer, school: School) -> Sequence[IssuedDocument]:
    """The last papers issued to a school."""
    query = documents.papers(viewer).where(IssuedDocument.school_id == school.id)
    return db.session.scalars(
        query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id).limit(PAPERS_SHOWN)
    ).all()


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody with an account at the school, since when and, once it is known, until when."""

    membership: Membership
    name: str
    phone: str


def staff(school: School) -> list[Member]:
    """Who holds a role at the school today, the principal first."""
    today = clock.today()
    query = (
        sa.select(Membership, Person.name, Person.phone)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.school_id == school.id,
            Membership.ended_at.is_(None),
            sa.or_(Membership.to_day.is_(None), Membership.to_day >= today),
        )
        .order_by(Membership.role != Role.PRINCIPAL, Membership.from_day, Membership.id)
    )
    return [Member(membership=held, name=name, phone=phone) for held, name, phone in db.session.execute(query)]


def contacts(school: School) -> Sequence[Contact]:
    """Whom the brigade may call at the school."""
    query = sa.select(Contact).where(Contact.school_id == school.id, Contact.ended_on.is_(None))
    return db.session.scalars(query.order_by(Contact.name, Contact.id)).all()


def holders(school: School) -> list[tuple[ItemHolder, OrderItem, Order]]:
    """Who has an open item of an order in hand."""
    newer = sa.orm.aliased(ItemHolder)
    later = sa.exists().where(newer.order_item_id == ItemHolder.order_item_id, newer.id > ItemHolder.id)
    query = (
        sa.select(ItemHolder, OrderItem, Order)
        .join(OrderItem, OrderItem.id == ItemHolder.order_item_id)
        .join(Order, Order.id == OrderItem.order_id)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .where(Order.school_id == school.id, Order.state.in_(IN_FORCE), Finding.closed_on.is_(None), ~later)
        .order_by(ItemHolder.name, Order.id, OrderItem.position)
    )
    return [(holder, item, order) for holder, item, order in db.session.execute(query)]
