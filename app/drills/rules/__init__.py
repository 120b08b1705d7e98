"""What a drill's figures say: times in minutes and seconds, people missing, the goal, and what does not fit. DOMAIN §4.4."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


class DrillKind(enum.StrEnum):
    """What was practised. DOMAIN §4.4."""

    EVACUATION = "evacuation"
    FIRE_PLAN = "fire_plan"
    NIGHT = "night"
    EXTINGUISHER = "extinguisher"
    SCHOOL_BUS = "school_bus"
    EARTHQUAKE = "earthquake"
    OTHER = "other"


#: Kinds that count for the drill a school owes each month or quarter: an earthquake drill empties the building too.
COUNTS_AS_EVACUATION = frozenset({DrillKind.EVACUATION, DrillKind.FIRE_PLAN, DrillKind.NIGHT, DrillKind.EARTHQUAKE})

#: Longer than this is a slip of the pen.
LONGEST_S = 6 * 3600

_MINUTES_SECONDS = re.compile(r"(?P<m>\d{1,3})\s*(?::|分|')\s*(?P<s>\d{1,2})\s*(?:秒|\")?")
_MINUTES = re.compile(r"(?P<m>\d{1,3})\s*(?:分钟|分)")
_SECONDS = re.compile(r"(?P<s>\d{1,5})\s*秒")


def seconds_from(text: str) -> int | None:
    """Seconds of "1:45", "1分45秒", "2分钟" or "105秒", half or full width; None when it cannot be read.

    A bare number is not read: it could mean either.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern in (_MINUTES_SECONDS, _MINUTES, _SECONDS):
        found = pattern.fullmatch(plain)
        if found:
            parts = found.groupdict()
            minutes, seconds = int(parts.get("m") or 0), int(parts.get("s") or 0)
            return None if parts.get("m") and seconds > 59 else minutes * 60 + seconds
    return None


def minutes_seconds(seconds: int | None) -> str:
    """105 as 1:45; empty for None."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one drill: seconds from the signal, numbers of people. An older list may not say who was counted."""

    first_out_s: int | None = None
    last_out_s: int | None = None
    counted_s: int | None = None
    expected: int | None = None
    present: int | None = None
    accounted: int | None = 0


class Mistake(enum.StrEnum):
    """What cannot be: refused."""

    LAST_BEFORE_FIRST = "last_before_first"
    COUNTED_BEFORE_LAST = "counted_before_last"


class Hint(enum.StrEnum):
    """What is unlikely: said, never refused."""

    MORE_COUNTED_THAN_PRESENT = "more_counted_than_present"
    MORE_PRESENT_THAN_EXPECTED = "more_present_than_expected"
    NOBODY_COUNTED = "nobody_counted"
    FASTER_THAN_STAIRS = "faster_than_stairs"
    VERY_LONG = "very_long"


def mistakes(figures: Figures) -> list[Mistake]:
    """Which times contradict each other."""
    found = []
    first, last, counted = figures.first_out_s, figures.last_out_s, figures.counted_s
    if first is not None and last is not None and last < first:
        found.append(Mistake.LAST_BEFORE_FIRST)
    out = last if last is not None else first
    if counted is not None and out is not None and counted < out:
        found.append(Mistake.COUNTED_BEFORE_LAST)
    return found


def missing(figures: Figures) -> int:
    """People who were in the school and were not counted outside; 0 when all were, or where nobody knows any more."""
    if figures.accounted is None:
        return 0
    should = figures.present if figures.present is not None else figures.expected
    return max(0, (should or 0) - figures.accounted)


def absent(figures: Figures) -> int | None:
    """People on the roll who were not at school that day."""
    if figures.expected is None or figures.present is None:
        return None
    return max(0, figures.expected - figures.present)


def hints(figures: Figures, *, plausible_s: float | None = None) -> list[Hint]:
    """What to look at again. `plausible_s`: seconds so many people need through these stairs at least."""
    found = []
    if figures.present is not None and (figures.accounted or 0) > figures.present:
        found.append(Hint.MORE_COUNTED_THAN_PRESENT)
    if figures.expected is not None and figures.present is not None and figures.present > figures.expected:
        found.append(Hint.MORE_PRESENT_THAN_EXPECTED)
    if figures.accounted == 0:
        found.append(Hint.NOBODY_COUNTED)
    if plausible_s is not None and figures.last_out_s is not None and figures.last_out_s < plausible_s:
        found.append(Hint.FASTER_THAN_STAIRS)
    if figures.last_out_s is not None and figures.last_out_s > 30 * 60:
        found.append(Hint.VERY_LONG)
    return found


def meets_goal(figures: Figures, goal_s: int | None) -> bool | None:
    """Whether the last one was out within the goal; None where there is no goal or no time. Informs only."""
    if goal_s is None or figures.last_out_s is None:
        return None
    return figures.last_out_s <= goal_s


def evacuations(kinds: Iterable[DrillKind]) -> int:
    """How many of the drills count as evacuations."""
    return sum(kind in COUNTS_AS_EVACUATION for kind in kinds)
