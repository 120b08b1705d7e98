"""Major fire hazards: studied together, approved by who was not there, notified, reported, closed by re-checks alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.accounts.policy import Permission
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.major import MajorHazard
from app.rectification.models.trail import RecordEvent
from app.rectification.queries import clocks
from app.rectification.rules.findings import ClosedHow, Severity
from app.rectification.rules.major import (
    MAJOR_STEPS,
    MajorAct,
    MajorFacts,
    MajorState,
    may_be_major,
    running,
)
from app.rectification.rules.records import step_of
from app.rectification.service import major as service
from app.rectification.service.steps import NotYours
from app.regulations.rules.clocks import ClockKind
from tests.cast import Cast
from tests.factories import records as make
from tests.factories import rectification as findings

VISIT = date(2026, 11, 16)


def _acts(record_id: Any) -> list[str]:
    return [e.act for e in db.session.query(RecordEvent).filter_by(record_id=record_id).order_by(RecordEvent.at)]


@pytest.mark.parametrize(
    ("severities", "hint"),
    [([], False), ([Severity.MAJOR, Severity.MINOR], False), ([Severity.MINOR, Severity.CRITICAL], True)],
)
def test_only_a_critical_finding_hints_at_one(severities: list[Severity], hint: bool) -> None:
    assert may_be_major(severities) is hint


@pytest.mark.parametrize(
    ("state", "experts", "clock_kind"),
    [
        (MajorState.PROPOSED, False, ClockKind.MAJOR_PROPOSAL),
        (MajorState.STUDIED, True, ClockKind.MAJOR_PROPOSAL_EXPERTS),
        (MajorState.DETERMINED, False, ClockKind.MAJOR_NOTICE),
        (MajorState.NOTICED, False, None),
        (MajorState.DISMISSED, False, None),
        (MajorState.CLOSED, False, None),
        (MajorState.WITHDRAWN, False, None),
    ],
)
def test_the_clock_that_runs(state: MajorState, experts: bool, clock_kind: ClockKind | None) -> None:
    found = running(MajorFacts(state=state, visited_on=VISIT, determined_on=VISIT, with_experts=experts))
    assert (found[0] if found else None) == clock_kind


def test_every_step_names_a_permission_that_exists_and_ends_lead_nowhere() -> None:
    assert {step.needs for step in MAJOR_STEPS} <= {p.value for p in Permission}
    ends = {MajorState.CLOSED, MajorState.DISMISSED, MajorState.WITHDRAWN}
    assert not [step for step in MAJOR_STEPS if step.at in ends]
    assert step_of(MAJOR_STEPS, MajorState.PROPOSED, MajorAct.ISSUE) is None


def test_from_the_study_to_the_notice_everything_is_written_down(cast: Cast) -> None:
    record = make.noticed(cast)
    assert (record.state, record.participants, record.is_major) == (MajorState.NOTICED, "格桑、央金、尼玛", True)
    assert record.approved_by_id == cast.people["lea"]
    paper = db.session.get_one(IssuedDocument, record.document_id)
    assert (paper.kind, paper.number) == ("major_hazard", record.number)
    assert "宿舍楼二层西侧" in paper.context
    assert _acts(record.id) == ["propose", "study", "approve", "issue"]


def test_the_notice_is_issued_once(cast: Cast) -> None:
    record = make.noticed(cast)
    service.issue(cast.viewer("ines"), record)
    assert db.session.query(IssuedDocument).filter_by(kind="major_hazard").count() == 1


def test_a_finding_is_before_one_study_at_a_time(cast: Cast) -> None:
    finding = make.critical(cast)
    first = make.proposed(cast, findings=[finding])
    with pytest.raises(DomainError):
        make.proposed(cast, findings=[finding])
    service.withdraw(cast.viewer("ines"), first, reason="重复提请")
    assert make.proposed(cast, findings=[finding]).id != first.id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"participants": "格桑"}, "participants"),
        ({"participants": "格桑、格桑"}, "participants"),
        ({"conclusion": " "}, "conclusion"),
        ({"studied_on": date(2020, 1, 1)}, "studied_on"),
        ({"studied_on": date(2999, 1, 1)}, "studied_on"),
    ],
)
def test_a_study_by_one_or_without_words_is_refused(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    record = make.proposed(cast)
    with pytest.raises(DomainError) as refused:
        service.study(cast.viewer("ines"), record, **make.study(**wrong))
    assert refused.value.field == field
    assert record.state is MajorState.PROPOSED


def test_the_leader_cannot_determine_against_the_study(cast: Cast) -> None:
    record = make.proposed(cast)
    service.study(cast.viewer("ines"), record, **make.study(is_major=False))
    with pytest.raises(DomainError):
        service.approve(cast.viewer("lea"), record)
    service.dismiss(cast.viewer("lea"), record)
    assert record.state is MajorState.DISMISSED


def test_who_was_at_the_visit_never_approves_and_a_colleague_without_the_office_neither(cast: Cast) -> None:
    record = make.studied(cast, officers=(cast.people["lea"], cast.people["ivo"]))
    for name in ("lea", "ines", "olga"):
        with pytest.raises(NotYours):
            service.approve(cast.viewer(name), record)
    assert record.state is MajorState.STUDIED


def test_nothing_is_issued_before_it_is_determined(cast: Cast) -> None:
    record = make.studied(cast)
    with pytest.raises(DomainError):
        service.issue(cast.viewer("ines"), record)


def test_it_is_closed_only_when_every_finding_was_struck_off_by_a_recheck(cast: Cast) -> None:
    finding = make.critical(cast)
    record = make.noticed(cast, findings=[finding])
    with pytest.raises(DomainError):
        service.close(cast.viewer("ines"), record, text="已消除")
    looked = findings.inspection(cast)
    finding.closed_on, finding.closed_how, finding.recheck_id = clock.today(), ClosedHow.RECHECK, looked.id
    service.close(cast.viewer("ines"), record, text="已消除")
    assert (record.state, record.closed_on) == (MajorState.CLOSED, clock.today())


def test_the_report_to_the_government_and_the_service_are_kept(cast: Cast) -> None:
    record = make.noticed(cast)
    service.report(cast.viewer("ines"), record, reported_on=clock.today(), government="示范区人民政府")
    service.report(cast.viewer("ines"), record, reported_on=clock.today(), government="示范区人民政府")
    service.serve(cast.viewer("ines"), record, served_on=clock.today(), served_to="白玛")
    assert (record.reported_to, record.served_to) == ("示范区人民政府", "白玛")
    assert db.session.query(IssuedDocument).filter_by(kind="major_hazard_report").count() == 1


def test_withdrawn_revokes_the_paper_and_keeps_its_number(cast: Cast) -> None:
    record = make.noticed(cast)
    service.withdraw(cast.viewer("lea"), record, reason="判定有误")
    paper = db.session.get_one(IssuedDocument, record.document_id)
    assert (record.state, paper.revoked_reason) == (MajorState.WITHDRAWN, "判定有误")
    assert paper.number == record.number
    assert db.session.query(AuditEntry).filter_by(subject_id=str(paper.id), action="document.void").count() == 1


def test_an_open_one_is_a_clock_of_the_brigade(cast: Cast) -> None:
    make.proposed(cast, visited_on=clock.today() - timedelta(days=60))
    line = clocks.running(cast.viewer("ines"), own=True).lines[0]
    assert (line.placed.kind, line.is_late) == (ClockKind.MAJOR_PROPOSAL, True)
    assert clocks.running(cast.viewer("oskar"), own=False).lines == []


# pages -----------------------------------------------------------------------------------------------------------


def test_a_critical_finding_offers_the_study_and_says_that_this_is_no_verdict(as_person: Any, cast: Cast) -> None:
    finding = make.critical(cast)
    minor = findings.finding(cast, item_code="EXT-09")
    db.session.commit()
    ines = as_person("ines")
    assert "可能涉及重大火灾隐患，请按 GB 35181-2025 集体研究" in ines.page(f"/findings/{finding.id}").main
    assert "不是判定" in ines.page(f"/findings/{finding.id}").main
    assert "可能涉及" not in ines.page(f"/findings/{minor.id}").main
    assert "可能涉及" not in as_person("pema").page(f"/findings/{finding.id}").main


def _send(browser: Any, record: MajorHazard, act: str, **data: str) -> Any:
    return browser.post(f"/major/{record.id}", data={"act": act, **{f"{act}-{k}": v for k, v in data.items()}})


def test_from_the_finding_to_the_notice_by_hand(as_person: Any, cast: Cast) -> None:
    finding = make.critical(cast)
    db.session.commit()
    ines, lea, today = as_person("ines"), as_person("lea"), clock.today().isoformat()
    data = {"findings": str(finding.id), "visited_on": today, "problem_text": "楼梯被封堵"}
    made = ines.post(f"/major/new?school={cast.school_id}", data={"school": str(cast.school_id), **data})
    assert made.status_code == 302
    record = db.session.query(MajorHazard).one()
    told = {"studied_on": today, "participants": "格桑、央金", "conclusion": "判定", "is_major": "yes"}
    assert _send(ines, record, "study", **told).status_code == 302
    assert _send(lea, record, "approve", remark="同意").status_code == 302
    assert _send(ines, record, "issue").status_code == 302
    page = ines.page(f"/major/{record.id}")
    db.session.expire_all()
    assert record.number in page.main
    assert "格桑、央金" in page.main
    assert record.number in ines.page("/major").main


def test_a_mistake_stays_on_the_page_with_its_sentence(as_person: Any, cast: Cast) -> None:
    record = make.proposed(cast)
    db.session.commit()
    answer = _send(as_person("ines"), record, "study", studied_on="昨天", participants="格桑")
    assert answer.status_code == 422
    assert "请写明研究结论" in answer.page.main


def test_a_step_of_others_is_refused_and_an_unknown_one_is_not_there(as_person: Any, cast: Cast) -> None:
    record = make.studied(cast)
    db.session.commit()
    assert _send(as_person("olga"), record, "approve").status_code == 403
    assert _send(as_person("ines"), record, "approve").status_code == 403
    assert _send(as_person("lea"), record, "explode").status_code == 404


def test_the_school_sees_the_notice_but_never_the_study(as_person: Any, cast: Cast) -> None:
    record = make.studied(cast)
    db.session.commit()
    assert as_person("pema").get(f"/major/{record.id}").status_code == 404
    service.approve(cast.viewer("lea"), record)
    service.issue(cast.viewer("ines"), record)
    db.session.commit()
    page = as_person("pema").page(f"/major/{record.id}")
    assert record.number in page.main
    assert "央金" not in page.main
    assert as_person("otto").get(f"/major/{record.id}").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("oskar", 404), ("otilia", 404), ("beate", 404), ("stan", 200)])
def test_who_sees_a_record_without_number(as_person: Any, cast: Cast, name: str, status: int) -> None:
    record = make.proposed(cast)
    db.session.commit()
    assert as_person(name).get(f"/major/{record.id}").status_code == status


def test_a_page_with_a_long_story_costs_no_more_queries(
    as_person: Any, cast: Cast, count_queries: Callable[[], Any]
) -> None:
    record = make.studied(cast, findings=[make.critical(cast, item_code=f"X-{n}") for n in range(6)])
    for _again in range(6):
        service.study(cast.viewer("ines"), record, **make.study())
    db.session.commit()
    ines = as_person("ines")
    with count_queries() as counted:
        ines.get(f"/major/{record.id}")
    assert counted.number <= 12


def test_the_schools_page_leads_to_its_own_records_without_a_query(as_person: Any, cast: Cast) -> None:
    record = make.proposed(cast)
    db.session.commit()
    ines = as_person("ines")
    page = ines.get(f"/schools/{cast.school_id}")
    assert f"/major?school={cast.school_id}&amp;state=all" in page.text
    assert f"/major/{record.id}" in ines.get(f"/major?school={cast.school_id}&state=all").text
    assert f"/major/{record.id}" not in ines.get(f"/major?school={cast.ottos_school_id}&state=all").text
    assert "/major" not in as_person("pema").get(f"/schools/{cast.school_id}").text
