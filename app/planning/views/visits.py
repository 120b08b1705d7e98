"""Visits: the list, planning one, cancelling it."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.panels import rendered_panels
from app.core.web import found
from app.planning import words
from app.planning.forms.visits import CancelForm, PlanForm, chosen
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
    form = PlanForm(colleagues=accounts.colleagues(viewer, roles=service.OFFICERS), lead_id=str(viewer.person_id))
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                said = {
                    "visit_id": chosen(form.id.data),
                    "planned_on": form.planned_on.data,
                    "lead_id": uuid.UUID(form.lead_id.data),
                    "purpose": form.purpose.data or "",
                }
                service.refuse_twice(school, **said)
                visit = service.plan(viewer, school=school, second_id=chosen(form.second_id.data), **said)
                db.session.commit()
                flash(_("出行已列入计划。"))
                return redirect(url_for("planning.show", visit_id=visit.id))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = found(schools.get(viewer, found(chosen(request.args.get("school")))))
    return render_template("planning/new.html", form=form, school=school), status


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
