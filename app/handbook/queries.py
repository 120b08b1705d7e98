"""A school's posts with who holds them and who has received their handbooks, in the same few queries for one school or thirty."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.duties.models import DutyHolder
from app.duties.queries import facts, holders
from app.duties.rules.duties import Duty, traits_on
from app.fieldwork.models import Signature
from app.fieldwork.rules import TargetKind
from app.handbook.models import HandbookReceipt, PostHolder
from app.handbook.rules import ReceiptState, canonical, digest, receipt_state, uncovered, words_of
from app.rectification.queries import frequent
from app.rectification.queries.frequent import Frequent
from app.regulations.post_files import all_posts
from app.regulations.queries import current_checklist
from app.regulations.queries.cards import all_cards, card_of
from app.regulations.rules.cards import Card
from app.regulations.rules.posts import Post
from app.schools import queries as schools
from app.schools.models import School, SchoolStatus
from app.schools.queries import register

#: How far back a school's faults count, in days.
FAULTS_WITHIN = 365
#: Schools on one page of the list.
PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Somebody in a post, their last receipt, and whether it is of the text of today."""

    holder: PostHolder
    receipt: HandbookReceipt | None
    state: ReceiptState

    @property
    def begins_later(self) -> bool:
        """Whether their first day is still to come."""
        return self.holder.from_day > clock.today()


@dataclass(frozen=True, kw_only=True)
class Station:
    """A post of a school: the duty rules of the pack that bind the school and belong to it, its text, who is in it."""

    post: Post
    duties: tuple[Duty, ...]
    text: str
    sha256: str
    holdings: tuple[Holding, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it today."""
        return all(one.begins_later for one in self.holdings)

    @property
    def unsigned(self) -> list[Holding]:
        """Those in it whose receipt is missing or older than the text."""
        return [one for one in self.holdings if one.state is not ReceiptState.CURRENT and not one.begins_later]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All posts of a school, the posts of the pack it has not, and the duties that nobody sees to."""

    school: School
    stations: tuple[Station, ...]
    elsewhere: tuple[Post, ...]
    uncovered: tuple[Duty, ...]
    named: Mapping[str, tuple[str, ...]]
    """By post: who answers for one of its duties (职责责任人) but is not on record as holding the post."""

    @property
    def empty(self) -> list[Station]:
        """Posts with nobody in them."""
        return [station for station in self.stations if station.is_empty]

    @property
    def unsigned(self) -> list[tuple[Station, Holding]]:
        """Receipts that are missing or older than the text."""
        return [(station, one) for station in self.stations for one in station.unsigned]

    def station(self, code: str) -> Station | None:
        """One post."""
        return next((station for station in self.stations if station.post.code == code), None)


def _holders(ids: Collection[uuid.UUID], today: date) -> dict[tuple[uuid.UUID, str], list[PostHolder]]:
    query = sa.select(PostHolder).where(
        PostHolder.school_id.in_(ids), sa.or_(PostHolder.to_day.is_(None), PostHolder.to_day >= today)
    )
    found: dict[tuple[uuid.UUID, str], list[PostHolder]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(PostHolder.from_day, PostHolder.id)):
        found[row.school_id, row.post].append(row)
    return found


def _receipts(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[HandbookReceipt]]:
    """By holder, the latest first; withdrawn ones do not count."""
    query = sa.select(HandbookReceipt).where(HandbookReceipt.school_id.in_(ids), HandbookReceipt.withdrawn_at.is_(None))
    found: dict[uuid.UUID, list[HandbookReceipt]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(HandbookReceipt.entered_at.desc(), HandbookReceipt.id)):
        found[row.holder_id].append(row)
    return found


def desks(asked: Sequence[School]) -> dict[uuid.UUID, Desk]:
    """The posts of each of these schools, in as many queries for many as for one."""
    ids, today = [school.id for school in asked], clock.today()
    phases, held_by, receipts = facts.phases_of(asked), _holders(ids, today), _receipts(ids)
    answering = holders.of_schools(ids)
    rules, posts = facts.duties_in_force(), all_posts()
    found = {}
    for school in asked:
        traits = traits_on(phases[school.id], today) or frozenset()
        binding = [duty for duty in rules if duty.binds(traits)]
        here = [post for post in posts if post.is_at(traits)]
        stations = tuple(_station(post, binding, held_by[school.id, post.code], receipts) for post in here)
        held = {station.post.code for station in stations if not station.is_empty}
        named = answering.get(school.id, {})
        nobodys = set(uncovered([duty.code for duty in binding], here, held, named))
        found[school.id] = Desk(
            school=school,
            stations=stations,
            elsewhere=tuple(post for post in posts if post not in here),
            uncovered=tuple(duty for duty in binding if duty.code in nobodys),
            named=_named(stations, named.values()),
        )
    return found


def _named(stations: Iterable[Station], answering: Iterable[DutyHolder]) -> dict[str, tuple[str, ...]]:
    known = {(station.post.code, one.holder.name) for station in stations for one in station.holdings}
    found: dict[str, tuple[str, ...]] = {}
    for one in answering:
        code = one.post.value
        if (code, one.name) not in known and one.name not in found.get(code, ()):
            found[code] = (*found.get(code, ()), one.name)
    return found


def _station(
    post: Post,
    binding: Sequence[Duty],
    holders: Sequence[PostHolder],
    receipts: dict[uuid.UUID, list[HandbookReceipt]],
) -> Station:
    duties = tuple(duty for duty in binding if duty.code in post.rules)
    text = canonical(words_of(post, [duty.content for duty in duties]))
    sha256 = digest(text)
    return Station(
        post=post,
        duties=duties,
        text=text,
        sha256=sha256,
        holdings=tuple(
            Holding(
                holder=holder,
                receipt=next(iter(receipts[holder.id]), None),
                state=receipt_state([one.text_sha256 for one in receipts[holder.id]], sha256),
            )
            for holder in holders
        ),
    )


def desk(school: School) -> Desk:
    """The posts of one school that the viewer may see."""
    return desks([school])[school.id]


def listing(viewer: Viewer, *, text: str = "", key: str | None = None) -> tuple[list[Desk], paging.Page[School]]:
    """One page of the schools at work that the viewer sees, by name, each with its posts."""
    query = sa.select(School).where(schools.visible(viewer), School.status == SchoolStatus.OPEN)
    if text.strip():
        query = query.where(register.named(viewer, text))
    page = paging.page(query, keys=[(School.sort_name, False), (School.id, False)], key=key, size=PAGE)
    made = desks(page.rows) if page.rows else {}
    return [made[school.id] for school in page.rows], page


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault that was found at the school within the year, with its item's Chinese and English words and how to mend it."""

    count: Frequent
    words: tuple[str, str]
    card: Card | None


def faults(viewer: Viewer, school: School, post: Post, *, most: int = 8) -> list[Fault]:
    """The school's own faults that belong to a post, the most frequent first; one query."""
    since = date.fromordinal(clock.today().toordinal() - FAULTS_WITHIN)
    items = current_checklist().by_code
    found = [
        one
        for one in frequent.at_school(viewer, school.id, since=since, most=500)
        if post.sees_to(one.item_code, one.category)
    ]
    return [
        Fault(
            count=one,
            words=(items[one.item_code].text.zh, items[one.item_code].text.en)
            if one.item_code in items
            else (one.item_code, one.item_code),
            card=card_of(one.item_code, category=one.category),
        )
        for one in found[:most]
    ]


def cards_of(post: Post) -> tuple[Card, ...]:
    """The how-to cards of everything a post sees to, in the order of the pack."""
    items = current_checklist().by_code
    return tuple(
        card
        for card in all_cards().cards
        if any(
            code in items and post.sees_to(code, items[code].category)
            for code in (key.split(":")[0] for key in card.keys)
        )
    )


def holder(viewer: Viewer, holder_id: uuid.UUID) -> tuple[PostHolder, School] | None:
    """Somebody in a post of a school that the viewer sees, also after their time."""
    row = _first(sa.select(PostHolder, School).where(PostHolder.id == holder_id), viewer, PostHolder)
    return (row[0], row[1]) if row else None


def receipt(viewer: Viewer, receipt_id: uuid.UUID) -> tuple[HandbookReceipt, School] | None:
    """One receipt."""
    row = _first(sa.select(HandbookReceipt, School).where(HandbookReceipt.id == receipt_id), viewer, HandbookReceipt)
    return (row[0], row[1]) if row else None


def _first(query: Any, viewer: Viewer, table: Any) -> Any:
    return db.session.execute(query.join(School, School.id == table.school_id).where(schools.visible(viewer))).first()


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the receipts whose signatures the viewer may see."""
    query = sa.select(HandbookReceipt.id).where(
        HandbookReceipt.id.in_(list(ids)), schools.at_visible(viewer, HandbookReceipt.school_id)
    )
    return set(db.session.scalars(query))


def past(school_id: uuid.UUID, post: str) -> Sequence[tuple[PostHolder, HandbookReceipt | None]]:
    """Everybody ever in a post and everything they signed, the latest first, withdrawn receipts too."""
    rows = db.session.execute(
        sa.select(PostHolder, HandbookReceipt)
        .outerjoin(HandbookReceipt, HandbookReceipt.holder_id == PostHolder.id)
        .where(PostHolder.school_id == school_id, PostHolder.post == post)
        .order_by(PostHolder.from_day.desc(), PostHolder.id, HandbookReceipt.entered_at.desc())
        .limit(100)
    )
    return [(row[0], row[1]) for row in rows]


def signatures(receipt_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Signature]:
    """The signature of each receipt."""
    query = sa.select(Signature).where(
        Signature.target_kind == TargetKind.HANDBOOK, Signature.target_id.in_(list(receipt_ids))
    )
    return {one.target_id: one for one in db.session.scalars(query)}


def subject_of(school_id: uuid.UUID, post: Post) -> uuid.UUID:
    """What the papers of a post of a school are about."""
    return uuid.uuid5(school_id, post.code)


def post_named(code: str) -> Post | None:
    """A post of the pack by its code."""
    return next((post for post in all_posts() if post.code == code), None)


def papers(school_id: uuid.UUID, post: Post) -> Sequence[IssuedDocument]:
    """The numbered handbooks of a post, also while one is being made; the latest first."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.subject_kind == "school_post", IssuedDocument.subject_id == subject_of(school_id, post)
    )
    return db.session.scalars(query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id).limit(10)).all()
