"""Pages of regulations."""

from app.regulations.views import calendars, packs
from app.regulations.views.base import bp

__all__ = ["bp", "calendars", "packs"]
