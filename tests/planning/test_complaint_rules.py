"""The clock of a complaint and the table of its steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.planning.rules.complaints import (
    CLOCK_RUNS,
    OPEN,
    STEPS,
    URGENT,
    Act,
    ComplaintKind,
    ComplaintState,
    Counted,
    Intake,
    Outcome,
    Tally,
    acts_for,
    due,
    next_state,
)
from app.regulations.rules.calendars import Calendar, DayLayer, Gap, Layer, MarkedDay

OFF = MarkedDay(False, "国庆节")
NATIONAL = DayLayer(
    Layer.NATIONAL,
    "全国",
    days={
        **{date(2026, 10, d): OFF for d in range(1, 8)},
        date(2026, 10, 10): MarkedDay(True, "国庆节"),
    },
    filled_years=frozenset({2026}),
)
CALENDAR = Calendar((NATIONAL,))


def at(day: date, hour: int = 2, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("kind", sorted(URGENT))
@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 10, 3), date(2026, 11, 21)])
def test_what_is_urgent_is_checked_within_24_hours_to_the_minute_also_on_holidays(
    kind: ComplaintKind, day: date
) -> None:
    clock = due(kind, received_at=at(day), received_on=day, calendar=CALENDAR)
    assert clock.moment == at(day) + timedelta(hours=24)
    assert not clock.is_missed(at(day) + timedelta(hours=24), day + timedelta(days=1))
    assert clock.is_missed(at(day) + timedelta(hours=24, seconds=1), day + timedelta(days=1))
    assert clock.gaps == ()


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),  # Monday
        (date(2026, 11, 20), date(2026, 11, 25)),  # Friday: the weekend does not count
        (date(2026, 11, 21), date(2026, 11, 25)),  # Saturday
        (date(2026, 9, 30), date(2026, 10, 10)),  # 8, 9, and the Saturday that is worked
    ],
)
def test_the_rest_is_checked_within_three_working_days_after_the_day_of_receipt(received: date, last: date) -> None:
    clock = due(ComplaintKind.LANE, received_at=at(received), received_on=received, calendar=CALENDAR)
    assert (clock.day, clock.moment) == (last, None)
    assert not clock.is_missed(at(last, 15, 59), last)
    assert clock.is_missed(at(last, 16, 1), last + timedelta(days=1))


def test_a_year_that_is_not_entered_is_said() -> None:
    clock = due(ComplaintKind.OTHER, received_at=at(date(2027, 3, 1)), received_on=date(2027, 3, 1), calendar=CALENDAR)
    assert clock.gaps == (Gap(2027),)


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
