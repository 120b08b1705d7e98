"""The clock of a complaint and the table of its steps."""

from __future__ import annotations

import pytest

from app.planning.rules.complaints import (
    CLOCK_RUNS,
    OPEN,
    STEPS,
    Act,
    ComplaintKind,
    ComplaintState,
    Counted,
    Intake,
    Outcome,
    Tally,
    acts_for,
    clock_of,
    next_state,
)
from app.regulations.rules.clocks import CLOCKS, Unit


@pytest.mark.parametrize("kind", list(ComplaintKind))
def test_blocked_ways_out_and_stopped_systems_have_the_clock_of_hours(kind: ComplaintKind) -> None:
    rule = CLOCKS[clock_of(kind)]
    hours = kind in (ComplaintKind.BLOCKED, ComplaintKind.STOPPED)
    assert (rule.amount, rule.unit) == ((24, Unit.HOURS) if hours else (3, Unit.WORKDAYS))


def test_from_every_open_state_something_may_be_done_and_from_closed_nothing() -> None:
    assert all(acts_for(state) for state in OPEN)
    assert acts_for(ComplaintState.CLOSED) == ()
    assert {state for state, _act in STEPS} == set(OPEN)


def test_nobody_replies_before_somebody_was_there_or_decided_not_to_go() -> None:
    assert all(next_state(state, Act.REPLY) is None for state in CLOCK_RUNS)
    assert {to for (_s, act), to in STEPS.items() if act is Act.CLOSE} == {ComplaintState.CLOSED}


def test_figures_add_up() -> None:
    rows = [
        Counted(3, ComplaintKind.LANE, Intake.WALL, None, 2),
        Counted(4, ComplaintKind.LANE, Intake.PHONE, Outcome.CONFIRMED, 1),
    ]
    tally = Tally(rows)
    assert (tally.of(), tally.of(month=3), tally.of(kind="lane"), tally.of(outcome=None), tally.of(month=5)) == (
        3, 2, 3, 2, 0,
    )  # fmt: skip
