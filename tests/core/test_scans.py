"""A scan is judged before it is stored; one rule for all papers and records."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.core.errors import DomainError
from app.core.files import FolderStore, digest, files
from app.core.scans import LARGEST_SCAN, store_scan
from tests.factories import pictures

PDF = b"%PDF-1.7\nscanned\n%%EOF\n"
pytestmark = pytest.mark.one_database


def _stored() -> set[Path]:
    store = files()
    assert isinstance(store, FolderStore)
    return set(store.folder.glob("*/*"))


def test_a_pdf_is_kept_as_it_came(app: Flask) -> None:
    scan = store_scan(PDF, name="scan.pdf")
    assert (scan.sha256, scan.received, scan.media_type, scan.size) == (digest(PDF),) * 2 + (
        "application/pdf",
        len(PDF),
    )
    assert files().get(scan.sha256) == PDF


def test_a_photo_is_shown_clean_and_kept_as_it_came(app: Flask) -> None:
    photo = pictures.picture(kind="PNG")
    scan = store_scan(photo, name="scan.png")
    assert (scan.received, scan.media_type) == (digest(photo), "image/jpeg")
    assert files().get(scan.received) == photo
    assert files().get(scan.sha256).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 字节"),
        (b"%PDF-1.7 cut off", "PDF 文件不完整"),
        (b"<html>", "不是 JPEG"),
        (b"%PDF-1.7" + b"0" * LARGEST_SCAN + b"%%EOF", "30 MB"),
    ],
)
def test_what_is_no_scan_is_refused_at_its_field_and_not_stored(app: Flask, content: bytes, said: str) -> None:
    before = _stored()
    with pytest.raises(DomainError, match=said) as refused:
        store_scan(content, name="")
    assert refused.value.field == "scan"
    assert _stored() == before
