"""What the taps of a live drill come to. Pure; the same taps give the same counts in whatever order they arrive.

Every tap carries an id of the sender's and the moment it was tapped, by the server's clock: the sender knows how far its own
clock is off from each answer. The latest tap of a class counts, the earliest "first out", the latest "last out".
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.drills.rules import Figures
from app.drills.rules.plans import ClassLine, GuideLine


class TapKind(enum.StrEnum):
    """What was tapped."""

    SIGNAL = "signal"
    FIRST_OUT = "first_out"
    LAST_OUT = "last_out"
    STAIR = "stair"
    HEADS = "heads"
    FINISH = "finish"
    UNDO = "undo"


#: A tap may be known so much later than it was made: a tablet that lay without network over a weekend.
LATEST = timedelta(days=7)
#: Clocks are compared over a network: a moment this much in the future is now.
SLACK = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Tap:
    """One tap as it is kept. `key` names a class or a stair; `undoes` another tap."""

    op_id: uuid.UUID
    kind: TapKind
    at: datetime
    by: str = ""
    key: str = ""
    present: int | None = None
    elsewhere: int = 0
    undoes: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ClassCount:
    """One class: expected, counted at the assembly point, accounted for elsewhere; `missing` None until it was counted."""

    line: ClassLine
    present: int | None = None
    elsewhere: int = 0
    at: datetime | None = None
    by: str = ""

    @property
    def missing(self) -> int | None:
        """How many nobody knows of; None until the class has reported."""
        return None if self.present is None else max(0, self.line.expected - self.present - self.elsewhere)

    @property
    def over(self) -> int:
        """How many more were counted than are on the roll."""
        return 0 if self.present is None else max(0, self.present + self.elsewhere - self.line.expected)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A drill as it stands now."""

    classes: tuple[ClassCount, ...]
    stairs: tuple[tuple[GuideLine, datetime | None], ...] = ()
    signal_at: datetime | None = None
    first_out_at: datetime | None = None
    last_out_at: datetime | None = None
    finished_at: datetime | None = None
    undone: frozenset[uuid.UUID] = field(default_factory=frozenset)

    @property
    def expected(self) -> int:
        """Heads on all rolls."""
        return sum(one.line.expected for one in self.classes)

    @property
    def present(self) -> int:
        """Heads counted at the assembly point."""
        return sum(one.present or 0 for one in self.classes)

    @property
    def elsewhere(self) -> int:
        """Heads accounted for elsewhere: sick room, outside classes, absent."""
        return sum(one.elsewhere for one in self.classes)

    @property
    def missing(self) -> int:
        """Heads missing of the classes that have reported."""
        return sum(one.missing or 0 for one in self.classes)

    @property
    def reported(self) -> int:
        """How many classes have reported."""
        return sum(one.present is not None for one in self.classes)

    @property
    def counted_at(self) -> datetime | None:
        """When the last class came complete; None while one has not reported or has somebody missing."""
        if not self.classes or self.reported < len(self.classes) or self.missing:
            return None
        return max(one.at for one in self.classes if one.at)

    def since_signal(self, at: datetime | None) -> int | None:
        """Whole seconds from the signal to a moment; None where either is not known."""
        if at is None or self.signal_at is None:
            return None
        return max(0, round((at - self.signal_at).total_seconds()))

    @property
    def figures(self) -> Figures:
        """Times and heads as a drill's record has them: `present` is who was there, `accounted` who was counted outside.

        One too many in a class makes up for nobody missing in another; a class that never reported was not counted.
        """
        was_there = max(0, self.expected - self.elsewhere)
        silent = sum(one.line.expected for one in self.classes if one.present is None)
        return Figures(
            first_out_s=self.since_signal(self.first_out_at),
            last_out_s=self.since_signal(self.last_out_at),
            counted_s=self.since_signal(self.counted_at),
            expected=self.expected,
            present=was_there,
            accounted=max(0, was_there - self.missing - silent),
        )


def _order(tap: Tap) -> tuple[datetime, uuid.UUID]:
    return tap.at, tap.op_id


def standing(classes: Sequence[ClassLine], stairs: Sequence[GuideLine], taps: Iterable[Tap]) -> Standing:
    """What all taps together say."""
    every = sorted(taps, key=_order)
    undone = frozenset(tap.undoes for tap in every if tap.kind is TapKind.UNDO and tap.undoes)
    held = [tap for tap in every if tap.op_id not in undone]
    by_kind: dict[TapKind, list[Tap]] = {kind: [tap for tap in held if tap.kind is kind] for kind in TapKind}
    heads: Mapping[str, Tap] = {tap.key: tap for tap in by_kind[TapKind.HEADS]}
    passed: Mapping[str, Tap] = {tap.key: tap for tap in by_kind[TapKind.STAIR]}
    return Standing(
        classes=tuple(_count(line, heads.get(line.key)) for line in classes),
        stairs=tuple((line, passed[line.key].at if line.key in passed else None) for line in stairs),
        signal_at=_first(by_kind[TapKind.SIGNAL]),
        first_out_at=_first(by_kind[TapKind.FIRST_OUT]),
        last_out_at=_last(by_kind[TapKind.LAST_OUT]),
        finished_at=_first(by_kind[TapKind.FINISH]),
        undone=undone,
    )


def _first(taps: Sequence[Tap]) -> datetime | None:
    return taps[0].at if taps else None


def _last(taps: Sequence[Tap]) -> datetime | None:
    return taps[-1].at if taps else None


def _count(line: ClassLine, tap: Tap | None) -> ClassCount:
    if tap is None:
        return ClassCount(line=line)
    return ClassCount(line=line, present=tap.present, elsewhere=tap.elsewhere, at=tap.at, by=tap.by)


def corrected(said_at: datetime, *, offset_ms: int | None, said_now: datetime | None, now: datetime) -> datetime:
    """The moment of a tap by the server's clock.

    `offset_ms` is how far the sender's clock was behind the server's when it tapped, as it had learnt from an answer;
    without it, or where it leads into the future, what the sender's clock says now (`said_now`) is compared instead.
    """
    if offset_ms is not None:
        at = said_at + timedelta(milliseconds=offset_ms)
        if now - LATEST <= at <= now + SLACK:
            return min(at, now)
    if said_now is not None:
        at = said_at + (now - said_now)
        if now - LATEST <= at:
            return min(at, now)
    return now
