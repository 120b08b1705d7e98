"""What the next training should be about: the faults found most often, each with its words and its how-to card."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import language_tag
from app.rectification.queries import frequent
from app.rectification.queries.frequent import Frequent
from app.regulations.queries import current_checklist
from app.regulations.queries.cards import all_cards, card_of
from app.regulations.rules.cards import Card
from app.regulations.rules.items import Item
from app.schools.models import School, SchoolStatus
from app.trainings.rules.topics import MONTHS_TO_CHOOSE, Point, months_before, words_of


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A fault that is proposed as a topic."""

    count: Frequent
    text: str
    card: Card | None

    @property
    def code(self) -> str:
        """The item's code."""
        return self.count.item_code


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Topics of one school, where one is named, and of all schools; `figures`: whether the counts of all may be shown."""

    own: list[Topic]
    all: list[Topic]
    figures: bool


def _topics(counts: Iterable[Frequent]) -> list[Topic]:
    items = current_checklist().by_code
    return [
        Topic(
            count=one,
            text=_words(items[one.item_code]) if one.item_code in items else one.item_code,
            card=card_of(one.item_code, category=one.category),
        )
        for one in counts
    ]


def _words(item: Item) -> str:
    """What an item asks, behind the word for its kind: by itself it often does not say of what it speaks."""
    lang = language_tag()
    kind = current_checklist().label("categories", item.category).in_language(lang)
    return f"{kind}{': ' if lang.startswith('en') else '：'}{item.text.in_language(lang)}"


def proposed(viewer: Viewer, school: School | None, *, months: int) -> Proposal:
    """What was found most often in so many months; a school's staff see of others only what many schools had."""
    since = months_before(clock.today(), months)
    own = frequent.at_school(viewer, school.id, since=since) if school else []
    if viewer.is_school:
        around = frequent.around(school, since=since) if school else []
    else:
        around = frequent.everywhere(viewer, since=since)
    return Proposal(own=_topics(own), all=_topics(around), figures=not viewer.is_school)


def months_of(asked: str) -> int:
    """How far back, of what can be chosen; else a year."""
    return int(asked) if asked in {str(one) for one in MONTHS_TO_CHOOSE} else 12


def text_of(codes: Iterable[str]) -> str:
    """The topics of a plan from chosen items, in the reader's language; codes that the pack does not know are left out."""
    items, lang = current_checklist().by_code, language_tag()
    chosen = [items[code] for code in dict.fromkeys(codes) if code in items]
    cards = all_cards()
    return words_of(
        Point(
            text=_words(item),
            fault=card.title.in_language(lang) if (card := cards.specific(item.code)) else "",
        )
        for item in chosen
    )


def schools_to_plan_for(viewer: Viewer) -> list[tuple[uuid.UUID, str, str]]:
    """Id, name and English name of the schools at work that the viewer's brigade answers for."""
    rows = db.session.execute(
        sa.select(School.id, School.name, School.name_en)
        .where(School.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)]), School.status == SchoolStatus.OPEN)
        .order_by(School.sort_name, School.id)
        .limit(MOST_SCHOOLS)
    )
    return [(row[0], row[1], row[2]) for row in rows]


MOST_SCHOOLS = 2000
