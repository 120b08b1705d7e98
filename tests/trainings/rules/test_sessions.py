"""Attendance and hints of trainings as tables."""

from __future__ import annotations

import pytest

from app.trainings import rules
from app.trainings.rules import STAFF, Audience, Hint


@pytest.mark.parametrize(
    ("expected", "attended", "percent"), [(14, 12, 85), (14, 14, 100), (200, 199, 99), (None, 5, None), (0, 0, None)]
)
def test_attendance_is_a_share_that_says_100_only_for_all(
    expected: int | None, attended: int, percent: int | None
) -> None:
    assert rules.attendance_percent(expected, attended) == percent


@pytest.mark.parametrize(
    ("expected", "attended", "hints"),
    [(14, 12, []), (14, 15, [Hint.MORE_THAN_EXPECTED]), (None, 0, [Hint.NOBODY_CAME]), (None, 3, [])],
)
def test_what_is_unlikely_is_said(expected: int | None, attended: int, hints: list[Hint]) -> None:
    assert rules.hints(expected, attended) == hints


def test_pupils_and_parents_are_not_staff() -> None:
    assert set(Audience) - STAFF == {Audience.PUPILS, Audience.PARENTS, Audience.UNKNOWN}
