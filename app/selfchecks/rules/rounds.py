"""Patrols: which points were missed, how a round ended, where the nights have gaps. GB/T 40248-2021 7.3, DOMAIN §1.10, §1.13."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from app.core import clock


class RouteKind(enum.StrEnum):
    """What a route is walked for."""

    DAILY = "daily"
    NIGHT = "night"
    KEY = "key"


class Origin(enum.StrEnum):
    """How a point came to be ticked: its label scanned, its code typed, only tapped, or entered from paper."""

    SCAN = "scan"
    TYPE = "type"
    TAP = "tap"
    PAPER = "paper"


class Ended(enum.StrEnum):
    """How a round stands: on the way, all points seen, ended without some, or never ended."""

    WALKING = "walking"
    WHOLE = "whole"
    SHORT = "short"
    LEFT = "left"


#: The duty of the pack that a whole round of a route fulfils.
DUTIES: Mapping[RouteKind, str] = {
    RouteKind.DAILY: "patrol_daily",
    RouteKind.NIGHT: "patrol_night",
    RouteKind.KEY: "patrol_key_places",
}
#: The longest between two rounds of the night and of key places in use. GB/T 40248-2021 7.3.5; 教育部、公安部 2015.
MOST_BETWEEN = timedelta(hours=2)
#: A round that was begun so long ago and not ended is not on the way any more [P].
LEFT_AFTER = timedelta(hours=4)
#: What the labels of points carry in their address, before the code.
LABEL = "/w/"
_IN_ADDRESS = re.compile(r"/w/([^/?#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stop:
    """A point as it was when the round began: later changes of the route do not rewrite what the round was."""

    point: str
    name: str
    where: str = ""


def stops_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Stop, ...]:
    """The stops as a round keeps them."""
    return tuple(Stop(one["point"], one["name"], one.get("where", "")) for one in kept)


def missed(stops: Sequence[Stop], seen: Collection[str]) -> tuple[Stop, ...]:
    """The stops that nobody ticked, in their order."""
    return tuple(stop for stop in stops if stop.point not in seen)


def ended(*, started_at: datetime, finished_at: datetime | None, missing: int, now: datetime) -> Ended:
    """How a round stands now."""
    if finished_at is not None:
        return Ended.SHORT if missing else Ended.WHOLE
    return Ended.WALKING if now - started_at < LEFT_AFTER else Ended.LEFT


def code_in(text: str) -> str:
    """What is left of an address that a label's QR code opens: its code; anything else as it is."""
    found = _IN_ADDRESS.search(text)
    return found.group(1) if found else text


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a round that was longer than it may be."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """How long it was, in whole minutes."""
        return int((self.end - self.start).total_seconds()) // 60


def gaps(
    times: Iterable[datetime],
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
    most: timedelta = MOST_BETWEEN,
) -> tuple[Gap, ...]:
    """Where more than `most` lies between one round and the next, counted from their beginnings.

    With `opens` and `closes` also before the first and after the last. Rounds outside them are taken as they are.
    """
    marks = sorted(times)
    if opens is not None and (not marks or marks[0] > opens):
        marks.insert(0, opens)
    if closes is not None and marks and marks[-1] < closes:
        marks.append(closes)
    pairs = pairwise(marks)
    return tuple(Gap(one, other) for one, other in pairs if other - one > most)


@dataclass(frozen=True, slots=True)
class Night:
    """The hours in which boarders are watched over, by the day on which they begin."""

    day: date
    opens: datetime
    closes: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is of this night."""
        return self.opens <= moment < self.closes


def night_of(day: date, *, opens: int, closes: int) -> Night:
    """The night that begins on a day at the hour `opens` and ends at the hour `closes`, mostly of the next day."""
    ends_on = day if closes > opens else day + timedelta(days=1)
    return Night(
        day,
        datetime.combine(day, time(opens), clock.ZONE),
        datetime.combine(ends_on, time(closes), clock.ZONE),
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """One night with the beginnings of its whole rounds, and its gaps as far as the night has gone."""

    night: Night
    times: tuple[datetime, ...]
    gaps: tuple[Gap, ...]
    is_over: bool


def watched(night: Night, times: Iterable[datetime], *, now: datetime) -> Watched:
    """How a night was watched over. What is still ahead of it is no gap."""
    inside = tuple(sorted(t for t in times if night.holds(t)))
    until = min(night.closes, now)
    found = gaps(inside, opens=night.opens, closes=until) if until > night.opens else ()
    return Watched(night, inside, found, now >= night.closes)
