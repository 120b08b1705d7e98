"""The steps and clocks of a temporary sealing (临时查封). 消防监督检查规定 Arts 22–25, DOMAIN §2.7, §2.12."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.accounts.policy import Permission
from app.rectification.rules.records import RecordStep
from app.regulations.rules.clocks import CLOCKS, ClockKind


class SealingState(enum.StrEnum):
    """Where the record stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    APPLIED = "applied"
    CHECKED = "checked"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"


class SealingAct(enum.StrEnum):
    """What is done with it."""

    APPROVE = "approve"
    ISSUE = "issue"
    SCENE = "scene"
    RENEW = "renew"
    APPLY = "apply"
    CHECK = "check"
    LIFT = "lift"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_S, _A = SealingState, SealingAct


def _step(
    at: SealingState, act: SealingAct, to: SealingState, needs: Permission, *, not_finder: bool = False
) -> RecordStep:
    return RecordStep(at=at, act=act, to=to, needs=needs, not_finder=not_finder)


SEALING_STEPS: tuple[RecordStep, ...] = (
    _step(_S.PROPOSED, _A.APPROVE, _S.APPROVED, Permission.APPROVE_ORDERS, not_finder=True),
    _step(_S.APPROVED, _A.ISSUE, _S.IN_FORCE, Permission.ISSUE_DOCUMENTS),
    *(_step(at, _A.SCENE, at, Permission.DRAFT_ORDERS) for at in (_S.PROPOSED, _S.APPROVED, _S.IN_FORCE)),
    *(
        _step(at, _A.RENEW, at, Permission.APPROVE_ORDERS, not_finder=True)
        for at in (_S.IN_FORCE, _S.APPLIED, _S.CHECKED)
    ),
    _step(_S.IN_FORCE, _A.APPLY, _S.APPLIED, Permission.DRAFT_ORDERS),
    _step(_S.APPLIED, _A.CHECK, _S.CHECKED, Permission.INSPECT),
    _step(_S.CHECKED, _A.LIFT, _S.LIFTED, Permission.APPROVE_ORDERS, not_finder=True),
    _step(_S.CHECKED, _A.REFUSE, _S.IN_FORCE, Permission.APPROVE_ORDERS, not_finder=True),
    _step(_S.PROPOSED, _A.WITHDRAW, _S.WITHDRAWN, Permission.DRAFT_ORDERS),
    _step(_S.APPROVED, _A.WITHDRAW, _S.WITHDRAWN, Permission.APPROVE_ORDERS, not_finder=True),
)
#: States in which something is still to be done.
OPEN = frozenset({_S.PROPOSED, _S.APPROVED, _S.IN_FORCE, _S.APPLIED, _S.CHECKED})
#: The place is sealed by a document.
SEALED = frozenset({_S.IN_FORCE, _S.APPLIED, _S.CHECKED})
#: The longest term, and the longest of each renewal, in calendar days. Art. 22.
LONGEST_DAYS = CLOCKS[ClockKind.SEAL_TERM].amount


def latest_end(from_on: date) -> date:
    """The last day that a term beginning then may have; the day it begins is not counted."""
    return from_on + timedelta(days=LONGEST_DAYS)


@dataclass(frozen=True, kw_only=True)
class SealingFacts:
    """What decides which clocks run. `applied_on`, `checked_on`: of the application that is not decided yet."""

    state: SealingState
    visited_on: date
    urgent: bool = False
    sealed_at: datetime | None = None
    until: date | None = None
    applied_on: date | None = None
    checked_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RunningClock:
    """A clock that runs, and since when."""

    kind: ClockKind
    started: date | datetime


def running(facts: SealingFacts) -> tuple[RunningClock, ...]:
    """The clocks that run: the document, the term in force, the check and the decision on lifting."""
    found = []
    if facts.state in (SealingState.PROPOSED, SealingState.APPROVED):
        if facts.urgent and facts.sealed_at is not None:
            found.append(RunningClock(kind=ClockKind.SEAL_DOCUMENT_URGENT, started=facts.sealed_at))
        else:
            found.append(RunningClock(kind=ClockKind.SEAL_DOCUMENT, started=facts.visited_on))
    if facts.state in SEALED and facts.until is not None:
        # A term may be shorter than the longest one: the clock is set so that it runs out on the term's last day.
        found.append(RunningClock(kind=ClockKind.SEAL_TERM, started=facts.until - timedelta(days=LONGEST_DAYS)))
    if facts.state is SealingState.APPLIED and facts.applied_on is not None:
        found.append(RunningClock(kind=ClockKind.UNSEAL_CHECK, started=facts.applied_on))
    if facts.state is SealingState.CHECKED and facts.checked_on is not None:
        found.append(RunningClock(kind=ClockKind.UNSEAL_DECISION, started=facts.checked_on))
    return tuple(found)
