"""A school's last drills on its page, and who may see the photos of drills."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.drills import plan_words, queries, words
from app.drills.queries import plans
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.schools import queries as schools


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_DRILLS):
        return None
    lines, counts = queries.latest(viewer, school.id)
    return {
        "lines": lines,
        "counts": counts,
        "coming": plans.open_of_school(viewer, school.id, most=3),
        "school": school,
        "words": words,
        "plan_words": plan_words,
        "may_log": viewer.may(Permission.LOG_DRILLS) and schools.serves(viewer, school),
    }


def _of_own_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    may_log = viewer.may(Permission.LOG_DRILLS) and schools.serves(viewer, school)
    counts, coming = queries.counts_and_coming(school.id)
    return {"counts": counts, "coming": coming, "school": school, "may_log": may_log}


register_panel("school", order=50, template="drills/panel.html", context=_of_school)
register_panel("portal", order=50, template="drills/portal_panel.html", context=_of_own_school)
register_target(TargetKind.DRILL, may_see=queries.visible_ids)
