"""The tables of steps: what leads where, for whom, and that facts and table agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import Role
from app.accounts.policy import PERMISSIONS
from app.core import clock
from app.organisations.settings import Approval
from app.rectification.rules.findings import ClosedHow, Facts, RecheckOutcome
from app.rectification.rules.machine import (
    FINDING_STEPS,
    ORDER_STEPS,
    FindingAct,
    OrderAct,
    OrderState,
    Progress,
    Stage,
    finding_acts,
    order_acts,
    order_step,
    stage_of,
)

TODAY = date(2026, 11, 23)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.ZONE)


def may(role: Role) -> frozenset[str]:
    return frozenset(str(p) for p in PERMISSIONS[role])


def test_every_state_but_void_leads_somewhere_and_every_state_is_reached() -> None:
    assert {step.at for step in ORDER_STEPS} == set(OrderState) - {OrderState.VOID}
    assert {step.to for step in ORDER_STEPS} == set(OrderState)


def test_no_step_of_an_order_is_told_twice_on_one_road() -> None:
    told = [(step.at, step.act, road, step.served) for step in ORDER_STEPS for road in step.road]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("road", "to"),
    [
        (Approval.LEGAL_LEADER, OrderState.LEGAL_REVIEW),
        (Approval.LEADER, OrderState.APPROVAL),
        (Approval.NONE, OrderState.APPROVED),
    ],
)
def test_the_road_of_approval_is_the_brigades_setting(road: Approval, to: OrderState) -> None:
    step = order_step(OrderState.DRAFT, OrderAct.SUBMIT, road)
    assert step is not None
    assert step.to is to


@pytest.mark.parametrize("state", [OrderState.LEGAL_REVIEW, OrderState.APPROVAL])
@pytest.mark.parametrize("road", Approval)
def test_who_found_never_reviews_or_approves(state: OrderState, road: Approval) -> None:
    everything = frozenset(str(p) for held in PERMISSIONS.values() for p in held)
    allowed = order_acts(state, road, permissions=everything, is_finder=True)
    assert not {OrderAct.PASS_REVIEW, OrderAct.APPROVE, OrderAct.RETURN} & set(allowed)


ROLES = [
    (OrderState.DRAFT, Role.INSPECTOR, {OrderAct.EDIT, OrderAct.SUBMIT, OrderAct.DISCARD}),
    (OrderState.DRAFT, Role.OFFICE, set()),
    (OrderState.DRAFT, Role.STATION, set()),
    (OrderState.LEGAL_REVIEW, Role.OFFICE, {OrderAct.PASS_REVIEW, OrderAct.RETURN}),
    (OrderState.LEGAL_REVIEW, Role.LEADER, {OrderAct.DISCARD}),
    (OrderState.APPROVAL, Role.LEADER, {OrderAct.APPROVE, OrderAct.RETURN, OrderAct.DISCARD}),
    (OrderState.APPROVAL, Role.OFFICE, set()),
    (OrderState.APPROVED, Role.INSPECTOR, {OrderAct.ISSUE, OrderAct.DISCARD}),
    (OrderState.APPROVED, Role.STATION, set()),
    (OrderState.ISSUED, Role.INSPECTOR, {OrderAct.SERVE}),
    (OrderState.ISSUED, Role.LEADER, {OrderAct.SERVE, OrderAct.VOID}),
    (OrderState.SERVED, Role.LEADER, {OrderAct.VOID}),
    (OrderState.SERVED, Role.PRINCIPAL, set()),
    (OrderState.SERVED, Role.BUREAU, set()),
    (OrderState.SERVED, Role.DETACHMENT, set()),
    (OrderState.CLOSED, Role.LEADER, set()),
    (OrderState.VOID, Role.LEADER, set()),
]


@pytest.mark.parametrize(("state", "role", "acts"), ROLES, ids=lambda v: getattr(v, "value", ""))
def test_each_role_has_the_buttons_of_its_steps(state: OrderState, role: Role, acts: set[OrderAct]) -> None:
    allowed = order_acts(state, Approval.LEGAL_LEADER, permissions=may(role), is_finder=False)
    assert set(allowed) == acts


def test_nobody_closes_an_order_by_hand() -> None:
    assert all(not step.needs for step in ORDER_STEPS if step.act is OrderAct.CLOSE)


def test_a_school_sends_and_asks_and_nothing_else() -> None:
    for stage in Stage:
        assert finding_acts(stage, permissions=may(Role.PRINCIPAL)) <= {FindingAct.SEND_EVIDENCE, FindingAct.APPLY}


def test_only_a_recheck_the_spot_or_a_withdrawal_ends_a_finding() -> None:
    ends = {Stage.CORRECTED_ON_SPOT, Stage.STRUCK_OFF, Stage.WITHDRAWN}
    leading = {step.act for step in FINDING_STEPS if step.to & ends and step.at not in ends}
    assert leading == {FindingAct.CORRECT_ON_SPOT, FindingAct.RECHECK_PASSED, FindingAct.WITHDRAW}


FOUND = TODAY - timedelta(days=10)
DUE = TODAY + timedelta(days=5)
LATE = TODAY - timedelta(days=2)
OPEN = Facts(found_on=FOUND, deadline=DUE)

STAGES = [
    ("just found", Progress(facts=OPEN), Stage.FOUND),
    ("on a paper", Progress(facts=OPEN, is_ordered=True), Stage.ORDERED),
    ("served", Progress(facts=OPEN, is_ordered=True, served_at=at(FOUND)), Stage.RECTIFYING),
    (
        "evidence sent",
        Progress(facts=Facts(found_on=FOUND, deadline=DUE, evidence_at=at(TODAY, 8)), served_at=at(FOUND)),
        Stage.EVIDENCE_SENT,
    ),
    (
        "evidence returned",
        Progress(
            facts=Facts(found_on=FOUND, deadline=DUE, returned_at=at(TODAY, 9)),
            served_at=at(FOUND),
        ),
        Stage.RECTIFYING,
    ),
    (
        "asked for the re-check",
        Progress(
            facts=Facts(found_on=FOUND, deadline=DUE, evidence_at=at(TODAY, 8), applied_at=at(TODAY, 8)),
            served_at=at(FOUND),
        ),
        Stage.RECHECK_DUE,
    ),
    ("late", Progress(facts=Facts(found_on=FOUND, deadline=LATE), served_at=at(FOUND)), Stage.RECHECK_DUE),
    (
        "looked at again, still there",
        Progress(
            facts=Facts(found_on=FOUND, deadline=LATE, rechecked_at=at(TODAY, 9), outcome=RecheckOutcome.NOT_CORRECTED),
            served_at=at(FOUND),
        ),
        Stage.FAILED,
    ),
    (
        "still there, ordered anew",
        Progress(
            facts=Facts(
                found_on=FOUND,
                deadline=DUE,
                rechecked_at=at(LATE, 9),
                outcome=RecheckOutcome.PARTLY,
            ),
            served_at=at(TODAY, 8),
        ),
        Stage.RECTIFYING,
    ),
    ("struck off", Progress(facts=OPEN, closed_how=ClosedHow.RECHECK), Stage.STRUCK_OFF),
    ("put right on the spot", Progress(facts=OPEN, closed_how=ClosedHow.SPOT), Stage.CORRECTED_ON_SPOT),
    ("withdrawn", Progress(facts=OPEN, closed_how=ClosedHow.WITHDRAWN), Stage.WITHDRAWN),
]


@pytest.mark.parametrize(("progress", "stage"), [(p, s) for _n, p, s in STAGES], ids=[n for n, _p, _s in STAGES])
def test_the_stage_follows_from_the_facts(progress: Progress, stage: Stage) -> None:
    assert stage_of(progress, TODAY) is stage


def test_the_tables_are_drawn_in_the_readme_as_they_are(app: Flask) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    shown = readme.split("<!-- drawing -->")[1].split("<!-- end of drawing -->")[0].strip()
    drawn = app.test_cli_runner().invoke(args=["orders", "drawing"]).output.strip()
    assert "issued --> served: serve" in drawn
    assert shown == drawn, "the tables have changed: put what `flask orders drawing` prints into README.md"


def test_an_order_that_was_never_handed_over_is_not_served_when_it_is_opened_again() -> None:
    ends = {
        served: order_step(OrderState.CLOSED, OrderAct.REOPEN, Approval.NONE, served=served) for served in (True, False)
    }
    assert {served: step.to for served, step in ends.items() if step} == {
        True: OrderState.SERVED,
        False: OrderState.ISSUED,
    }
