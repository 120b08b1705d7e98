"""How each owed period stands: met, done late, missed, still open. DOMAIN §4.5."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.duties.rules.duties import Duty, Phase, traits_on
from app.duties.rules.periods import Period, SchoolDays, periods

#: With this share of a period's days left, or less, an open duty is yellow. DOMAIN §4.5.
LAST_QUARTER = 4


class Standing(StrEnum):
    """How one owed period stands on a day."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    SOON = "soon"
    OPEN = "open"
    AHEAD = "ahead"


#: From bad to good, for the colour of several together.
WORST_FIRST = (Standing.MISSED, Standing.LATE, Standing.SOON, Standing.OPEN, Standing.MET, Standing.AHEAD)


@dataclass(frozen=True, slots=True, order=True)
class Done:
    """Something that was done: its day, how much it counts (times or class hours), the day it was entered."""

    day: date
    amount: Decimal = Decimal(1)
    entered: date | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """One owed period and how it stands; `done` is what was counted in it, `late_on` when it was made up for afterwards.

    `entered_late`: it was kept in time and written down after the period.
    """

    period: Period
    standing: Standing
    done: Decimal
    late_on: date | None = None
    entered_late: bool = False


def owed(duty: Duty, year: int, days: SchoolDays, phases: Sequence[Phase]) -> tuple[Period, ...]:
    """The periods ending in a year in which this school owes the duty.

    What the school was on the first day of a period decides [P]; a period that had begun before the school was on
    record is not owed.
    """
    found = periods(duty.per, year, days, in_term_only=duty.in_term_only)
    return tuple(p for p in found if (traits := traits_on(phases, p.start)) is not None and duty.binds(traits))


def _open(period: Period, today: date) -> Standing:
    if today < period.start:
        return Standing.AHEAD
    left, length = (period.end - today).days, (period.end - period.start).days + 1
    return Standing.SOON if length > 1 and left * LAST_QUARTER <= length else Standing.OPEN


def _first(period: Period, done: Sequence[Done], needed: Decimal, today: date) -> Stood:
    found = done[
        bisect_left(done, Done(period.start, Decimal(0))) : bisect_right(done, period.end, key=lambda d: d.day)
    ]
    amount = sum((d.amount for d in found), Decimal(0))
    if amount >= needed:
        late = all(d.entered is not None and d.entered > period.end for d in found)
        return Stood(period, Standing.MET, amount, entered_late=late)
    return Stood(period, Standing.MISSED if today > period.end else _open(period, today), amount)


def _made_up(stood: Stood, following: Stood | None, done: Sequence[Done], needed: Decimal) -> date | None:
    """The day on which what a period lacked was made up for: between it and the next, or there beyond its own need."""
    lacking = needed - stood.done
    later = [d for d in done if stood.period.end < d.day and (following is None or d.day <= following.period.end)]
    kept = min(following.done, needed) if following else Decimal(0)
    if sum((d.amount for d in later), Decimal(0)) - kept < lacking:
        return None
    for d in later:
        lacking -= d.amount
        if lacking <= 0:
            return d.day
    return None


def stand(
    owed_periods: Sequence[Period], done: Iterable[Done], *, today: date, needed: Decimal = Decimal(1)
) -> tuple[Stood, ...]:
    """How each owed period stands today, in their order.

    A missed period is never met afterwards: what is done beyond the need of the next period, or between the two,
    makes it `late`, with the day.
    """
    known = sorted(d for d in done if d.day <= today)
    found = [_first(period, known, needed, today) for period in owed_periods]
    for n, stood in enumerate(found):
        if stood.standing is not Standing.MISSED:
            continue
        following = found[n + 1] if n + 1 < len(found) else None
        late_on = _made_up(stood, following, known, needed)
        if late_on is not None:
            found[n] = replace(stood, standing=Standing.LATE, late_on=late_on)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many periods are owed by a day, and how they stand. What lies ahead is not owed yet."""

    met: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0
    soon: int = 0
    ahead: int = 0

    @property
    def owed(self) -> int:
        """Periods that have begun: fulfilled, missed (with those done late) and open."""
        return self.met + self.late + self.missed + self.open + self.soon

    @property
    def worst(self) -> Standing | None:
        """The standing that colours the whole; None where nothing is owed."""
        return next((s for s in WORST_FIRST if getattr(self, s.value)), None)

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = ("met", "late", "missed", "open", "soon", "ahead")


def tally(stood: Iterable[Stood]) -> Tally:
    """The sum of some periods."""
    counts = dict.fromkeys(_NAMES, 0)
    for one in stood:
        counts[one.standing.value] += 1
    return Tally(**counts)
