"""Visits: the list, planning one, cancelling it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import safe_back
from app.core.panels import rendered_panels
from app.core.web import found
from app.planning import words
from app.planning.forms.visits import CancelForm, MoveForm, PlanForm, chosen
from app.planning.handing import proposed_officers
from app.planning.models import VisitKind
from app.planning.queries import visits as queries
from app.planning.service import visits as service
from app.planning.views.blueprint import bp
from app.schools import queries as schools


@bp.get("/visits")
@requires(Permission.SEE_BRIGADE_HOME)
def index() -> ResponseReturnValue:
    """Visits of the brigade: those to come, or those that are over."""
    mine, past = "mine" in request.args, "past" in request.args
    listed = queries.listing(viewer, mine=mine, past=past, key=request.args.get("page"))
    return render_template("planning/index.html", listed=listed, mine=mine, past=past, words=words)


@bp.route("/visits/new", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def new() -> ResponseReturnValue:
    """Plan a visit to a school."""
    school = found(schools.get(viewer, found(chosen(request.args.get("school")))))
    if not queries.may_visit(viewer, school):
        abort(403)
    people = accounts.colleagues(viewer, roles=service.OFFICERS)
    form = PlanForm(colleagues=people, **_begun(school.id, {one.id for one in people}))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                said = form.said() | {"visit_id": chosen(form.id.data), "purpose": form.purpose.data or ""}
                told = ("planned_on", "lead_id", "purpose", "visit_id")
                service.refuse_twice(school, **{name: said[name] for name in told})
                visit = service.plan(viewer, school=school, **said)
                db.session.commit()
                flash(_("出行已列入计划。"))
                return redirect(url_for("planning.show", visit_id=visit.id))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = found(schools.get(viewer, found(chosen(request.args.get("school")))))
    return render_template("planning/new.html", form=form, school=school), status


def _begun(school_id: uuid.UUID, known: set[uuid.UUID]) -> dict[str, Any]:
    """What is filled in beforehand: day and officer of the cell of the calendar that was pressed, else the officers of the school's team."""
    try:
        day: date | None = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        day = None
    officers = proposed_officers(school_id, known)
    lead = chosen(request.args.get("lead")) or next(iter(officers), viewer.person_id)
    second = next((one for one in officers if one != lead), None)
    return {"planned_on": day, "lead_id": str(lead), "second_id": str(second or "")}


@bp.get("/visits/<uuid:visit_id>")
@requires(Permission.SEE_BRIGADE_HOME)
def show(visit_id: uuid.UUID) -> ResponseReturnValue:
    """One visit, and what may begin from it."""
    return _page(found(queries.line(viewer, visit_id)), CancelForm(formdata=None))


def _page(line: queries.Line, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    panels = rendered_panels("visit", viewer, line.visit)
    again = line.visit.kind is VisitKind.RECHECK
    page = render_template("planning/show.html", line=line, form=form, words=words, panels=panels, again=again)
    return page, status


@bp.route("/visits/<uuid:visit_id>/move", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def move(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Another day for a visit, or other officers."""
    line = found(queries.line(viewer, visit_id))
    people = accounts.colleagues(viewer, roles=service.OFFICERS)
    form = MoveForm(colleagues=people, **_as_chosen(line))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                moved = service.move(viewer, line.visit, **form.said())
                db.session.commit()
                flash(_("出行已改期。") if moved else _("没有改动。"))
                return redirect(safe_back(request.args.get("back"), url_for("planning.show", visit_id=visit_id)))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                line = found(queries.line(viewer, visit_id))
    back = safe_back(request.args.get("back"), url_for("planning.show", visit_id=visit_id))
    return render_template("planning/move.html", form=form, line=line, back=back), status


def _as_chosen(line: queries.Line) -> dict[str, Any]:
    """The visit as the choices of the form have it."""
    visit = line.visit
    return {
        "planned_on": visit.planned_on,
        "part": visit.part.value if visit.part else "",
        "lead_id": str(visit.lead_id),
        "second_id": str(visit.second_id or ""),
    }


@bp.post("/visits/<uuid:visit_id>/cancel")
@requires(Permission.INSPECT)
def cancel(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Take a visit out of the plan, with a reason."""
    line = found(queries.line(viewer, visit_id))
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(line, form, 422)
    service.cancel(viewer, line.visit, reason=form.reason.data or "")
    db.session.commit()
    flash(_("出行已取消。"))
    return redirect(url_for("planning.show", visit_id=visit_id))
