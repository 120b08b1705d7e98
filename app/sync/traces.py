"""What travels along with answers and what in it makes one ask: speed, old or borrowed photos, distance, clocks. Pure.

A doubt is a question to the officers, never a verdict: nothing is refused, lowered or counted because of it.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.fieldwork.rules import Via

EARTH_M = 6_371_000.0
Point = tuple[float, float]


class Sign(enum.StrEnum):
    """What makes one ask."""

    FAST = "fast"
    OLD_PHOTO = "old_photo"
    SAME_PHOTO = "same_photo"
    FAR = "far"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From where on one asks: answers by tap within seconds, age of a photo, metres, and steps of a clock."""

    fast_answers: int
    fast_seconds: int
    photo_minutes: int
    metres: int
    clock_minutes: int


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One answer: when by our clock, how, from which tablet; `told_at` is what the tablet's own clock said."""

    item: str
    place: str
    at: datetime
    via: Via
    device: str
    told_at: datetime | None = None

    @property
    def offset(self) -> timedelta | None:
        """How far the tablet's clock was behind ours."""
        return None if self.told_at is None else self.at - self.told_at


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One photo: taken when and where, added when by our clock; `elsewhere`: the same bytes belong to another visit too."""

    item: str
    place: str
    taken_at: datetime | None
    added_at: datetime
    point: Point | None = None
    elsewhere: bool = False

    @property
    def age(self) -> timedelta | None:
        """How long before it was added it was taken."""
        return None if self.taken_at is None else self.added_at - self.taken_at


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where the tablet was, give or take so many metres."""

    point: Point
    accuracy_m: float
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Everything that travelled along with one inspection, in the order in which it came."""

    began: datetime
    school: Point | None
    answers: Sequence[Trace]
    shots: Sequence[Shot]
    stands: Sequence[Stand]


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One question: how many things it is about, and the largest figure (seconds, minutes, metres)."""

    sign: Sign
    count: int
    most: int = 0


def metres(one: Point, other: Point) -> float:
    """The distance of two points on the ground."""
    (a, b), (c, d) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _fast(visit: Visit, limits: Limits) -> Doubt | None:
    # A page without script saves a whole area at once: only a tablet tells when each answer was tapped.
    times = sorted(one.at for one in visit.answers if one.via is Via.TAP and one.told_at is not None)
    best, seconds, first = 0, 0.0, 0
    for last, at in enumerate(times):
        while at - times[first] > timedelta(seconds=limits.fast_seconds):
            first += 1
        if last - first + 1 > best:
            best, seconds = last - first + 1, (at - times[first]).total_seconds()
    return Doubt(sign=Sign.FAST, count=best, most=math.ceil(seconds)) if best >= limits.fast_answers else None


def _old(visit: Visit, limits: Limits) -> Doubt | None:
    allowed = visit.began - timedelta(minutes=limits.photo_minutes)
    ages = [visit.began - one.taken_at for one in visit.shots if one.taken_at is not None and one.taken_at < allowed]
    return Doubt(sign=Sign.OLD_PHOTO, count=len(ages), most=_minutes(max(ages))) if ages else None


def _same(visit: Visit, _limits: Limits) -> Doubt | None:
    count = sum(one.elsewhere for one in visit.shots)
    return Doubt(sign=Sign.SAME_PHOTO, count=count) if count else None


def _far(visit: Visit, limits: Limits) -> Doubt | None:
    if visit.school is None:
        return None
    away = [metres(visit.school, one.point) - one.accuracy_m for one in visit.stands]
    away += [metres(visit.school, one.point) for one in visit.shots if one.point is not None]
    far = [one for one in away if one > limits.metres]
    return Doubt(sign=Sign.FAR, count=len(far), most=round(max(far))) if far else None


def _clock(visit: Visit, limits: Limits) -> Doubt | None:
    steps = [step for device in {one.device for one in visit.answers} for step in _steps(visit.answers, device)]
    large = [step for step in steps if step > timedelta(minutes=limits.clock_minutes)]
    return Doubt(sign=Sign.CLOCK, count=len(large), most=_minutes(max(large))) if large else None


def _steps(answers: Iterable[Trace], device: str) -> list[timedelta]:
    """By how much a tablet's clock stepped between one answer and the next: set anew, or back behind an earlier answer."""
    found, before = list[timedelta](), None
    for one in answers:
        if one.device != device or one.told_at is None:
            continue
        if before is not None and before.told_at is not None:
            anew = abs(one.at - one.told_at - (before.at - before.told_at))
            found.append(max(anew, before.told_at - one.told_at))
        before = one
    return found


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)


#: The rules, in the order in which a reviewer reads them.
RULES: tuple[Callable[[Visit, Limits], Doubt | None], ...] = (_fast, _old, _same, _far, _clock)


def doubts(visit: Visit, limits: Limits) -> list[Doubt]:
    """Everything about a visit that makes one ask."""
    return [found for rule in RULES if (found := rule(visit, limits)) is not None]
