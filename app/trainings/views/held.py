"""The list of trainings, logging one, one training, what is added to it, its photos, its withdrawal, its paper."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import done, made
from app.core.db import new_id
from app.core.web import found
from app.logbook import pages
from app.schools import queries as schools
from app.schools.models import School
from app.trainings import brought, paper, queries, rules, service
from app.trainings.documents import RECORD
from app.trainings.forms import FilterForm, LogForm
from app.trainings.models import Training
from app.trainings.old_log_words import WORDS
from app.trainings.queries import sessions
from app.trainings.queries.sessions import SessionLine
from app.trainings.service.logging import LATER
from app.trainings.session_forms import AmendForm
from app.trainings.views import bp, topics


@bp.get("/trainings")
@requires(Permission.SEE_TRAININGS)
def index() -> ResponseReturnValue:
    """Trainings, the latest first."""
    form, school = FilterForm(request.args), pages.school_named()
    page = queries.listing(viewer, form.choice(school.id if school else None), key=request.args.get("page"))
    return render_template(
        "trainings/index.html",
        form=form,
        school=school,
        lines=page.rows,
        waiting=sessions.waiting(viewer, school_id=school.id if school else None, most=20),
        **pages.neighbours(".index", page),
    )


def _planned(school: School) -> SessionLine | None:
    """The session that is logged, where the address names one of this school."""
    try:
        wanted = uuid.UUID(request.args.get("session", ""))
    except ValueError:
        return None
    line = found(sessions.get(viewer, wanted))
    if line.school.id != school.id:
        abort(404)
    return line


def _form(school: School, planned: SessionLine | None) -> LogForm:
    key = request.form.get("key") or str(new_id())
    known: dict[str, Any] = {"key": key, "visit": request.args.get("visit", ""), **topics.chosen()}
    if planned is not None:
        session = planned.session
        begins = clock.local(session.starts_at)
        names = ("audience", "form", "hours", "expected", "topics", "trainer", "materials")
        known |= {name: getattr(session, name) for name in names} | {"day": begins.date(), "time": begins.time()}
        known["attended"] = sessions.outcome_of(session).signed or None
    return brought.form_for(viewer, school, **known)


@bp.get("/trainings/new")
@requires(Permission.LOG_TRAININGS)
def new() -> ResponseReturnValue:
    """The log page; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记培训。"), "info")
        return redirect(url_for("schools.index"))
    school = pages.school_to_log_for()
    planned = _planned(school)
    return render_template("trainings/new.html", form=_form(school, planned), school=school, planned=planned)


@bp.post("/trainings/new")
@requires(Permission.LOG_TRAININGS)
def log() -> ResponseReturnValue:
    """Keep a training."""
    school = pages.school_to_log_for()
    planned = _planned(school)
    form = _form(school, planned)
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        training = made(
            form,
            lambda: service.log(
                viewer,
                school=school,
                training_id=form.entry_id(),
                new=form.new_training(planned.session.id if planned else None),
                photos=photos,
            ),
        )
        if training is not None:
            flash(_("已登记。"))
            pages.tell_of(problems)
            return redirect(url_for(".show", training_id=training.id))
    return render_template("trainings/new.html", form=form, school=school, planned=planned), 422


def _page(line: queries.Line, *, status: int = 200, **refused: Any) -> ResponseReturnValue:
    training = line.training
    school = found(schools.get(viewer, training.school_id))
    session = sessions.session_of(training)
    outcome = sessions.outcome_of(session)
    return (
        render_template(
            "trainings/show.html",
            line=line,
            training=training,
            session=session,
            outcome=outcome,
            meter=sessions.meter_of(training, session, outcome),
            doubts=WORDS.flags_of(training.doubts, training.typed["texts"]) if training.typed else [],
            percent=rules.attendance_percent(training.expected, training.attended),
            hints=rules.hints(training.expected, training.attended),
            **pages.shown(training, school, **refused),
        ),
        status,
    )


@bp.get("/trainings/<uuid:training_id>")
@requires(Permission.SEE_TRAININGS)
def show(training_id: uuid.UUID) -> ResponseReturnValue:
    """One training with everything about it."""
    return _page(found(queries.get(viewer, training_id)))


def _own(training_id: uuid.UUID) -> queries.Line:
    line = found(queries.get(viewer, training_id))
    pages.must_serve(line.training)
    return line


def _again(training_id: uuid.UUID) -> pages.Again:
    return lambda **refused: _page(_own(training_id), **refused)


def _amending(training: Training) -> AmendForm:
    form = AmendForm()
    form.keep_only(name for name in LATER if getattr(training, name) in ("", None))
    return form


@bp.route("/trainings/<uuid:training_id>/more", methods=["GET", "POST"])
@requires(Permission.LOG_TRAININGS)
def amend(training_id: uuid.UUID) -> ResponseReturnValue:
    """Fill in what was left empty when it was logged."""
    line = _own(training_id)
    form = _amending(line.training)
    if form.validate_on_submit() and done(form, lambda: service.amend(viewer, line.training, said=form.said())):
        flash(_("已补充。"))
        return redirect(url_for(".show", training_id=training_id))
    school = found(schools.get(viewer, line.training.school_id))
    page = render_template("trainings/amend.html", form=form, training=line.training, school=school)
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/trainings/<uuid:training_id>/photos")
@requires(Permission.LOG_TRAININGS)
def add_photos(training_id: uuid.UUID) -> ResponseReturnValue:
    """More photos of a training."""
    return pages.add_photos(_own(training_id).training, _again(training_id), url_for(".show", training_id=training_id))


@bp.post("/trainings/<uuid:training_id>/withdraw")
@requires(Permission.LOG_TRAININGS)
def withdraw(training_id: uuid.UUID) -> ResponseReturnValue:
    """Take a record back, with the reason."""
    return pages.withdraw(_own(training_id).training, _again(training_id), url_for(".show", training_id=training_id))


@bp.post("/trainings/<uuid:training_id>/preview")
@requires(Permission.LOG_TRAININGS)
def preview(training_id: uuid.UUID) -> ResponseReturnValue:
    """The paper as it would look, without number."""
    line = _own(training_id)
    return pages.preview(line.training, RECORD, lambda language: paper.record(line, language=language))


@bp.post("/trainings/<uuid:training_id>/issue")
@requires(Permission.ISSUE_DOCUMENTS)
def issue(training_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the record with a number."""
    line = _own(training_id)
    return pages.issue(line.training, RECORD, lambda language: paper.record(line, language=language))
