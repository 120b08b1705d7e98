"""What the common way must know of one kind of list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ListKind:
    """One kind of list: `name` is how its runs are kept, `thing` how its acts are called in the audit (read_order_list)."""

    name: str
    thing: str
    headings: Mapping[str, Sequence[str]]
    check_job: str
    write_job: str
