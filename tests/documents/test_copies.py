"""A paper with a receipt is made twice: the school's copy without it, the archive's with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.core import jobs
from app.core.extensions import db
from app.core.files import files
from app.documents import composing, queries, service
from app.documents.kinds import Copy
from app.documents.models import IssuedDocument
from app.documents.rules import Standing
from app.rectification.papers.approval_sheet import APPROVAL_SHEET
from app.rectification.papers.extension import EXTENSION_DECISION
from app.rectification.papers.limited import LIMITED
from tests.cast import Cast
from tests.documents.conftest import text_by_mupdf

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def decision(cast: Cast) -> IssuedDocument:
    """An answer about more time: the shortest paper of two copies."""
    return _issued(cast, EXTENSION_DECISION)


def _issued(cast: Cast, kind: object) -> IssuedDocument:
    document = service.issue(
        kind,  # type: ignore[arg-type]
        _without_pictures(kind.context.sample("zh_Hans_CN")),  # type: ignore[attr-defined]
        brigade=cast.brigade,
        school=cast.school,
        by=cast.viewer("olga"),
        subject=("order", cast.school_id),
    )
    db.session.commit()
    jobs.run_all()
    db.session.refresh(document)
    return document


def _without_pictures(context: object) -> object:
    steps = getattr(context, "steps", None)
    if steps is None:
        return context
    return replace(context, steps=tuple(replace(step, signature=None) for step in steps))  # type: ignore[type-var]


@pytest.mark.one_database
def test_both_copies_are_stored_verified_and_made_again_byte_for_byte(decision: IssuedDocument) -> None:
    party, archive = files().get(decision.file_sha256 or ""), files().get(decision.archive_sha256 or "")
    assert "签收栏" not in text_by_mupdf(party)
    assert "签收栏" in text_by_mupdf(archive)
    assert (decision.archive_size, decision.archive_pages) == (len(archive), 1)
    for sha256 in (decision.file_sha256, decision.archive_sha256):
        verdict = queries.verdict_by_file(sha256 or "")
        assert verdict is not None
        assert verdict.standing is Standing.VALID
    assert composing.compose(decision.context, copy=Copy.ARCHIVE).pdf == archive
    assert composing.compose(decision.context).pdf == party


def test_the_archive_copy_is_for_the_brigade_only(decision: IssuedDocument, as_person: SignIn) -> None:
    path = f"/documents/{decision.id}/archive.pdf"
    assert as_person("lea").get(path).data == files().get(decision.archive_sha256 or "")
    assert as_person("pema").get(path).status_code == 404
    assert as_person("pema").get(f"/documents/{decision.id}.pdf").status_code == 200
    assert as_person("otto").get(path).status_code == 404


def test_a_paper_without_a_receipt_has_one_copy(cast: Cast, as_person: SignIn) -> None:
    sheet = _issued(cast, APPROVAL_SHEET)
    assert sheet.archive_sha256 is None
    assert as_person("lea").get(f"/documents/{sheet.id}/archive.pdf").status_code == 404


def test_the_school_and_its_bureau_never_see_an_approval(cast: Cast, as_person: SignIn) -> None:
    sheet = _issued(cast, APPROVAL_SHEET)
    for name in ("pema", "beate"):
        browser = as_person(name)
        assert browser.get(f"/documents/{sheet.id}").status_code == 404
        assert browser.get(f"/documents/{sheet.id}.pdf").status_code == 404
        assert sheet.number not in browser.get("/documents").get_data(as_text=True)
    assert as_person("lea").get(f"/documents/{sheet.id}").status_code == 200


def test_the_number_follows_the_brigades_own_pattern(cast: Cast) -> None:
    cast.brigade.settings = {**cast.brigade.settings, "number_limited": "{code_word}限改〔{year}〕{serial:04d}号"}
    db.session.flush()
    context = replace(LIMITED.context.sample("zh_Hans_CN"), officers=(), photos=())
    document = service.issue(
        LIMITED, context, brigade=cast.brigade, school=cast.school, by=None, subject=("order", cast.school_id)
    )
    assert document.number == f"{cast.brigade.code_word}限改〔{document.year}〕0001号"
