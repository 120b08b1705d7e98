"""The same taps give the same counts in whatever order they come; times are of one clock."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drills.rules import live, missing
from app.drills.rules.live import Tap, TapKind
from app.drills.rules.plans import ClassLine, GuideLine

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CLASSES = tuple(ClassLine(key=f"c{n}", name=f"{n}班", expected=40) for n in range(1, 4))
STAIRS = (GuideLine(key="s1", place="东侧楼梯"),)


def _tap(kind: TapKind, seconds: float, **more: object) -> Tap:
    return Tap(**{"op_id": uuid.uuid4(), "kind": kind, "at": NOON + timedelta(seconds=seconds)} | more)  # type: ignore[arg-type]


def _heads(key: str, present: int, seconds: float, elsewhere: int = 0) -> Tap:
    return _tap(TapKind.HEADS, seconds, key=key, present=present, elsewhere=elsewhere)


def test_one_missing_in_a_class_is_named_and_found() -> None:
    taps = [
        _tap(TapKind.SIGNAL, 0), _tap(TapKind.FIRST_OUT, 20), _tap(TapKind.STAIR, 70, key="s1"), _tap(TapKind.LAST_OUT, 80),
        _heads("c1", 40, 90), _heads("c2", 38, 95, elsewhere=1), _heads("c3", 39, 99, elsewhere=1),
    ]  # fmt: skip
    now = live.standing(CLASSES, STAIRS, taps)
    assert [one.missing for one in now.classes] == [0, 1, 0]
    assert (now.expected, now.present, now.elsewhere, now.missing, now.reported) == (120, 117, 2, 1, 3)
    assert now.counted_at is None
    found = live.standing(CLASSES, STAIRS, [*taps, _heads("c2", 39, 130, elsewhere=1)])
    assert (found.missing, found.since_signal(found.counted_at)) == (0, 130)
    figures = found.figures
    assert (figures.first_out_s, figures.last_out_s, figures.counted_s) == (20, 80, 130)
    assert (figures.expected, figures.present, figures.accounted) == (120, 118, 118)
    assert found.since_signal(found.stairs[0][1]) == 70


def test_one_too_many_in_a_class_hides_nobody_missing_in_another() -> None:
    now = live.standing(
        CLASSES, (), [_tap(TapKind.SIGNAL, 0), _heads("c1", 41, 5), _heads("c2", 39, 6), _heads("c3", 40, 7)]
    )
    assert (now.classes[0].over, now.missing, missing(now.figures)) == (1, 1, 1)


def test_a_class_that_never_reported_was_not_counted() -> None:
    now = live.standing(CLASSES, (), [_tap(TapKind.SIGNAL, 0), _heads("c1", 40, 5)])
    assert (now.reported, now.classes[1].missing, missing(now.figures)) == (1, None, 80)


def test_the_earliest_first_the_latest_last_and_what_was_undone_does_not_count() -> None:
    slip = _tap(TapKind.LAST_OUT, 300)
    taps = [
        _tap(TapKind.SIGNAL, 1), _tap(TapKind.SIGNAL, 0), _tap(TapKind.FIRST_OUT, 30), _tap(TapKind.FIRST_OUT, 25),
        _tap(TapKind.LAST_OUT, 80), _tap(TapKind.LAST_OUT, 90), slip, _tap(TapKind.UNDO, 310, undoes=slip.op_id),
    ]  # fmt: skip
    now = live.standing(CLASSES, (), taps)
    assert (now.since_signal(now.first_out_at), now.since_signal(now.last_out_at)) == (25, 90)


@given(
    st.lists(
        st.tuples(st.sampled_from(["c1", "c2", "c3"]), st.integers(0, 45), st.integers(0, 5), st.integers(0, 3)),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_order_and_repetition_of_arrival_change_nothing(rows: list[tuple[str, int, int, int]], random: Random) -> None:
    taps = [_tap(TapKind.SIGNAL, 0), *(_heads(key, present, at, elsewhere) for key, present, at, elsewhere in rows)]
    mixed = taps * 2
    random.shuffle(mixed)
    assert live.standing(CLASSES, (), mixed) == live.standing(CLASSES, (), taps)


@pytest.mark.parametrize(
    ("off_s", "known", "sent_after_s", "expected_s"),
    [
        (0, True, 0, 0),
        (3600, True, 60, 0),  # an hour fast, sent after a minute without network
        (-7200, True, 60, 0),
        (3600, False, 60, 0),  # never heard from the server before: what its clock says as it sends
        (0, True, -30, 0),  # nothing is tapped in the future
    ],
)
def test_times_of_every_device_are_of_one_clock(off_s: int, known: bool, sent_after_s: int, expected_s: int) -> None:
    now = NOON + timedelta(seconds=max(0, sent_after_s))
    said_at = NOON + timedelta(seconds=off_s + max(0, -sent_after_s))
    said_now = now + timedelta(seconds=off_s)
    at = live.corrected(said_at, offset_ms=-off_s * 1000 if known else None, said_now=said_now, now=now)
    assert at == NOON + timedelta(seconds=expected_s)


def test_a_clock_that_was_set_while_the_tap_waited_does_not_move_it() -> None:
    now = NOON + timedelta(minutes=2)
    assert live.corrected(NOON - timedelta(hours=1), offset_ms=3_600_000, said_now=now, now=now) == NOON


def test_a_wild_offset_counts_for_nothing() -> None:
    now = NOON + timedelta(seconds=60)
    assert live.corrected(NOON, offset_ms=10**12, said_now=now, now=now) == NOON
    assert live.corrected(NOON, offset_ms=-(10**12), said_now=None, now=now) == now
