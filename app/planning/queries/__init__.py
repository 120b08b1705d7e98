"""Finding visits and complaints; the viewer comes first."""

from __future__ import annotations

from app.planning.queries.visits import (
    OPEN,
    Line,
    get,
    line,
    listing,
    may_visit,
    open_of_school,
    today_of,
    visible,
)

__all__ = ["OPEN", "Line", "get", "line", "listing", "may_visit", "open_of_school", "today_of", "visible"]
