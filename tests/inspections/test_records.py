"""The frozen record: what it holds, that nobody changes it, and what may still be done with it."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import queries as documents
from app.documents import service
from app.documents.models import DocumentState, IssuedDocument, VoidedNumber
from app.documents.rules import Standing
from app.fieldwork import queries as fieldwork
from app.inspections import records
from app.inspections.models import Inspection, InspectionState
from app.inspections.papers import issue_once
from app.inspections.service import finishing, keeping, signing
from app.rectification.models.findings import ClosedHow, Finding
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import papers, pictures
from tests.factories.grounds import campus
from tests.factories.inspections import a_fault, frozen, hands, signed, whole_sheet


@pytest.fixture(autouse=True)
def school(cast: Cast) -> None:
    """Few pieces are enough here."""
    campus(cast, pieces=3)


def papers_are_made() -> None:
    """The worker makes the papers, without laying them out."""
    for paper in db.session.query(IssuedDocument):
        paper.state, paper.file_sha256 = DocumentState.ISSUED, "0" * 64
    db.session.commit()


def test_the_record_holds_what_was_said_and_found(cast: Cast) -> None:
    row = signed(cast, fails=a_fault(cast))
    record = records.read(row).content
    assert record["school"]["name"] == "示范区第一小学"
    assert record["checklist"]["sha256"]
    assert [o["name"] for o in record["officers"]] == ["尼玛", "次仁"]
    finding = record["findings"][0]
    assert (finding["item_code"], finding["severity"], finding["deadline_days"]) == ("EXT-17", "major", 7)
    answer = next(r for r in record["rows"] if r["item"] == "MGT-01")
    assert (answer["answer"], answer["via"], answer["by"]) == ("pass", "tap", "尼玛")
    assert answer["at"]
    assert len(record["photos"]) == 1
    assert record["operations"]["count"] == len(fieldwork.ops_of(row.id))


def test_the_same_sheet_gives_the_same_record(cast: Cast) -> None:
    row = frozen(cast)
    text, sha256 = records.canonical(json.loads(row.record or ""))
    assert (text, sha256) == (row.record, row.record_sha256)


def test_a_record_that_was_tampered_with_is_not_read(cast: Cast) -> None:
    row = signed(cast)
    db.session.execute(sa.update(Inspection).values(record=(row.record or "").replace("尼玛", "别人")))
    db.session.expire_all()
    with pytest.raises(ValueError, match="not what was frozen"):
        records.read(row)


def test_findings_have_ids_that_follow_from_inspection_item_and_place(cast: Cast) -> None:
    row = signed(cast, fails=a_fault(cast))
    finding = db.session.query(Finding).one()
    from app.rectification.rules.findings import finding_id

    assert finding.id == finding_id(row.id, finding.item_code, finding.target_id)


def test_what_was_corrected_on_the_spot_is_closed_at_once(cast: Cast) -> None:
    signed(cast, fails=a_fault(cast, spot=True))
    finding = db.session.query(Finding).one()
    assert (finding.closed_how, finding.deadline) == (ClosedHow.SPOT, None)


@pytest.mark.parametrize(("name", "status"), [("lea", 200), ("pema", 200), ("beate", 200), ("dora", 200), ("oskar", 404), ("otto", 404)])  # fmt: skip
def test_who_reads_a_signed_record(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    row = signed(cast, fails=a_fault(cast))
    client = as_person(name)
    assert client.get(f"/inspections/{row.id}", follow_redirects=True).status_code == status
    assert client.get(f"/inspections/{row.id}/record.json").status_code == status


@pytest.mark.one_database
def test_the_frozen_bytes_can_be_downloaded(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    answer = as_person("lea").get(f"/inspections/{row.id}/record.json")
    assert answer.get_data(as_text=True) == row.record


def test_the_page_of_a_record_costs_few_queries(cast: Cast, as_person: SignInAs, count_queries) -> None:  # type: ignore[no-untyped-def]
    row = signed(cast, fails=a_fault(cast))
    client = as_person("lea")
    with count_queries() as counted:
        client.get(f"/inspections/{row.id}/record")
    assert counted.number <= 15


# withdrawing and correcting ------------------------------------------------------------------------------------


def test_the_leader_withdraws_a_record_with_its_findings_and_papers(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast, fails=a_fault(cast))
    papers_are_made()
    client = as_person("lea")
    page = client.page(f"/inspections/{row.id}")
    client.send(page, {"reason": "检查了另一所学校"}, button="确认撤回记录")
    db.session.expire_all()
    assert row.state is InspectionState.WITHDRAWN
    assert row.record is not None
    finding = db.session.query(Finding).one()
    assert finding.closed_how is ClosedHow.WITHDRAWN
    assert db.session.query(IssuedDocument).one().revoked_at is not None


def test_withdrawing_needs_a_reason(cast: Cast) -> None:
    row = signed(cast)
    with pytest.raises(DomainError, match="原因"):
        keeping.withdraw(cast.viewer("lea"), row, reason=" ")


@pytest.mark.parametrize(
    ("name", "status"), [("ines", 403), ("olga", 403), ("pema", 403), ("oskar", 403), ("beate", 403)]
)
def test_nobody_else_withdraws(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    row = signed(cast)
    assert as_person(name).post(f"/inspections/{row.id}/withdraw", data={"reason": "x"}).status_code == status
    assert row.state is InspectionState.SIGNED


def test_a_record_whose_paper_is_being_made_is_withdrawn_and_the_paper_with_it(cast: Cast) -> None:
    row = signed(cast)
    paper = db.session.query(IssuedDocument).one()
    keeping.withdraw(cast.viewer("lea"), row, reason="录错")
    db.session.commit()
    jobs.run_all()
    db.session.refresh(paper)
    assert (row.state, paper.state) == (InspectionState.WITHDRAWN, DocumentState.FAILED)
    assert paper.file_sha256 is None
    verdict = documents.verdict_by_code(paper.check_code)
    assert verdict is not None
    assert verdict.standing is Standing.NOT_YET


def test_a_paper_that_could_not_be_made_goes_with_its_record_for_good(cast: Cast, as_person: SignInAs) -> None:
    row, lea = signed(cast), cast.viewer("lea")
    paper = papers.never_made(db.session.query(IssuedDocument).one())
    keeping.withdraw(lea, row, reason="录错")
    db.session.commit()
    assert [void.reason for void in db.session.query(VoidedNumber)] == ["随检查记录撤回：录错"]
    with pytest.raises(DomainError, match="文号已注销"):
        service.make_again(paper, by=lea)
    assert "重新制作" not in as_person("lea").get(f"/documents/{paper.id}").get_data(as_text=True)


def test_no_paper_of_a_record_that_was_withdrawn_before_is_made_any_more(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    paper = papers.never_made(db.session.query(IssuedDocument).one())
    row.state = InspectionState.WITHDRAWN  # as it was left when withdrawing passed such papers by
    row.withdrawn_reason, row.withdrawn_at, row.withdrawn_by_id = "录错", clock.now(), cast.people["lea"]
    db.session.commit()
    with pytest.raises(DomainError, match="记录已撤回"):
        service.make_again(paper, by=cast.viewer("lea"))
    papers_are_made()
    with pytest.raises(DomainError, match="记录已撤回"):
        service.replace(paper, by=cast.viewer("lea"), reason="更正")


def test_a_correction_is_a_new_record_that_names_the_old(cast: Cast, as_person: SignInAs) -> None:
    old = signed(cast, fails=a_fault(cast))
    papers_are_made()
    keeping.withdraw(cast.viewer("lea"), old, reason="读数写错")
    db.session.commit()
    client = as_person("ines")
    answer = client.post(f"/inspections/{old.id}/correct")
    assert answer.status_code == 302
    assert client.post(f"/inspections/{old.id}/correct").headers["Location"] == answer.headers["Location"]
    new = db.session.query(Inspection).filter_by(corrects_id=old.id).one()
    assert new.state is InspectionState.DRAFT
    finishing.finalise(cast.viewer("ines"), whole_sheet(new))
    signing.sign(cast.viewer("ines"), new, hands(cast, new))
    assert records.read(new).content["corrects"] == str(old.id)
    assert len(records.read(new).findings) == 1
    assert db.session.query(Finding).filter(Finding.closed_on.is_(None)).one().inspection_id == new.id


def test_only_a_withdrawn_record_is_corrected(cast: Cast) -> None:
    row = signed(cast)
    with pytest.raises(DomainError, match="撤回"):
        keeping.correct(cast.viewer("ines"), row)


# beside it -----------------------------------------------------------------------------------------------------


def test_the_national_number_and_the_inked_scan_are_kept_beside(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    client = as_person("ines")
    page = client.page(f"/inspections/{row.id}")
    client.send(page, {"national_number": "藏拉示消监查字〔2026〕第0042号"}, button="保存文号")
    pdf = b"%PDF-1.7\n...\n%%EOF\n"
    client.send(page, {"scan": (io.BytesIO(pdf), "scan.pdf")}, button="保存扫描件")
    db.session.expire_all()
    assert row.national_number == "藏拉示消监查字〔2026〕第0042号"
    answer = client.get(f"/inspections/{row.id}/scan")
    assert (answer.mimetype, answer.data) == ("application/pdf", pdf)
    assert as_person("otto").get(f"/inspections/{row.id}/scan").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "0 字节"), (b"%PDF-1.7 cut off", "PDF 文件不完整"), (b"<html>", "不是 JPEG")]
)
def test_what_is_no_scan_is_refused(cast: Cast, as_person: SignInAs, content: bytes, said: str) -> None:
    row = signed(cast)
    client = as_person("ines")
    answer = client.post(f"/inspections/{row.id}/scan", data={"scan": (io.BytesIO(content), "scan.pdf")})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.one_database
def test_a_photo_of_the_inked_record_is_a_scan_too(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    client = as_person("ines")
    client.post(f"/inspections/{row.id}/scan", data={"scan": (io.BytesIO(pictures.picture()), "scan.jpg")})
    assert client.get(f"/inspections/{row.id}/scan").mimetype == "image/jpeg"


@pytest.mark.one_database
def test_the_blank_checklist_of_a_school_is_made(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = client.page(f"/inspections/blank?school={cast.school_id}")
    answer = client.send(page, button="制作核心检查表", follow=False)
    assert answer.status_code == 302
    jobs.run_all()
    made = client.get(answer.headers["Location"] + ".pdf")
    assert made.data.startswith(b"%PDF-")
    assert db.session.query(IssuedDocument).count() == 0
    assert as_person("oskar").get(f"/inspections/blank?school={cast.school_id}").status_code == 404


@pytest.mark.one_database
def test_a_record_whose_number_was_voided_is_issued_anew(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    first = papers.voided(cast, db.session.query(IssuedDocument).one())
    client = as_person("ines")
    client.send(client.page(f"/inspections/{row.id}"), button="签发记录")
    jobs.run_all()
    db.session.expire_all()
    second = db.session.query(IssuedDocument).filter(IssuedDocument.id != first.id).one()
    assert (second.state, second.language, second.serial) == (DocumentState.ISSUED, "zh_Hans_CN", first.serial + 1)
    assert issue_once(cast.viewer("ines"), row, lang="zh_Hans_CN").id == second.id
    assert "签发记录" not in client.get(f"/inspections/{row.id}/record").get_data(as_text=True)
    assert "签发英文译本" in client.get(f"/inspections/{row.id}/record").get_data(as_text=True)
