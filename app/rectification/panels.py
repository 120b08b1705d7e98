"""What other pages show of findings: a school's open ones, and all of a piece of equipment; and who may see their photos."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.rectification import clocks
from app.rectification.queries import findings as queries
from app.rectification.queries import orders
from app.rectification.rules.findings import Colour, worst
from app.regulations.clock_sources import register_clock_source

SHOWN = 10


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_FINDINGS):
        return None
    lines = queries.of_school(viewer, school.id)
    return {
        "lines": lines[:SHOWN],
        "total": len(lines),
        "school": school,
        "colour": worst(line.standing.colour for line in lines),
        "worst": max(lines, key=lambda line: list(Colour).index(line.standing.colour), default=None),
    }


def _of_equipment(viewer: Viewer, equipment: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_FINDINGS):
        return None
    lines = queries.of_equipment(viewer, equipment.id)
    return {"lines": lines} if lines else None


def _of_inspection(viewer: Viewer, inspection: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_ORDERS):
        return None
    found = orders.of_inspection(viewer, inspection.id)
    return {"orders": found} if found else None


register_panel("inspection", order=10, template="rectification/orders/inspection_panel.html", context=_of_inspection)
register_panel("school", order=20, template="rectification/school_panel.html", context=_of_school)
register_panel("equipment", order=20, template="rectification/equipment_panel.html", context=_of_equipment)
register_target(TargetKind.FINDING, may_see=queries.visible_ids)
register_clock_source(clocks.rechecks)
register_clock_source(clocks.orders)
