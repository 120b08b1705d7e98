"""Pages of major fire hazards: the list, what is put before the study, one record with its steps."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import made
from app.core.forms import Form
from app.core.i18n import localised
from app.core.web import found
from app.rectification import record_forms as forms
from app.rectification.models.major import MajorHazard
from app.rectification.order_forms import as_id
from app.rectification.queries import findings as finding_queries
from app.rectification.queries import records
from app.rectification.rules.major import MAJOR_STEPS, OPEN, MajorAct, may_be_major
from app.rectification.rules.records import RecordKind
from app.rectification.service import major as service
from app.rectification.service import trail
from app.rectification.views import records as shared
from app.rectification.views.blueprint import bp

_STEPS: dict[str, shared.Step] = {
    MajorAct.STUDY: (
        forms.StudyForm,
        lambda record, form: service.study(
            viewer,
            record,
            studied_on=form.studied_on.data,
            place=form.place.data or "",
            chair=form.chair.data or "",
            participants=form.participants.data or "",
            conclusion=form.conclusion.data or "",
            is_major=form.is_major.data == "yes",
        ),
    ),
    MajorAct.APPROVE: (
        forms.ApproveMajor,
        lambda record, form: service.approve(
            viewer, record, remark=form.remark.data or "", deadline=form.deadline.data
        ),
    ),
    MajorAct.DISMISS: (
        forms.RemarkForm,
        lambda record, form: service.dismiss(viewer, record, remark=form.remark.data or ""),
    ),
    MajorAct.RETURN: (
        forms.ReasonForm,
        lambda record, form: service.send_back(viewer, record, reason=form.reason.data),
    ),
    MajorAct.ISSUE: (
        forms.IssueForm,
        lambda record, form: service.issue(viewer, record, national_number=form.national_number.data or ""),
    ),
    MajorAct.SERVE: (
        forms.ServeForm,
        lambda record, form: service.serve(
            viewer, record, served_on=form.served_on.data, served_to=form.served_to.data
        ),
    ),
    MajorAct.REPORT: (
        forms.ReportForm,
        lambda record, form: service.report(
            viewer,
            record,
            reported_on=form.reported_on.data,
            government=form.government.data,
            measures=form.measures.data or "",
            proposal=form.proposal.data or "",
        ),
    ),
    MajorAct.CLOSE: (forms.TextForm, lambda record, form: service.close(viewer, record, text=form.text.data)),
    MajorAct.WITHDRAW: (
        forms.ReasonForm,
        lambda record, form: service.withdraw(viewer, record, reason=form.reason.data),
    ),
}


@bp.get("/major")
@requires(Permission.SEE_ORDERS)
def majors() -> ResponseReturnValue:
    """Major hazards, those not ended unless all are asked for."""
    return shared.record_list(MajorHazard, "rectification/records/majors.html", ".majors", open_states=OPEN)


@bp.route("/major/new", methods=["GET", "POST"])
@requires(Permission.DRAFT_ORDERS)
def new_major() -> ResponseReturnValue:
    """Put a school's findings before the collective study. The program only hints that they might be one."""
    school = shared.school_asked_for()
    lines = [line.finding for line in finding_queries.of_school(viewer, school.id)]
    texts = [(f.id, " · ".join(part for part in (localised(f.text, f.text_en), f.place_label) if part)) for f in lines]
    wanted = [str(key) for key in map(as_id, request.args.getlist("finding")) if key]
    form = forms.NewMajor(lines=texts, findings=wanted or None, visited_on=_last_day(lines))
    if form.validate_on_submit():
        chosen = [finding for finding in lines if finding.id in form.chosen()]
        seen = finding_queries.last_visit([finding.id for finding in chosen])
        record = made(
            form,
            lambda: service.propose(
                viewer,
                school=school,
                findings=chosen,
                visited_on=forms.as_day(form.visited_on.data),
                officers=seen.officers if seen else (viewer.person_id, None),
                inspection_id=seen.inspection_id if seen else None,
                problem_text=form.problem_text.data or "",
                with_experts=form.with_experts.data,
            ),
        )
        if record is not None:
            return redirect(url_for(".major", major_id=record.id))
    page = render_template("rectification/records/new_major.html", form=form, school=school)
    return page, 422 if request.method == "POST" else 200


def _last_day(lines: list[Any]) -> Any:
    return max((finding.found_on for finding in lines), default=clock.today())


def _page(record: MajorHazard, *, given: dict[str, Form] | None = None, status: int = 200) -> ResponseReturnValue:
    acts = trail.acts(viewer, record, MAJOR_STEPS)
    acts = tuple(a for a in acts if not (a == MajorAct.REPORT and record.report_document_id))
    people = (record.lead_id, record.second_id, record.approved_by_id)
    findings = records.findings_of(record)
    page = render_template(
        "rectification/records/major.html",
        findings=findings,
        hint=may_be_major(f.severity for f in findings),
        **shared.shown(RecordKind.MAJOR, record, _STEPS, acts, given=given, people=people),
    )
    return page, status


@bp.get("/major/<uuid:major_id>")
@requires(Permission.SEE_ORDERS)
def major(major_id: uuid.UUID) -> ResponseReturnValue:
    """One major hazard: who studied it when, who approved, the notice, the report, what is next."""
    return _page(found(records.get(MajorHazard, viewer, major_id)))


@bp.post("/major/<uuid:major_id>")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS, Permission.APPROVE_ORDERS)
def take_major_step(major_id: uuid.UUID) -> ResponseReturnValue:
    """Take one of its steps; the table says who may."""
    return shared.act(MajorHazard, major_id, _STEPS, _page, url_for(".major", major_id=major_id))


@bp.post("/major/<uuid:major_id>/scans")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def keep_major_scan(major_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a scan with it."""
    address = url_for(".major", major_id=major_id)
    return shared.keep(RecordKind.MAJOR, MajorHazard, major_id, _page, address, needs=Permission.SERVE_ORDERS)
