"""The ink road: a paper printed, sealed and signed comes back as a scan and is kept beside ours."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents import queries, service
from app.documents.drawing import sample_photo
from app.documents.models import IssuedDocument, SealedScan
from app.documents.service import keeping
from app.rectification.papers.extension import EXTENSION_REQUEST
from tests.cast import Cast

Issue = Callable[..., IssuedDocument]
SignIn = Callable[[str], FlaskClient]
PDF = b"%PDF-1.7\nscanned by the office\n%%EOF\n"


def _upload(browser: FlaskClient, document: IssuedDocument, content: bytes, name: str = "扫描.pdf") -> int:
    answer = browser.post(f"/documents/{document.id}/scans", data={"scan": (io.BytesIO(content), name)})
    return answer.status_code


def _scans() -> list[SealedScan]:
    return list(db.session.scalars(db.select(SealedScan)))


def test_a_sealed_scan_is_kept_shown_and_counted(issue: Issue, as_person: SignIn) -> None:
    document, lea = issue(), as_person("lea")
    assert queries.sealed_among([document.id]) == set()
    db.session.rollback()
    assert "还没有盖章签字的扫描件" in lea.get(f"/documents/{document.id}").get_data(as_text=True)
    assert _upload(lea, document, PDF) == 302
    page = lea.get(f"/documents/{document.id}").get_data(as_text=True)
    assert "扫描.pdf" in page
    assert queries.sealed_among([document.id]) == {document.id}
    scan = _scans()[0]
    answer = lea.get(f"/documents/{document.id}/scans/{scan.id}")
    assert answer.data == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "有盖章件" in lea.get("/documents").get_data(as_text=True)


def test_a_photo_of_the_paper_is_kept_as_it_came_and_shown_upright(issue: Issue, as_person: SignIn) -> None:
    document, photo = issue(), sample_photo(1)
    assert _upload(as_person("lea"), document, photo, "paper.jpg") == 302
    scan = _scans()[0]
    assert scan.media_type == "image/jpeg"
    assert files().get(scan.sha256).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "0 字节"), (b"%PDF-1.7 cut off", "PDF 文件不完整"), (b"<script>alert(1)</script>", "")],
)
def test_what_is_no_scan_is_refused_beside_the_field(
    issue: Issue, as_person: SignIn, content: bytes, says: str
) -> None:
    document = issue()
    answer = as_person("lea").post(f"/documents/{document.id}/scans", data={"scan": (io.BytesIO(content), "x.pdf")})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert _scans() == []


@pytest.mark.parametrize(("name", "status"), [("pema", 403), ("beate", 403), ("otto", 404), ("stan", 403)])
def test_others_may_not_keep_a_scan_of_the_brigades_paper(
    issue: Issue, as_person: SignIn, name: str, status: int
) -> None:
    assert _upload(as_person(name), issue(), PDF) == status


def test_the_same_file_twice_is_one(issue: Issue, as_person: SignIn) -> None:
    document, lea = issue(), as_person("lea")
    assert (_upload(lea, document, PDF), _upload(lea, document, PDF)) == (302, 302)
    assert len(_scans()) == 1


def test_a_wrong_scan_is_taken_down_with_a_reason_and_no_longer_counts(issue: Issue, as_person: SignIn) -> None:
    document, lea = issue(), as_person("lea")
    _upload(lea, document, PDF)
    path = f"/documents/{document.id}/scans/{_scans()[0].id}/withdraw"
    db.session.rollback()
    assert lea.post(path, data={"reason": ""}).status_code == 422
    assert lea.post(path, data={"reason": "传错文书"}).status_code == 302
    assert "传错文书" in lea.get(f"/documents/{document.id}").get_data(as_text=True)
    assert queries.sealed_among([document.id]) == set()
    db.session.rollback()
    assert lea.post(path, data={"reason": "再次"}).status_code == 422


def test_a_school_keeps_the_sealed_scan_of_its_own_letter(cast: Cast, as_person: SignIn) -> None:
    letter = service.issue(
        EXTENSION_REQUEST,
        EXTENSION_REQUEST.context.sample("zh_Hans_CN"),
        brigade=cast.brigade,
        school=cast.school,
        by=cast.viewer("pema"),
        subject=("order", cast.school_id),
    )
    db.session.commit()
    jobs.run_all()
    assert letter.number.startswith("校延〔")
    assert _upload(as_person("pema"), letter, PDF) == 302
    assert "扫描.pdf" in as_person("pema").get(f"/documents/{letter.id}").get_data(as_text=True)
    assert _upload(as_person("otto"), letter, PDF) == 404


def test_a_paper_that_is_not_made_yet_takes_no_scan(issue: Issue, cast: Cast) -> None:
    document = issue(make=False)
    with pytest.raises(DomainError):
        keeping.keep_scan(document, content=PDF, name="x", by=cast.viewer("lea"))


def test_the_national_number_may_be_mended_and_every_change_is_on_record(issue: Issue, as_person: SignIn) -> None:
    document, lea = issue(), as_person("lea")
    path = f"/documents/{document.id}/national-number"
    for number in ("国〔2026〕77", "国〔2026〕78", "国〔2026〕78"):
        assert lea.post(path, data={"national_number": number}).status_code == 302
    db.session.refresh(document)
    assert document.national_number == "国〔2026〕78"
    changed = db.select(AuditEntry).where(AuditEntry.action == "document.national_number").order_by(AuditEntry.id)
    assert [entry.detail["after"] for entry in db.session.scalars(changed)] == ["国〔2026〕77", "国〔2026〕78"]
    assert lea.post(path, data={"national_number": "9" * 61}).status_code == 422
    assert as_person("pema").post(path, data={"national_number": "1"}).status_code == 403
    assert as_person("otto").post(path, data={"national_number": "1"}).status_code in (403, 404)
