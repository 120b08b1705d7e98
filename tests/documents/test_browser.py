"""Verifying in a real browser, with script and without; what pages of papers must hold at every size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request, request_started

from app.core.extensions import db
from app.core.files import files
from app.documents.models import IssuedDocument
from tests.browser import sound

# What a browser shows does not hang on the database: one of them is enough here.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("application", ["sqlite"], indirect=True, scope="session"),
]
Issue = Callable[..., IssuedDocument]


@pytest.fixture
def paper(issue: Issue, tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(files().get(issue().file_sha256 or ""))
    db.session.rollback()  # the served application writes, too
    return path


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_verified_with_and_without_script(
    app: Flask, paper: Path, browser_page: Callable[..., Any], script: bool
) -> None:
    page = browser_page("phone", script=script)
    sent: list[int] = []

    def note(_app: Flask, **_more: object) -> None:
        sent.append(request.content_length or 0)

    request_started.connect(note, app)
    for content, words in ((paper.read_bytes(), "真实有效"), (paper.read_bytes()[:-1] + b"x", "不是本系统签发的文书")):
        paper.write_bytes(content)
        page.goto("/verify")
        page.set_input_files("input[type=file]", str(paper))
        page.get_by_role("button", name="核验文件").click()
        page.get_by_text(words, exact=True).wait_for()
    assert (max(sent) < 20_000) is script  # with script only the hash leaves the machine


@pytest.mark.parametrize(("size", "language"), [("tablet", "zh"), ("phone", "en")])
def test_the_pages_hold_at_every_size(issue: Issue, browser_page: Callable[..., Any], size: str, language: str) -> None:
    document = issue()
    paths = (
        "/documents",
        f"/documents/{document.id}",
        f"/documents/batch?id={document.id}",
        "/admin/texts",
        "/admin/texts/order_limited",
        "/verify",
        f"/verify/{document.check_code}",
    )
    page = browser_page(size, language=language, person="lea")
    db.session.rollback()
    for path in paths:
        page.goto(path)
        sound(page)
