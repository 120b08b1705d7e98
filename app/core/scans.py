"""A scan that is handed in, of a paper as it was sealed and signed: a PDF as it came, a photo as a clean copy."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.files import files
from app.core.pictures import prepare

#: The largest scan: a record of some pages, photographed.
LARGEST_SCAN = 30 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A scan in the file store: the hash of what is shown, and of the bytes as they were received."""

    sha256: str
    received: str
    is_pdf: bool
    size: int

    @property
    def media_type(self) -> str:
        """What is shown."""
        return "application/pdf" if self.is_pdf else "image/jpeg"


def store_scan(content: bytes, *, name: str) -> Scan:
    """Judge a scan and store it: PDF as it came, a photo upright and without metadata, beside the bytes received.

    Raises DomainError at the field `scan`; of what is refused nothing is stored.
    """
    if not content:
        raise DomainError(_("文件是空的（0 字节），请重新选择。"), field="scan")
    if len(content) > LARGEST_SCAN:
        raise DomainError(_("文件超过 30 MB，请缩小后再传。"), field="scan")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise DomainError(_("PDF 文件不完整，请重新扫描或重新选择。"), field="scan")
        sha256 = files().put(content)
        return Scan(sha256=sha256, received=sha256, is_pdf=True, size=len(content))
    try:
        picture = prepare(content, name=name).picture
    except DomainError as refused:
        refused.field = refused.field or "scan"
        raise
    return Scan(sha256=files().put(picture), received=files().put(content), is_pdf=False, size=len(picture))
