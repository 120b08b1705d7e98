"""The way to a school's tasks from its page and its portal; who may see the photos of reports."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.tasks import queries


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """Only the way there: these pages ask as many questions as they may."""
    return {"school": school} if viewer.may(Permission.SEE_TASKS) else None


register_panel("school", order=47, template="tasks/panel.html", context=_of_school)
register_panel("portal", order=47, template="tasks/panel.html", context=_of_school)
register_target(TargetKind.TASK, may_see=queries.visible_ids)
