"""The way to a school's questions from its page and its portal; who may see their photos."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.questions import queries


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """Only the way there: these pages ask as many questions of the database as they may."""
    if not viewer.may(Permission.SEE_QUESTIONS):
        return None
    return {"school": school, "own": school.id in viewer.school_ids}


register_panel("school", order=48, template="questions/panel.html", context=_of_school)
register_panel("portal", order=48, template="questions/panel.html", context=_of_school)
register_target(TargetKind.QUESTION, may_see=queries.visible_ids)
