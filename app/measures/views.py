"""The brigade's plan of measures: the list to look at and to print, a new one, one measure with its end."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import done, made
from app.core.web import found
from app.measures import queries, service, words
from app.measures.forms import CancelForm, DoneForm, PlanForm
from app.measures.queries import Line
from app.measures.rules import MeasureState
from app.teams import queries as teams

bp = Blueprint("measures", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of measures call things."""
    return {"measure_words": words, "MeasureState": MeasureState}


def _asked() -> tuple[int, int | None]:
    """Year and quarter of the address; this year where it names none that can be."""
    this = clock.today().year
    year, quarter = request.args.get("year", ""), request.args.get("quarter", "")
    wanted = int(year) if year.isdecimal() and this - 20 <= int(year) <= this + 1 else this
    return wanted, int(quarter) if quarter in ("1", "2", "3", "4") else None


@bp.get("/measures")
@requires(Permission.SEE_MEASURES)
def index() -> ResponseReturnValue:
    """The plan of a year or quarter, with what was done of it."""
    year, quarter = _asked()
    return render_template(
        "measures/index.html",
        lines=queries.lines(viewer, year, quarter),
        year=year,
        quarter=quarter,
        this_year=clock.today().year,
    )


@bp.route("/measures/new", methods=["GET", "POST"])
@requires(Permission.KEEP_MEASURES)
def new() -> ResponseReturnValue:
    """A new measure."""
    year, quarter = _asked()
    form = PlanForm(year=year, quarter=str(quarter or ""))
    people = accounts.holders([viewer.own_brigade_id] if viewer.own_brigade_id else [], roles=service.ANSWERING)
    form.offer(teams=teams.groups(viewer), people=[(one.id, one.name) for one in people])
    if form.validate_on_submit():
        row = made(form, lambda: service.plan(viewer, measure_id=form.measure_id(), new=form.new_measure()))
        if row is not None:
            flash(_("已列入计划。"))
            return redirect(url_for(".show", measure_id=row.id))
    return render_template("measures/new.html", form=form), 422 if request.method == "POST" else 200


def _page(line: Line, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    page = render_template(
        "measures/show.html",
        line=line,
        measure=line.measure,
        keeps=queries.keeps(viewer, line.measure),
        finishes=queries.finishes(viewer, line.measure),
        done_form=forms.get("done_form") or DoneForm(formdata=None),
        cancel_form=forms.get("cancel_form") or CancelForm(formdata=None),
    )
    return page, status


@bp.get("/measures/<uuid:measure_id>")
@requires(Permission.SEE_MEASURES)
def show(measure_id: uuid.UUID) -> ResponseReturnValue:
    """One measure."""
    return _page(found(queries.line(viewer, measure_id)))


@bp.post("/measures/<uuid:measure_id>/done")
@requires(Permission.SEE_MEASURES)
def finish(measure_id: uuid.UUID) -> ResponseReturnValue:
    """Report it done."""
    line, form = found(queries.line(viewer, measure_id)), DoneForm()
    if not queries.finishes(viewer, line.measure):
        abort(403)
    if form.validate_on_submit():
        act = {"words": form.words.data or "", "late_reason": form.late_reason.data or ""}
        if done(form, lambda: service.finish(viewer, line.measure, done_on=form.done_on.data, **act)):
            flash(_("已登记完成。"))
            return redirect(url_for(".show", measure_id=measure_id))
    return _page(found(queries.line(viewer, measure_id)), status=422, done_form=form)


@bp.post("/measures/<uuid:measure_id>/cancel")
@requires(Permission.KEEP_MEASURES)
def cancel(measure_id: uuid.UUID) -> ResponseReturnValue:
    """Take it out of the plan."""
    line, form = found(queries.line(viewer, measure_id)), CancelForm()
    if not queries.keeps(viewer, line.measure):
        abort(403)
    if form.validate_on_submit() and done(
        form, lambda: service.cancel(viewer, line.measure, reason=form.reason.data or "")
    ):
        flash(_("已取消，理由已存档。"))
        return redirect(url_for(".show", measure_id=measure_id))
    return _page(found(queries.line(viewer, measure_id)), status=422, cancel_form=form)
