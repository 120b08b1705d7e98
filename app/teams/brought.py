"""What comes along with a school when it is handed over: features above say what is open there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.viewer import Viewer

Counts = Mapping[uuid.UUID, int]


@dataclass(frozen=True)
class Kind:
    """One kind of thing: how many there are at each of some schools (one statement), and the page of a school's."""

    name: str
    label: Any
    order: int
    count: Callable[[Collection[uuid.UUID]], Counts]
    address: Callable[[uuid.UUID], str]


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A hand-over as those see it who move something with it: from whom, to whom, which schools, from which day on."""

    viewer: Viewer
    school_ids: Collection[uuid.UUID]
    from_day: date
    givers: Collection[uuid.UUID]
    takers: tuple[uuid.UUID, ...]


_kinds: dict[str, Kind] = {}
_movers: dict[str, Callable[[Moving], int]] = {}


def register_brought(kind: Kind) -> None:
    """Say what is open at schools."""
    _kinds[kind.name] = kind


def register_mover(name: str, move: Callable[[Moving], int]) -> None:
    """Say what goes over to whoever receives the schools; returns how many things went."""
    _movers[name] = move


def kinds() -> list[Kind]:
    """All kinds, in their order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def brought(school_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """What is open at each of these schools, by kind; a statement for each kind."""
    found: dict[uuid.UUID, dict[str, int]] = {school_id: {} for school_id in school_ids}
    for kind in kinds():
        for school_id, number in kind.count(school_ids).items():
            if number:
                found[school_id][kind.name] = number
    return found


def move(moving: Moving) -> dict[str, int]:
    """Let everything go over; how many of each."""
    return {name: how(moving) for name, how in sorted(_movers.items())}
