"""One order as its school sees it, whether it came by its account or by a link: the same for both."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.documents.kinds import all_kinds
from app.documents.models import IssuedDocument, SealedScan
from app.fieldwork.models import Photo
from app.organisations.models import Brigade
from app.rectification.models.findings import Evidence
from app.rectification.models.orders import (
    Extension,
    ItemHolder,
    Order,
    OrderEvent,
    OrderItem,
    OrderState,
    PortalLink,
    ServiceAttempt,
    ServiceMethod,
)
from app.rectification.queries import findings, orders, shopping
from app.rectification.queries.findings import Line, Story
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import Colour
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.orders import EvidenceAnswer, token_hash
from app.rectification.rules.shopping import Total
from app.regulations.queries import cards
from app.regulations.rules.calendars import Reckoned
from app.regulations.rules.cards import Card
from app.schools.models import School

#: What the school reads of the timeline; the road to the signature is the brigade's own affair.
TOLD = (
    "issue", "serve", "send", "read", "hand_item", "send_evidence", "apply_recheck", "evidence_accepted", "evidence_returned",
    "ask_extension", "grant_extension", "refuse_extension", "recheck", "write_reply", "write_recheck", "write_extension", "write_plan", "seal_letter",
    "close", "reopen", "reopen_finding", "withdraw_finding", "void",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """An order with its school and its brigade."""

    order: Order
    school: School
    brigade: Brigade

    @property
    def is_open(self) -> bool:
        """Whether the school can still do something about it."""
        return self.order.state in IN_FORCE


def _places(*more: type[PortalLink]) -> Any:
    return (
        sa.select(Order, School, Brigade, *more)
        .join(School, School.id == Order.school_id)
        .join(Brigade, Brigade.id == Order.brigade_id)
    )


def by_token(token: str) -> tuple[PortalLink, Place] | None:
    """The order that a link was made for, whether the link still works or not; None when nobody ever made it."""
    query = _places(PortalLink).join(PortalLink, PortalLink.order_id == Order.id)
    row = db.session.execute(query.where(PortalLink.token_sha256 == token_hash(token))).first()
    return (row[3], Place(order=row[0], school=row[1], brigade=row[2])) if row else None


def own(viewer: Viewer, order_id: uuid.UUID) -> Place | None:
    """An order of one of the viewer's own schools that has its number."""
    query = _places().where(Order.id == order_id, Order.school_id.in_(viewer.school_ids), orders.visible(viewer))
    row = db.session.execute(query).first()
    return Place(order=row[0], school=row[1], brigade=row[2]) if row else None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item as the school sees it; `card` says how to put it right where one is asked for."""

    item: OrderItem
    line: Line
    story: Story
    holder: ItemHolder | None
    card: Card | None = None

    @property
    def last_sent(self) -> Evidence | None:
        """What the school sent last."""
        return self.story.evidence[-1] if self.story.evidence else None

    @property
    def last_photo(self) -> Photo | None:
        """A photo of the fault, for the head of its card."""
        return next(iter(self.story.before or self.story.after), None)

    @property
    def is_to_do(self) -> bool:
        """Open, and nothing that was sent waits for the brigade."""
        return self.line.finding.closed_on is None and not rules.has_unanswered_evidence(self.line.facts)

    @property
    def was_returned(self) -> bool:
        """The brigade has sent back what came last."""
        return rules.was_returned(self.line.facts)

    @property
    def return_reason(self) -> str:
        """Why it was sent back."""
        back = [sent for sent in self.story.evidence if sent.answer is EvidenceAnswer.RETURNED]
        return back[-1].answer_reason if back and self.was_returned else ""

    @property
    def recheck_due(self) -> Reckoned | None:
        """The last day for the re-check while it lies ahead; a day that has passed is the brigade's affair, not the school's."""
        if self.is_to_do or self.line.finding.closed_on is not None:
            return None
        due = findings.recheck_due(self.line)
        return due if due and due.day >= clock.today() else None


def items_of(order: Order, *, position: int | None = None) -> list[Item]:
    """The items of an order (opened already), or one of them with its card, in a fixed number of queries."""
    rows = findings.lines_of_order(None, order.id)
    chosen = [row for row in rows if position is None or row[0].position == position]
    told = findings.stories([line.finding for _item, line, _holder in chosen], with_names=False)
    known = cards.of_findings([line.finding for _item, line, _holder in chosen]) if position is not None else {}
    return [
        Item(item=item, line=line, story=told[line.finding.id], holder=holder, card=known.get(line.finding.id))
        for item, line, holder in chosen
    ]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that the page of an order shows."""

    items: Sequence[Item]
    events: Sequence[OrderEvent]
    papers: Sequence[IssuedDocument]
    sealed: Mapping[uuid.UUID, SealedScan]
    to_confirm: ServiceAttempt | None
    shopping: list[Total]

    @property
    def worst(self) -> Colour:
        """An order has the colour of its worst open item."""
        return rules.worst(item.line.standing.colour for item in self.items if item.line.finding.closed_on is None)

    @property
    def most_urgent(self) -> Item | None:
        """The open item with the worst colour, the earliest of those."""
        still = [item for item in self.items if item.line.finding.closed_on is None]
        return max(still, key=lambda item: rules.RANK[item.line.standing.colour], default=None)

    @property
    def to_do(self) -> int:
        """How many items wait for the school."""
        return sum(item.is_to_do for item in self.items)

    @property
    def done(self) -> int:
        """How many items are ended."""
        return sum(item.line.finding.closed_on is not None for item in self.items)

    def position_of(self, finding_id: uuid.UUID | None) -> int | None:
        """Which item of the order a finding is."""
        return next((item.item.position for item in self.items if item.line.finding.id == finding_id), None)


def page_of(place: Place) -> Page:
    """The page of an order, in a fixed number of queries."""
    order = place.order
    told = sa.select(OrderEvent).where(OrderEvent.order_id == order.id, OrderEvent.act.in_(TOLD))
    known, items = papers_of(order), items_of(order)
    return Page(
        items=items,
        events=db.session.scalars(told.order_by(OrderEvent.at, OrderEvent.id)).all(),
        papers=known,
        sealed=_sealed(known),
        to_confirm=to_confirm(order),
        shopping=shopping.totals_for([item.line.finding for item in items if item.is_to_do]),
    )


def to_confirm(order: Order) -> ServiceAttempt | None:
    """The service by link that waits for the school's word."""
    if order.state is not OrderState.ISSUED:
        return None
    return db.session.scalar(
        sa.select(ServiceAttempt)
        .where(
            ServiceAttempt.order_id == order.id,
            ServiceAttempt.method == ServiceMethod.LINK,
            ServiceAttempt.confirmed_at.is_(None),
        )
        .order_by(ServiceAttempt.at)
        .limit(1)
    )


def papers_of(order: Order) -> Sequence[IssuedDocument]:
    """The papers of an order that its school may read, in the order they were made."""
    return db.session.scalars(_papers(order).order_by(IssuedDocument.made_at, IssuedDocument.id)).all()


def _papers(order: Order) -> sa.Select[IssuedDocument]:
    about = sa.and_(IssuedDocument.subject_kind == "order", IssuedDocument.subject_id == order.id)
    own = sa.or_(IssuedDocument.id == order.document_id, about) if order.document_id else about
    return sa.select(IssuedDocument).where(
        own,
        IssuedDocument.school_id == order.school_id,
        IssuedDocument.kind.not_in([kind.code for kind in all_kinds() if kind.brigade_only]),
    )


def paper_of(order: Order, document_id: uuid.UUID) -> IssuedDocument | None:
    """One of them."""
    return db.session.scalar(_papers(order).where(IssuedDocument.id == document_id))


def scans_of(paper: IssuedDocument) -> Sequence[SealedScan]:
    """The scans of one of them with its seal, the last first."""
    query = sa.select(SealedScan).where(SealedScan.document_id == paper.id, SealedScan.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(SealedScan.added_at.desc(), SealedScan.id.desc())).all()


def _sealed(papers: Sequence[IssuedDocument]) -> dict[uuid.UUID, SealedScan]:
    query = sa.select(SealedScan).where(
        SealedScan.document_id.in_([paper.id for paper in papers]), SealedScan.withdrawn_at.is_(None)
    )
    return {scan.document_id: scan for scan in db.session.scalars(query.order_by(SealedScan.added_at, SealedScan.id))}


def photo_of(order: Order, photo_id: uuid.UUID) -> Photo | None:
    """A photo of one of the order's items: of the fault, sent by the school, or of a re-check. No other is there."""
    for item in items_of(order):
        shown = [*item.story.before, *item.story.after, *(p for some in item.story.photos.values() for p in some)]
        for photo in shown:
            if photo.id == photo_id:
                return photo
    return None


def extensions_of(order: Order, finding_id: uuid.UUID) -> Sequence[Extension]:
    """The requests for more time for one item, the first asked first."""
    query = sa.select(Extension).where(Extension.order_id == order.id, Extension.finding_id == finding_id)
    return db.session.scalars(query.order_by(Extension.asked_at, Extension.id)).all()


@dataclass(frozen=True, kw_only=True)
class OwnOrder:
    """An order on a school's home: with how far it is and the positions of its items."""

    order: Order
    items: Sequence[tuple[OrderItem, Line]]

    @property
    def open_items(self) -> list[tuple[OrderItem, Line]]:
        """Its items that are not ended."""
        return [(item, line) for item, line in self.items if line.finding.closed_on is None]

    @property
    def colour(self) -> Colour:
        """The colour of its worst open item."""
        return rules.worst(line.standing.colour for _item, line in self.open_items)


def own_orders(school: School, lines: Sequence[Line]) -> list[OwnOrder]:
    """The school's orders in force with those of its findings (read already) that are on them, in one query."""
    by_id = {line.finding.id: line for line in lines}
    rows = db.session.execute(
        sa.select(Order, OrderItem)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .where(Order.school_id == school.id, Order.state.in_(IN_FORCE))
        .order_by(Order.next_deadline.is_(None), Order.next_deadline, Order.id, OrderItem.position)
    )
    kept: dict[uuid.UUID, tuple[Order, list[tuple[OrderItem, Line]]]] = {}
    for order, item in rows:
        _order, items = kept.setdefault(order.id, (order, []))
        if item.finding_id in by_id:
            items.append((item, by_id[item.finding_id]))
    return [OwnOrder(order=order, items=items) for order, items in kept.values()]
