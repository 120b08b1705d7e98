"""What is kept beside an issued paper: its sealed scan and its number in the national system."""

from __future__ import annotations

import io
import uuid

from flask import abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.web import found
from app.documents import queries
from app.documents.forms import NationalNumberForm, ReasonForm, ScanForm
from app.documents.models import IssuedDocument, SealedScan
from app.documents.service import keeping
from app.documents.views.blueprint import bp
from app.documents.views.papers import paper_or_404, show_paper


def _scan_or_404(document: IssuedDocument, scan_id: uuid.UUID) -> SealedScan:
    return found(next((scan for scan in queries.scans_of(viewer, document) if scan.id == scan_id), None))


def _back(document: IssuedDocument) -> ResponseReturnValue:
    return redirect(url_for("documents.show", document_id=document.id))


@bp.post("/documents/<uuid:document_id>/scans")
@requires(Permission.ISSUE_DOCUMENTS, Permission.SEND_EVIDENCE)
def keep_scan(document_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the scan of a paper that was sealed and signed by ink."""
    document, form = paper_or_404(document_id), ScanForm()
    if not queries.may_keep_scan(viewer, document):
        abort(403)
    if not form.validate_on_submit():
        return show_paper(document, status=422, scan_form=form)
    try:
        keeping.keep_scan(document, content=form.scan.data.read(), name=form.scan.data.filename or "", by=viewer)
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return show_paper(paper_or_404(document_id), status=422, scan_form=form)
    db.session.commit()
    flash(_("盖章签字件已保存。"), "ok")
    return _back(document)


@bp.get("/documents/<uuid:document_id>/scans/<uuid:scan_id>")
@requires(Permission.SEE_DOCUMENTS)
def scan(document_id: uuid.UUID, scan_id: uuid.UUID) -> ResponseReturnValue:
    """A sealed scan, as it was kept; always taken away as a file, for it came from outside."""
    document = paper_or_404(document_id)
    kept = _scan_or_404(document, scan_id)
    content = files().get(kept.sha256)
    if digest(content) != kept.sha256:
        raise RuntimeError(f"the stored file {kept.sha256} was changed")
    suffix = "pdf" if kept.media_type == "application/pdf" else "jpg"
    name = f"{document.title} {document.number} {_('盖章签字件')}.{suffix}"
    return send_file(io.BytesIO(content), mimetype=kept.media_type, download_name=name, as_attachment=True)


@bp.post("/documents/<uuid:document_id>/scans/<uuid:scan_id>/withdraw")
@requires(Permission.ISSUE_DOCUMENTS, Permission.SEND_EVIDENCE)
def withdraw_scan(document_id: uuid.UUID, scan_id: uuid.UUID) -> ResponseReturnValue:
    """Take a wrong scan down, with a reason."""
    document = paper_or_404(document_id)
    kept, form = _scan_or_404(document, scan_id), ReasonForm(f"withdraw-{scan_id}")
    if not queries.may_keep_scan(viewer, document):
        abort(403)
    if not form.validate_on_submit():
        return show_paper(document, form, 422)
    try:
        keeping.withdraw_scan(kept, document=document, by=viewer, reason=form.reason.data)
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return show_paper(paper_or_404(document_id), form, 422)
    db.session.commit()
    flash(_("扫描件已撤下，原件仍然存档。"), "ok")
    return _back(document)


@bp.post("/documents/<uuid:document_id>/national-number")
@requires(Permission.ISSUE_DOCUMENTS)
def keep_national_number(document_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the number of the national system beside ours."""
    document, form = paper_or_404(document_id), NationalNumberForm()
    if not queries.of_own_brigade(viewer, document):
        abort(403)
    if not form.validate_on_submit():
        return show_paper(document, status=422, number_form=form)
    keeping.keep_national_number(document, number=form.national_number.data or "", by=viewer)
    db.session.commit()
    flash(_("国家系统文号已保存。"), "ok")
    return _back(document)
