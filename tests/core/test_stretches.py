"""What a hand-over does to what was held before."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.stretches import Ending, Stretch, ending

DAY = date(2026, 12, 1)
BEFORE, EVE, AFTER = date(2026, 1, 1), date(2026, 11, 30), date(2026, 12, 9)


@pytest.mark.parametrize(
    ("stretches", "withdrawn", "ended"),
    [
        ([], (), ()),
        ([("a", BEFORE, None)], (), ("a",)),
        ([("a", BEFORE, DAY)], (), ("a",)),
        ([("a", BEFORE, EVE)], (), ()),
        ([("a", DAY, None)], ("a",), ()),
        ([("a", BEFORE, AFTER), ("b", AFTER, None)], ("b",), ("a",)),
    ],
)
def test_what_was_ends_on_the_eve_and_what_was_to_come_never_does(
    stretches: list[tuple[str, date, date | None]], withdrawn: tuple[str, ...], ended: tuple[str, ...]
) -> None:
    assert ending((Stretch(*one) for one in stretches), DAY) == Ending(withdrawn, ended, EVE)


def test_both_ends_of_a_stretch_belong_to_it() -> None:
    stretch = Stretch("a", EVE, DAY)
    assert [stretch.is_held_on(day) for day in (date(2026, 11, 29), EVE, DAY, date(2026, 12, 2))] == [
        False,
        True,
        True,
        False,
    ]
