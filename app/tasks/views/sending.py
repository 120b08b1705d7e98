"""Sending a task to schools; the lists of templates that tasks are made from."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import done, made
from app.core.db import new_id
from app.core.extensions import db
from app.core.web import found
from app.logbook import pages
from app.tasks import queries, service
from app.tasks.forms import SendForm, SendListForm, TemplateForm
from app.tasks.rules import TaskKind
from app.tasks.views import bp, choosing


def _known() -> dict[str, Any]:
    """What the address says of the task: a template, a school."""
    known: dict[str, Any] = {"key": str(new_id()), "kind": TaskKind.COMMON.value, "whom": "all"}
    school = pages.school_named()
    if school is not None:
        known |= {"kind": TaskKind.INDIVIDUAL.value, "whom": "some", "schools": [str(school.id)]}
    try:
        wanted = uuid.UUID(request.args.get("template", ""))
    except ValueError:
        return known
    row = found(queries.template(viewer, wanted))
    due_on = clock.today() + timedelta(days=row.days)
    return known | {"title": row.title, "text": row.text, "needs_proof": row.needs_proof, "due_on": due_on}


def _page(form: SendForm, status: int = 200) -> ResponseReturnValue:
    shown = choosing.shown(form)
    return render_template("tasks/new.html", form=form, templates=queries.templates(viewer), **shown), status


@bp.get("/tasks/new")
@requires(Permission.SEND_TASKS)
def new() -> ResponseReturnValue:
    """The page on which a task is written."""
    form = SendForm(formdata=None, **_known())
    choosing.offer(form)
    return _page(form)


@bp.post("/tasks/new")
@requires(Permission.SEND_TASKS)
def send() -> ResponseReturnValue:
    """Send it; or, by a button that only chooses, the page once more."""
    form = SendForm()
    choosing.offer(form)
    if choosing.is_step():
        return _page(form)
    if form.validate_on_submit():
        chosen = queries.chosen(viewer, **form.wanted())
        task = made(
            form, lambda: service.send(viewer, task_id=form.task_id(), new=form.new_task(), schools=chosen)
        )  # fmt: skip
        if task is not None:
            flash(ngettext("已发给 %(num)d 所学校。", "已发给 %(num)d 所学校。", len(chosen)))
            return redirect(url_for(".show", task_id=task.id))
    return _page(form, 422)


@bp.route("/tasks/lists/new", methods=["GET", "POST"])
@requires(Permission.SEND_TASKS)
def send_list() -> ResponseReturnValue:
    """Send a whole list of templates at once."""
    name = request.args.get("list", "")[:60]
    if not name:
        return redirect(url_for(".templates"))
    rows = queries.on_list(viewer, name)
    if not rows:
        abort(404)
    form = SendListForm() if request.method == "POST" else SendListForm(formdata=None, key=str(new_id()), whom="all")
    choosing.offer(form)
    asked = request.method == "POST" and not choosing.is_step()
    if asked and form.validate():
        chosen = queries.chosen(viewer, **form.wanted())
        act = {"list_id": form.task_id(), "templates": rows, "begins_on": form.begins_on.data, "schools": chosen}
        sent = made(form, lambda: service.send_list(viewer, **act))
        if sent is not None:
            said = ngettext("%(num)d 项任务已下发。", "%(num)d 项任务已下发。", len(sent))
            flash(said)
            return redirect(url_for(".index"))
        rows = queries.on_list(viewer, name)
    page = render_template("tasks/send_list.html", form=form, name=name, rows=rows, **choosing.shown(form))
    return page, 422 if asked else 200


@bp.route("/tasks/templates", methods=["GET", "POST"])
@requires(Permission.SEND_TASKS)
def templates() -> ResponseReturnValue:
    """The lists of templates, and a new one."""
    form = TemplateForm()
    if form.validate_on_submit() and done(form, lambda: service.keep_template(viewer, new=form.new_template())):
        flash(_("已保存。"))
        return redirect(url_for(".templates"))
    page = render_template("tasks/templates.html", form=form, templates=queries.templates(viewer))
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/tasks/templates/<uuid:task_template_id>/retire")
@requires(Permission.SEND_TASKS)
def retire_template(task_template_id: uuid.UUID) -> ResponseReturnValue:
    """Take a task off its list."""
    service.retire_template(viewer, found(queries.template(viewer, task_template_id)))
    db.session.commit()
    flash(_("已停用。"))
    return redirect(url_for(".templates"))
