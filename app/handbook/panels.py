"""The way to a school's handbooks from its page and its portal; who may see the signatures of receipts."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.handbook import queries


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    """Only the way there: these pages ask as many questions of the database as they may."""
    return {"school": school} if viewer.may(Permission.SEE_DUTIES) else None


register_panel("school", order=46, template="handbook/panel.html", context=_of_school)
register_panel("portal", order=46, template="handbook/panel.html", context=_of_school)
register_target(TargetKind.HANDBOOK, may_see=queries.visible_ids)
