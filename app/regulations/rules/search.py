"""Finding items of a checklist, and turning pages over things in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from app.regulations.rules.items import Item


class HasCode(Protocol):
    """Something with the code of an item."""

    @property
    def code(self) -> str: ...


Thing = TypeVar("Thing", bound=HasCode)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What is wanted; an empty field wants everything."""

    text: str = ""
    category: str = ""
    severity: str = ""
    tier: str = ""


def _words(item: Item) -> str:
    faults = " ".join(f"{f.text.zh} {f.text.en}" for f in item.faults)
    clauses = " ".join(c.ref for c in item.basis)
    return f"{item.code} {item.text.zh} {item.text.en} {clauses} {faults}".casefold()


def matching(items: Sequence[Item], wanted: ItemFilter) -> tuple[Item, ...]:
    """The items that fit; every word of the text must stand in code, question, clause or fault."""
    words = wanted.text.casefold().split()
    return tuple(
        item
        for item in items
        if wanted.category in ("", item.category)
        and wanted.severity in ("", item.severity)
        and wanted.tier in ("", item.tier)
        and all(word in _words(item) for word in words)
    )


@dataclass(frozen=True, slots=True)
class Shown(Generic[Thing]):
    """A page of things and the position after which the next page begins ('' at the end)."""

    rows: tuple[Thing, ...]
    next: str
    start: int


def _position(after: str, length: int) -> int:
    return min(int(after), length) if after.isascii() and after.isdigit() else 0


def page_after(things: Sequence[Any], after: str, size: int) -> Shown[Any]:
    """The page that begins after a position; things in memory never change their order."""
    start = _position(after, len(things))
    end = start + size
    return Shown(tuple(things[start:end]), str(end) if end < len(things) else "", start)
