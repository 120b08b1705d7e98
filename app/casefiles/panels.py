"""What other pages show of case files: the gaps of an order's case, and the way to a school's ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.casefiles.queries.completeness import at_a_glance
from app.casefiles.rules import Gap, Where
from app.casefiles.words import sentence
from app.core.panels import register_panel
from app.rectification.queries.orders import CaseFile


def _at(case: CaseFile, gap: Gap) -> str:
    """The place where a gap is mended."""
    order = case.order
    page = url_for("rectification.order", order_id=order.id)
    if gap.where is Where.ITEM:
        return f"{page}#item-{gap.item}"
    if gap.where is Where.SERVICE:
        return f"{page}#{'service' if case.attempts else 'serve'}"
    if gap.where is Where.PAPER and order.document_id:
        return url_for("documents.show", document_id=order.document_id)
    if gap.where is Where.RECORD and order.inspection_id:
        return url_for("inspections.show", inspection_id=order.inspection_id)
    if gap.where is Where.SCHOOL:
        return url_for("schools.show", school_id=order.school_id)
    return page


def shown(case: CaseFile, gaps: Iterable[Gap]) -> list[tuple[Gap, str, str]]:
    """Each gap with its sentence and the address where it is mended."""
    return [(gap, sentence(gap), _at(case, gap)) for gap in gaps]


def _of_order(viewer: Viewer, case: CaseFile) -> dict[str, Any] | None:
    order = case.order
    if order.brigade_id not in viewer.brigade_ids or not viewer.may(Permission.SEE_BRIGADE_HOME):
        return None
    if order.archived_on is not None:
        return {"order": order, "lines": [], "archived": True}
    told = at_a_glance(case)
    return {"order": order, "lines": shown(case, told.gaps), "archived": False, "stage": told.facts.stage.value}


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    return {"school": school} if viewer.may(Permission.SEE_FINDINGS) else None


register_panel("order", order=10, template="casefiles/order_panel.html", context=_of_order)
register_panel("school", order=25, template="casefiles/school_panel.html", context=_of_school)
