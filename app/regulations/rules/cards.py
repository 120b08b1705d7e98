"""How-to cards: what a school does to put a fault right, and which card belongs to a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.regulations.rules.citations import may_print
from app.regulations.rules.items import Clause, Item, Text, clause_from, text_from


class Who(StrEnum):
    """Who can do what a card says."""

    OWN = "own"
    COMPANY = "company"
    BOTH = "both"


class Act(StrEnum):
    """Whether something is bought, or ordered from a company."""

    BUY = "buy"
    SERVICE = "service"


class Count(StrEnum):
    """How many one finding asks for.

    PIECE: one for the piece it hangs on, to be counted at the place where it hangs on none. UP_TO: as many as the
    reading lacks of the target. SITE: always counted at the place.
    """

    PIECE = "piece"
    FINDING = "finding"
    UP_TO = "up_to"
    BUILDING = "building"
    SCHOOL = "school"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Buy:
    """One thing to buy or to order. `wanted` and `unwanted` are keys (`EXT-01`, `EXT-01:missing`); none wanted means all."""

    act: Act
    text: Text
    unit: Text
    count: Count
    target: int | None
    like_piece: bool
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    how: Text

    def is_for(self, keys: Sequence[str]) -> bool:
        """Whether a fault with these keys asks for it."""
        if any(key in self.unwanted for key in keys):
            return False
        return not self.wanted or any(key in self.wanted for key in keys)


@dataclass(frozen=True, slots=True)
class Card:
    """What a school does to put one kind of fault right."""

    code: str
    category: str
    keys: tuple[str, ...]
    general_for: tuple[str, ...]
    violations: tuple[str, ...]
    title: Text
    why: Text
    steps: tuple[Text, ...]
    who: Who
    buy: tuple[Buy, ...]
    photo: Text
    call: Text
    source: tuple[Clause, ...]

    @property
    def law(self) -> tuple[Clause, ...]:
        """The clauses whose text was seen."""
        return tuple(clause for clause in self.source if may_print(clause))

    @property
    def to_verify(self) -> tuple[Clause, ...]:
        """The clauses that only inform until the office has verified them."""
        return tuple(clause for clause in self.source if not may_print(clause))


def keys_of(item_code: str, faults: Iterable[str] = ()) -> tuple[str, ...]:
    """The keys of a fault, the exact ones first: `EXT-01:missing`, `EXT-01`."""
    return (*(f"{item_code}:{fault}" for fault in faults), item_code)


def faults_in(text: str, item: Item | None) -> tuple[str, ...]:
    """Which of an item's faults a finding's Chinese text names; none where the officer used own words."""
    parts = set(text.split("；"))
    return tuple(fault.key for fault in item.faults if fault.text.zh in parts) if item else ()


@dataclass(frozen=True)
class Cards:
    """All cards of one pack in their order."""

    cards: tuple[Card, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Card]:
        """Cards by their own code."""
        return {card.code: card for card in self.cards}

    @cached_property
    def _by_key(self) -> Mapping[str, Card]:
        return {key: card for card in self.cards for key in card.keys}

    @cached_property
    def _by_violation(self) -> Mapping[str, Card]:
        return {code: card for card in self.cards for code in card.violations}

    @cached_property
    def _by_category(self) -> Mapping[str, Card]:
        return {category: card for card in self.cards for category in card.general_for}

    def specific(self, item_code: str, faults: Iterable[str] = ()) -> Card | None:
        """The card made for this fault or this item."""
        return next((self._by_key[key] for key in keys_of(item_code, faults) if key in self._by_key), None)

    def card_of(
        self, item_code: str, violation_code: str = "", category: str = "", *, faults: Iterable[str] = ()
    ) -> Card | None:
        """The card of a fault: of the fault, of the item, of the breach where that is plain, else the category's general one."""
        return (
            self.specific(item_code, faults)
            or self._by_violation.get(violation_code)
            or self._by_category.get(category)
        )

    def matching(self, text: str = "", category: str = "") -> tuple[Card, ...]:
        """The cards in which every word of the text stands, in either language, in the order of the pack."""
        words = text.casefold().split()
        return tuple(
            card
            for card in self.cards
            if category in ("", card.category) and all(word in _words(card) for word in words)
        )


def _words(card: Card) -> str:
    texts = (card.title, card.why, *card.steps, *(buy.text for buy in card.buy))
    return " ".join(f"{text.zh} {text.en}" for text in texts).casefold() + " " + " ".join(card.keys).casefold()


def _buy_from(content: Mapping[str, Any]) -> Buy:
    return Buy(
        act=Act(content["act"]),
        text=text_from(content),
        unit=text_from(content["unit"]),
        count=Count(content["count"]),
        target=content.get("target"),
        like_piece=content.get("like_piece", False),
        wanted=tuple(content.get("for", ())),
        unwanted=tuple(content.get("not_for", ())),
        how=text_from(content["how"]),
    )


def card_from(content: Mapping[str, Any]) -> Card:
    """A card of file content that fits the schema."""
    return Card(
        code=content["code"],
        category=content["category"],
        keys=tuple(content["for"]),
        general_for=tuple(content.get("general_for", ())),
        violations=tuple(content.get("violations", ())),
        title=text_from(content["title"]),
        why=text_from(content["why"]),
        steps=tuple(text_from(step) for step in content["steps"]),
        who=Who(content["who"]),
        buy=tuple(_buy_from(buy) for buy in content["buy"]),
        photo=text_from(content["photo"]),
        call=text_from(content["call"]),
        source=tuple(clause_from(clause) for clause in content["source"]),
    )
