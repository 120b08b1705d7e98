"""What the worker does for papers: lays them out, stores the bytes, and only then calls them issued."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext as _

from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job, Progress, handles
from app.documents import composing
from app.documents.kinds import kind_of
from app.documents.models import DocumentState, IssuedDocument
from app.documents.rendering import Rendered, RenderingError
from app.documents.service import PREVIEW, RENDER


def _warnings(rendered: Rendered) -> list[str]:
    return [f"U+{ord(char):04X}" for char in rendered.substituted]


@handles(RENDER)
def render_document(job: Job, progress: Progress) -> dict[str, Any]:
    """Make one issued paper. Doing it twice gives the same bytes and changes nothing."""
    document_id = uuid.UUID(job.arguments["document"])
    document = db.session.get_one(IssuedDocument, document_id)
    if document.state is DocumentState.ISSUED:
        return {"sha256": document.file_sha256}
    text, revision = document.context, composing.template_revision(kind_of(document.kind))
    db.session.rollback()  # no transaction, and so no lock, while the paper is laid out
    progress(0, 2, "")
    try:
        rendered = composing.compose(text)
    except RenderingError as problem:
        db.session.get_one(IssuedDocument, document_id).state = DocumentState.FAILED
        db.session.commit()
        raise DomainError(_("文书无法完整制作：%(problem)s", problem=str(problem))) from problem
    progress(1, 2, "")
    sha256 = files().put(rendered.pdf)
    document = db.session.get_one(IssuedDocument, document_id, with_for_update=True)
    document.state, document.issued_at = DocumentState.ISSUED, clock.now()
    document.file_sha256, document.size, document.pages = sha256, len(rendered.pdf), rendered.pages
    document.warnings, document.template_revision = _warnings(rendered), revision
    audit.record(
        None, "document.issued", subject="issued_document", subject_id=document_id, detail={"file_sha256": sha256}
    )
    return {"sha256": sha256}


@handles(PREVIEW)
def render_preview(job: Job, progress: Progress) -> dict[str, Any]:
    """Make a preview: nothing but a file that only who asked for it may open."""
    text = job.arguments["text"]
    db.session.rollback()
    progress(0, 2, "")
    try:
        rendered = composing.compose(text)
    except RenderingError as problem:
        raise DomainError(_("文书无法完整制作：%(problem)s", problem=str(problem))) from problem
    return {"sha256": files().put(rendered.pdf), "pages": rendered.pages, "warnings": _warnings(rendered)}
