"""What the worker does for papers: lays them out, stores the bytes, and only then calls them issued."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext as _

from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.jobs import Job, Progress, handles
from app.documents import composing
from app.documents.kinds import Copy, kind_of
from app.documents.models import DocumentState, IssuedDocument
from app.documents.rendering import Rendered, RenderingError
from app.documents.service import PREVIEW, RENDER
from app.documents.service.joining import JOIN, joined


def _warnings(rendered: Rendered) -> list[str]:
    return [f"U+{ord(char):04X}" for char in rendered.substituted]


@handles(RENDER)
def render_document(job: Job, progress: Progress) -> dict[str, Any]:
    """Make one issued paper. Doing it twice gives the same bytes and changes nothing."""
    document_id = uuid.UUID(job.arguments["document"])
    document = db.session.get_one(IssuedDocument, document_id)
    if document.state is DocumentState.ISSUED:
        return {"sha256": document.file_sha256}
    text, kind = document.context, kind_of(document.kind)
    revision = composing.template_revision(kind)
    db.session.rollback()  # no transaction, and so no lock, while the paper is laid out
    made: dict[Copy, Rendered] = {}
    try:
        for copy in kind.file_copies:
            progress(len(made), len(kind.file_copies) + 1, "")
            made[copy] = composing.compose(text, copy=copy)
    except RenderingError as problem:
        db.session.get_one(IssuedDocument, document_id).state = DocumentState.FAILED
        db.session.commit()
        raise DomainError(_("文书无法完整制作：%(problem)s", problem=str(problem))) from problem
    stored = {copy: files().put(rendered.pdf) for copy, rendered in made.items()}
    document = db.session.get_one(IssuedDocument, document_id, with_for_update=True)
    document.state, document.issued_at = DocumentState.ISSUED, clock.now()
    _keep(document, made, stored)
    document.template_revision = revision
    audit.record(
        None, "document.issued", subject="issued_document", subject_id=document_id,
        detail={"file_sha256": stored[Copy.PARTY], "archive_sha256": stored.get(Copy.ARCHIVE, "")},
    )  # fmt: skip
    return {"sha256": stored[Copy.PARTY]}


def _keep(document: IssuedDocument, made: dict[Copy, Rendered], stored: dict[Copy, str]) -> None:
    party = made[Copy.PARTY]
    document.file_sha256, document.size, document.pages = stored[Copy.PARTY], len(party.pdf), party.pages
    document.warnings = _warnings(party)
    if Copy.ARCHIVE in made:
        archive = made[Copy.ARCHIVE]
        document.archive_sha256 = stored[Copy.ARCHIVE]
        document.archive_size, document.archive_pages = len(archive.pdf), archive.pages


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
    return {"sha256": files().put(rendered.pdf), "pages": rendered.pages, "warnings": _warnings(rendered)}


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
