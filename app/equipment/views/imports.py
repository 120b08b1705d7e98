"""A list on its way into the register: upload, columns, check, acceptance, report."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.equipment import remarks, reports
from app.equipment.forms import MappingForm, UploadForm, mapping_form
from app.equipment.service import importing as service
from app.equipment.views import bp, school_to_edit
from app.equipment.views.register import uuid_or_none
from app.imports import pages
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.models import ImportRun, ImportState, Verdict
from app.schools import queries as schools


def _run(run_id: uuid.UUID) -> ImportRun:
    return pages.run_of(service.KIND, run_id)


@bp.route("/equipment/imports", methods=["GET", "POST"])
@requires(Permission.IMPORT_EQUIPMENT)
def imports() -> ResponseReturnValue:
    """Bring a file in, for one school or for all; and the lists of before."""
    named = request.args.get("school")
    school = school_to_edit(uuid_or_none(named) or abort(404)) if named else None
    form = UploadForm()
    if form.validate_on_submit():
        run = pages.taken_in(
            form,
            lambda name, data: service.start(
                viewer,
                brigade_id=school.brigade_id if school else viewer.own_brigade_id or abort(403),
                brigade_ids=sorted(viewer.brigade_ids),
                file_name=name,
                data=data,
                school_id=school.id if school else None,
            ),
        )
        if run is not None:
            return redirect(url_for("equipment.import_columns", run_id=run.id))
    page = render_template("equipment/imports.html", form=form, school=school, runs=lists.latest(viewer, service.KIND))
    return page, 422 if form.errors else 200


def _mapping(run: ImportRun) -> MappingForm:
    form = mapping_form(run.options["headings"], run.mapping["columns"])()
    if request.method == "GET":
        form.add_places.data = run.options["add_places"]
    return form


@bp.route("/equipment/imports/<uuid:run_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_EQUIPMENT)
def import_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is, then have every row checked."""
    run = _run(run_id)
    if not pages.can_be_mapped(run):
        return redirect(url_for("equipment.import_run", run_id=run.id))
    form = _mapping(run)
    if form.validate_on_submit() and done(form, lambda: _take_columns(run, form)):
        return redirect(url_for("equipment.import_run", run_id=run.id))
    page = render_template("equipment/import_columns.html", form=form, run=_run(run_id))
    return page, 422 if form.errors else 200


def _take_columns(run: ImportRun, form: MappingForm) -> None:
    service.set_mapping(run, columns=form.columns(), add_places=bool(form.add_places.data))
    importing.ask_check(viewer, run, service.KIND)


@bp.get("/equipment/imports/<uuid:run_id>")
@requires(Permission.IMPORT_EQUIPMENT)
def import_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """How far a list is, what was found in its rows, what became of them."""
    run = _run(run_id)
    if run.state is ImportState.READ:
        return redirect(url_for("equipment.import_columns", run_id=run.id))
    verdict = pages.asked_verdict()
    if "verdict" not in request.args and run.state is ImportState.CHECKED and run.summary["verdicts"].get("error"):
        verdict = Verdict.ERROR
    job = lists.job_of(run)
    busy = pages.is_busy(run, job)
    return render_template(
        "equipment/import_run.html",
        run=run,
        job=job,
        busy=busy,
        refresh=2 if busy else 0,
        school=schools.get(viewer, run.school_id) if run.school_id else None,
        rows=lists.rows(run, verdict=verdict, key=request.args.get("page")),
        verdict=verdict,
        remarks=remarks,
        Verdict=Verdict,
    )


def _act(run_id: uuid.UUID, act: Callable[[ImportRun], Any]) -> ResponseReturnValue:
    return pages.act(service.KIND, run_id, act, url_for("equipment.import_run", run_id=run_id))


@bp.post("/equipment/imports/<uuid:run_id>/accept")
@requires(Permission.IMPORT_EQUIPMENT)
def accept_import(run_id: uuid.UUID) -> ResponseReturnValue:
    """Write the list into the register, whole or only its good rows."""
    only_good = request.form.get("only_good") == "1"

    def act(run: ImportRun) -> None:
        service.accept(viewer, run, only_good=only_good)
        importing.ask_write(viewer, run, service.KIND)

    return _act(run_id, act)


@bp.post("/equipment/imports/<uuid:run_id>/again")
@requires(Permission.IMPORT_EQUIPMENT)
def import_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns."""
    return _act(run_id, importing.again)


@bp.post("/equipment/imports/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_EQUIPMENT)
def withdraw_import(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the list up; nothing was written."""
    answer = _act(run_id, lambda run: importing.withdraw(viewer, run, service.KIND))
    flash(_("这份清单已放弃，没有写入任何内容。"))
    return answer


@bp.get("/equipment/imports/<uuid:run_id>/report.xlsx")
@requires(Permission.IMPORT_EQUIPMENT)
def import_report(run_id: uuid.UUID) -> ResponseReturnValue:
    """Every row with what was found and what became of it."""
    content = reports.import_report(lists.all_rows(_run(run_id)))
    return pages.to_take_away(content, kind="xlsx", name="equipment-import")
