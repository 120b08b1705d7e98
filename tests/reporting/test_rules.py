"""On time or not, and which months."""

from __future__ import annotations

from datetime import date

import pytest

from app.regulations.rules.calendars import Calendar, DayLayer, Layer, MarkedDay
from app.reporting import rules
from app.reporting.rules import Closure

NATIONAL = DayLayer(Layer.NATIONAL, "全国", filled_years=frozenset({2026}))
PLAIN = Calendar((NATIONAL,))
SHOTON = Calendar((NATIONAL, DayLayer(Layer.REGION, "西藏", {date(2026, 8, 13): MarkedDay(False, "雪顿节")})))


@pytest.mark.parametrize(
    ("closed_on", "calendar", "on_time"),
    [
        (date(2026, 8, 1), PLAIN, True),
        (date(2026, 8, 12), PLAIN, True),
        (date(2026, 8, 17), PLAIN, True),  # Wednesday + 3 working days = Monday
        (date(2026, 8, 18), PLAIN, False),
        (date(2026, 8, 18), SHOTON, True),
    ],
)
def test_the_brigades_own_three_days_are_not_held_against_the_school(
    closed_on: date, calendar: Calendar, on_time: bool
) -> None:
    assert (closed_on <= rules.last_on_time(date(2026, 8, 12), calendar)) is on_time


def test_the_share_is_of_those_that_had_a_deadline() -> None:
    closures = [
        Closure(deadline=date(2026, 8, 12), closed_on=date(2026, 8, 12), count=2),
        Closure(deadline=date(2026, 8, 12), closed_on=date(2026, 9, 30)),
        Closure(deadline=None, closed_on=date(2026, 9, 30), count=9),
    ]
    assert rules.on_time_percent(closures, PLAIN) == 66
    assert rules.on_time_percent(closures[2:], PLAIN) is None


def test_months_go_back_over_the_new_year() -> None:
    assert rules.last_months(date(2026, 2, 28)) == [
        (2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2),
    ]  # fmt: skip
