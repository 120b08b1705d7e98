"""What other pages show of visits: a school's coming ones, and the officer's own of the week."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.planning import clocks, handing, queries, words


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_BRIGADE_HOME) or not viewer.brigade_ids:
        return None
    lines = queries.open_of_school(viewer, school.id)
    may_visit = viewer.may(Permission.INSPECT) and queries.may_visit(viewer, school)
    return {"lines": lines, "school": school, "may_visit": may_visit, "words": words}


def _of_home(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.INSPECT):
        return None
    return {"lines": queries.today_of(viewer), "words": words}


def _complaints_of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """A way to a school's complaints; asks the database nothing, and the school's own people see nothing of it."""
    if not viewer.may(Permission.SEE_COMPLAINTS):
        return None
    keeps = viewer.may(Permission.KEEP_COMPLAINTS) and queries.may_visit(viewer, school)
    return {"school": school, "keeps": keeps}


__all__ = ["clocks", "handing"]

register_panel("school", order=70, template="planning/complaints_link.html", context=_complaints_of_school)
register_panel("school", order=15, template="planning/school_panel.html", context=_of_school)
register_panel("home", order=20, template="planning/home_panel.html", context=_of_home)
