"""Nights and gaps by hand, on the school's clock: month ends, midnight, what is still ahead."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.core import clock
from app.selfchecks.rules.rounds import Ended, Stop, code_in, ended, gaps, missed, night_of, watched

STOPS = (Stop("a", "东楼梯"), Stop("b", "西楼梯"), Stop("c", "厨房"))


def at(text: str) -> datetime:
    """A moment on the school's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def test_what_was_missed_comes_in_the_order_of_the_route() -> None:
    assert [stop.name for stop in missed(STOPS, {"b"})] == ["东楼梯", "厨房"]
    assert missed(STOPS, {"a", "b", "c"}) == ()


@pytest.mark.parametrize(
    ("finished", "missing", "hours", "expected"),
    [
        (True, 0, 1, Ended.WHOLE), (True, 2, 1, Ended.SHORT), (False, 2, 1, Ended.WALKING),
        (False, 0, 3.99, Ended.WALKING), (False, 2, 4, Ended.LEFT),
    ],
)  # fmt: skip
def test_how_a_round_stands(finished: bool, missing: int, hours: float, expected: Ended) -> None:
    began = at("2026-11-23T07:00")
    now = began + timedelta(hours=hours)
    assert ended(started_at=began, finished_at=now if finished else None, missing=missing, now=now) is expected


@pytest.mark.parametrize(
    ("day", "rounds", "now", "found"),
    [
        # four rounds two hours apart at the most: nothing
        ("2026-11-20", ["2026-11-20T22:00", "2026-11-21T00:00", "2026-11-21T02:00", "2026-11-21T04:00"], "2026-11-21T09:00", []),
        # one minute too long, over midnight and the end of a month
        ("2026-11-30", ["2026-11-30T22:30", "2026-12-01T00:31", "2026-12-01T02:31", "2026-12-01T04:31"], "2026-12-01T09:00", [("22:30", "00:31", 121)]),
        # nobody walked
        ("2026-12-31", [], "2027-01-01T09:00", [("22:00", "06:00", 480)]),
        # the night is not over: what is ahead is no gap
        ("2026-11-23", ["2026-11-23T22:10"], "2026-11-24T00:05", []),
        ("2026-11-23", ["2026-11-23T22:10"], "2026-11-24T00:15", [("22:10", "00:15", 125)]),
        # a round before the hours does not count for the night, nor one after them
        ("2026-11-23", ["2026-11-23T21:59", "2026-11-24T06:00"], "2026-11-24T09:00", [("22:00", "06:00", 480)]),
        # begun late
        ("2026-11-23", ["2026-11-24T00:30", "2026-11-24T02:30", "2026-11-24T04:30"], "2026-11-24T09:00", [("22:00", "00:30", 150)]),
    ],
)  # fmt: skip
def test_a_night_shows_where_more_than_two_hours_lie_between_rounds(
    day: str, rounds: list[str], now: str, found: list[tuple[str, str, int]]
) -> None:
    night = night_of(date.fromisoformat(day), opens=22, closes=6)
    one = watched(night, [at(moment) for moment in rounds], now=at(now))
    assert [(f"{g.start:%H:%M}", f"{g.end:%H:%M}", g.minutes) for g in one.gaps] == found


def test_a_night_that_has_not_begun_has_no_gap() -> None:
    night = night_of(date(2026, 11, 23), opens=22, closes=6)
    assert watched(night, [], now=at("2026-11-23T21:00")).gaps == ()


def test_between_rounds_alone_only_what_lies_between_counts() -> None:
    assert gaps([at("2026-11-23T12:00"), at("2026-11-23T14:00")]) == ()
    assert [g.minutes for g in gaps([at("2026-11-23T14:01"), at("2026-11-23T12:00")])] == [121]


@pytest.mark.parametrize("text", ["ABC-DEFG", "https://x.cn/w/ABC-DEFG?a=1", "/W/ABC-DEFG"])
def test_a_code_is_read_out_of_the_address_on_the_label(text: str) -> None:
    assert code_in(text) == "ABC-DEFG"
