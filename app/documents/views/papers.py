"""Pages of papers: list, one paper and what is kept beside it, its PDF, previews."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.paging import page
from app.documents import composing, kinds, queries, rules, service
from app.documents.forms import FilterForm, NationalNumberForm, ReasonForm, ScanForm
from app.documents.models import DocumentState, IssuedDocument
from app.documents.views.blueprint import bp


@bp.get("/documents")
@requires(Permission.SEE_DOCUMENTS)
def index() -> ResponseReturnValue:
    """The papers this viewer may see, newest first."""
    offered = [one for one in kinds.all_kinds() if not one.brigade_only or viewer.brigade_ids]
    form = FilterForm(offered, formdata=request.args)
    kind, search = form.kind.data or "", form.q.data or ""
    found = page(
        queries.papers(viewer, kind=kind, search=search),
        keys=[(IssuedDocument.made_at, True), (IssuedDocument.id, True)],
        key=request.args.get("key"),
    )
    shown = [document.id for document in found.rows]
    replaced, sealed = queries.replaced_among(shown), queries.sealed_among(shown)
    return render_template(
        "documents/index.html",
        page=found,
        replaced=replaced,
        sealed=sealed if viewer.may(Permission.ISSUE_DOCUMENTS) else set(),
        form=form,
        kind=kind,
        search=search,
        faces=composing.faces() if viewer.may(Permission.REVOKE_DOCUMENTS) else None,
    )


def paper_or_404(document_id: uuid.UUID) -> IssuedDocument:
    document = queries.get(viewer, document_id)
    if document is None:
        abort(404)
    return document


def _may_change(document: IssuedDocument) -> bool:
    return viewer.may(Permission.REVOKE_DOCUMENTS) and document.brigade_id in viewer.brigade_ids


def show_paper(
    document: IssuedDocument,
    refused: ReasonForm | None = None,
    status: int = 200,
    *,
    scan_form: ScanForm | None = None,
    number_form: NationalNumberForm | None = None,
) -> ResponseReturnValue:
    """The page of one paper, with the forms that were refused."""
    around, scans = queries.surroundings(document), queries.scans_of(viewer, document)
    stuck = service.is_stuck(document)
    making = document.state is DocumentState.RENDERING and not stuck
    return render_template(
        "documents/show.html",
        document=document,
        around=around,
        stuck=stuck,
        making=making,
        refresh=2 if making else None,
        refused=refused,
        reasons={act: ReasonForm(act, formdata=None) for act in ("revoke", "replace", "void")},
        may_change=_may_change(document),
        own=queries.of_own_brigade(viewer, document),
        texts_version=queries.texts_version_of(document),
        scans=scans,
        sealed=any(scan.withdrawn_at is None for scan in scans),
        may_scan=queries.may_keep_scan(viewer, document),
        scan_form=scan_form or ScanForm(formdata=None),
        withdraw_forms={scan.id: ReasonForm(f"withdraw-{scan.id}", formdata=None) for scan in scans},
        may_number=viewer.may(Permission.ISSUE_DOCUMENTS) and queries.of_own_brigade(viewer, document),
        number_form=number_form or NationalNumberForm(formdata=None, obj=document),
        code=rules.spaced(document.check_code),
    ), status


@bp.get("/documents/<uuid:document_id>")
@requires(Permission.SEE_DOCUMENTS)
def show(document_id: uuid.UUID) -> ResponseReturnValue:
    """One paper: its state, who made it, its hashes, and what may be done with it."""
    return show_paper(paper_or_404(document_id))


@bp.get("/documents/<uuid:document_id>.pdf")
@requires(Permission.SEE_DOCUMENTS)
def pdf(document_id: uuid.UUID) -> ResponseReturnValue:
    """The stored bytes, as issued."""
    document = paper_or_404(document_id)
    if document.file_sha256 is None:
        abort(404)
    return send_pdf(document.file_sha256, f"{document.title} {document.number}.pdf", plain=document.check_code)


@bp.get("/documents/<uuid:document_id>/archive.pdf")
@requires(Permission.SEE_DOCUMENTS)
def archive_pdf(document_id: uuid.UUID) -> ResponseReturnValue:
    """The stored bytes of the archive's copy, for the brigade."""
    document = paper_or_404(document_id)
    if document.archive_sha256 is None or not queries.of_own_brigade(viewer, document):
        abort(404)
    name = f"{document.title} {document.number} {_('存档联')}.pdf"
    return send_pdf(document.archive_sha256, name, plain=f"{document.check_code}-archive")


def send_pdf(sha256: str, name: str, *, plain: str) -> ResponseReturnValue:
    """Stored bytes whose hash still holds; `plain` names the file for clients that cannot read Chinese."""
    content = files().get(sha256)
    if digest(content) != sha256:
        raise RuntimeError(f"the stored file {sha256} was changed")
    answer = send_file(io.BytesIO(content), mimetype="application/pdf", download_name=name, etag=sha256)
    # Old clients read `filename` only, where Chinese cannot stand; all others read filename*.
    names = {"filename": f"{plain}.pdf", "filename*": f"UTF-8''{quote(name)}"}
    answer.headers.set("Content-Disposition", "inline", **names)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _act(document_id: uuid.UUID, act: Callable[[IssuedDocument, str], Any], done: str) -> ResponseReturnValue:
    document, form = paper_or_404(document_id), ReasonForm(request.path.rsplit("/", 1)[-1])
    if not _may_change(document):
        abort(403)
    if not form.validate_on_submit():
        return show_paper(document, form, 422)
    try:
        result = act(document, form.reason.data)
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return show_paper(paper_or_404(document_id), form, 422)
    db.session.commit()
    flash(done, "ok")
    return redirect(url_for("documents.show", document_id=result.id if result else document_id))


@bp.post("/documents/<uuid:document_id>/revoke")
@requires(Permission.REVOKE_DOCUMENTS)
def revoke(document_id: uuid.UUID) -> ResponseReturnValue:
    """Declare the paper invalid, with a reason."""
    return _act(document_id, lambda d, why: service.revoke(d, by=viewer, reason=why), _("文书已作废，核验页即时显示。"))


@bp.post("/documents/<uuid:document_id>/replace")
@requires(Permission.REVOKE_DOCUMENTS)
def replace(document_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the paper anew from the same data, under a new number that names the old one."""
    return _act(
        document_id,
        lambda d, why: service.replace(d, by=viewer, reason=why),
        _("新文书已编号，正在制作；原文书保留在案。"),
    )


@bp.post("/documents/<uuid:document_id>/void")
@requires(Permission.REVOKE_DOCUMENTS)
def void(document_id: uuid.UUID) -> ResponseReturnValue:
    """Give up a paper that could not be made; its number is kept as void."""
    return _act(document_id, lambda d, why: service.void(d, by=viewer, reason=why), _("文号已注销并登记，不再使用。"))


@bp.post("/documents/<uuid:document_id>/again")
@requires(Permission.REVOKE_DOCUMENTS)
def make_again(document_id: uuid.UUID) -> ResponseReturnValue:
    """Let the worker try a paper again."""
    document = paper_or_404(document_id)
    if not _may_change(document):
        abort(403)
    service.make_again(document, by=viewer)
    db.session.commit()
    return redirect(url_for("documents.show", document_id=document_id))


@bp.get("/documents/previews/<uuid:job_id>")
@requires(Permission.ISSUE_DOCUMENTS, Permission.LOG_DRILLS, Permission.LOG_TRAININGS, Permission.CHANGE_SETTINGS)
def preview(job_id: uuid.UUID) -> ResponseReturnValue:
    """A preview being made, or made."""
    job = queries.preview_job(viewer, job_id)
    if job is None:
        abort(404)
    return render_template("documents/preview.html", job=job, refresh=None if job.is_finished else 2)


@bp.get("/documents/previews/<uuid:job_id>.pdf")
@requires(Permission.ISSUE_DOCUMENTS, Permission.LOG_DRILLS, Permission.LOG_TRAININGS, Permission.CHANGE_SETTINGS)
def preview_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The preview's bytes, for who asked for it."""
    job = queries.preview_job(viewer, job_id)
    if job is None or not job.result:
        abort(404)
    return send_pdf(job.result["sha256"], _("预览稿") + ".pdf", plain="preview")
