"""A school's last trainings on its page, and who may see the photos of trainings."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.schools import queries as schools
from app.trainings import queries, words


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_TRAININGS):
        return None
    return {
        "lines": queries.latest(viewer, school.id),
        "counts": queries.counts(school.id),
        "school": school,
        "words": words,
        "may_log": viewer.may(Permission.LOG_TRAININGS) and schools.serves(viewer, school),
    }


def _of_own_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    may_log = viewer.may(Permission.LOG_TRAININGS) and schools.serves(viewer, school)
    return {"counts": queries.counts(school.id), "school": school, "may_log": may_log}


register_panel("school", order=60, template="trainings/panel.html", context=_of_school)
register_panel("portal", order=60, template="trainings/portal_panel.html", context=_of_own_school)
register_target(TargetKind.TRAINING, may_see=queries.visible_ids)
