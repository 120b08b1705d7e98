"""Several papers as one file to print: in the order chosen, each beginning on a page of its own sheet if wanted."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterable, Sequence

import pikepdf
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import jobs
from app.core.errors import DomainError
from app.documents import queries
from app.documents.kinds import Copy
from app.documents.models import IssuedDocument

JOIN = "documents.join"
MOST_PAPERS = 200
A4_POINTS = (595.28, 841.89)


def join(viewer: Viewer, *, document_ids: Sequence[uuid.UUID], copies: Sequence[Copy], on_odd_pages: bool) -> jobs.Job:
    """Leave the job that joins the stored files of these papers. The archive's copies are the brigade's only."""
    papers = queries.chosen(viewer, document_ids)
    if not papers:
        raise DomainError(_("请至少选择一份已签发的文书。"))
    if len(papers) > MOST_PAPERS:
        raise DomainError(_("一次最多合并 %(most)d 份文书。", most=MOST_PAPERS))
    wanted = [sha256 for paper in papers for sha256 in _files_of(viewer, paper, copies)]
    if not wanted:
        raise DomainError(_("所选文书没有您要的那一联。"))
    return jobs.enqueue(JOIN, {"files": wanted, "on_odd_pages": on_odd_pages}, by=viewer.person_id)


def _files_of(viewer: Viewer, paper: IssuedDocument, copies: Sequence[Copy]) -> Iterable[str]:
    if paper.archive_sha256 is None:
        return [paper.file_sha256] if paper.file_sha256 else []  # of one copy only: it is printed whatever was asked
    stored = {Copy.PARTY: paper.file_sha256, Copy.ARCHIVE: paper.archive_sha256}
    allowed = (Copy.PARTY, Copy.ARCHIVE) if queries.of_own_brigade(viewer, paper) else (Copy.PARTY,)
    return [sha256 for copy in allowed if copy in copies and (sha256 := stored[copy])]


def joined(papers: Sequence[bytes], *, on_odd_pages: bool, tell: Callable[[int], None]) -> tuple[bytes, int]:
    """One PDF of several, and its number of pages. `tell` hears how many are in it."""
    whole = pikepdf.new()
    for count, paper in enumerate(papers, 1):
        with pikepdf.open(io.BytesIO(paper)) as part:
            whole.pages.extend(part.pages)
        if on_odd_pages and len(whole.pages) % 2 and count < len(papers):
            whole.add_blank_page(page_size=A4_POINTS)
        tell(count)
    out = io.BytesIO()
    whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue(), len(whole.pages)
