"""Which clauses may stand on a paper as settled law, and which the office must verify first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.regulations.rules.items import Clause, Evidence, Item, Violation


@dataclass(frozen=True, slots=True)
class Citations:
    """The clauses of a finding: those a paper may print and those flagged to the office."""

    printed: tuple[Clause, ...]
    flagged: tuple[Clause, ...]


def may_print(clause: Clause) -> bool:
    """Only a clause whose text was seen prints as law."""
    return clause.evidence is Evidence.FOUND


def printable_basis(item: Item, violation: Violation | None = None) -> Citations:
    """Split the sources of an item; the clause of its violation comes first when it is settled."""
    clauses = ([violation.clause] if violation and violation.clause else []) + list(item.basis)
    unique = list(dict.fromkeys(clauses))
    return Citations(
        printed=tuple(c for c in unique if may_print(c)),
        flagged=tuple(c for c in unique if not may_print(c)),
    )


@dataclass(frozen=True, slots=True)
class CitationWarning:
    """A clause the office should verify: which item, which clause, how sure it is, and whether nothing else prints."""

    code: str
    clause: Clause
    leaves_item_without_law: bool


def citation_warnings(items: Iterable[Item]) -> tuple[CitationWarning, ...]:
    """All clauses that never print as law, for the office's list."""
    return tuple(
        CitationWarning(item.code, clause, leaves_item_without_law=not any(map(may_print, item.basis)))
        for item in items
        for clause in item.basis
        if not may_print(clause)
    )
