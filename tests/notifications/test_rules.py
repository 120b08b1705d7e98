"""When a message may go, and how it is named in the log."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.core import clock
from app.notifications.rules import (
    Channel,
    Kind,
    Wishes,
    after_quiet,
    is_quiet,
    masked,
    may_go,
    next_try,
    roads,
    signature,
)

pytestmark = pytest.mark.one_database

DAY = date(2026, 11, 23)


def _at(hour: int) -> datetime:
    return datetime(2026, 11, 23, hour, 30, tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "quiet"),
    [(20, 21, 8, False), (21, 21, 8, True), (3, 21, 8, True), (7, 21, 8, True), (8, 21, 8, False),
     (12, 12, 14, True), (14, 12, 14, False), (3, 8, 8, False)],
)  # fmt: skip
def test_quiet_hours(hour: int, begins: int, ends: int, quiet: bool) -> None:
    assert is_quiet(_at(hour), Wishes(quiet_from=begins, quiet_to=ends)) is quiet


def test_urgent_goes_at_night_unless_the_person_says_otherwise() -> None:
    assert may_go(_at(3), DAY, Kind.URGENT, Wishes())
    assert not may_go(_at(3), DAY, Kind.URGENT, Wishes(urgent_waits=True))
    assert not may_go(_at(3), DAY, Kind.DIGEST, Wishes())


def test_a_digest_waits_over_the_weekend_only_for_who_wants_it() -> None:
    sunday = date(2026, 11, 22)
    assert may_go(_at(10), sunday, Kind.DIGEST, Wishes())
    assert not may_go(_at(10), sunday, Kind.DIGEST, Wishes(weekends=False))
    assert may_go(_at(10), sunday, Kind.URGENT, Wishes(weekends=False))


def test_after_quiet_is_the_first_hour_that_may_be_disturbed() -> None:
    assert clock.local(after_quiet(_at(22), Wishes())).hour == 8
    assert clock.local(after_quiet(_at(9), Wishes())).hour == 10


def test_pauses_grow_to_four_hours() -> None:
    pauses = [(next_try(_at(8), tries) - _at(8)).total_seconds() / 60 for tries in range(1, 9)]
    assert pauses == [1, 5, 15, 30, 60, 120, 240, 240]


def test_the_chosen_road_comes_first_and_closed_ones_not_at_all() -> None:
    both = [Channel.EMAIL, Channel.SMS]
    assert roads("", open_=both) == both
    assert roads("sms", open_=both) == [Channel.SMS, Channel.EMAIL]
    assert roads("sms", open_=both, closed=["sms"]) == [Channel.EMAIL]
    assert roads("page", open_=both) == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [("pema@school.cn", "p***@school.cn"), ("13912345678", "139****5678"), ("pema", "pema"), ("", "")],
)
def test_the_log_shows_addresses_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_an_sms_is_signed_with_the_brigades_short_name() -> None:
    assert signature("城关消防救援大队") == "城关消防"
    assert signature("教育局") == "教育局"
