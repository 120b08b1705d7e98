"""A finding handed over to another authority stays open here; its answer and the number of a penalty case are kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.trail import RecordEvent
from app.rectification.models.transfers import Transfer
from app.rectification.service import transfers as service
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import records as make
from tests.factories import rectification as findings


def test_a_letter_goes_out_and_the_finding_stays_open(cast: Cast) -> None:
    finding = findings.finding(cast)
    record = make.transferred(cast, finding=finding)
    paper = db.session.get_one(IssuedDocument, record.document_id)
    assert (paper.kind, paper.number) == ("transfer_letter", record.number)
    assert "示范区住房和城乡建设局" in paper.context
    assert finding.closed_on is None


def test_the_answer_is_kept_once_and_a_later_one_beside_it_in_the_timeline(cast: Cast) -> None:
    record = make.transferred(cast)
    for text in ("已受理", "已受理", "已责令补办"):
        service.keep_reply(cast.viewer("ines"), record, replied_on=clock.today(), text=text)
    assert record.reply == "已责令补办"
    assert db.session.query(RecordEvent).filter_by(record_id=record.id, act="reply").count() == 2


@pytest.mark.parametrize(
    "wrong", [{"authority_name": " "}, {"text": ""}, {"sent_on": date(2020, 1, 1)}, {"sent_on": date(2999, 1, 1)}]
)
def test_without_name_words_or_with_an_impossible_day_nothing_is_sent(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        make.transferred(cast, **wrong)
    assert db.session.query(IssuedDocument).count() == 0


def test_an_answer_before_the_letter_is_refused(cast: Cast) -> None:
    record = make.transferred(cast)
    with pytest.raises(DomainError):
        service.keep_reply(cast.viewer("ines"), record, replied_on=clock.today() - timedelta(days=1), text="已受理")


@pytest.mark.parametrize("name", ["stan", "olga", "oskar", "pema", "beate"])
def test_only_the_brigades_officers_hand_over(cast: Cast, name: str) -> None:
    finding = findings.finding(cast)
    with pytest.raises(NotYours):
        make.transferred(cast, finding=finding, by=name)


def test_the_number_of_the_penalty_case_is_kept_and_traced(cast: Cast) -> None:
    finding = findings.finding(cast)
    for _again in range(2):
        service.link_penalty(cast.viewer("ines"), finding, number=" 示消行罚决字〔2026〕第0001号 ")
    assert finding.penalty_number == "示消行罚决字〔2026〕第0001号"
    assert db.session.query(AuditEntry).filter_by(action="finding_penalty").count() == 1


def test_by_hand_from_the_finding_to_the_answer(as_person: Any, cast: Cast) -> None:
    finding = findings.finding(cast)
    db.session.commit()
    ines = as_person("ines")
    assert "移送主管部门" in ines.page(f"/findings/{finding.id}").main
    page = ines.page(f"/findings/{finding.id}/transfer")
    assert "移送不等于结束" in page.main
    data = {"authority": "housing", "authority_name": "住建局", "sent_on": clock.today().isoformat(), "text": "无验收"}
    assert ines.post(f"/findings/{finding.id}/transfer", data=data | {"authority": "moon"}).status_code == 422
    assert ines.post(f"/findings/{finding.id}/transfer", data=data).status_code == 302
    record = db.session.query(Transfer).one()
    told = {"act": "reply", "reply-replied_on": clock.today().isoformat(), "reply-text": "已受理"}
    assert ines.post(f"/transfers/{record.id}", data=told).status_code == 302
    assert "已受理" in ines.page(f"/transfers/{record.id}").main
    assert "移送：住建局" in ines.page(f"/findings/{finding.id}").main


def test_another_brigade_finds_nothing(as_person: Any, cast: Cast) -> None:
    record = make.transferred(cast)
    db.session.commit()
    oskar = as_person("oskar")
    assert oskar.get(f"/transfers/{record.id}").status_code == 404
    assert oskar.post(f"/transfers/{record.id}", data={"act": "reply"}).status_code == 404
    assert oskar.get(f"/findings/{record.finding_id}/transfer").status_code == 404
    assert as_person("olga").post(f"/transfers/{record.id}", data={"act": "reply"}).status_code == 403


def test_a_penalty_number_is_typed_on_the_findings_page(as_person: Any, cast: Cast) -> None:
    finding = findings.finding(cast)
    db.session.commit()
    ines = as_person("ines")
    assert ines.post(f"/findings/{finding.id}/penalty", data={"penalty_number": "罚1号"}).status_code == 302
    assert "罚1号" in ines.get(f"/findings/{finding.id}").text
    assert as_person("pema").post(f"/findings/{finding.id}/penalty", data={}).status_code == 403
