"""Importing lists of schools: upload, columns, check, decide, accept, report."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised, safe_back
from app.imports import pages
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.models import ImportRun, ImportState, Verdict
from app.organisations import queries as organisations
from app.schools import labels
from app.schools.documents import reasons, report
from app.schools.import_forms import AcceptForm, MappingForm, UploadForm, decision_form, mapping_form
from app.schools.queries import imports as queries
from app.schools.queries import register
from app.schools.service import imports as service
from app.schools.views import bp


@bp.route("/schools/import", methods=["GET", "POST"])
@requires(Permission.IMPORT_SCHOOLS)
def imports() -> ResponseReturnValue:
    """Upload a list; see earlier ones."""
    form = UploadForm()
    brigades = organisations.brigades(viewer.brigade_ids)
    form.brigade_id.choices = [SelectChoice(str(brigade.id), brigade.name) for brigade in brigades]
    if request.method == "GET":
        form.brigade_id.data = viewer.own_brigade_id
    if form.validate_on_submit():
        run = pages.taken_in(
            form,
            lambda name, data: service.start(viewer, brigade_id=form.brigade_id.data, file_name=name, data=data),
        )
        if run is not None:
            return redirect(url_for(".import_run", run_id=run.id))
    status = 422 if request.method == "POST" else 200
    return render_template("schools/imports.html", form=form, runs=lists.latest(viewer, service.KIND)), status


def _run(run_id: uuid.UUID) -> ImportRun:
    return pages.run_of(service.KIND, run_id)


@bp.get("/schools/import/<uuid:run_id>")
@requires(Permission.IMPORT_SCHOOLS)
def import_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Wherever a list stands: its columns, the work on it, what was found, what became of it."""
    run = _run(run_id)
    if run.state == ImportState.READ:
        return _mapping_page(run, _mapping_form(run)), 200
    if run.state in (ImportState.CHECKED, ImportState.WRITTEN):
        return _rows_page(run)
    return render_template("schools/import_work.html", run=run, job=lists.job_of(run))


def _mapping_form(run: ImportRun) -> MappingForm:
    form = mapping_form(run.options["headings"], run.mapping["columns"])()
    brigade = queries.brigade(run.brigade_id)
    areas = organisations.areas_below(brigade.area_code)
    form.area_code.choices = [SelectChoice(area.code, localised(area.name, area.name_en)) for area in areas]
    form.sheet.choices = [SelectChoice(name, name or "—") for name in run.options["sheets"]]
    if request.method == "GET":
        form.area_code.data = run.options["area_code"] or brigade.area_code
        form.source.data, form.sheet.data, form.kind.data = run.source, run.options["sheet"], run.options["kind"]
    elif len(run.options["sheets"]) < 2:
        del form.sheet  # the page asks for the sheet only where there is a choice
    return form


def _mapping_page(run: ImportRun, form: MappingForm) -> str:
    columns = [(form[f"column_{n}"], run.options["samples"][n]) for n in range(len(run.options["headings"]))]
    return render_template("schools/import_columns.html", run=run, form=form, columns=columns)


@bp.post("/schools/import/<uuid:run_id>/columns")
@requires(Permission.IMPORT_SCHOOLS)
def import_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what the columns are and have all rows checked; or read the file again from another sheet."""
    run = _run(run_id)
    form = _mapping_form(run)
    if not form.validate():
        return _mapping_page(run, form), 422
    if not done(form, lambda: _take_columns(run, form)):
        return _mapping_page(_run(run_id), form), 422
    return redirect(url_for(".import_run", run_id=run_id))


def _take_columns(run: ImportRun, form: MappingForm) -> None:
    if request.form.get("act") == "reread":
        service.reread(run, sheet=form.chosen_sheet(), encoding=form.encoding.data or "")
        return
    service.set_mapping(
        run,
        columns=form.columns(),
        source=form.source.data or "",
        area_code=form.area_code.data,
        kind=form.kind.data or "",
    )
    importing.ask_check(viewer, run, service.KIND)


def _rows_page(run: ImportRun) -> ResponseReturnValue:
    verdict = pages.asked_verdict()
    page = lists.rows(run, verdict=verdict, key=request.args.get("page"))
    ids = {uuid.UUID(match[0]) for row in page.rows for match in row.matches}
    ids |= {row.target_id for row in page.rows if row.target_id}
    schools = {str(key): school for key, school in register.by_ids(viewer, ids).items()}
    standing = lists.standing(run)
    return render_template(
        "schools/import_rows.html",
        run=run,
        page=page,
        verdict=verdict,
        form=decision_form(page.rows, {key: school.name for key, school in schools.items()})(),
        accept=AcceptForm(),
        schools=schools,
        counts={one: sum(number for v, _d, number in standing if v == one) for one in Verdict},
        standing=service.sum_up(standing),
        reasons=reasons,
        changed_verdict=Verdict.CHANGED,
        likely_verdict=Verdict.LIKELY,
        tab_list=[
            (labels.VERDICTS[one], url_for(".import_run", run_id=run.id, verdict=one.value), one == verdict)
            for one in Verdict
        ],
        address=lambda key: url_for(".import_run", run_id=run.id, verdict=verdict, page=key),
    )


@bp.post("/schools/import/<uuid:run_id>/decisions")
@requires(Permission.IMPORT_SCHOOLS)
def import_decisions(run_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the decisions on the rows of one page."""
    run = _run(run_id)
    rows = lists.rows_numbered(run, pages.rows_named())
    schools = register.by_ids(viewer, {uuid.UUID(match[0]) for row in rows for match in row.matches})
    form = decision_form(rows, {str(key): school.name for key, school in schools.items()})()
    if not form.validate():
        raise DomainError(_("有的决定不在可选范围内，没有保存。请刷新后重选。"))
    service.decide(run, decisions=form.decisions())
    db.session.commit()
    flash(_("决定已保存。"))
    return redirect(safe_back(request.form.get("back"), url_for(".import_run", run_id=run_id)))


@bp.post("/schools/import/<uuid:run_id>/accept")
@requires(Permission.IMPORT_SCHOOLS)
def import_accept(run_id: uuid.UUID) -> ResponseReturnValue:
    """Accept the whole list, or its good rows."""
    run, form = _run(run_id), AcceptForm()
    service.accept(
        viewer,
        run,
        only_good=bool(form.only_good.data),
        take_changes=bool(form.take_changes.data),
        take_likely=bool(form.take_likely.data),
    )
    importing.ask_write(viewer, run, service.KIND)
    db.session.commit()
    return redirect(url_for(".import_run", run_id=run_id))


@bp.post("/schools/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_SCHOOLS)
def import_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns, after a failure or on second thoughts."""
    importing.again(_run(run_id))
    db.session.commit()
    return redirect(url_for(".import_run", run_id=run_id))


@bp.post("/schools/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_SCHOOLS)
def import_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give a list up."""
    importing.withdraw(viewer, _run(run_id), service.KIND)
    db.session.commit()
    flash(_("已放弃这份名单，登记册没有变化。"))
    return redirect(url_for(".imports"))


@bp.get("/schools/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_SCHOOLS)
def import_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What became of every row, to take away."""
    run = _run(run_id)
    content = report(run, lists.all_rows(run), kind=kind)
    return pages.to_take_away(content, kind=kind, name=f"import-{run.made_at:%Y%m%d}")
