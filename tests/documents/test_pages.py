"""Pages of papers for those who may see them, and verification for everybody."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.certificates.documents import RESULT, InspectionResult
from app.core import jobs
from app.core.extensions import db
from app.core.files import files
from app.documents import rules, service
from app.documents.models import IssuedDocument
from tests.cast import Cast

Issue = Callable[..., IssuedDocument]
SignIn = Callable[[str], FlaskClient]


def stored(document: IssuedDocument) -> bytes:
    return files().get(document.file_sha256 or "")


def test_the_list_shows_papers_of_the_brigade(issue: Issue, as_person: SignIn) -> None:
    document = issue()
    page = as_person("lea").get("/documents").get_data(as_text=True)
    assert document.number in page
    assert "已签发" in page


def test_the_list_finds_by_number_school_and_kind(issue: Issue, as_person: SignIn) -> None:
    number = issue().number
    lea = as_person("lea")
    assert number in lea.get("/documents?q=第一小学&kind=inspection_result").get_data(as_text=True)
    assert number not in lea.get("/documents?kind=inspection_record").get_data(as_text=True)
    assert number not in lea.get("/documents?q=%25").get_data(as_text=True)


def test_the_list_costs_the_same_for_one_paper_and_for_many(
    issue: Issue, as_person: SignIn, count_queries: Callable
) -> None:
    issue(make=False)
    lea = as_person("lea")
    with count_queries() as one:
        lea.get("/documents")
    for _ in range(6):
        issue(make=False)
    with count_queries() as many:
        lea.get("/documents")
    assert one.number == many.number <= 15


def test_a_paper_being_made_reloads_itself_and_has_no_pdf(issue: Issue, as_person: SignIn) -> None:
    document = issue(make=False)
    lea = as_person("lea")
    page = lea.get(f"/documents/{document.id}").get_data(as_text=True)
    assert '<meta http-equiv="refresh"' in page
    assert lea.get(f"/documents/{document.id}.pdf").status_code == 404


def test_the_pdf_is_served_as_stored(issue: Issue, as_person: SignIn) -> None:
    document = issue()
    answer = as_person("pema").get(f"/documents/{document.id}.pdf")
    assert answer.data == stored(document)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["ETag"] == f'"{document.file_sha256}"'
    named = answer.headers["Content-Disposition"]
    assert f"filename={document.check_code}.pdf" in named
    assert f"filename*=UTF-8''{quote(document.title)}" in named


@pytest.mark.parametrize("name", ["otto", "otilia", "oskar"])
def test_others_do_not_find_it(issue: Issue, as_person: SignIn, name: str) -> None:
    document = issue()
    browser = as_person(name)
    for path in (f"/documents/{document.id}", f"/documents/{document.id}.pdf"):
        assert browser.get(path).status_code == 404
    assert document.number not in browser.get("/documents").get_data(as_text=True)


def test_the_school_sees_its_paper_only_once_issued(issue: Issue, as_person: SignIn) -> None:
    document = issue(make=False)
    pema = as_person("pema")
    assert pema.get(f"/documents/{document.id}").status_code == 404
    jobs.run_all()
    assert pema.get(f"/documents/{document.id}").status_code == 200


def test_revoking_on_the_page_says_so_on_the_verify_page(issue: Issue, as_person: SignIn, client: FlaskClient) -> None:
    document = issue()
    lea = as_person("lea")
    answer = lea.post(f"/documents/{document.id}/revoke", data={"reason": "检查对象有误"}, follow_redirects=True)
    assert "检查对象有误" in answer.get_data(as_text=True)
    page = client.get(f"/verify/{document.check_code}").get_data(as_text=True)
    assert "真实，但已作废" in page
    assert "检查对象有误" not in page


def test_revoking_without_reason_is_refused_beside_the_field(issue: Issue, as_person: SignIn) -> None:
    document = issue()
    answer = as_person("lea").post(f"/documents/{document.id}/revoke", data={"reason": " "})
    assert answer.status_code == 422
    assert "请填写原因" in answer.get_data(as_text=True)
    db.session.refresh(document)
    assert document.revoked_at is None


@pytest.mark.parametrize("act", ["revoke", "replace", "void", "again"])
@pytest.mark.parametrize(("name", "status"), [("ines", 403), ("pema", 403), ("oskar", 403), ("dora", 403)])
def test_who_may_not_change_papers_is_refused(
    issue: Issue, as_person: SignIn, act: str, name: str, status: int
) -> None:
    document = issue(make=False)
    assert as_person(name).post(f"/documents/{document.id}/{act}", data={"reason": "x"}).status_code == status


def test_replacing_leads_to_the_new_paper(issue: Issue, as_person: SignIn, client: FlaskClient) -> None:
    old = issue()
    answer = as_person("olga").post(f"/documents/{old.id}/replace", data={"reason": "名称更正"}, follow_redirects=True)
    assert old.number in answer.get_data(as_text=True)
    jobs.run_all()
    assert "真实，但已被替换" in client.get(f"/verify/{old.check_code}").get_data(as_text=True)


def test_a_preview_is_for_who_asked(cast: Cast, as_person: SignIn) -> None:
    job = service.preview(RESULT, InspectionResult.sample("zh_Hans_CN"), brigade=cast.brigade, by=cast.viewer("ines"))
    db.session.commit()
    ines = as_person("ines")
    assert "正在制作" in ines.get(f"/documents/previews/{job.id}").get_data(as_text=True)
    jobs.run_all()
    assert "打开预览" in ines.get(f"/documents/previews/{job.id}").get_data(as_text=True)
    assert ines.get(f"/documents/previews/{job.id}.pdf").data.startswith(b"%PDF")
    assert as_person("ivo").get(f"/documents/previews/{job.id}.pdf").status_code == 404


def test_the_office_is_told_when_song_stands_in_for_fangsong(
    issue: Issue, as_person: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.documents import fonts

    monkeypatch.setattr(fonts, "OWN", tmp_path)
    assert "以宋体代替" in as_person("olga").get("/documents").get_data(as_text=True)
    assert "以宋体代替" not in as_person("ines").get("/documents").get_data(as_text=True)


class TestVerify:
    def test_a_typed_code_finds_the_paper(self, issue: Issue, client: FlaskClient) -> None:
        document = issue()
        typed = rules.spaced(document.check_code).lower()
        page = client.post("/verify", data={"code": typed}, follow_redirects=True).get_data(as_text=True)
        assert "真实有效" in page
        assert document.number in page
        assert "尼玛" not in page

    def test_a_mistyped_code_is_told_from_an_unknown_one(self, client: FlaskClient) -> None:
        mistyped = client.post("/verify", data={"code": "4KDM-97QX-TB2Z"})
        assert mistyped.status_code == 422
        unknown = client.get(f"/verify/{rules.new_check_code()}")
        assert unknown.status_code == 404
        assert "不是本系统签发的文书" in unknown.get_data(as_text=True)

    def test_a_paper_that_is_not_made_yet_is_not_called_genuine(self, issue: Issue, client: FlaskClient) -> None:
        page = client.get(f"/verify/{issue(make=False).check_code}").get_data(as_text=True)
        assert "尚未签发" in page
        assert "真实有效" not in page

    def test_the_file_is_genuine_and_a_changed_byte_is_not(self, issue: Issue, client: FlaskClient) -> None:
        content = stored(issue())
        for place in (0, len(content) // 2, len(content) - 1):
            changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert "不是本系统签发的文书" in _upload(client, changed)
        assert "真实有效" in _upload(client, content)

    def test_the_hash_from_the_browser_is_enough(self, issue: Issue, client: FlaskClient) -> None:
        document = issue()
        page = client.post("/verify/file", data={"sha256": document.file_sha256}).get_data(as_text=True)
        assert "真实有效" in page

    @pytest.mark.parametrize("data", [{}, {"sha256": "zz"}, {"sha256": "A" * 64}])
    def test_nothing_chosen_is_said_at_the_field(self, client: FlaskClient, data: dict[str, str]) -> None:
        assert client.post("/verify/file", data=data).status_code == 422

    def test_guessing_is_stopped_but_scanning_is_not(
        self, issue: Issue, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from app.documents.views import verification

        monkeypatch.setattr(verification, "VERIFY_TRIES", 3)
        document = issue()
        statuses = [client.get(f"/verify/{rules.new_check_code()}").status_code for _ in range(5)]
        assert statuses == [404, 404, 404, 429, 429]
        assert client.get(f"/verify/{document.check_code}").status_code == 200


def _upload(client: FlaskClient, content: bytes) -> str:
    answer = client.post("/verify/file", data={"file": (io.BytesIO(content), "paper.pdf")})
    return answer.get_data(as_text=True)


def test_the_command_verifies_a_file(app: Flask, issue: Issue, tmp_path: Path) -> None:
    document = issue()
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(stored(document))
    bad.write_bytes(stored(document) + b" ")
    number = document.number
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["documents", "verify", str(good)])
    assert (answer.exit_code, number in answer.output) == (0, True)
    answer = runner.invoke(args=["documents", "verify", str(bad)])
    assert (answer.exit_code, "not genuine" in answer.output) == (1, True)
    assert runner.invoke(args=["documents", "verify", str(tmp_path / "none.pdf")]).exit_code == 2
