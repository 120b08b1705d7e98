"""How chosen faults read as the topics of a training. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: How far back faults may be counted, in months.
MONTHS_TO_CHOOSE = (3, 6, 12, 24)
#: What a plan's topics hold.
MOST_LETTERS = 4000


@dataclass(frozen=True)
class Point:
    """One topic: what is asked for, and the common fault in words, where there is a card made for it."""

    text: str
    fault: str = ""


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last day of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def words_of(points: Iterable[Point]) -> str:
    """The points as numbered lines; what does not fit a plan is left out whole."""
    lines: list[str] = []
    for n, point in enumerate(points, 1):
        line = f"{n}. {point.text}" + (f"（{point.fault}）" if point.fault else "")
        if len("\n".join([*lines, line])) > MOST_LETTERS:
            break
        lines.append(line)
    return "\n".join(lines)
