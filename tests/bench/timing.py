"""Stopwatches: milliseconds of repeated acts, and how many statements an act sends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

#: Of fewer rounds, the time that 95 per cent do not exceed is only that of the one when the machine did something else.
FEWEST = 20
NO_QUESTION = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


@dataclass(frozen=True)
class Times:
    """Milliseconds of every round, in order; the first stands alone, since nothing was warm for it."""

    first: float
    warm: tuple[float, ...]

    def at(self, share: float) -> float:
        """The time that this share of the warm rounds did not exceed (nearest rank)."""
        ordered = sorted(self.warm)
        return ordered[math.ceil(share * len(ordered)) - 1]

    def figures(self) -> dict[str, Any]:
        """What the report keeps."""
        return {
            "first_ms": round(self.first, 2),
            "p50_ms": round(self.at(0.5), 2),
            "p95_ms": round(self.at(0.95), 2),
            "rounds": len(self.warm),
            "warm_ms": [round(one, 2) for one in self.warm],
        }


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def timed(act: Callable[[], object], *, rounds: int, seconds: float = 1.0) -> Times:
    """Do it once cold, then `rounds` times; a slow act ends after `seconds`, but not before twenty rounds."""
    first, warm = _milliseconds(act), list[float]()
    end = time.perf_counter() + seconds
    while len(warm) < rounds and (len(warm) < min(FEWEST, rounds) or time.perf_counter() < end):
        warm.append(_milliseconds(act))
    return Times(first, tuple(warm))


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements sent inside, without those that only begin and end transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(NO_QUESTION):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
