"""Times, heads, goal and hints of drills as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drills import rules
from app.drills.rules import DrillKind, Figures, Hint, Mistake


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1:45", 105), ("0:22", 22), ("１：４５", 105), ("1分45秒", 105), ("1 分 45 秒", 105), ("2分钟", 120), ("3分", 180),
        ("105秒", 105), (" 12:00 ", 720), ("1'05\"", 65),
        ("105", None), ("1:75", None), ("1:4:5", None), ("-1:00", None), ("一分半", None), ("1.5", None), (":30", None),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(typed: str, seconds: int | None) -> None:
    assert rules.seconds_from(typed) == seconds


@given(st.integers(0, 59 * 60 + 59))
def test_a_shown_time_is_read_back(seconds: int) -> None:
    assert rules.seconds_from(rules.minutes_seconds(seconds)) == seconds


@pytest.mark.parametrize(
    ("figures", "missing", "absent"),
    [
        (Figures(expected=320, present=312, accounted=311), 1, 8),
        (Figures(expected=320, present=312, accounted=312), 0, 8),
        (Figures(expected=320, present=None, accounted=311), 9, None),
        (Figures(expected=None, present=None, accounted=10), 0, None),
        (Figures(expected=10, present=12, accounted=14), 0, 0),
        (Figures(expected=0, present=0, accounted=0), 0, 0),
    ],
)
def test_missing_is_who_was_there_and_was_not_counted(figures: Figures, missing: int, absent: int | None) -> None:
    assert (rules.missing(figures), rules.absent(figures)) == (missing, absent)


@pytest.mark.parametrize(
    ("first", "last", "counted", "mistakes"),
    [
        (22, 114, 190, []),
        (None, None, None, []),
        (114, 22, 190, [Mistake.LAST_BEFORE_FIRST]),
        (22, 114, 100, [Mistake.COUNTED_BEFORE_LAST]),
        (22, None, 10, [Mistake.COUNTED_BEFORE_LAST]),
        (60, 60, 60, []),
    ],
)
def test_times_that_contradict_are_mistakes(
    first: int | None, last: int | None, counted: int | None, mistakes: list[Mistake]
) -> None:
    assert rules.mistakes(Figures(first_out_s=first, last_out_s=last, counted_s=counted)) == mistakes


@pytest.mark.parametrize(
    ("last", "goal", "met"), [(120, 120, True), (121, 120, False), (None, 120, None), (90, None, None)]
)
def test_the_goal_informs(last: int | None, goal: int | None, met: bool | None) -> None:
    assert rules.meets_goal(Figures(last_out_s=last, accounted=1), goal) is met


@pytest.mark.parametrize(
    ("figures", "stairs", "hints"),
    [
        (Figures(present=312, accounted=320), None, [Hint.MORE_COUNTED_THAN_PRESENT]),
        (Figures(expected=300, present=312, accounted=312), None, [Hint.MORE_PRESENT_THAN_EXPECTED]),
        (Figures(present=312, accounted=0), None, [Hint.NOBODY_COUNTED]),
        (Figures(last_out_s=60, accounted=320), 130.0, [Hint.FASTER_THAN_STAIRS]),
        (Figures(last_out_s=140, accounted=320), 130.0, []),
        (Figures(last_out_s=1801, accounted=320), None, [Hint.VERY_LONG]),
    ],
)
def test_what_is_unlikely_is_said(figures: Figures, stairs: float | None, hints: list[Hint]) -> None:
    assert rules.hints(figures, plausible_s=stairs) == hints


def test_an_earthquake_drill_counts_as_an_evacuation_and_an_extinguisher_drill_does_not() -> None:
    assert rules.evacuations([DrillKind.EARTHQUAKE, DrillKind.EVACUATION, DrillKind.EXTINGUISHER]) == 2
