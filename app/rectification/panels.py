"""What other pages show of findings: a school's open ones, and all of a piece of equipment; and who may see their photos."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.fieldwork.queries import register_target
from app.fieldwork.rules import TargetKind
from app.rectification import clocks, handing, record_words
from app.rectification.order_forms import EscalationAnswerForm, PenaltyForm
from app.rectification.queries import escalations, looks, orders, records
from app.rectification.queries import findings as queries
from app.rectification.rules.findings import Colour, worst
from app.rectification.rules.machine import IN_FORCE
from app.rectification.rules.major import may_be_major
from app.regulations.clock_sources import register_clock_source

__all__ = ["handing"]

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


def _of_visit(viewer: Viewer, visit: Any) -> dict[str, Any] | None:
    """What a planned visit is to look at."""
    if not viewer.may(Permission.SEE_FINDINGS):
        return None
    found = looks.of_visit(viewer, visit.id)
    return {"looks": found, "visit": visit} if found else None


def _of_order(viewer: Viewer, case: Any) -> dict[str, Any] | None:
    """Who was asked to supervise the case and what was answered; with a form for who was asked."""
    askings = escalations.of_case(case.events)
    if not askings or not viewer.may(Permission.SEE_BRIGADE_HOME):
        return None
    living = case.order.state in IN_FORCE
    return {
        "order": case.order,
        "askings": [
            (
                event,
                answers,
                _answer_form(event.id) if living and escalations.is_asked(viewer, case.order, event) else None,
            )
            for event, answers in askings
        ],
        "due_of": lambda event: date.fromisoformat(event.detail["due"]),
    }


def _answer_form(event_id: uuid.UUID) -> EscalationAnswerForm:
    form = EscalationAnswerForm(formdata=None)
    for one in form:
        one.id = one.label.field_id = f"{one.short_name}-{event_id}"
    return form


def _of_home(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    """The cases that the viewer's level was asked to supervise."""
    cases = escalations.for_level(viewer)
    return {"cases": cases} if cases else None


register_panel("order", order=5, template="rectification/orders/escalations_panel.html", context=_of_order)
register_panel("day", order=10, template="rectification/orders/escalated_panel.html", context=_of_home)
register_panel("visit", order=10, template="rectification/looks/visit_panel.html", context=_of_visit)
register_panel("inspection", order=10, template="rectification/orders/inspection_panel.html", context=_of_inspection)


def _records_of_finding(viewer: Viewer, finding: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_ORDERS):
        return None
    majors = records.majors_of(viewer, finding.id)
    own = finding.brigade_id in viewer.brigade_ids and viewer.may(Permission.DRAFT_ORDERS)
    hint = own and finding.closed_on is None and not majors and may_be_major([finding.severity])
    return {
        "finding": finding,
        "majors": majors,
        "transfers": records.transfers_of(viewer, finding.id),
        "hint": hint,
        "own": own,
        "penalty": PenaltyForm(formdata=None, obj=finding) if own else None,
        "record_words": record_words,
    }


def _records_of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_ORDERS):
        return None
    # The page has no query to spare: it leads to the lists of this school instead of showing them.
    own = school.brigade_id in viewer.brigade_ids
    return {"school": school, "may_begin": viewer.may(Permission.DRAFT_ORDERS)} if own else None


register_panel("finding", order=10, template="rectification/records/finding_panel.html", context=_records_of_finding)
register_panel("school", order=22, template="rectification/records/school_panel.html", context=_records_of_school)
register_panel("school", order=20, template="rectification/school_panel.html", context=_of_school)
register_panel("equipment", order=20, template="rectification/equipment_panel.html", context=_of_equipment)
register_target(TargetKind.FINDING, may_see=queries.visible_ids)
register_clock_source(clocks.rechecks)
register_clock_source(clocks.orders)
register_clock_source(clocks.majors)
register_clock_source(clocks.sealings)
