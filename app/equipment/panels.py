"""What other pages show of equipment: a school's figures, and a box for a label's code on the home pages."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.equipment import wording
from app.equipment.queries import register as queries
from app.schools import queries as schools


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_EQUIPMENT):
        return None
    figures, kinds = queries.figures_of_school(viewer, school.id)
    return {
        "school": school,
        "figures": figures,
        "kinds": kinds,
        "may_edit": schools.serves(viewer, school),
        "wording": wording,
    }


def _tag_box(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    return {"wording": wording} if viewer.may(Permission.SEE_EQUIPMENT) else None


register_panel("school", order=30, template="equipment/school_panel.html", context=_of_school)
register_panel("home", order=15, template="equipment/home_panel.html", context=_tag_box)
