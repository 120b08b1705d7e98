"""From what a school filled in to what its papers print, and back to the form to complete or correct them."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.documents.parts import Option, Signatory
from app.portal import paper_forms as forms
from app.rectification.papers.approval_sheet import ApprovalStep
from app.rectification.papers.check_record import CHECK_ITEMS, CheckLine, CheckRecord
from app.rectification.papers.patrol_record import PatrolLine, PatrolRecord
from app.rectification.papers.plan import RectificationPlan
from app.rectification.papers.shutdown_approval import ShutdownApproval
from app.rectification.service.school_papers import Measure, OpenItem, OwnPaper
from app.schools.models import School

#: Lines of a blank patrol record: one page.
BLANK_STOPS = 14


def plan_form_data(items: list[OpenItem], school: School, plan: RectificationPlan | None = None) -> dict[str, Any]:
    """What the form of a plan begins with: the items as ordered, or as they were planned last."""
    planned = {item.number: item for item in plan.items} if plan else {}
    rows = []
    for item in items:
        before = planned.get(item.number)
        rows.append(
            {
                "number": str(item.number),
                "measure": before.measure if before else item.measure,
                "deadline": before.deadline if before else item.ordered,
                "by": before.by if before else item.by,
                "funds": before.funds if before else "",
                "safeguards": before.safeguards if before else "",
            }
        )
    leader = plan.leader if plan else school.safety_manager or school.responsible_person
    return {"rows": rows, "leader": leader, "team": "、".join(plan.team) if plan else ""}


def measures_of(form: forms.PlanForm) -> dict[int, Measure]:
    """The measures by the number of their item."""
    return {
        int(row.form.number.data): Measure(
            measure=row.form.measure.data or "",
            deadline=row.form.deadline.data,
            by=row.form.by.data or "",
            funds=row.form.funds.data or "",
            safeguards=row.form.safeguards.data or "",
        )
        for row in form.rows
        if (row.form.number.data or "").isdecimal()
    }


def form_of(paper: OwnPaper, school: School, known: Any = None, *, posted: bool = False) -> Any:
    """The form of a paper: as sent, or with what the school or an earlier paper says."""
    make = {
        OwnPaper.SHUTDOWN: forms.ShutdownForm,
        OwnPaper.PATROL: forms.PatrolForm,
        OwnPaper.CHECK: forms.CheckForm,
    }[paper]
    if posted:
        return make()
    return make(formdata=None, data=_DATA[paper](school, known))


def _shutdown_data(school: School, known: ShutdownApproval | None) -> dict[str, Any]:
    if known is None:
        return {"applicant": school.safety_manager, "applied_on": clock.today()}
    said = ("facility", "place", "reason", "contractor", "safeguards", "applicant", "applied_on", "reported")
    ticked = next((str(n) for n, option in enumerate(known.reasons) if option.ticked), None)
    return {name: getattr(known, name) for name in said} | {
        "why": ticked,
        "off_from": clock.local(known.off_from).replace(tzinfo=None),
        "off_until": clock.local(known.off_until).replace(tzinfo=None),
        "restored_at": clock.local(known.restored_at).replace(tzinfo=None) if known.restored_at else None,
        "restored_by": known.restored_by,
    }


def _patrol_data(school: School, known: PatrolRecord | None) -> dict[str, Any]:
    if known is None:
        return {"day": clock.today(), "superior": school.safety_manager}
    rows = [
        {
            "at": clock.local(line.at).time(),
            "where": line.where,
            "points": "".join(line.points),
            "problem": line.problem,
            "handled": line.handled,
        }
        for line in known.lines
    ]
    patroller, superior = (one.name for one in known.signatories)
    shift = "night" if known.is_night else "day"
    return {"day": known.day, "shift": shift, "rows": rows, "patroller": patroller, "superior": superior}


def _check_data(school: School, known: CheckRecord | None) -> dict[str, Any]:
    if known is None:
        return {"day": clock.today(), "checker": school.safety_manager, "rows": [{} for _item in CHECK_ITEMS]}
    answers = {True: "yes", False: "no", None: ""}
    rows = [{"passed": answers[line.passed], "found": line.found, "handled": line.handled} for line in known.lines]
    checker, head = (one.name for one in known.signatories)
    said = {"day": known.day, "department": known.department, "conclusion": known.conclusion}
    return said | {"rows": rows, "checker": checker, "head": head}


_DATA: dict[OwnPaper, Any] = {
    OwnPaper.SHUTDOWN: _shutdown_data,
    OwnPaper.PATROL: _patrol_data,
    OwnPaper.CHECK: _check_data,
}


def context_of(paper: OwnPaper, form: Any, lang: str) -> Any:
    """What the paper prints, from a valid form."""
    with force_locale(lang):
        return _CONTEXTS[paper](form)


def blank(paper: OwnPaper, lang: str) -> Any:
    """The paper with nothing filled in, to be carried along and written by hand."""
    with force_locale(lang):
        if paper is OwnPaper.PATROL:
            return PatrolRecord(blank_lines=BLANK_STOPS, signatories=_signs(_("巡查人"), "", _("主管人员"), ""))
        lines = tuple(CheckLine(number=n, item=str(item)) for n, item in enumerate(CHECK_ITEMS, 1))
        return CheckRecord(lines=lines, signatories=_signs(_("检查人"), "", _("被检查部门负责人"), ""))


#: The papers that are also carried along as blank forms.
BLANKS = frozenset({OwnPaper.PATROL, OwnPaper.CHECK})


def _signs(role: str, name: str, second_role: str, second_name: str) -> tuple[Signatory, Signatory]:
    return Signatory(role=role, name=name), Signatory(role=second_role, name=second_name)


def _shutdown(form: forms.ShutdownForm) -> ShutdownApproval:
    roles = (_("使用部门意见"), _("消防安全管理人意见"), _("消防安全责任人审批"))
    return ShutdownApproval(
        facility=form.facility.data or "",
        place=form.place.data or "",
        reasons=tuple(Option(text=str(one.label), ticked=one.value == form.why.data) for one in form.why.choices),
        reason=form.reason.data or "",
        off_from=form.off_from.moment(),
        off_until=form.off_until.moment(),
        contractor=form.contractor.data or "",
        safeguards=form.safeguards.data or "",
        applicant=form.applicant.data or "",
        applied_on=form.applied_on.data,
        steps=tuple(ApprovalStep(role=role) for role in roles),
        reported=form.reported.data or "",
        restored_at=form.restored_at.moment() if form.restored_at.data else None,
        restored_by=form.restored_by.data or "",
    )


def _patrol(form: forms.PatrolForm) -> PatrolRecord:
    day, patroller = form.day.data, form.patroller.data or ""
    return PatrolRecord(
        day=day,
        is_night=form.shift.data == "night",
        lines=tuple(
            PatrolLine(
                at=forms.moment_of(day, at),
                where=row.where.data or "",
                points=tuple(sorted(set(row.points.data or ""))),
                problem=row.problem.data or "",
                handled=row.handled.data or "",
                by=patroller,
            )
            for at, row in form.stops
        ),
        signatories=_signs(_("巡查人"), patroller, _("主管人员"), form.superior.data or ""),
    )


def _check(form: forms.CheckForm) -> CheckRecord:
    answers = {"yes": True, "no": False}
    return CheckRecord(
        day=form.day.data,
        department=form.department.data or "",
        lines=tuple(
            CheckLine(
                number=n,
                item=str(item),
                passed=answers.get(row.form.passed.data),
                found=row.form.found.data or "",
                handled=row.form.handled.data or "",
            )
            for n, (item, row) in enumerate(zip(CHECK_ITEMS, form.rows, strict=False), 1)
        ),
        conclusion=form.conclusion.data or "",
        signatories=_signs(_("检查人"), form.checker.data or "", _("被检查部门负责人"), form.head.data or ""),
    )


_CONTEXTS: dict[OwnPaper, Any] = {OwnPaper.SHUTDOWN: _shutdown, OwnPaper.PATROL: _patrol, OwnPaper.CHECK: _check}
