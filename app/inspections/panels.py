"""What other pages show of inspections: a school's, a piece's last one, and the officer's own drafts."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.inspections import queries, wording
from app.planning import queries as planning

SHOWN = 3


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_INSPECTIONS):
        return None
    listed = queries.listing(viewer, school_id=school.id, size=SHOWN)
    may_start = viewer.may(Permission.INSPECT) and planning.may_visit(viewer, school)
    more = listed.next_key is not None
    return {"lines": listed.rows, "more": more, "school": school, "may_start": may_start, "words": wording}


def _of_home(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.INSPECT):
        return None
    return {"lines": queries.unfinished_of(viewer), "words": wording}


register_panel("school", order=10, template="inspections/school_panel.html", context=_of_school)
register_panel("portal", order=30, template="inspections/school_panel.html", context=_of_school)
register_panel("home", order=10, template="inspections/home_panel.html", context=_of_home)
