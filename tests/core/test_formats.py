"""Dates and numbers as Chinese offices and English readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core import clock, formats

CASES = [
    (formats.full_date, date(2026, 11, 22), "2026年11月22日", "22 November 2026"),
    (formats.full_date, datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "2026年11月23日", "23 November 2026"),
    (formats.weekday, date(2026, 11, 22), "星期日", "Sunday"),
    (formats.iso_day, date(2026, 1, 2), "2026-01-02", "2026-01-02"),
    (formats.moment, datetime(2026, 11, 22, 6, 32, tzinfo=UTC), "2026-11-22 14:32", "2026-11-22 14:32"),
    (formats.number, 1240, "1,240", "1,240"),
    (formats.number, 2.50, "2.5", "2.5"),
    (formats.number, Decimal("1000.000"), "1,000", "1,000"),
    (formats.number, 100, "100", "100"),
    (formats.full_date, None, "—", "—"),
    (formats.number, None, "—", "—"),
]


@pytest.mark.parametrize(("write", "value", "chinese", "english"), CASES)
def test_a_value_is_written_as_the_page_speaks(
    app: Flask, write: object, value: object, chinese: str, english: str
) -> None:
    with force_locale("zh_Hans_CN"):
        assert write(value) == chinese  # type: ignore[operator]
    with force_locale("en"):
        assert write(value) == english  # type: ignore[operator]


def test_a_day_of_another_year_carries_its_year(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "XF_TODAY", date(2026, 11, 22))
    assert formats.short_day(date(2026, 3, 4)) == "03-04"
    assert formats.short_day(date(2025, 3, 4)) == "2025-03-04"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 2, 28, 16, 0, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment: datetime, day: date) -> None:
    assert clock.day_of(moment) == day
    assert clock.start_of(day) <= moment < clock.end_of(day)
