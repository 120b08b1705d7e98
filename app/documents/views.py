"""Pages of papers: list, one paper, its PDF, previews, and the public verification."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.accounts.service import count_attempt
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.paging import page
from app.core.web import public
from app.documents import composing, kinds, queries, rules, script, service
from app.documents.forms import CodeForm, FileForm, ReasonForm
from app.documents.models import DocumentState, IssuedDocument

bp = Blueprint("documents", __name__)
bp.add_app_template_filter(script.tibetan_runs, "script")
bp.add_app_template_filter(kinds.title_of, "kind_title")

VERIFY_TRIES, VERIFY_WINDOW_S = 60, 300


@bp.get("/documents")
@requires(Permission.SEE_DOCUMENTS)
def index() -> ResponseReturnValue:
    """The papers this viewer may see, newest first."""
    kind, search = request.args.get("kind", ""), request.args.get("q", "").strip()
    found = page(
        queries.papers(viewer, kind=kind, search=search),
        keys=[(IssuedDocument.made_at, True), (IssuedDocument.id, True)],
        key=request.args.get("key"),
    )
    replaced = queries.replaced_among([document.id for document in found.rows])
    return render_template(
        "documents/index.html",
        page=found,
        replaced=replaced,
        kinds=kinds.all_kinds(),
        kind=kind,
        search=search,
        faces=composing.faces() if viewer.may(Permission.REVOKE_DOCUMENTS) else None,
    )


def _get(document_id: uuid.UUID) -> IssuedDocument:
    document = queries.get(viewer, document_id)
    if document is None:
        abort(404)
    return document


def _may_change(document: IssuedDocument) -> bool:
    return viewer.may(Permission.REVOKE_DOCUMENTS) and document.brigade_id in viewer.brigade_ids


def _show(document: IssuedDocument, refused: ReasonForm | None = None, status: int = 200) -> ResponseReturnValue:
    around = queries.surroundings(document)
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
        code=rules.spaced(document.check_code),
    ), status


@bp.get("/documents/<uuid:document_id>")
@requires(Permission.SEE_DOCUMENTS)
def show(document_id: uuid.UUID) -> ResponseReturnValue:
    """One paper: its state, who made it, its hashes, and what may be done with it."""
    return _show(_get(document_id))


@bp.get("/documents/<uuid:document_id>.pdf")
@requires(Permission.SEE_DOCUMENTS)
def pdf(document_id: uuid.UUID) -> ResponseReturnValue:
    """The stored bytes, as issued."""
    document = _get(document_id)
    if document.file_sha256 is None:
        abort(404)
    return _send(document.file_sha256, f"{document.title} {document.number}.pdf", plain=document.check_code)


def _send(sha256: str, name: str, *, plain: str) -> ResponseReturnValue:
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
    document, form = _get(document_id), ReasonForm(request.path.rsplit("/", 1)[-1])
    if not _may_change(document):
        abort(403)
    if not form.validate_on_submit():
        return _show(document, form, 422)
    try:
        result = act(document, form.reason.data)
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _show(_get(document_id), form, 422)
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
    document = _get(document_id)
    if not _may_change(document):
        abort(403)
    service.make_again(document, by=viewer)
    db.session.commit()
    return redirect(url_for("documents.show", document_id=document_id))


@bp.get("/documents/previews/<uuid:job_id>")
@requires(Permission.ISSUE_DOCUMENTS, Permission.LOG_DRILLS, Permission.LOG_TRAININGS)
def preview(job_id: uuid.UUID) -> ResponseReturnValue:
    """A preview being made, or made."""
    job = queries.preview_job(viewer, job_id)
    if job is None:
        abort(404)
    return render_template("documents/preview.html", job=job, refresh=None if job.is_finished else 2)


@bp.get("/documents/previews/<uuid:job_id>.pdf")
@requires(Permission.ISSUE_DOCUMENTS, Permission.LOG_DRILLS, Permission.LOG_TRAININGS)
def preview_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The preview's bytes, for who asked for it."""
    job = queries.preview_job(viewer, job_id)
    if job is None or not job.result:
        abort(404)
    return _send(job.result["sha256"], _("预览稿") + ".pdf", plain="preview")


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Anybody: is this paper genuine? By its code or by the file."""
    return _verify_page(CodeForm(formdata=None), FileForm(formdata=None))


def _verify_page(code_form: CodeForm, file_form: FileForm, status: int = 200) -> ResponseReturnValue:
    return render_template("documents/verify.html", code_form=code_form, file_form=file_form), status


def _counted() -> bool:
    db.session.rollback()
    allowed = count_attempt(f"verify:{request.remote_addr}", most=VERIFY_TRIES, window_s=VERIFY_WINDOW_S)
    db.session.commit()
    return allowed


@bp.post("/verify")
@public
def verify_code() -> ResponseReturnValue:
    """A typed code: mistyping is told from not known by the check sign."""
    form = CodeForm()
    if form.validate_on_submit():
        code = rules.read_check_code(form.code.data)
        if code is not None:
            return redirect(url_for("documents.verdict", code=code))
        form.code.errors = [_("这不是有效的校验码，请对照文书页脚逐字核对。校验码共 12 位，不含 0、1、I、L、O。")]
    return _verify_page(form, FileForm(formdata=None), 422)


@bp.get("/verify/<code>")
@public
def verdict(code: str) -> ResponseReturnValue:
    """What the scanned or typed code says. Only misses are counted: whoever holds papers may scan all day."""
    read = rules.read_check_code(code)
    if read is not None and read != code:
        return redirect(url_for("documents.verdict", code=read))
    found = queries.verdict_by_code(read) if read else None
    if found is None and not _counted():
        abort(429)
    status = 200 if found else 404
    return render_template("documents/verdict.html", verdict=found, by_file=False, spaced=rules.spaced), status


@bp.post("/verify/file")
@public
def verify_file() -> ResponseReturnValue:
    """A file, or its hash made in the browser: genuine only when every byte is as issued."""
    form = FileForm()
    if not _counted():
        abort(429)
    if form.validate_on_submit():
        sha256 = form.sha256.data or (digest(form.file.data.read()) if form.file.data else "")
        if sha256:
            found = queries.verdict_by_file(sha256)
            return render_template("documents/verdict.html", verdict=found, by_file=True, spaced=rules.spaced)
        form.file.errors = [_("请选择要核验的 PDF 文件。")]
    return _verify_page(CodeForm(formdata=None), form, 422)
