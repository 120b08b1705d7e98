"""The list of questions, for both sides, and asking."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import made
from app.core.db import new_id
from app.logbook import pages
from app.questions import queries, service
from app.questions.forms import AskForm, FilterForm
from app.questions.views import bp
from app.schools.models import School


@bp.get("/questions")
@requires(Permission.SEE_QUESTIONS)
def index() -> ResponseReturnValue:
    """Questions of the schools that the viewer sees, of one school, or of their own."""
    form, school = FilterForm(request.args), pages.school_named()
    page = queries.listing(viewer, form.wanted(school.id if school else None), key=request.args.get("page"))
    waiting, late = queries.counts(viewer, school.id if school else None)
    return render_template(
        "questions/index.html",
        form=form,
        school=school,
        lines=page.rows,
        waiting=waiting,
        late=late,
        **pages.neighbours(".index", page),
    )


def _own_school() -> School:
    """The school that asks; only its own staff do."""
    school = pages.school_to_log_for()
    if school.id not in viewer.school_ids:
        abort(403)
    return school


@bp.get("/questions/new")
@requires(Permission.ASK_QUESTIONS)
def new() -> ResponseReturnValue:
    """The page on which something is asked."""
    school = _own_school()
    form = AskForm(formdata=None, key=str(new_id()), kind="question")
    due_on = service.due_on(school, asked=clock.today())
    return render_template("questions/new.html", form=form, school=school, due_on=due_on)


@bp.post("/questions/new")
@requires(Permission.ASK_QUESTIONS)
def ask() -> ResponseReturnValue:
    """Ask it."""
    school, form = _own_school(), AskForm()
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        question = made(
            form,
            lambda: service.ask(
                viewer, school=school, question_id=form.question_id(), new=form.new_question(), photos=photos
            ),
        )
        if question is not None:
            flash(_("已提交，大队会收到通知。"))
            pages.tell_of(problems)
            return redirect(url_for(".show", question_id=question.id))
    due_on = service.due_on(school, asked=clock.today())
    return render_template("questions/new.html", form=form, school=school, due_on=due_on), 422
