"""Finding the how-to card of a fault. Cards are shipped with the program and asked of no database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from app.regulations import card_files
from app.regulations.queries import DEFAULT_PACK, current_checklist
from app.regulations.rules.cards import Card, Cards, faults_in


class Fault(Protocol):
    """What a finding says of its fault."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def item_code(self) -> str: ...

    @property
    def violation_code(self) -> str: ...

    @property
    def category(self) -> str: ...

    @property
    def text(self) -> str: ...


@cache
def all_cards(code: str = DEFAULT_PACK) -> Cards:
    """Every card of a pack, read once in a process."""
    return card_files.cards_from(card_files.read(code))


def card_of(item_code: str, violation_code: str = "", category: str = "", *, faults: Iterable[str] = ()) -> Card | None:
    """The card of a fault; `faults` are the keys of the chips that were chosen, where they are known."""
    return all_cards().card_of(item_code, violation_code, category, faults=faults)


def faults_of(finding: Fault) -> tuple[str, ...]:
    """The keys of the chips that a finding's text names, by the checklist in force (one query)."""
    return faults_in(finding.text, current_checklist().by_code.get(finding.item_code))


def of_findings(findings: Iterable[Fault]) -> dict[uuid.UUID, Card]:
    """The card of each finding that has one, in one query whatever their number."""
    asked = list(findings)
    by_code = current_checklist().by_code if asked else {}
    found = {
        finding.id: card_of(
            finding.item_code,
            finding.violation_code,
            finding.category,
            faults=faults_in(finding.text, by_code.get(finding.item_code)),
        )
        for finding in asked
    }
    return {key: card for key, card in found.items() if card}
