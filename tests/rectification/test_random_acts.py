"""Random acts by random people: whatever they try, every order and finding goes where the tables say, or not at all.

`make test` drives a seeded sample, `make soak` thousands of steps from seeds of the day.
"""

from __future__ import annotations

import random

import pytest

from tests.cast import Cast
from tests.factories.random_acts import World

#: What a sample is driven on for, until somebody got each of them done.
THREAD = {"inspect", "submit", "review", "approve", "issue", "serve", "evidence", "recheck"}


def _drive(cast: Cast, *, seed: int, steps: int, at_least: int = 10_000) -> World:
    """So many steps; or fewer, but `at_least` so many, if the whole thread was done by then."""
    world = World(cast, random.Random(seed))
    with world.clock():
        for number in range(steps):
            if number >= at_least and set(world.accepted) >= THREAD:
                break
            world.step(number)
            if number % 100 == 99:
                world.check_everything()
        world.check_everything()
        world.check_audit()
    return world


def test_a_sample_of_random_acts_leaves_no_illegal_state(cast: Cast) -> None:
    world = _drive(cast, seed=20261122, steps=3000, at_least=300)
    assert set(world.accepted) >= THREAD, "it proves too little"
    assert world.never_refused() == set()


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_random_acts_leave_no_illegal_state(cast: Cast, seed: int) -> None:
    world = _drive(cast, seed=seed, steps=2000)
    assert world.never_accepted() == set()
    assert world.never_refused() == set()
    assert set(world.tried) == set(world.WEIGHTS)
