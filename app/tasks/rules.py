"""How a task stands at a school, and its colour. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


class TaskKind(enum.StrEnum):
    """Why it is sent: to all alike, to some for their own reason, or at once because something happened."""

    COMMON = "common"
    INDIVIDUAL = "individual"
    AD_HOC = "ad_hoc"


class State(enum.StrEnum):
    """How far a task is at a school."""

    SENT = "sent"
    READ = "read"
    REPORTED = "reported"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Colour(enum.StrEnum):
    """Red: overdue and nothing reported. Yellow: soon due, returned, or waiting for whoever sent it. Green: the rest."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


#: From so many days before its day a task that nobody reported is yellow.
NEAR_DAYS = 3
#: More schools than any district has are a mistake.
MOST_SCHOOLS = 5000
#: So many schools are offered on a page to be ticked.
CHOICES = 30
#: A report takes so many files beside its photos, none larger than this many bytes.
MOST_FILES, LARGEST_FILE = 5, 30 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Stamps:
    """When what happened; a report takes a return off, and a return the report."""

    read_at: datetime | None = None
    reported_at: datetime | None = None
    returned_at: datetime | None = None
    accepted_at: datetime | None = None


def state_of(stamps: Stamps) -> State:
    """How far it is."""
    if stamps.accepted_at:
        return State.ACCEPTED
    if stamps.reported_at:
        return State.REPORTED
    if stamps.returned_at:
        return State.RETURNED
    return State.READ if stamps.read_at else State.SENT


def colour_of(state: State, due_on: date, *, today: date) -> Colour:
    """The colour of a task at a school on a day."""
    if state is State.ACCEPTED:
        return Colour.GREEN
    if state is State.REPORTED:
        return Colour.YELLOW
    if due_on < today:
        return Colour.RED
    near = (due_on - today).days <= NEAR_DAYS
    return Colour.YELLOW if near or state is State.RETURNED else Colour.GREEN


def reminded_on(due_on: date, *, before: Iterable[int], today: date) -> bool:
    """Whether a school is reminded today: so many days before, and on the day."""
    return (due_on - today).days in {0, *before}
