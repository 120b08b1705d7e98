"""The board of tasks, one task at all its schools, its withdrawal and its spot check."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.web import found
from app.logbook import pages
from app.tasks import queries, service
from app.tasks.forms import ReasonForm, SampleForm
from app.tasks.models import Task
from app.tasks.views import bp


@bp.get("/tasks")
@requires(Permission.SEE_TASKS)
def index() -> ResponseReturnValue:
    """The tasks of a school's own people or of one school; for whoever sends them, the board."""
    school, key = pages.school_named(), request.args.get("page")
    if viewer.is_school or school:
        page = queries.at_schools(viewer, school_id=school.id if school else None, key=key)
        more = pages.neighbours(".index", page)
        return render_template("tasks/own.html", lines=page.rows, school=school, **more)
    sent = queries.sent(viewer, key=key)
    return render_template("tasks/index.html", lines=sent.rows, **pages.neighbours(".index", sent))


def _own(task_id: uuid.UUID) -> Task:
    """A task of the viewer's unit; what they only see they do not change."""
    task = found(queries.task(viewer, task_id))
    if not queries.is_sender(viewer, task):
        abort(403)
    return task


def _page(task: Task, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    shade, sampled = request.args.get("colour", ""), request.args.get("sampled") == "1"
    page = queries.board(viewer, task.id, shade=shade, sampled=sampled, key=request.args.get("page"))
    return (
        render_template(
            "tasks/board.html",
            task=task,
            sent=queries.counts([task])[task.id],
            lines=page.rows,
            shade=shade,
            sampled=sampled,
            sender=queries.is_sender(viewer, task),
            sent_by=queries.name_of(task.sent_by_id),
            reason_form=forms.get("reason_form") or ReasonForm(formdata=None),
            sample_form=forms.get("sample_form") or SampleForm(formdata=None),
            **pages.neighbours(".show", page, task_id=task.id),
        ),
        status,
    )


@bp.get("/tasks/<uuid:task_id>")
@requires(Permission.SEE_TASKS)
def show(task_id: uuid.UUID) -> ResponseReturnValue:
    """A task at all its schools; a school's own people see only theirs."""
    task = found(queries.task(viewer, task_id))
    if viewer.is_school:
        return redirect(url_for(".index"))
    return _page(task)


@bp.post("/tasks/<uuid:task_id>/withdraw")
@requires(Permission.SEND_TASKS)
def withdraw(task_id: uuid.UUID) -> ResponseReturnValue:
    """Take a task back, with the reason."""
    task, form = _own(task_id), ReasonForm()
    if form.validate_on_submit() and done(form, lambda: service.withdraw(viewer, task, reason=form.reason.data or "")):
        flash(_("已撤回，理由已存档。"))
        return redirect(url_for(".show", task_id=task_id))
    return _page(_own(task_id), status=422, reason_form=form)


@bp.post("/tasks/<uuid:task_id>/sample")
@requires(Permission.SEND_TASKS)
def sample(task_id: uuid.UUID) -> ResponseReturnValue:
    """Draw the schools that are looked at on the spot."""
    task, form = _own(task_id), SampleForm()
    if form.validate_on_submit():
        drawn = made(form, lambda: service.sample(viewer, task, percent=form.percent.data or 0))
        if drawn is not None:
            flash(ngettext("抽中 %(num)d 所学校。", "抽中 %(num)d 所学校。", drawn))
            return redirect(url_for(".show", task_id=task_id, sampled=1))
    return _page(_own(task_id), status=422, sample_form=form)
