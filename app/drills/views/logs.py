"""The list of drills, logging one, one drill, its photos, its withdrawal, its paper."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.db import new_id
from app.core.extensions import db
from app.core.web import found
from app.drills import brought, paper, plan_words, queries, rules, service, words
from app.drills.documents import RECORD
from app.drills.forms import DrillForm, FilterForm, NoteForm
from app.drills.models import DrillPlan
from app.drills.queries import plans
from app.drills.rules import evaluation
from app.drills.rules.evaluation import Point
from app.drills.views.blueprint import bp
from app.logbook import pages
from app.logbook import queries as logbook
from app.schools import queries as schools
from app.schools.models import School


@bp.get("/drills")
@requires(Permission.SEE_DRILLS)
def index() -> ResponseReturnValue:
    """Drills, the latest first."""
    form, school = FilterForm(request.args), pages.school_named()
    page = queries.listing(viewer, form.choice(school.id if school else None), key=request.args.get("page"))
    return render_template(
        "drills/index.html",
        form=form,
        school=school,
        lines=page.rows,
        words=words,
        rules=rules,
        **pages.neighbours(".index", page),
    )


def _form(school: School) -> DrillForm:
    key = request.form.get("key") or str(new_id())
    return brought.form_for(viewer, school, key=key, visit=request.args.get("visit", ""))


@bp.get("/drills/new")
@requires(Permission.LOG_DRILLS)
def new() -> ResponseReturnValue:
    """The log page; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记演练。"), "info")
        return redirect(url_for("schools.index"))
    school = pages.school_to_log_for()
    return render_template("drills/new.html", form=_form(school), school=school)


@bp.post("/drills/new")
@requires(Permission.LOG_DRILLS)
def log() -> ResponseReturnValue:
    """Keep a drill."""
    school = pages.school_to_log_for()
    form = _form(school)
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        drill = made(
            form,
            lambda: service.log(viewer, school=school, drill_id=form.entry_id(), new=form.new_drill(), photos=photos),
        )
        if drill is not None:
            flash(_("已登记。"))
            pages.tell_of(problems)
            return redirect(url_for(".show", drill_id=drill.id))
    return render_template("drills/new.html", form=form, school=school), 422


def page(
    line: queries.Line, *, status: int = 200, note_form: NoteForm | None = None, **refused: Any
) -> ResponseReturnValue:
    """One drill with everything about it."""
    drill, figures = line.drill, line.drill.figures
    school = found(schools.get(viewer, drill.school_id))
    plan = db.session.get(DrillPlan, drill.plan_id) if drill.plan_id else None
    goal = (plan.target_s if plan else None) or queries.goal_seconds(line.building)
    stairs = queries.stairs_figures(line.building, people=drill.accounted or 0)
    before = plans.earlier(drill)
    return (
        render_template(
            "drills/show.html",
            line=line,
            drill=drill,
            words=words,
            clock_time=rules.minutes_seconds,
            missing=rules.missing(figures),
            absent=rules.absent(figures),
            goal=goal,
            goal_met=rules.meets_goal(figures, goal),
            stairs=stairs,
            hints=rules.hints(figures, plausible_s=stairs.seconds if stairs else None),
            plan=plan,
            plan_words=plan_words,
            points=Point,
            lessons=plans.lessons(drill),
            trend=list(zip(before, evaluation.trend([one.last_out_s for one in before]), strict=True)),
            judged_by=logbook.name_of(drill.judged_by_id) if drill.judged_by_id else "",
            note_form=note_form or NoteForm(),
            **pages.shown(drill, school, **refused),
        ),
        status,
    )


@bp.get("/drills/<uuid:drill_id>")
@requires(Permission.SEE_DRILLS)
def show(drill_id: uuid.UUID) -> ResponseReturnValue:
    """One drill with everything about it."""
    return page(found(queries.get(viewer, drill_id)))


def own(drill_id: uuid.UUID) -> queries.Line:
    """A drill at a school that the viewer works for or serves."""
    line = found(queries.get(viewer, drill_id))
    pages.must_serve(line.drill)
    return line


def _again(drill_id: uuid.UUID) -> pages.Again:
    return lambda **refused: page(own(drill_id), **refused)


@bp.post("/drills/<uuid:drill_id>/photos")
@requires(Permission.LOG_DRILLS)
def add_photos(drill_id: uuid.UUID) -> ResponseReturnValue:
    """More photos of a drill."""
    return pages.add_photos(own(drill_id).drill, _again(drill_id), url_for(".show", drill_id=drill_id))


@bp.post("/drills/<uuid:drill_id>/note")
@requires(Permission.LOG_DRILLS)
def add_note(drill_id: uuid.UUID) -> ResponseReturnValue:
    """Add what became known later: where the missing were."""
    line, form = own(drill_id), NoteForm()
    if form.validate_on_submit() and done(
        form, lambda: service.add_note(viewer, line.drill, text=form.text.data or "")
    ):
        flash(_("已补记。"))
        return redirect(url_for(".show", drill_id=drill_id))
    return page(line, note_form=form, status=422)


@bp.post("/drills/<uuid:drill_id>/withdraw")
@requires(Permission.LOG_DRILLS)
def withdraw(drill_id: uuid.UUID) -> ResponseReturnValue:
    """Take a record back, with the reason."""
    return pages.withdraw(own(drill_id).drill, _again(drill_id), url_for(".show", drill_id=drill_id))


@bp.post("/drills/<uuid:drill_id>/preview")
@requires(Permission.LOG_DRILLS)
def preview(drill_id: uuid.UUID) -> ResponseReturnValue:
    """The paper as it would look, without number."""
    line = own(drill_id)
    return pages.preview(line.drill, RECORD, lambda language: paper.record(line, language=language))


@bp.post("/drills/<uuid:drill_id>/issue")
@requires(Permission.ISSUE_DOCUMENTS)
def issue(drill_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the record with a number."""
    line = own(drill_id)
    return pages.issue(line.drill, RECORD, lambda language: paper.record(line, language=language))


bp.add_app_template_filter(rules.minutes_seconds, "minutes_seconds")
bp.add_app_template_filter(rules.missing, "people_missing")
