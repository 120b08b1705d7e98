"""Times and numbers of older lists: what means one thing is read, everything else is kept as typed with the reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logbook.reading import Doubt, Typed, read_count, read_elapsed

LONGEST = 6 * 3600


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("3 mins 20 seconds", 200), ("2:05", 125), ("２：０５", 125), ("1:02:05", 3725), ("3分20秒", 200), ("3 分 20 秒钟", 200), ("2分钟", 120),
        ("200秒", 200), ("90 sec", 90), ("1 min", 60), ("1 minute and 5 seconds", 65), ("1'05\"", 65), ("2m 5s", 125), ("0:58", 58), ("58 s.", 58),
        ("1小时", 3600),
    ],
)  # fmt: skip
def test_what_means_one_thing_is_read(typed: str, seconds: int) -> None:
    assert read_elapsed(typed, longest_s=LONGEST) == Typed(typed, seconds)


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("70-79 seconds", Doubt.RANGE), ("2 to 3 minutes", Doubt.RANGE), ("1分50秒—2分10秒", Doubt.RANGE), ("2/3分钟", Doubt.RANGE),
        ("约2分钟", Doubt.ABOUT), ("2分钟左右", Doubt.ABOUT), ("<2:00", Doubt.ABOUT), ("about 90 s", Doubt.ABOUT), ("不到两分钟", Doubt.ABOUT),
        ("105", Doubt.NO_UNIT), ("2.5", Doubt.NO_UNIT), ("2分75秒", Doubt.IMPOSSIBLE), ("1:75", Doubt.IMPOSSIBLE), ("2分30", Doubt.UNREADABLE),
        ("很快", Doubt.UNREADABLE), ("1:5", Doubt.UNREADABLE), ("一分半", Doubt.UNREADABLE), ("9小时", Doubt.TOO_LONG), ("-1:00", Doubt.UNREADABLE),
    ],
)  # fmt: skip
def test_what_could_mean_more_is_kept_and_flagged(typed: str, doubt: Doubt) -> None:
    assert read_elapsed(typed, longest_s=LONGEST) == Typed(typed, None, doubt)


@given(st.text(st.sampled_from("0123456789:分秒钟 -~约mins.二?"), max_size=14))
def test_no_figure_is_ever_made_up(text: str) -> None:
    read = read_elapsed(text, longest_s=LONGEST)
    assert read.text == text.strip()
    assert (read.value is None) == (read.doubt is not None or not read.text.rstrip("。."))
    if read.value is not None:
        figures = [int(one) for one in re.findall(r"[0-9]+", text)]
        units = [1, 60, 3600]
        assert read.value in {
            sum(figure * unit for figure, unit in zip(figures, chosen, strict=False))
            for chosen in ([60, 1], [1], [60], [3600], [3600, 60, 1], [3600, 60], [3600, 1])
            if len(chosen) == len(figures) and set(chosen) <= set(units)
        }


@pytest.mark.parametrize(
    ("typed", "value", "doubt"),
    [
        ("620", 620, None), ("６２０人", 620, None), ("1,240", 1240, None), ("620.0", 620, None), ("约600", None, Doubt.ABOUT),
        ("600-620", None, Doubt.RANGE), ("全体", None, Doubt.UNREADABLE), ("12.5", None, Doubt.UNREADABLE), ("9999999", None, Doubt.TOO_LONG),
        ("", None, None),
    ],
)  # fmt: skip
def test_numbers_of_people_are_read_or_flagged(typed: str, value: int | None, doubt: Doubt | None) -> None:
    read = read_count(typed, most=100_000)
    assert (read.text, read.value, read.doubt) == (typed, value, doubt)
