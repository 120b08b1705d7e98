"""A task at one school: read, reported done with proof, accepted, returned, looked at on the spot."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.extensions import db
from app.core.files import files
from app.core.web import found
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.logbook import pages
from app.tasks import queries, service
from app.tasks.forms import LookForm, ReasonForm, ReportForm
from app.tasks.queries import At
from app.tasks.views import bp


def _address(task_at_id: uuid.UUID) -> str:
    return url_for(".at", task_at_id=task_at_id)


def _page(line: At, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    return (
        render_template(
            "tasks/at.html",
            line=line,
            at=line.at,
            task=line.task,
            school=line.school,
            photos=fieldwork.photos_of(TargetKind.TASK, [line.at.id]),
            proofs=queries.proofs(line.at.id),
            own=line.school.id in viewer.school_ids,
            sender=queries.is_sender(viewer, line.task),
            sent_by=queries.name_of(line.task.sent_by_id),
            report_form=forms.get("report_form") or ReportForm(formdata=None),
            reason_form=forms.get("reason_form") or ReasonForm(formdata=None),
            look_form=forms.get("look_form") or LookForm(formdata=None),
        ),
        status,
    )


@bp.get("/tasks/at/<uuid:task_at_id>")
@requires(Permission.SEE_TASKS)
def at(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """One task at one school."""
    return _page(found(queries.at(viewer, task_at_id)))


def _of_own_school(task_at_id: uuid.UUID) -> At:
    line = found(queries.at(viewer, task_at_id))
    if line.school.id not in viewer.school_ids:
        abort(403)
    return line


def _of_own_unit(task_at_id: uuid.UUID) -> At:
    line = found(queries.at(viewer, task_at_id))
    if not queries.is_sender(viewer, line.task):
        abort(403)
    return line


@bp.post("/tasks/at/<uuid:task_at_id>/read")
@requires(Permission.REPORT_TASKS)
def read(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """The school opens it: the moment is noted, and what is asked is shown."""
    service.read(viewer, _of_own_school(task_at_id))
    db.session.commit()
    return redirect(_address(task_at_id))


@bp.post("/tasks/at/<uuid:task_at_id>/report")
@requires(Permission.REPORT_TASKS)
def report(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """The school says that it is done."""
    line, form = _of_own_school(task_at_id), ReportForm()
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        said: dict[str, Any] = {"words": form.words.data or "", "papers": form.chosen_papers()}
        if done(form, lambda: service.report(viewer, line, photos=photos, **said)):
            flash(_("已报告，等待审看。"))
            pages.tell_of(problems)
            return redirect(_address(task_at_id))
    return _page(_of_own_school(task_at_id), status=422, report_form=form)


@bp.get("/tasks/proofs/<uuid:task_proof_id>")
@requires(Permission.SEE_TASKS)
def proof(task_proof_id: uuid.UUID) -> ResponseReturnValue:
    """A file that proves a task; it is saved, never shown by our pages."""
    row = found(queries.proof(viewer, task_proof_id))
    answer = Response(files().get(row.sha256), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=proof-{row.sha256[:8]}.pdf"
    return answer


@bp.post("/tasks/at/<uuid:task_at_id>/accept")
@requires(Permission.SEND_TASKS)
def accept(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """What the school reported is enough."""
    service.accept(viewer, _of_own_unit(task_at_id))
    db.session.commit()
    flash(_("已通过。"))
    return redirect(_address(task_at_id))


@bp.post("/tasks/at/<uuid:task_at_id>/return")
@requires(Permission.SEND_TASKS)
def give_back(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """Return the report with the reason."""
    line, form = _of_own_unit(task_at_id), ReasonForm()
    if form.validate_on_submit() and done(form, lambda: service.give_back(viewer, line, reason=form.reason.data or "")):
        flash(_("已退回，学校会收到通知。"))
        return redirect(_address(task_at_id))
    return _page(_of_own_unit(task_at_id), status=422, reason_form=form)


@bp.post("/tasks/at/<uuid:task_at_id>/look")
@requires(Permission.SEND_TASKS)
def look(task_at_id: uuid.UUID) -> ResponseReturnValue:
    """What the spot check found."""
    line, form = _of_own_unit(task_at_id), LookForm()
    if form.validate_on_submit() and done(
        form, lambda: service.look(viewer, line, held=form.held.data == "yes", words=form.words.data or "")
    ):
        flash(_("抽查结果已登记。"))
        return redirect(_address(task_at_id))
    return _page(_of_own_unit(task_at_id), status=422, look_form=form)
