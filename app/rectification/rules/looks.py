"""On which day the brigade looks again: at what is due, half way through long work, and some time after a closure."""

from __future__ import annotations

from datetime import date, timedelta

from app.regulations.rules.calendars import Calendar, is_workday


def workday_from(day: date, calendar: Calendar) -> date:
    """The day itself if offices work on it, else the next working day."""
    while not is_workday(day, calendar):
        day += timedelta(days=1)
    return day


def recheck_day(due: date, today: date, calendar: Calendar) -> date:
    """The next working day, for somebody has to get ready, but not after the last day of the clock; late ones at once."""
    if due <= today:
        return workday_from(today, calendar)
    return min(due, workday_from(today + timedelta(days=1), calendar))


def midterm_day(found_on: date, deadline: date, today: date, *, from_days: int, calendar: Calendar) -> date | None:
    """Half way to a deadline that is at least so many days off, a working day before the deadline; None where there is none."""
    period = (deadline - found_on).days
    if period < from_days or today >= deadline:
        return None
    day = workday_from(max(found_on + timedelta(days=period // 2), today), calendar)
    return day if day < deadline else None


def look_back_day(closed_on: date, today: date, *, from_days: int, to_days: int, calendar: Calendar) -> date | None:
    """The first working day of the window after a closure; None once the window has passed."""
    last = closed_on + timedelta(days=to_days)
    if today > last:
        return None
    return workday_from(max(closed_on + timedelta(days=from_days), today), calendar)
