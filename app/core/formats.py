"""Dates, times and numbers as Chinese offices (and English readers) write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale

from app.core import clock

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def _english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _as_day(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


def full_date(value: date | datetime | None) -> str:
    """2026年11月22日 · 22 November 2026."""
    if value is None:
        return "—"
    day = _as_day(value)
    return f"{day.day} {day:%B} {day.year}" if _english() else f"{day.year}年{day.month}月{day.day}日"


def short_day(value: date | datetime | None) -> str:
    """11-22 in tables; with the year when it is not this one."""
    if value is None:
        return "—"
    day = _as_day(value)
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


def iso_day(value: date | datetime | None) -> str:
    """2026-11-22."""
    return "—" if value is None else _as_day(value).isoformat()


def weekday(value: date | datetime | None) -> str:
    """星期日 · Sunday."""
    if value is None:
        return "—"
    day = _as_day(value)
    return f"{day:%A}" if _english() else WEEKDAYS[day.weekday()]


def moment(value: datetime | None) -> str:
    """2026-11-22 14:32, on the school's clock."""
    return "—" if value is None else f"{clock.local(value):%Y-%m-%d %H:%M}"


def time_of_day(value: datetime | None) -> str:
    """14:32:07, on the school's clock."""
    return "—" if value is None else f"{clock.local(value):%H:%M:%S}"


def number(value: int | float | Decimal | None) -> str:
    """1,240 and 2.5: grouped, without trailing zeros."""
    if value is None:
        return "—"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def register(app: Flask) -> None:
    """Make the filters known to templates."""
    filters = {
        "date": full_date,
        "day": short_day,
        "isoday": iso_day,
        "weekday": weekday,
        "moment": moment,
        "clock": time_of_day,
        "number": number,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals["today"] = clock.today
