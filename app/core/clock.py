"""The one place that knows what time it is.

Moments are kept in UTC; a day is the day in the school's zone. Under the demo the day (never the
clock that sessions and tokens run on) can be moved by XF_TODAY.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is at the school; a demo database may stand on another day (XF_TODAY)."""
    if has_app_context():
        moved: date | None = current_app.config.get("XF_TODAY")
        if moved is not None:
            return moved
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The moment as a clock on the school's wall shows it."""
    return moment.astimezone(ZONE)


def day_of(moment: datetime) -> date:
    """The school's day on which a moment falls."""
    return local(moment).date()


def start_of(day: date) -> datetime:
    """The first moment of a school's day, in UTC."""
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a school's day, in UTC."""
    return start_of(day + timedelta(days=1))
