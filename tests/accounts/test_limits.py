"""Tries are counted from the first one on, whatever the clock says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.limits import count_attempt, forget_attempts

#: Ten seconds before the clock's own five minutes are over.
BEFORE_THE_CHANGE = datetime(2026, 11, 23, 3, 4, 50, tzinfo=UTC)


@pytest.fixture
def clock_hands(app: Flask) -> Iterator[Any]:
    """The clock, to be moved on."""
    with time_machine.travel(BEFORE_THE_CHANGE, tick=False) as hands:
        yield hands


def _tries(count: int, *, most: int = 3, key: str = "sign-in:1.2.3.4") -> list[bool]:
    return [count_attempt(key, most=most, window_s=300) for _n in range(count)]


def test_the_first_tries_are_let_in_and_the_next_is_not(clock_hands: Any) -> None:
    assert _tries(4) == [True, True, True, False]


def test_nobody_gets_twice_as_many_around_the_change_of_five_minutes(clock_hands: Any) -> None:
    assert _tries(3) == [True] * 3
    clock_hands.shift(timedelta(seconds=20))
    assert _tries(1) == [False]


@pytest.mark.parametrize(("after_s", "let_in"), [(0, False), (299, False), (300, True), (301, True)])
def test_a_window_lasts_from_its_first_try(clock_hands: Any, after_s: int, let_in: bool) -> None:
    _tries(3)
    clock_hands.shift(timedelta(seconds=after_s))
    assert _tries(1) == [let_in]


def test_later_tries_do_not_prolong_the_window(clock_hands: Any) -> None:
    for _n in range(5):
        _tries(1)
        clock_hands.shift(timedelta(seconds=60))
    assert _tries(4) == [True, True, True, False]


def test_a_clock_that_was_put_back_locks_nobody_out(clock_hands: Any) -> None:
    _tries(4)
    clock_hands.shift(-timedelta(hours=3))
    assert _tries(1) == [True]


def test_each_key_counts_for_itself_and_success_forgets_its_own(clock_hands: Any) -> None:
    _tries(3)
    _tries(3, key="sign-in:5.6.7.8")
    forget_attempts(["sign-in:1.2.3.4"])
    assert _tries(1) == [True]
    assert _tries(1, key="sign-in:5.6.7.8") == [False]
