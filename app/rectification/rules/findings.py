"""How a finding stands today: its state, its colour with the reason, its clocks. DOMAIN §2.8, §2.12, §2.13, §4.9."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core import clock
from app.regulations.rules.calendars import Calendar, Reckoned, add_workdays


class Severity(enum.StrEnum):
    """How grave a finding is, as the pack proposes."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Handling(enum.StrEnum):
    """What the brigade does about a finding. DOMAIN §3."""

    SPOT = "spot"
    ORDER_IMMEDIATE = "order_immediate"
    ORDER_LIMITED = "order_limited"
    ADVISE = "advise"
    TRANSFER = "transfer"
    RECORD = "record"


#: What the school must put right by a date.
NEEDS_DEADLINE = frozenset({Handling.SPOT, Handling.ORDER_IMMEDIATE, Handling.ORDER_LIMITED})


class ClosedHow(enum.StrEnum):
    """The only roads out: put right before the officers' eyes, re-checked by two officers, or withdrawn with a reason."""

    SPOT = "spot"
    RECHECK = "recheck"
    WITHDRAWN = "withdrawn"


class RecheckOutcome(enum.StrEnum):
    """How two officers found a fault again."""

    CORRECTED = "corrected"
    PARTLY = "partly"
    NOT_CORRECTED = "not_corrected"


class State(enum.StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    EVIDENCE_SENT = "evidence_sent"
    OVERDUE = "overdue"
    CLOSED = "closed"


class Colour(enum.StrEnum):
    """The three colours."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


#: From good to bad, so that the worst of several is their maximum.
RANK = {Colour.GREEN: 0, Colour.YELLOW: 1, Colour.RED: 2}


class Why(enum.StrEnum):
    """Why a finding has its colour."""

    CLOSED = "closed"
    OVERDUE = "overdue"
    LAST_DAY = "last_day"
    RETURNED = "returned"
    NOT_ACCEPTED = "not_accepted"
    NEAR = "near"
    IN_TIME = "in_time"
    NO_DEADLINE = "no_deadline"


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """When a finding that is not late turns yellow: few calendar days left, or a small share (%) of its period. DOMAIN §4.9."""

    days_left: int = 3
    percent_left: int = 30


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, kw_only=True)
class ThresholdBook:
    """Each brigade's own thresholds; a brigade that has set none goes by those proposed."""

    own: Mapping[uuid.UUID, Thresholds] = field(default_factory=dict)

    def of(self, brigade_id: uuid.UUID | None) -> Thresholds:
        """The thresholds of a brigade's findings."""
        return self.own.get(brigade_id, DEFAULT_THRESHOLDS) if brigade_id else DEFAULT_THRESHOLDS


#: Working days within which the brigade looks again. 消防监督检查规定 Art. 20, DOMAIN §2.12.
RECHECK_WORKDAYS = 3


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a finding.

    `evidence_at`: the last thing the school sent that was not sent back; `returned_at`: when something was sent back last;
    `applied_at`: the first request for a re-check, not sent back, that no re-check has answered.
    """

    found_on: date
    deadline: date | None = None
    closed_on: date | None = None
    evidence_at: datetime | None = None
    returned_at: datetime | None = None
    applied_at: datetime | None = None
    rechecked_at: datetime | None = None
    outcome: RecheckOutcome | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a finding stands on a day: `days` left (negative: days late), None without a deadline."""

    state: State
    colour: Colour
    why: Why
    days: int | None


def days_left(deadline: date | None, today: date) -> int | None:
    """Calendar days to the deadline; the day itself is still in time."""
    return None if deadline is None else (deadline - today).days


def is_overdue(facts: Facts, today: date) -> bool:
    """Late from 00:00 of the day after the deadline, working day or not."""
    return facts.closed_on is None and facts.deadline is not None and today > facts.deadline


def is_due_soon(facts: Facts, today: date, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> bool:
    """Not late, but few days or a small share of the period are left."""
    if facts.closed_on is not None or facts.deadline is None or today > facts.deadline:
        return False
    left, period = (facts.deadline - today).days, (facts.deadline - facts.found_on).days
    return left <= thresholds.days_left or left * 100 <= period * thresholds.percent_left


def has_unanswered_evidence(facts: Facts) -> bool:
    """The school has sent something that no re-check has looked at and nobody has sent back."""
    return facts.evidence_at is not None and (facts.rechecked_at is None or facts.evidence_at > facts.rechecked_at)


def was_returned(facts: Facts) -> bool:
    """What the school sent was sent back since the last re-check, and nothing else of it stands: it is to be done again."""
    if facts.closed_on is not None or facts.returned_at is None or has_unanswered_evidence(facts):
        return False
    return facts.rechecked_at is None or facts.returned_at > facts.rechecked_at


def was_not_accepted(facts: Facts) -> bool:
    """The last re-check found the fault still there, and nothing new has come since."""
    refused = facts.outcome in (RecheckOutcome.PARTLY, RecheckOutcome.NOT_CORRECTED)
    return facts.closed_on is None and refused and not has_unanswered_evidence(facts)


def state_of(facts: Facts, today: date, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> State:
    """The one state; late goes before sent, for a photo is no correction."""
    if facts.closed_on is not None:
        return State.CLOSED
    if is_overdue(facts, today):
        return State.OVERDUE
    if has_unanswered_evidence(facts):
        return State.EVIDENCE_SENT
    return State.DUE_SOON if is_due_soon(facts, today, thresholds) else State.OPEN


def _why(facts: Facts, today: date, thresholds: Thresholds) -> tuple[Colour, Why]:
    if facts.closed_on is not None:
        return Colour.GREEN, Why.CLOSED
    if is_overdue(facts, today):
        return Colour.RED, Why.OVERDUE
    if facts.deadline == today:
        return Colour.YELLOW, Why.LAST_DAY
    if was_returned(facts):
        return Colour.YELLOW, Why.RETURNED
    if was_not_accepted(facts):
        return Colour.YELLOW, Why.NOT_ACCEPTED
    if facts.deadline is None:
        return Colour.GREEN, Why.NO_DEADLINE
    return (Colour.YELLOW, Why.NEAR) if is_due_soon(facts, today, thresholds) else (Colour.GREEN, Why.IN_TIME)


def standing_of(facts: Facts, today: date, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Standing:
    """State, colour and the reason for it."""
    colour, why = _why(facts, today, thresholds)
    return Standing(
        state=state_of(facts, today, thresholds), colour=colour, why=why, days=days_left(facts.deadline, today)
    )


def worst(colours: Iterable[Colour]) -> Colour:
    """A school has the colour of its worst finding; green without one."""
    return max(colours, key=RANK.__getitem__, default=Colour.GREEN)


def recheck_clock_start(facts: Facts) -> date | None:
    """The day from which the brigade's re-check clock counts: the school's request or the deadline, whichever comes first.

    A deadline whose re-check has taken place starts no clock any more; a new request does.
    """
    return None if facts.closed_on else recheck_start(facts.deadline, facts.applied_at, facts.rechecked_at)


def recheck_start(deadline: date | None, applied_at: datetime | None, rechecked_at: datetime | None) -> date | None:
    """The same of a finding that is open, from the three facts it goes by."""
    looked = clock.day_of(rechecked_at) if rechecked_at else None
    due = None if deadline and looked and looked > deadline else deadline
    applied = clock.day_of(applied_at) if applied_at else None
    return min((day for day in (due, applied) if day), default=None)


def awaits_recheck(facts: Facts, today: date) -> bool:
    """The clock of the re-check runs: the school has asked for it, or the deadline has passed."""
    if facts.closed_on is not None:
        return False
    start = recheck_clock_start(facts)
    return facts.applied_at is not None or (start is not None and today > start)


def finding_id(inspection_id: uuid.UUID, item_code: str, target_id: str = "") -> uuid.UUID:
    """The same fault of the same inspection has the same id wherever it is made."""
    return uuid.uuid5(inspection_id, f"{item_code}|{target_id}")


def printable_clauses(basis: Iterable[Mapping[str, Any]]) -> list[str]:
    """Clauses whose text was seen; what is marked unsure or from knowledge never prints as law."""
    return [str(clause["ref"]) for clause in basis if clause.get("evidence") == "found"]


def recheck_due(facts: Facts, calendar: Calendar) -> Reckoned | None:
    """The last day for the brigade to look again, working days counted; None where no clock counts."""
    start = recheck_clock_start(facts)
    return None if start is None else add_workdays(start, RECHECK_WORKDAYS, calendar)
