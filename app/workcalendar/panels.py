"""The way to the calendar and its addresses from a school's page, its home and one's own account; these ask nothing."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.schools import queries as schools


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_DRILLS):
        return None
    return {"school": school, "subscribes": schools.serves(viewer, school)}


def _own(viewer: Viewer, _person: object) -> dict[str, Any] | None:
    return {} if viewer.may(Permission.SEE_DRILLS) else None


register_panel("school", order=48, template="workcalendar/school_panel.html", context=_of_school)
register_panel("portal", order=48, template="workcalendar/school_panel.html", context=_of_school)
register_panel("account", order=20, template="workcalendar/account_panel.html", context=_own)
