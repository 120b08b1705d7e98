"""The way to a school's duties from its page and its portal; who may see the photos of records."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.duties.queries import records
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.schools import queries as schools


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """Only the way there: reckoning a year costs more questions than these pages may ask."""
    if not viewer.may(Permission.SEE_DUTIES):
        return None
    may_log = viewer.may(Permission.LOG_DUTIES) and schools.serves(viewer, school)
    return {"school": school, "may_log": may_log}


register_panel("school", order=45, template="duties/panel.html", context=_of_school)
register_panel("portal", order=45, template="duties/panel.html", context=_of_school)
register_target(TargetKind.SELFCHECK, may_see=records.visible_ids)
