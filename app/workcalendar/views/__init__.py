"""The week, the month, and feeds for calendars elsewhere."""

from __future__ import annotations

from app.workcalendar.views import days, feeds
from app.workcalendar.views.blueprint import bp

__all__ = ["bp", "days", "feeds"]
