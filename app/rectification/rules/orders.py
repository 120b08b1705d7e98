"""What holds for orders: which finding goes on which paper, when more time may be asked for, what follows a failed re-check."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.rectification.rules.findings import Handling, RecheckOutcome


class OrderKind(enum.StrEnum):
    """Which notice. 消防监督检查规定 Art. 19, DOMAIN §2.1."""

    IMMEDIATE = "immediate"
    LIMITED = "limited"


#: How the officers' decision about a finding becomes a paper. What was to be corrected on the spot and was not is ordered at once.
PAPER_OF = {
    Handling.SPOT: OrderKind.IMMEDIATE,
    Handling.ORDER_IMMEDIATE: OrderKind.IMMEDIATE,
    Handling.ORDER_LIMITED: OrderKind.LIMITED,
}


class ServiceMethod(enum.StrEnum):
    """How an order reaches the school. 行政处罚法 Art. 61, DOMAIN §2.9."""

    HAND = "hand"
    REFUSED = "refused"
    LEFT = "left"
    POSTED = "posted"
    LINK = "link"


#: These need a witness by name.
NEEDS_WITNESS = frozenset({ServiceMethod.REFUSED, ServiceMethod.LEFT})
#: These count only with a confirmation that is kept: the day the post was delivered, the school's stored word.
NEEDS_CONFIRMATION = frozenset({ServiceMethod.POSTED, ServiceMethod.LINK})


class EvidenceAnswer(enum.StrEnum):
    """What an officer says of what the school has sent. Neither closes a finding."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class EscalationLevel(enum.StrEnum):
    """Who is asked to supervise a stubborn case; `other` is asked by letter and only kept."""

    DETACHMENT = "detachment"
    BUREAU = "bureau"
    OTHER = "other"


class NextStep(enum.StrEnum):
    """What may follow when a re-check finds the fault still there. The officer decides."""

    NEW_ORDER = "new_order"
    PENALTY = "penalty"
    SEAL = "seal"
    MAJOR_HAZARD = "major_hazard"
    ESCALATE = "escalate"


class ExtensionRefusal(enum.StrEnum):
    """Why more time cannot be asked for."""

    CLOSED = "closed"
    NO_DEADLINE = "no_deadline"
    TOO_LATE = "too_late"
    WAITING = "waiting"
    USED_UP = "used_up"
    NOT_LATER = "not_later"


@dataclass(frozen=True, kw_only=True)
class ExtensionFacts:
    """What decides whether more time may be asked for. `granted`: how often it was; `waiting`: a request is undecided."""

    deadline: date | None
    is_closed: bool
    granted: int
    waiting: bool


def extension_refusal(
    facts: ExtensionFacts, *, today: date, most: int, wanted: date | None = None
) -> ExtensionRefusal | None:
    """Why not, or None. Before the deadline's end only, at most `most` times (by setting, once [U]). DOMAIN §2.12."""
    if facts.is_closed:
        return ExtensionRefusal.CLOSED
    if facts.deadline is None:
        return ExtensionRefusal.NO_DEADLINE
    if today > facts.deadline:
        return ExtensionRefusal.TOO_LATE
    if facts.waiting:
        return ExtensionRefusal.WAITING
    if facts.granted >= most:
        return ExtensionRefusal.USED_UP
    if wanted is not None and wanted <= facts.deadline:
        return ExtensionRefusal.NOT_LATER
    return None


def next_steps(outcome: RecheckOutcome, *, failures: int, is_critical: bool) -> tuple[NextStep, ...]:
    """What the program proposes after `failures` failed re-checks: the ladder, mildest first. It decides nothing."""
    if outcome is RecheckOutcome.CORRECTED:
        return ()
    steps = [NextStep.NEW_ORDER, NextStep.PENALTY]
    if is_critical:
        steps.append(NextStep.SEAL)
    if failures >= 2:
        steps.append(NextStep.ESCALATE)
        if is_critical:
            steps.append(NextStep.MAJOR_HAZARD)
    return tuple(steps)


def papers_for(handlings: Iterable[Handling]) -> tuple[OrderKind, ...]:
    """The kinds of paper that findings so handled need, the immediate one first."""
    wanted = {PAPER_OF[handling] for handling in handlings if handling in PAPER_OF}
    return tuple(kind for kind in OrderKind if kind in wanted)


def token_hash(token: str) -> str:
    """What is kept of the token of a link."""
    return hashlib.sha256(token.encode()).hexdigest()
