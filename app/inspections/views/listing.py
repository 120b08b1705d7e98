"""The list of inspections, starting one, and the address of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import short_day
from app.core.i18n import localised
from app.core.web import found
from app.inspections import queries, sheet, wording
from app.inspections.forms import FilterForm, PeopleForm, RecheckForm, StartForm, as_id, officers
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.service import starting
from app.inspections.views import filling
from app.inspections.views.blueprint import bp
from app.planning import queries as planning
from app.planning.models import VisitKind
from app.planning.service import OFFICERS
from app.planning.words import VISIT_KINDS
from app.rectification.queries import findings as rectification
from app.rectification.queries import orders
from app.regulations import queries as regulations
from app.schools import queries as schools
from app.schools.models import School


@bp.get("/inspections")
@requires(Permission.SEE_INSPECTIONS)
def index() -> ResponseReturnValue:
    """Inspections the viewer may see: what waits for somebody first, then the latest."""
    form = FilterForm(request.args)
    school_id = as_id(request.args.get("school"))
    state = InspectionState(form.state.data) if form.state.data in set(InspectionState) else None
    listed = queries.listing(
        viewer, state=state, mine=bool(form.mine.data), school_id=school_id, key=request.args.get("page")
    )
    return render_template("inspections/index.html", form=form, listed=listed, words=wording, school_id=school_id)


def _school() -> School:
    school = found(schools.get(viewer, found(as_id(request.args.get("school")))))
    if not planning.may_visit(viewer, school):
        abort(403)
    return school


def _visits(school: School, asked: str) -> list[SelectChoice]:
    """What is planned there; a planned re-check stays one unless the inspection was begun from its page."""
    lines = planning.open_of_school(viewer, school.id)
    return _choices([x for x in lines if x.visit.kind is not VisitKind.RECHECK or str(x.visit.id) == asked])


def _choices(lines: Sequence[planning.Line]) -> list[SelectChoice]:
    return [
        SelectChoice(
            str(line.visit.id),
            " ".join(
                str(part)
                for part in (
                    short_day(line.visit.planned_on),
                    VISIT_KINDS[line.visit.kind],
                    line.lead,
                    line.second,
                    line.visit.purpose,
                )
                if part
            ),
        )
        for line in lines
    ]


def _people() -> list[SelectChoice]:
    return officers(accounts.colleagues(viewer, roles=OFFICERS), without=viewer.person_id)


@bp.route("/inspections/new", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def new() -> ResponseReturnValue:
    """Start an inspection at a school; without one, say how to choose it."""
    if not request.args.get("school"):
        return redirect(url_for("schools.index"))
    school = _school()
    checklist = regulations.current_checklist()
    asked = request.values.get("visit") or request.values.get("visit_id", "")
    visits = _visits(school, asked)
    form = StartForm(
        people=_people(),
        visits=visits,
        items={tier: len(checklist.tier(tier)) for tier in starting.TIERS},
        accompanying=school.safety_manager,
        visit_id=asked or (visits[0].value if len(visits) == 1 else ""),
    )
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                begun = starting.start(
                    viewer,
                    school=school,
                    inspection_id=as_id(form.id.data),
                    form=InspectionForm(form.form.data),
                    tier=form.tier.data,
                    second_id=as_id(form.second_id.data),
                    accompanying=form.accompanying.data or "",
                    accompanying_post=form.accompanying_post.data or "",
                    visit=planning.get(viewer, as_id(form.visit_id.data) or uuid.UUID(int=0)),
                    paper_day=form.paper_day.data if form.paper.data else None,
                )
                db.session.commit()
                return redirect(url_for("inspections.show", inspection_id=begun.id))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = _school()
    return render_template("inspections/new.html", form=form, school=school), status


def _to_recheck(school: School) -> tuple[list[rectification.Line], dict[uuid.UUID, str]]:
    """Every open finding of the school: what waits for a re-check first, then what is on an order, and the orders' numbers."""
    lines = rectification.of_school(viewer, school.id)
    numbers = orders.numbers_of([x.finding.id for x in lines])
    return sorted(lines, key=lambda x: (not x.awaits_recheck, x.finding.id not in numbers)), numbers


def _said(line: rectification.Line, number: str) -> str:
    finding = line.finding
    return " · ".join(x for x in (localised(finding.text, finding.text_en), finding.place_label, number) if x)


@bp.route("/inspections/recheck", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def recheck() -> ResponseReturnValue:
    """Start a re-check of a school's open findings."""
    school = _school()
    lines, numbers = _to_recheck(school)
    open_visits = planning.open_of_school(viewer, school.id)
    planned = [str(x.visit.id) for x in open_visits if x.visit.kind is VisitKind.RECHECK]
    form = RecheckForm(
        people=_people(),
        visits=_choices(open_visits),
        open_findings=[SelectChoice(str(x.finding.id), _said(x, numbers.get(x.finding.id, ""))) for x in lines],
        accompanying=school.safety_manager,
        visit_id=request.args.get("visit") or (planned[0] if planned else ""),
    )
    if request.method == "GET":
        form.findings.data = request.args.getlist("finding") or [str(x.finding.id) for x in lines if x.awaits_recheck]
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                begun = starting.start(
                    viewer,
                    school=school,
                    inspection_id=as_id(form.id.data),
                    kind=InspectionKind.RECHECK,
                    second_id=as_id(form.second_id.data),
                    accompanying=form.accompanying.data or "",
                    accompanying_post=form.accompanying_post.data or "",
                    visit=planning.get(viewer, as_id(form.visit_id.data) or uuid.UUID(int=0)),
                    findings=[uuid.UUID(f) for f in form.findings.data],
                )
                db.session.commit()
                return redirect(url_for("inspections.show", inspection_id=begun.id))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = _school()
    return render_template("inspections/recheck.html", form=form, school=school, lines=lines), status


@bp.get("/inspections/<uuid:inspection_id>")
@requires(Permission.SEE_INSPECTIONS)
def show(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """A draft is filled, a frozen one is signed, a signed one is read."""
    inspection, school, brigade = found(sheet.row_of(viewer, inspection_id))
    if inspection.state is InspectionState.DRAFT:
        return filling.fill(sheet.of(inspection, school, brigade))
    if inspection.state is InspectionState.SIGNING and queries.may_fill(viewer, inspection):
        return redirect(url_for("inspections.signatures", inspection_id=inspection_id))
    return redirect(url_for("inspections.record", inspection_id=inspection_id))


def people_form(inspection: Inspection) -> PeopleForm:
    """Who takes part in a draft."""
    return PeopleForm(
        people=officers(accounts.colleagues(viewer, roles=OFFICERS), without=inspection.lead_id),
        second_id=str(inspection.second_id or ""),
        accompanying=inspection.accompanying,
        accompanying_post=inspection.accompanying_post,
    )


@bp.post("/inspections/<uuid:inspection_id>/join")
@requires(Permission.INSPECT)
def join(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Become the second officer of a draft."""
    inspection = found(queries.locked(viewer, inspection_id))
    starting.join(viewer, inspection)
    db.session.commit()
    flash(_("您已加入这次检查，作为第二名检查人员。"))
    return redirect(url_for("inspections.show", inspection_id=inspection_id))
