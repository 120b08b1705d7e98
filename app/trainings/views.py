"""The list of trainings, logging one, one training, its photos, its withdrawal, its paper."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import made
from app.core.db import new_id
from app.core.web import found
from app.logbook import pages
from app.schools import queries as schools
from app.schools.models import School
from app.trainings import brought, paper, queries, rules, service, words
from app.trainings.documents import RECORD
from app.trainings.forms import FilterForm, LogForm

bp = Blueprint("trainings", __name__)


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
        words=words,
        **pages.neighbours(".index", page),
    )


def _form(school: School) -> LogForm:
    key = request.form.get("key") or str(new_id())
    return brought.form_for(viewer, school, key=key, visit=request.args.get("visit", ""))


@bp.get("/trainings/new")
@requires(Permission.LOG_TRAININGS)
def new() -> ResponseReturnValue:
    """The log page; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记培训。"), "info")
        return redirect(url_for("schools.index"))
    school = pages.school_to_log_for()
    return render_template("trainings/new.html", form=_form(school), school=school)


@bp.post("/trainings/new")
@requires(Permission.LOG_TRAININGS)
def log() -> ResponseReturnValue:
    """Keep a training."""
    school = pages.school_to_log_for()
    form = _form(school)
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        training = made(
            form,
            lambda: service.log(
                viewer, school=school, training_id=form.entry_id(), new=form.new_training(), photos=photos
            ),
        )
        if training is not None:
            flash(_("已登记。"))
            pages.tell_of(problems)
            return redirect(url_for(".show", training_id=training.id))
    return render_template("trainings/new.html", form=form, school=school), 422


def _page(line: queries.Line, *, status: int = 200, **refused: Any) -> ResponseReturnValue:
    training = line.training
    school = found(schools.get(viewer, training.school_id))
    return (
        render_template(
            "trainings/show.html",
            line=line,
            training=training,
            words=words,
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
