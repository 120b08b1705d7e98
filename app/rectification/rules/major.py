"""The steps of a major fire hazard, and the hint that something may be one. The program never decides. DOMAIN §1.2, §1.11."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.accounts.policy import Permission
from app.rectification.rules.findings import Severity
from app.rectification.rules.records import RecordStep
from app.regulations.rules.clocks import ClockKind


class MajorState(enum.StrEnum):
    """Where the record stands."""

    PROPOSED = "proposed"
    STUDIED = "studied"
    DETERMINED = "determined"
    DISMISSED = "dismissed"
    NOTICED = "noticed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class MajorAct(enum.StrEnum):
    """What is done with it."""

    STUDY = "study"
    APPROVE = "approve"
    DISMISS = "dismiss"
    RETURN = "return"
    ISSUE = "issue"
    SERVE = "serve"
    REPORT = "report"
    CLOSE = "close"
    WITHDRAW = "withdraw"


_S, _A = MajorState, MajorAct

MAJOR_STEPS: tuple[RecordStep, ...] = (
    RecordStep(at=_S.PROPOSED, act=_A.STUDY, to=_S.STUDIED, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.STUDIED, act=_A.STUDY, to=_S.STUDIED, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.STUDIED, act=_A.APPROVE, to=_S.DETERMINED, needs=Permission.APPROVE_ORDERS, not_finder=True),
    RecordStep(at=_S.STUDIED, act=_A.DISMISS, to=_S.DISMISSED, needs=Permission.APPROVE_ORDERS, not_finder=True),
    RecordStep(at=_S.STUDIED, act=_A.RETURN, to=_S.PROPOSED, needs=Permission.APPROVE_ORDERS, not_finder=True),
    RecordStep(at=_S.DETERMINED, act=_A.ISSUE, to=_S.NOTICED, needs=Permission.ISSUE_DOCUMENTS),
    RecordStep(at=_S.DETERMINED, act=_A.REPORT, to=_S.DETERMINED, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.NOTICED, act=_A.REPORT, to=_S.NOTICED, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.NOTICED, act=_A.SERVE, to=_S.NOTICED, needs=Permission.SERVE_ORDERS),
    RecordStep(at=_S.NOTICED, act=_A.CLOSE, to=_S.CLOSED, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.PROPOSED, act=_A.WITHDRAW, to=_S.WITHDRAWN, needs=Permission.DRAFT_ORDERS),
    RecordStep(at=_S.STUDIED, act=_A.WITHDRAW, to=_S.WITHDRAWN, needs=Permission.APPROVE_ORDERS),
    RecordStep(at=_S.DETERMINED, act=_A.WITHDRAW, to=_S.WITHDRAWN, needs=Permission.APPROVE_ORDERS, not_finder=True),
    RecordStep(at=_S.NOTICED, act=_A.WITHDRAW, to=_S.WITHDRAWN, needs=Permission.APPROVE_ORDERS, not_finder=True),
)
#: States in which something is still to be done.
OPEN = frozenset({_S.PROPOSED, _S.STUDIED, _S.DETERMINED, _S.NOTICED})
#: The fewest people that take part in a collective study.
FEWEST_PRESENT = 2


def may_be_major(severities: Iterable[Severity]) -> bool:
    """Whether open findings should be put before a collective study: any critical one. A hint, never a verdict.

    The elements of GB 35181-2025 are not loaded, so that nothing is counted here.
    """
    return any(severity is Severity.CRITICAL for severity in severities)


@dataclass(frozen=True, kw_only=True)
class MajorFacts:
    """What decides which clock runs."""

    state: MajorState
    visited_on: date
    determined_on: date | None = None
    with_experts: bool = False


def running(facts: MajorFacts) -> tuple[ClockKind, date] | None:
    """The clock that runs and the day it started: to be studied within 7 working days (17 with experts), noticed within 3."""
    if facts.state in (MajorState.PROPOSED, MajorState.STUDIED):
        return (ClockKind.MAJOR_PROPOSAL_EXPERTS if facts.with_experts else ClockKind.MAJOR_PROPOSAL), facts.visited_on
    if facts.state is MajorState.DETERMINED and facts.determined_on is not None:
        return ClockKind.MAJOR_NOTICE, facts.determined_on
    return None
