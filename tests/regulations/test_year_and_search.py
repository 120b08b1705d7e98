"""The year grid, runs of days, and finding items."""

from __future__ import annotations

from datetime import date

import pytest

from app.regulations.rules.calendars import Calendar, DayLayer, Layer, MarkedDay
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.search import ItemFilter, matching, page_after
from app.regulations.rules.year import Run, runs, year_grid

NATION = DayLayer(Layer.NATIONAL, "", {date(2026, 2, 16): MarkedDay(False, "春节")}, frozenset({2026}))
REGION = DayLayer(Layer.REGION, "", {date(2026, 2, 14): MarkedDay(True, "藏历新年")})


def test_a_year_has_all_its_days_once() -> None:
    months = year_grid(2028, REGION, Calendar((NATION, REGION)))
    days = [d.day for m in months for week in m.weeks for d in week if d]
    assert len(days) == len(set(days)) == 366
    assert all(len(week) == 7 for m in months for week in m.weeks)


def test_the_grid_says_whose_word_a_day_is() -> None:
    grid = {d.day: d for m in year_grid(2026, REGION, Calendar((NATION, REGION))) for w in m.weeks for d in w if d}
    assert (grid[date(2026, 2, 14)].marked_by, grid[date(2026, 2, 14)].works) == ("own", True)
    assert (grid[date(2026, 2, 16)].marked_by, grid[date(2026, 2, 16)].works) == ("above", False)
    assert (grid[date(2026, 2, 15)].marked_by, grid[date(2026, 2, 15)].works) == ("", False)
    assert grid[date(2026, 2, 17)].works


def test_days_in_a_row_of_one_holiday_are_one_run() -> None:
    days = [
        (date(2026, 2, 16), False, "藏历新年", "a"),
        (date(2026, 2, 15), False, "藏历新年", "a"),
        (date(2026, 2, 14), True, "藏历新年", "a"),
        (date(2026, 2, 18), False, "藏历新年", "a"),
    ]
    assert runs(days) == (
        Run(date(2026, 2, 14), date(2026, 2, 14), True, "藏历新年", "a"),
        Run(date(2026, 2, 15), date(2026, 2, 16), False, "藏历新年", "a"),
        Run(date(2026, 2, 18), date(2026, 2, 18), False, "藏历新年", "a"),
    )


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (ItemFilter(text="ext-07"), ["EXT-07"]),
        (ItemFilter(text="高大 不存在"), []),
        (ItemFilter(text="butter lamps"), ["DOR-06"]),
        (ItemFilter(category="laboratory", severity="critical"), ["LAB-01"]),
        (ItemFilter(category="sprinkler", tier="core"), ["SPR-01", "SPR-03"]),
    ],
)
def test_items_are_found_by_all_words(checklist: Checklist, wanted: ItemFilter, codes: list[str]) -> None:
    assert [i.code for i in matching(checklist.items, wanted)] == codes


@pytest.mark.parametrize(
    ("after", "rows", "next_"),
    [("", (0, 1), "2"), ("2", (2, 3), "4"), ("4", (4,), ""), ("99", (), ""), ("-1", (0, 1), "2"), ("²", (0, 1), "2")],
)
def test_pages_begin_after_a_position(after: str, rows: tuple[int, ...], next_: str) -> None:
    shown = page_after(range(5), after, 2)
    assert (shown.rows, shown.next) == (rows, next_)
