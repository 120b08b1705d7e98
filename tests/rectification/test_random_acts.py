"""Random acts by random people: whatever they try, every order and finding goes where the tables say, or not at all.

`make test` drives a seeded sample, `make soak` thousands of steps from seeds of the day.
"""

from __future__ import annotations

import random

import pytest

from tests.cast import Cast
from tests.factories.random_acts import World


def _drive(cast: Cast, *, seed: int, steps: int) -> World:
    world = World(cast, random.Random(seed))
    with world.clock():
        for number in range(steps):
            world.step(number)
            if number % 100 == 99:
                world.check_everything()
        world.check_everything()
        world.check_audit()
    return world


def test_a_sample_of_random_acts_leaves_no_illegal_state(cast: Cast) -> None:
    world = _drive(cast, seed=20261122, steps=300)
    done = set(world.accepted)
    assert {"inspect", "submit", "review", "approve", "issue", "serve", "evidence", "recheck"} <= done, (
        "it proves too little"
    )
    assert world.never_refused() == set()


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_random_acts_leave_no_illegal_state(cast: Cast, seed: int) -> None:
    world = _drive(cast, seed=seed, steps=2000)
    assert world.never_accepted() == set()
    assert world.never_refused() == set()
    assert set(world.tried) == set(world.WEIGHTS)
