"""Making the file of an issued paper: laid out without a transaction, stored, and only then called issued."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask_babel import gettext as _

from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents import composing, queries
from app.documents.kinds import Copy, kind_of
from app.documents.models import DocumentState, IssuedDocument
from app.documents.rendering import Rendered, RenderingError


def warnings_of(rendered: Rendered) -> list[str]:
    """The signs that no typeface had."""
    return [f"U+{ord(char):04X}" for char in rendered.substituted]


def make_file(document_id: uuid.UUID, tell: Callable[[int, int, str], None] = lambda _done, _all, _words: None) -> str:
    """Make one issued paper and return the hash of its file; ends the transaction and begins another, which the caller commits.

    Doing it twice gives the same bytes and changes nothing. Whose number was voided stays unmade: no hash.
    """
    document = db.session.get_one(IssuedDocument, document_id)
    if document.state is DocumentState.ISSUED:
        return document.file_sha256 or ""
    if queries.void_of(document) is not None:
        return ""
    text, kind = document.context, kind_of(document.kind)
    revision = composing.template_revision(kind)
    db.session.rollback()  # no transaction, and so no lock, while the paper is laid out
    made: dict[Copy, Rendered] = {}
    try:
        for copy in kind.file_copies:
            tell(len(made), len(kind.file_copies) + 1, "")
            made[copy] = composing.compose(text, copy=copy)
    except RenderingError as problem:
        db.session.get_one(IssuedDocument, document_id).state = DocumentState.FAILED
        db.session.commit()
        raise DomainError(_("文书无法完整制作：%(problem)s", problem=str(problem))) from problem
    stored = {copy: files().put(rendered.pdf) for copy, rendered in made.items()}
    document = db.session.get_one(IssuedDocument, document_id, with_for_update=True)
    if queries.void_of(document) is not None:  # made invalid while it was laid out
        return ""
    document.state, document.issued_at = DocumentState.ISSUED, clock.now()
    _keep(document, made, stored)
    document.template_revision = revision
    audit.record(
        None, "document.issued", subject="issued_document", subject_id=document_id,
        detail={"file_sha256": stored[Copy.PARTY], "archive_sha256": stored.get(Copy.ARCHIVE, "")},
    )  # fmt: skip
    return stored[Copy.PARTY]


def _keep(document: IssuedDocument, made: dict[Copy, Rendered], stored: dict[Copy, str]) -> None:
    party = made[Copy.PARTY]
    document.file_sha256, document.size, document.pages = stored[Copy.PARTY], len(party.pdf), party.pages
    document.warnings = warnings_of(party)
    if Copy.ARCHIVE in made:
        archive = made[Copy.ARCHIVE]
        document.archive_sha256 = stored[Copy.ARCHIVE]
        document.archive_size, document.archive_pages = len(archive.pdf), archive.pages
