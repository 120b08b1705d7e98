"""How far back faults count, and how they read as topics."""

from __future__ import annotations

from datetime import date

import pytest

from app.trainings.rules.topics import MOST_LETTERS, Point, months_before, words_of

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 23), 12, date(2025, 11, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2026, 12, 31), 24, date(2024, 12, 31)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_last_of_the_month(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_topics_are_numbered_lines_and_what_does_not_fit_is_left_out_whole() -> None:
    assert words_of([Point("安全出口畅通", "门被锁"), Point("灯亮")]) == "1. 安全出口畅通（门被锁）\n2. 灯亮"
    many = words_of(Point("长" * 100) for _n in range(60))
    assert MOST_LETTERS - 110 < len(many) <= MOST_LETTERS
    assert {line.split(". ")[1] for line in many.split("\n")} == {"长" * 100}
