"""Drills of former years from a brigade's own list: upload, columns, check, accept, report."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.forms import Form
from app.drills import old_log_words as words
from app.drills.service import old_logs as service
from app.drills.views.blueprint import bp
from app.imports import pages
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.columns import ColumnsForm, columns_form
from app.imports.models import ImportRun, ImportState


class UploadForm(Form):
    """The file."""

    file = FileField(_l("清单文件"), [FileRequired(_l("请选择文件。"))])


class AcceptForm(Form):
    """Accepting the list."""

    only_good = BooleanField()


@bp.route("/drills/import", methods=["GET", "POST"])
@requires(Permission.IMPORT_DRILLS)
def old_lists() -> ResponseReturnValue:
    """Bring a list in; and the lists of before."""
    form = UploadForm()
    if form.validate_on_submit():
        brigade_id = viewer.own_brigade_id or abort(403)
        run = pages.taken_in(
            form, lambda name, data: service.start(viewer, brigade_id=brigade_id, file_name=name, data=data)
        )
        if run is not None:
            return redirect(url_for(".old_columns", run_id=run.id))
    page = render_template("drills/old/imports.html", form=form, runs=lists.latest(viewer, service.KIND))
    return page, 422 if form.errors else 200


@bp.route("/drills/import/<uuid:run_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_DRILLS)
def old_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is, then have every row checked."""
    run = pages.run_of(service.KIND, run_id)
    if not pages.can_be_mapped(run):
        return redirect(url_for(".old_run", run_id=run_id))
    options = [("", _("只作原文保存")), *((name, str(label)) for name, label in words.FIELDS.items())]
    form = columns_form(ColumnsForm, run.options["headings"], run.mapping["columns"], options)()
    if form.validate_on_submit() and done(form, lambda: _take_columns(run, form)):
        return redirect(url_for(".old_run", run_id=run_id))
    run = pages.run_of(service.KIND, run_id)
    return render_template("drills/old/columns.html", form=form, run=run), 422 if form.errors else 200


def _take_columns(run: ImportRun, form: ColumnsForm) -> None:
    service.set_mapping(run, columns=form.columns())
    importing.ask_check(viewer, run, service.KIND)


@bp.get("/drills/import/<uuid:run_id>")
@requires(Permission.IMPORT_DRILLS)
def old_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """How far a list is, what was found in its rows, what became of them."""
    run = pages.run_of(service.KIND, run_id)
    if run.state is ImportState.READ:
        return redirect(url_for(".old_columns", run_id=run_id))
    verdict, job = pages.asked_verdict(), lists.job_of(run)
    busy = pages.is_busy(run, job)
    return render_template(
        "drills/old/run.html",
        run=run,
        job=job,
        busy=busy,
        refresh=2 if busy else 0,
        rows=lists.rows(run, verdict=verdict, key=request.args.get("page")),
        verdict=verdict,
        words=words,
    )


def _act(run_id: uuid.UUID, act: Callable[[ImportRun], Any]) -> ResponseReturnValue:
    return pages.act(service.KIND, run_id, act, url_for(".old_run", run_id=run_id))


@bp.post("/drills/import/<uuid:run_id>/accept")
@requires(Permission.IMPORT_DRILLS)
def old_accept(run_id: uuid.UUID) -> ResponseReturnValue:
    """Write the list, whole or only its good rows."""
    form = AcceptForm()

    def act(run: ImportRun) -> None:
        service.accept(viewer, run, only_good=bool(form.only_good.data))
        importing.ask_write(viewer, run, service.KIND)

    return _act(run_id, act)


@bp.post("/drills/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_DRILLS)
def old_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns."""
    return _act(run_id, importing.again)


@bp.post("/drills/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_DRILLS)
def old_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the list up; nothing was written."""
    return _act(run_id, lambda run: importing.withdraw(viewer, run, service.KIND))


@bp.get("/drills/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_DRILLS)
def old_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What was found in every row and what became of it, to take away."""
    run = pages.run_of(service.KIND, run_id)
    content = words.report(lists.all_rows(run), kind=kind)
    return pages.to_take_away(content, kind=kind, name=f"drills-import-{run.made_at:%Y%m%d}")
