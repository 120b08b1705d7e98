"""How each owed period stands: met, done late, missed, still open. DOMAIN §4.5."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

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


@lru_cache(maxsize=50_000)
def _untouched(period: Period, today: date) -> Stood:
    """A period in which nothing was done: the same for every school."""
    return Stood(period, Standing.MISSED if today > period.end else _open(period, today), Decimal(0))


def _first(period: Period, found: Sequence[Done], needed: Decimal, today: date) -> Stood:
    """How a period stands by what was done in it alone."""
    amount = sum((d.amount for d in found), Decimal(0))
    if amount >= needed:
        late = all(d.entered is not None and d.entered > period.end for d in found)
        return Stood(period, Standing.MET, amount, entered_late=late)
    return Stood(period, Standing.MISSED if today > period.end else _open(period, today), amount)


def _made_up(stood: Stood, following: Stood | None, later: Sequence[Done], needed: Decimal) -> date | None:
    """The day on which what a period lacked was made up for: between it and the next, or there beyond its own need."""
    lacking = needed - stood.done
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
    if not known:
        return tuple(_untouched(period, today) for period in owed_periods)
    days = [d.day for d in known]
    found, until = [], []
    for period in owed_periods:
        start, end = bisect_left(days, period.start), bisect_right(days, period.end)
        until.append(end)
        found.append(_first(period, known[start:end], needed, today) if start < end else _untouched(period, today))
    last = len(found) - 1
    for n, stood in enumerate(found):
        if stood.standing is not Standing.MISSED:
            continue
        beyond = until[n + 1] if n < last else len(known)
        if beyond <= until[n]:
            continue
        late_on = _made_up(stood, found[n + 1] if n < last else None, known[until[n] : beyond], needed)
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
        return Tally(*(getattr(self, name) + getattr(other, name) for name in NAMES))


#: The figures of a Tally in their order.
NAMES = ("met", "late", "missed", "open", "soon", "ahead")


def tally(stood: Iterable[Stood]) -> Tally:
    """The sum of some periods."""
    counts = Counter(one.standing for one in stood)
    return Tally(**{standing.value: number for standing, number in counts.items()}) if counts else _NOTHING


_NOTHING = Tally()
