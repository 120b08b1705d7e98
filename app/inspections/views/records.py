"""A finished inspection: its frozen record, its papers, and what may still be done with it."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import can, requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.i18n import language
from app.core.panels import rendered_panels
from app.core.web import found
from app.documents import queries as documents
from app.fieldwork import queries as fieldwork
from app.inspections import blank, papers, queries, records, wording
from app.inspections.forms import NationalNumberForm, ReasonForm, ScanForm, as_id
from app.inspections.models import Inspection
from app.inspections.printer import printer_of
from app.inspections.service import keeping
from app.inspections.views.blueprint import bp
from app.planning import queries as planning
from app.rectification.queries import findings as rectification
from app.schools import queries as schools


def _finished(inspection_id: uuid.UUID) -> Inspection:
    inspection = found(queries.get(viewer, inspection_id))
    if not inspection.record:
        abort(404)
    return inspection


def _page(inspection: Inspection, *, problem: DomainError | None = None, status: int = 200) -> ResponseReturnValue:
    printer = printer_of(inspection)
    findings = {f.finding.id: f for f in rectification.of_inspection(viewer, inspection.id)}
    return (
        render_template(
            "inspections/record.html",
            inspection=inspection,
            context=printer.context(),
            record=printer.record,
            findings=findings,
            finding_ids=queries.finding_ids(inspection, printer.record.findings),
            photos={str(p.id): p for p in fieldwork.photos_of(queries.target_kind(inspection), [inspection.id])},
            papers=documents.about(viewer, "inspection", {inspection.id}),
            panels=rendered_panels("inspection", viewer, inspection),
            reason_form=ReasonForm(formdata=None),
            number_form=NationalNumberForm(formdata=None, national_number=inspection.national_number),
            scan_form=ScanForm(formdata=None),
            may_fill=queries.may_fill(viewer, inspection),
            may_withdraw=can(Permission.WITHDRAW_INSPECTIONS) and inspection.brigade_id in viewer.brigade_ids,
            may_keep=can(Permission.ISSUE_DOCUMENTS) and inspection.brigade_id in viewer.brigade_ids,
            words=wording,
            problem=problem,
        ),
        status,
    )


@bp.get("/inspections/<uuid:inspection_id>/record")
@requires(Permission.SEE_INSPECTIONS)
def record(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The record as it was frozen."""
    return _page(_finished(inspection_id))


def _act(inspection_id: uuid.UUID, act: str, done: str) -> ResponseReturnValue:
    """Run one act on the locked record and go back to its page."""
    _finished(inspection_id)
    inspection = found(queries.locked(viewer, inspection_id))
    try:
        _ACTS[act](inspection)
        db.session.commit()
    except DomainError as refused:
        db.session.rollback()
        return _page(_finished(inspection_id), problem=refused, status=422)
    flash(done)
    return redirect(url_for("inspections.record", inspection_id=inspection_id))


def _withdraw(inspection: Inspection) -> None:
    keeping.withdraw(viewer, inspection, reason=request.form.get("reason", ""))


def _number(inspection: Inspection) -> None:
    form = NationalNumberForm()
    if not form.validate():
        raise DomainError(next(iter(form.national_number.errors), _("请核对文号。")), field="national_number")
    keeping.keep_national_number(viewer, inspection, number=form.national_number.data or "")


def _scan(inspection: Inspection) -> None:
    file = request.files.get("scan")
    if file is None or not file.filename:
        raise DomainError(_("请选择扫描件。"), field="scan")
    keeping.keep_scan(viewer, inspection, content=file.read(), name=file.filename)


_ACTS = {"withdraw": _withdraw, "number": _number, "scan": _scan}


@bp.post("/inspections/<uuid:inspection_id>/withdraw")
@requires(Permission.WITHDRAW_INSPECTIONS)
def withdraw(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Take a signed record back, with a reason."""
    return _act(inspection_id, "withdraw", _("检查记录已撤回，其中未结束的问题和文书一并撤回。"))


@bp.post("/inspections/<uuid:inspection_id>/national-number")
@requires(Permission.ISSUE_DOCUMENTS)
def national_number(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the number of the national system."""
    _only_ours(inspection_id)
    return _act(inspection_id, "number", _("国家系统文号已保存。"))


@bp.post("/inspections/<uuid:inspection_id>/scan")
@requires(Permission.ISSUE_DOCUMENTS)
def keep_scan(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the scan of the record as signed by ink."""
    _only_ours(inspection_id)
    return _act(inspection_id, "scan", _("签字扫描件已保存。"))


def _only_ours(inspection_id: uuid.UUID) -> None:
    if found(queries.get(viewer, inspection_id)).brigade_id not in viewer.brigade_ids:
        abort(403)


@bp.get("/inspections/<uuid:inspection_id>/scan")
@requires(Permission.SEE_INSPECTIONS)
def scan(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The scan of the record as signed by ink."""
    inspection = found(queries.get(viewer, inspection_id))
    content = files().get(found(inspection.ink_scan_sha256))
    kind = "application/pdf" if content.startswith(b"%PDF-") else "image/jpeg"
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = "attachment; filename=scan" + (".pdf" if kind.endswith("pdf") else ".jpg")
    return answer


@bp.post("/inspections/<uuid:inspection_id>/correct")
@requires(Permission.INSPECT)
def correct(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Begin the correction of a withdrawn record."""
    if not queries.may_fill(viewer, found(queries.get(viewer, inspection_id))):
        abort(403)
    new = keeping.correct(viewer, found(queries.locked(viewer, inspection_id)))
    db.session.commit()
    flash(_("已按原记录建立更正草稿，请修改后重新签名。"))
    return redirect(url_for("inspections.show", inspection_id=new.id))


@bp.get("/inspections/<uuid:inspection_id>/record.json")
@requires(Permission.SEE_INSPECTIONS)
def frozen(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The frozen record as it was signed, byte for byte; its SHA-256 stands on the page."""
    inspection = _finished(inspection_id)
    records.read(inspection)
    return Response(
        inspection.record,
        mimetype="application/json",
        headers={"Content-Disposition": f"attachment; filename={inspection.id}.json"},
    )


@bp.post("/inspections/<uuid:inspection_id>/preview")
@requires(Permission.ISSUE_DOCUMENTS)
def preview(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Make the record as it would look, without a number."""
    inspection = _finished(inspection_id)
    if inspection.brigade_id not in viewer.brigade_ids:
        abort(403)
    job_id = papers.preview_record(viewer, inspection, lang=_wanted_language())
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job_id))


@bp.post("/inspections/<uuid:inspection_id>/issue")
@requires(Permission.ISSUE_DOCUMENTS)
def issue(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the record in another language, or anew in place of one that is no longer valid; the first was issued with the last signature."""
    if _finished(inspection_id).brigade_id not in viewer.brigade_ids:
        abort(403)
    paper = papers.issue_once(viewer, found(queries.locked(viewer, inspection_id)), lang=_wanted_language())
    db.session.commit()
    return redirect(url_for("documents.show", document_id=paper.id))


def _wanted_language() -> str:
    return "en" if request.form.get("language", language()) == "en" else "zh_Hans_CN"


@bp.route("/inspections/blank", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def blank_form() -> ResponseReturnValue:
    """The checklist of a school on paper, for when no tablet works."""
    school = found(schools.get(viewer, found(as_id(request.args.get("school")))))
    if not planning.may_visit(viewer, school):
        abort(403)
    if request.method == "POST":
        tier = "full" if request.form.get("tier") == "full" else "core"
        job_id = blank.order(viewer, school, tier=tier)
        db.session.commit()
        return redirect(url_for("documents.preview", job_id=job_id))
    return render_template("inspections/blank.html", school=school, words=wording)
