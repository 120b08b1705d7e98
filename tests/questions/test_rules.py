"""How a question stands, and when an answer is late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.questions.rules import Stamps, State, is_late, state_of, was_late

pytestmark = pytest.mark.one_database
T = datetime(2026, 11, 23, tzinfo=UTC)
DUE = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("stamps", "state"),
    [
        ({}, State.OPEN),
        ({"answered_at": T}, State.ANSWERED),
        ({"answered_at": T, "closed_at": T}, State.CLOSED),
        ({"closed_at": T}, State.CLOSED),
        ({"reopened_at": T}, State.REOPENED),
        ({"reopened_at": T, "answered_at": T}, State.ANSWERED),
        ({"reopened_at": T, "closed_at": T}, State.CLOSED),
    ],
)
def test_the_state_follows_from_the_stamps(stamps: dict[str, datetime], state: State) -> None:
    assert state_of(Stamps(**stamps)) is state


@pytest.mark.parametrize(
    ("state", "day", "late"),
    [
        (State.OPEN, 27, False),
        (State.OPEN, 28, True),
        (State.REOPENED, 28, True),
        (State.ANSWERED, 30, False),
        (State.CLOSED, 30, False),
    ],
)
def test_only_what_waits_is_late_and_only_after_its_day(state: State, day: int, late: bool) -> None:
    assert is_late(state, DUE, today=date(2026, 11, day)) is late


def test_an_answer_on_the_day_was_in_time() -> None:
    assert not was_late(DUE, DUE)
    assert was_late(date(2026, 11, 28), DUE)
