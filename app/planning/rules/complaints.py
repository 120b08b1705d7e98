"""Complaints: what kinds there are, how soon somebody must be on site, and what may follow what."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.regulations.rules.clocks import ClockKind


class ComplaintKind(enum.StrEnum):
    """What a complaint is about."""

    BLOCKED = "blocked"
    STOPPED = "stopped"
    LANE = "lane"
    EQUIPMENT = "equipment"
    ELECTRIC = "electric"
    OTHER = "other"


class Intake(enum.StrEnum):
    """How a complaint came in."""

    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    WALL = "wall"
    OFFICE = "office"


class ComplaintState(enum.StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    REJECTED = "rejected"
    PLANNED = "planned"
    VISITED = "visited"
    REPLIED = "replied"
    CLOSED = "closed"


class Outcome(enum.StrEnum):
    """What came of a complaint, for the counts."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    UNFOUNDED = "unfounded"
    TRANSFERRED = "transferred"
    REJECTED = "rejected"


class ReplyChannel(enum.StrEnum):
    """How the complainant was told; `none` is an answer that could not be given, with the reason in its text."""

    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    MESSAGE = "message"
    OFFICE = "office"
    PAGE = "page"
    NONE = "none"


class Act(enum.StrEnum):
    """What is done with a complaint on its way."""

    ACCEPT = "accept"
    TRANSFER = "transfer"
    REJECT = "reject"
    PLAN = "plan"
    UNPLAN = "unplan"
    ARRIVE = "arrive"
    REPLY = "reply"
    RETAKE = "retake"
    CLOSE = "close"


S = ComplaintState

#: (where it stands, what is done) → where it stands then. What is not here is refused.
STEPS: Mapping[tuple[ComplaintState, Act], ComplaintState] = {
    (S.RECEIVED, Act.ACCEPT): S.ACCEPTED,
    (S.RECEIVED, Act.TRANSFER): S.TRANSFERRED,
    (S.RECEIVED, Act.REJECT): S.REJECTED,
    (S.ACCEPTED, Act.TRANSFER): S.TRANSFERRED,
    (S.ACCEPTED, Act.PLAN): S.PLANNED,
    (S.ACCEPTED, Act.ARRIVE): S.VISITED,
    (S.PLANNED, Act.UNPLAN): S.ACCEPTED,
    (S.PLANNED, Act.ARRIVE): S.VISITED,
    (S.TRANSFERRED, Act.REPLY): S.REPLIED,
    (S.REJECTED, Act.REPLY): S.REPLIED,
    (S.VISITED, Act.REPLY): S.REPLIED,
    (S.TRANSFERRED, Act.RETAKE): S.ACCEPTED,
    (S.REJECTED, Act.RETAKE): S.ACCEPTED,
    (S.REPLIED, Act.CLOSE): S.CLOSED,
}

#: Nobody has been on site and nobody has said that nobody goes: the clock of Art. 18 runs.
CLOCK_RUNS = frozenset({S.RECEIVED, S.ACCEPTED, S.PLANNED})
#: The complainant is still to be told.
TO_REPLY = frozenset({S.TRANSFERRED, S.REJECTED, S.VISITED})
#: Something is still to be done.
OPEN = CLOCK_RUNS | TO_REPLY | {S.REPLIED}
#: What a visit may find.
FOUND_ON_SITE = (Outcome.CONFIRMED, Outcome.PARTLY, Outcome.UNFOUNDED)

#: Ways out that are blocked and fire systems that are switched off: on site within hours, not days (消防监督检查规定 Art. 18).
URGENT = frozenset({ComplaintKind.BLOCKED, ComplaintKind.STOPPED})


def clock_of(kind: ComplaintKind) -> ClockKind:
    """Which clock of the law runs from the receipt of a complaint until somebody is on site."""
    return ClockKind.COMPLAINT_URGENT if kind in URGENT else ClockKind.COMPLAINT


def next_state(state: ComplaintState, act: Act) -> ComplaintState | None:
    """Where the act leads, or None where it may not be done."""
    return STEPS.get((state, act))


def acts_for(state: ComplaintState) -> tuple[Act, ...]:
    """What may be done now, in the order of the table; the buttons of the page come from here."""
    return tuple(act for (of, act) in STEPS if of is state)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many complaints came in, by month, kind, way and outcome (None while nothing came of it yet)."""

    month: int
    kind: ComplaintKind
    intake: Intake
    outcome: Outcome | None
    number: int


class Tally:
    """The figures of a year, added up as asked."""

    def __init__(self, rows: Iterable[Counted]) -> None:
        self._rows = tuple(rows)

    def of(self, **wanted: Any) -> int:
        """How many fit: `of(month=3, kind=…)`; without arguments all."""
        return sum(
            row.number for row in self._rows if all(getattr(row, name) == value for name, value in wanted.items())
        )
