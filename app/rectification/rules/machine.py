"""What may be done with an order and with a finding, by whom, and where it leads: the two tables of steps. DOMAIN §2.13.

Buttons, refusals, the drawing in the README and the tests all come from these tables.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.accounts.policy import Permission
from app.organisations.settings import Approval
from app.rectification.rules.findings import ClosedHow, Facts, RecheckOutcome, awaits_recheck, has_unanswered_evidence


class OrderState(enum.StrEnum):
    """Where the paper of an order stands."""

    DRAFT = "draft"
    LEGAL_REVIEW = "legal_review"
    APPROVAL = "approval"
    APPROVED = "approved"
    ISSUED = "issued"
    SERVED = "served"
    CLOSED = "closed"
    VOID = "void"


class OrderAct(enum.StrEnum):
    """What can be done with an order."""

    EDIT = "edit"
    SUBMIT = "submit"
    PASS_REVIEW = "pass_review"  # noqa: S105
    APPROVE = "approve"
    RETURN = "return"
    ISSUE = "issue"
    SERVE = "serve"
    CLOSE = "close"
    REOPEN = "reopen"
    DISCARD = "discard"
    VOID = "void"


ANY_ROAD = frozenset(Approval)


@dataclass(frozen=True, kw_only=True)
class OrderStep:
    """One row of the table. `needs`: the permission, or None where the program itself takes the step.

    `not_finder`: not by an officer of the visit; `road`: only on these roads of approval; `served`: only once the order
    has been handed over, or only before.
    """

    at: OrderState
    act: OrderAct
    to: OrderState
    needs: Permission | None = None
    not_finder: bool = False
    road: frozenset[Approval] = ANY_ROAD
    served: bool | None = None


def _order_steps() -> Iterator[OrderStep]:
    state, act = OrderState, OrderAct
    yield OrderStep(at=state.DRAFT, act=act.EDIT, to=state.DRAFT, needs=Permission.DRAFT_ORDERS)
    for road, to in (
        (Approval.LEGAL_LEADER, state.LEGAL_REVIEW),
        (Approval.LEADER, state.APPROVAL),
        (Approval.NONE, state.APPROVED),
    ):
        yield OrderStep(at=state.DRAFT, act=act.SUBMIT, to=to, needs=Permission.DRAFT_ORDERS, road=frozenset({road}))
    for waiting, passed, to, needs in (
        (state.LEGAL_REVIEW, act.PASS_REVIEW, state.APPROVAL, Permission.REVIEW_ORDERS),
        (state.APPROVAL, act.APPROVE, state.APPROVED, Permission.APPROVE_ORDERS),
    ):
        yield OrderStep(at=waiting, act=passed, to=to, needs=needs, not_finder=True)
        yield OrderStep(at=waiting, act=act.RETURN, to=state.DRAFT, needs=needs, not_finder=True)
    yield OrderStep(at=state.APPROVED, act=act.ISSUE, to=state.ISSUED, needs=Permission.ISSUE_DOCUMENTS)
    yield OrderStep(at=state.ISSUED, act=act.SERVE, to=state.SERVED, needs=Permission.SERVE_ORDERS)
    for living in (state.ISSUED, state.SERVED):
        yield OrderStep(at=living, act=act.CLOSE, to=state.CLOSED)
    yield OrderStep(at=state.CLOSED, act=act.REOPEN, to=state.SERVED, served=True)
    yield OrderStep(at=state.CLOSED, act=act.REOPEN, to=state.ISSUED, served=False)
    for early in (state.DRAFT, state.LEGAL_REVIEW, state.APPROVAL, state.APPROVED):
        yield OrderStep(at=early, act=act.DISCARD, to=state.VOID, needs=Permission.DRAFT_ORDERS)
    for given in (state.ISSUED, state.SERVED):
        yield OrderStep(at=given, act=act.VOID, to=state.VOID, needs=Permission.VOID_ORDERS)


ORDER_STEPS: tuple[OrderStep, ...] = tuple(_order_steps())
#: An order with a number that is neither void nor done.
IN_FORCE = frozenset({OrderState.ISSUED, OrderState.SERVED})
#: Not yet an order, but on its way.
IN_PREPARATION = frozenset({OrderState.DRAFT, OrderState.LEGAL_REVIEW, OrderState.APPROVAL, OrderState.APPROVED})


def order_step(at: OrderState, act: OrderAct, road: Approval, *, served: bool = False) -> OrderStep | None:
    """The row for an act in a state on a road of approval, or None where the table has none."""
    rows = (s for s in ORDER_STEPS if (s.at, s.act) == (at, act) and road in s.road)
    return next((s for s in rows if s.served in (None, served)), None)


def order_acts(at: OrderState, road: Approval, *, permissions: Iterable[str], is_finder: bool) -> tuple[OrderAct, ...]:
    """What somebody may do with an order now: the buttons of its page."""
    held = frozenset(permissions)
    return tuple(
        step.act
        for step in ORDER_STEPS
        if step.at is at and road in step.road and step.needs in held and not (step.not_finder and is_finder)
    )


class Stage(enum.StrEnum):
    """Where a finding stands on its way to being struck off (销号)."""

    FOUND = "found"
    ORDERED = "ordered"
    RECTIFYING = "rectifying"
    EVIDENCE_SENT = "evidence_sent"
    RECHECK_DUE = "recheck_due"
    FAILED = "failed"
    CORRECTED_ON_SPOT = "corrected_on_spot"
    STRUCK_OFF = "struck_off"
    WITHDRAWN = "withdrawn"


class FindingAct(enum.StrEnum):
    """What can happen to a finding."""

    CORRECT_ON_SPOT = "correct_on_spot"
    ORDER = "order"
    VOID_ORDER = "void_order"
    SERVE = "serve"
    SEND_EVIDENCE = "send_evidence"
    RETURN_EVIDENCE = "return_evidence"
    APPLY = "apply"
    PASS_DEADLINE = "pass_deadline"  # noqa: S105
    EXTEND = "extend"
    RECHECK_PASSED = "recheck_passed"
    RECHECK_FAILED = "recheck_failed"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


#: Every stage in which the fault is still there.
OPEN_STAGES = frozenset(
    {Stage.FOUND, Stage.ORDERED, Stage.RECTIFYING, Stage.EVIDENCE_SENT, Stage.RECHECK_DUE, Stage.FAILED}
)
#: How each end is written on the finding.
END_OF = {
    ClosedHow.SPOT: Stage.CORRECTED_ON_SPOT,
    ClosedHow.RECHECK: Stage.STRUCK_OFF,
    ClosedHow.WITHDRAWN: Stage.WITHDRAWN,
}


@dataclass(frozen=True, kw_only=True)
class FindingStep:
    """One row: in `at`, `act` leads to one of `to` (facts decide which); `needs` as in OrderStep."""

    at: Stage
    act: FindingAct
    to: frozenset[Stage]
    needs: Permission | None = None


def _finding_steps() -> Iterator[FindingStep]:
    stage, act = Stage, FindingAct

    def step(at: Stage, what: FindingAct, *to: Stage, needs: Permission | None = None) -> FindingStep:
        return FindingStep(at=at, act=what, to=frozenset(to), needs=needs)

    yield step(stage.FOUND, act.CORRECT_ON_SPOT, stage.CORRECTED_ON_SPOT, needs=Permission.INSPECT)
    for at in sorted(OPEN_STAGES):
        for what, ends, needs in _ends_of_open(at):
            yield step(at, what, *sorted(ends), needs=needs)
    yield step(stage.STRUCK_OFF, act.REOPEN, *sorted(OPEN_STAGES), needs=Permission.SAMPLE_CLOSURES)


def _ends_of_open(at: Stage) -> Iterator[tuple[FindingAct, Set[Stage], Permission | None]]:
    """What can happen while the fault is there, and where it may lead from this stage."""
    stage, act = Stage, FindingAct
    due, sent, failed = stage.RECHECK_DUE, stage.EVIDENCE_SENT, stage.FAILED
    before, ordered = {stage.FOUND, stage.ORDERED}, stage.ORDERED if at is stage.FOUND else at
    # A new paper brings its own dates: they may end the wait for a re-check, or lie in the past already.
    yield act.ORDER, OPEN_STAGES - {stage.FOUND} if at is due else {ordered, due}, Permission.DRAFT_ORDERS
    if at is not stage.FOUND:
        served = {stage.ORDERED: {stage.RECTIFYING}, failed: {stage.RECTIFYING, failed}}
        voided = {stage.ORDERED: before, stage.RECTIFYING: before | {stage.RECTIFYING, failed}}
        yield act.SERVE, served.get(at, {at}), Permission.SERVE_ORDERS
        yield act.VOID_ORDER, voided.get(at, {at}), Permission.VOID_ORDERS
        yield act.EXTEND, OPEN_STAGES - {stage.FOUND} if at is due else {at}, Permission.DECIDE_EXTENSIONS
    yield act.SEND_EVIDENCE, {due if at is due else sent}, Permission.SEND_EVIDENCE
    returned = {due: set(OPEN_STAGES), sent: set(OPEN_STAGES - {due})}
    yield act.RETURN_EVIDENCE, returned.get(at, {at}), Permission.ANSWER_EVIDENCE
    yield act.APPLY, {due}, Permission.SEND_EVIDENCE
    if at is not due:
        yield act.PASS_DEADLINE, {due}, None
    yield act.RECHECK_PASSED, {stage.STRUCK_OFF}, Permission.INSPECT
    # A re-check entered from paper may lie before what the school sent, before its deadline, or before the order was served.
    refused = {due: OPEN_STAGES - before, sent: {failed, sent, stage.RECTIFYING}}
    yield act.RECHECK_FAILED, refused.get(at, {failed, at}), Permission.INSPECT
    yield act.TRANSFER, {at}, Permission.DRAFT_ORDERS
    yield act.WITHDRAW, {stage.WITHDRAWN}, Permission.WITHDRAW_FINDINGS


FINDING_STEPS: tuple[FindingStep, ...] = tuple(_finding_steps())


def finding_step(at: Stage, act: FindingAct) -> FindingStep | None:
    """The row for an act at a stage, or None where the table has none."""
    return next((s for s in FINDING_STEPS if (s.at, s.act) == (at, act)), None)


def finding_acts(at: Stage, *, permissions: Iterable[str]) -> frozenset[FindingAct]:
    """What somebody may do with a finding now."""
    held = frozenset(permissions)
    return frozenset(s.act for s in FINDING_STEPS if s.at is at and s.needs in held)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What is known of a finding beside its `facts`: how it ended and its orders."""

    facts: Facts
    closed_how: ClosedHow | None = None
    is_ordered: bool = False
    served_at: datetime | None = None


def _failed(progress: Progress) -> bool:
    """The last re-check found it there, and no order has been served and nothing sent since."""
    facts = progress.facts
    if facts.outcome not in (RecheckOutcome.PARTLY, RecheckOutcome.NOT_CORRECTED) or facts.rechecked_at is None:
        return False
    return progress.served_at is None or progress.served_at <= facts.rechecked_at


def stage_of(progress: Progress, today: date) -> Stage:
    """The one stage, from facts and today's date."""
    facts = progress.facts
    if progress.closed_how is not None:
        return END_OF[progress.closed_how]
    if awaits_recheck(facts, today):
        return Stage.RECHECK_DUE
    if has_unanswered_evidence(facts):
        return Stage.EVIDENCE_SENT
    if _failed(progress):
        return Stage.FAILED
    if progress.served_at is not None:
        return Stage.RECTIFYING
    return Stage.ORDERED if progress.is_ordered else Stage.FOUND


def drawing(steps: Iterable[Any]) -> str:
    """A table of steps as a Mermaid state diagram, for the README: an arrow for each pair of states, with the acts on it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        for end in sorted(step.to) if isinstance(step.to, frozenset) else [step.to]:
            if end != step.at:
                arrows.setdefault((step.at, end), []).append(step.act)
    lines = [f"  {at} --> {end}: {', '.join(dict.fromkeys(acts))}" for (at, end), acts in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines])
