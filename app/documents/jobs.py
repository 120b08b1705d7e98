"""What the worker does for papers: lays them out, stores the bytes, and only then calls them issued."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.jobs import MOST_TRIES, Job, Progress, handles
from app.documents import composing
from app.documents.kinds import Copy, kind_of
from app.documents.models import DocumentState, IssuedDocument
from app.documents.rendering import RenderingError
from app.documents.service import PREVIEW, RENDER
from app.documents.service.joining import JOIN, joined
from app.documents.service.making import make_file, warnings_of


@handles(RENDER)
def render_document(job: Job, progress: Progress) -> dict[str, Any]:
    """Make one issued paper. Doing it twice gives the same bytes and changes nothing."""
    document_id, is_last_try = uuid.UUID(job.arguments["document"]), job.tries >= MOST_TRIES
    try:
        return {"sha256": make_file(document_id, progress)}
    except DomainError:
        raise
    except Exception:
        if is_last_try:  # lists say so too, not only the page that looks at this job
            db.session.rollback()
            db.session.get_one(IssuedDocument, document_id).state = DocumentState.FAILED
            db.session.commit()
        raise


@handles(PREVIEW)
def render_preview(job: Job, progress: Progress) -> dict[str, Any]:
    """Make a preview: nothing but a file that only who asked for it may open."""
    text, copy = job.arguments["text"], Copy(job.arguments.get("copy", Copy.PARTY))
    sample_of = job.arguments.get("sample_of")
    db.session.rollback()
    progress(0, 2, "")
    try:
        rendered = composing.compose(text, kind_of(sample_of).pictures() if sample_of else None, copy=copy)
    except RenderingError as problem:
        raise DomainError(_("文书无法完整制作：%(problem)s", problem=str(problem))) from problem
    return {"sha256": files().put(rendered.pdf), "pages": rendered.pages, "warnings": warnings_of(rendered)}


@handles(JOIN)
def join_papers(job: Job, progress: Progress) -> dict[str, Any]:
    """Join stored papers into one file to print; every byte is checked against its hash first."""
    wanted, on_odd_pages = list(job.arguments["files"]), bool(job.arguments["on_odd_pages"])
    db.session.rollback()
    papers = []
    for sha256 in wanted:
        content = files().get(sha256)
        if digest(content) != sha256:
            raise RuntimeError(f"the stored file {sha256} was changed")
        papers.append(content)
    pdf, pages = joined(papers, on_odd_pages=on_odd_pages, tell=lambda done: progress(done, len(papers) + 1, ""))
    return {"sha256": files().put(pdf), "pages": pages, "papers": len(papers)}
