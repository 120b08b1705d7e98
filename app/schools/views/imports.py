"""Importing lists of schools: upload, columns, check, decide, accept, report."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised, safe_back
from app.core.tables import UnreadableTable
from app.core.web import found
from app.organisations import queries as organisations
from app.schools import labels
from app.schools.documents import reasons, report
from app.schools.import_forms import AcceptForm, MappingForm, UploadForm, decision_form, mapping_form
from app.schools.models import ImportRun, ImportState, Verdict
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
        try:
            run = service.start(
                viewer,
                brigade_id=form.brigade_id.data,
                file_name=form.file.data.filename or "",
                data=form.file.data.read(),
            )
            db.session.commit()
            return redirect(url_for(".import_run", run_id=run.id))
        except UnreadableTable as problem:
            db.session.rollback()
            problem.field = "file"
            form.add_problem(problem)
    status = 422 if request.method == "POST" else 200
    return render_template("schools/imports.html", form=form, runs=queries.runs(viewer)), status


def _run(run_id: uuid.UUID) -> ImportRun:
    return found(queries.run(viewer, run_id))


@bp.get("/schools/import/<uuid:run_id>")
@requires(Permission.IMPORT_SCHOOLS)
def import_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Wherever a list stands: its columns, the work on it, what was found, what became of it."""
    run = _run(run_id)
    if run.state == ImportState.READ:
        return _mapping_page(run, _mapping_form(run)), 200
    if run.state in (ImportState.CHECKED, ImportState.WRITTEN):
        return _rows_page(run)
    return render_template("schools/import_work.html", run=run, job=queries.job_of(run))


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
    try:
        if request.form.get("act") == "reread":
            service.reread(viewer, run, sheet=form.chosen_sheet(), encoding=form.encoding.data or "")
        else:
            service.set_mapping(
                viewer,
                run,
                columns=form.columns(),
                source=form.source.data or "",
                area_code=form.area_code.data,
                kind=form.kind.data or "",
            )
            service.ask_check(viewer, run)
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _mapping_page(_run(run_id), form), 422
    db.session.commit()
    return redirect(url_for(".import_run", run_id=run_id))


def _rows_page(run: ImportRun) -> ResponseReturnValue:
    asked = request.args.get("verdict", "")
    verdict = Verdict(asked) if asked in set(Verdict) else None
    page = queries.rows(run.id, verdict=verdict, key=request.args.get("page"))
    ids = {uuid.UUID(match[0]) for row in page.rows for match in row.matches}
    ids |= {row.target_id for row in page.rows if row.target_id}
    schools = {str(key): school for key, school in register.by_ids(viewer, ids).items()}
    standing = queries.standing(run.id)
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
        address=lambda key: url_for(".import_run", run_id=run.id, verdict=asked or None, page=key),
    )


@bp.post("/schools/import/<uuid:run_id>/decisions")
@requires(Permission.IMPORT_SCHOOLS)
def import_decisions(run_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the decisions on the rows of one page."""
    run = _run(run_id)
    numbers = [
        int(name.removeprefix("row_")) for name in request.form if name.startswith("row_") and name[4:].isdigit()
    ]
    rows = queries.rows_numbered(run.id, numbers)
    schools = register.by_ids(viewer, {uuid.UUID(match[0]) for row in rows for match in row.matches})
    form = decision_form(rows, {str(key): school.name for key, school in schools.items()})()
    if not form.validate():
        raise DomainError(_("有的决定不在可选范围内，没有保存。请刷新后重选。"))
    service.decide(viewer, run, decisions=form.decisions())
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
    service.ask_write(viewer, run)
    db.session.commit()
    return redirect(url_for(".import_run", run_id=run_id))


@bp.post("/schools/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_SCHOOLS)
def import_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns, after a failure or on second thoughts."""
    service.again(viewer, _run(run_id))
    db.session.commit()
    return redirect(url_for(".import_run", run_id=run_id))


@bp.post("/schools/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_SCHOOLS)
def import_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give a list up."""
    service.withdraw(viewer, _run(run_id))
    db.session.commit()
    flash(_("已放弃这份名单，登记册没有变化。"))
    return redirect(url_for(".imports"))


@bp.get("/schools/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_SCHOOLS)
def import_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What became of every row, to take away."""
    run = _run(run_id)
    answer = Response(report(run, queries.all_rows(run.id), kind=kind))
    answer.mimetype = (
        "text/csv" if kind == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer.headers.set("Content-Disposition", "attachment", filename=f"import-{run.made_at:%Y%m%d}.{kind}")
    return answer
