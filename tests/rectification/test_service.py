"""Opening, re-checking, sending evidence and withdrawing: what they write and what they refuse."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.findings import ClosedHow, Evidence, Finding, RecheckOutcome, RecheckResult, Severity
from app.rectification.service import evidence as evidence_service
from app.rectification.service import findings as service
from app.rectification.service.findings import InspectionFacts, RecheckReading
from tests.cast import Cast
from tests.factories import rectification as make

TODAY = clock.today()


def test_a_failed_item_opens_a_finding_with_its_deadline(cast: Cast) -> None:
    facts = make.facts(cast, make.inspection(cast))
    [finding] = service.open_findings(cast.viewer("ines"), inspection=facts, findings=[make.new_finding()])
    assert (finding.closed_on, finding.deadline) == (None, TODAY + timedelta(days=15))
    assert (finding.school_id, finding.found_on) == (cast.school_id, TODAY)
    assert (
        db.session.scalar(sa.select(AuditEntry.action).where(AuditEntry.subject_id == str(finding.id)))
        == "open_finding"
    )


def test_corrected_on_the_spot_is_closed_the_same_day(cast: Cast) -> None:
    facts = make.facts(cast, make.inspection(cast))
    new = make.new_finding(
        severity=Severity.CRITICAL, corrected_on_spot=True, has_photo_before=True, has_photo_after=True
    )
    [finding] = service.open_findings(cast.viewer("ines"), inspection=facts, findings=[new])
    assert (finding.closed_how, finding.closed_on, finding.deadline) == (ClosedHow.SPOT, TODAY, None)


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, True), (False, False)])
def test_corrected_on_the_spot_needs_both_photos(cast: Cast, before: bool, after: bool) -> None:
    facts = make.facts(cast, make.inspection(cast))
    new = make.new_finding(corrected_on_spot=True, has_photo_before=before, has_photo_after=after)
    with pytest.raises(DomainError, match="改正前、改正后"):
        service.open_findings(cast.viewer("ines"), inspection=facts, findings=[new])
    assert db.session.scalar(sa.select(sa.func.count(Finding.id))) == 0


@pytest.mark.parametrize("deadline", [None, TODAY - timedelta(days=1)])
def test_a_finding_needs_a_date_that_is_not_past(cast: Cast, deadline: date | None) -> None:
    facts = make.facts(cast, make.inspection(cast))
    with pytest.raises(DomainError, match="改正期限"):
        service.open_findings(cast.viewer("ines"), inspection=facts, findings=[make.new_finding(deadline=deadline)])


def test_the_same_inspection_twice_opens_nothing_twice(cast: Cast) -> None:
    facts = make.facts(cast, make.inspection(cast))
    news = [make.new_finding(), make.new_finding(item_code="EXT-09", target_id="x")]
    first = service.open_findings(cast.viewer("ines"), inspection=facts, findings=news)
    again = service.open_findings(cast.viewer("ines"), inspection=facts, findings=news)
    assert [f.id for f in first] == [f.id for f in again]
    assert db.session.scalar(sa.select(sa.func.count(Finding.id))) == 2
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == 2


def test_one_officer_is_not_enough(cast: Cast) -> None:
    row, ines = make.inspection(cast), cast.people["ines"]
    alone = InspectionFacts(
        id=row.id, school_id=row.school_id, brigade_id=row.brigade_id, seen_at=clock.now(), officer_ids=(ines, ines)
    )
    with pytest.raises(DomainError, match="两名不同"):
        service.open_findings(cast.viewer("ines"), inspection=alone, findings=[make.new_finding()])
    with pytest.raises(DomainError, match="两名不同"):
        service.apply_recheck(cast.viewer("ines"), inspection=alone, results=[])


def test_a_recheck_strikes_off_what_is_corrected(cast: Cast) -> None:
    finding = make.finding(cast, found_on=TODAY - timedelta(days=10))
    recheck = make.inspection(cast)
    service.apply_recheck(
        cast.viewer("ines"),
        inspection=make.facts(cast, recheck),
        results=[RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.CORRECTED)],
    )
    assert (finding.closed_how, finding.closed_on, finding.recheck_id) == (ClosedHow.RECHECK, TODAY, recheck.id)


@pytest.mark.parametrize("outcome", [RecheckOutcome.PARTLY, RecheckOutcome.NOT_CORRECTED])
def test_a_recheck_leaves_open_what_is_not(cast: Cast, outcome: RecheckOutcome) -> None:
    finding = make.finding(cast)
    facts = make.facts(cast, make.inspection(cast))
    reading = RecheckReading(finding_id=finding.id, outcome=outcome, note="锁仍在")
    [kept] = service.apply_recheck(cast.viewer("ines"), inspection=facts, results=[reading])
    assert (finding.closed_on, kept.outcome, kept.note) == (None, outcome, "锁仍在")


def test_the_same_recheck_twice_changes_nothing(cast: Cast) -> None:
    finding = make.finding(cast)
    facts = make.facts(cast, make.inspection(cast))
    results = [RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.CORRECTED)]
    service.apply_recheck(cast.viewer("ines"), inspection=facts, results=results)
    service.apply_recheck(cast.viewer("ines"), inspection=facts, results=results)
    assert db.session.scalar(sa.select(sa.func.count(RecheckResult.id))) == 1


def test_a_recheck_of_one_school_never_touches_another(cast: Cast) -> None:
    ottos = make.finding(cast, school_id=cast.ottos_school_id)
    facts = make.facts(cast, make.inspection(cast))
    with pytest.raises(DomainError, match="不属于这所学校"):
        service.apply_recheck(
            cast.viewer("ines"),
            inspection=facts,
            results=[RecheckReading(finding_id=ottos.id, outcome=RecheckOutcome.CORRECTED)],
        )
    assert ottos.closed_on is None


def test_evidence_never_closes_a_finding(cast: Cast) -> None:
    finding = make.finding(cast)
    sent = evidence_service.send_evidence(
        cast.viewer("pema"), finding=finding, note="已换锁", asks_recheck=True
    ).evidence
    assert (sent.note, sent.sent_by_id, finding.closed_on) == ("已换锁", cast.people["pema"], None)


def test_evidence_needs_a_photo_or_a_word(cast: Cast) -> None:
    with pytest.raises(DomainError, match="上传整改照片"):
        evidence_service.send_evidence(cast.viewer("pema"), finding=make.finding(cast))


def test_the_same_evidence_twice_is_kept_once(cast: Cast) -> None:
    finding, key = make.finding(cast), uuid.uuid4()
    for _ in range(2):
        evidence_service.send_evidence(cast.viewer("pema"), finding=finding, note="已换锁", evidence_id=key)
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1


def test_a_closed_finding_takes_no_evidence(cast: Cast) -> None:
    finding = make.finding(cast)
    service.withdraw(cast.viewer("lea"), finding=finding, reason="误录")
    with pytest.raises(DomainError, match="已经结束"):
        evidence_service.send_evidence(cast.viewer("pema"), finding=finding, note="已换锁")


def test_withdrawing_keeps_the_finding_with_its_reason(cast: Cast) -> None:
    finding = make.finding(cast)
    service.withdraw(cast.viewer("lea"), finding=finding, reason=" 误录 ")
    assert (finding.closed_how, finding.closed_reason) == (ClosedHow.WITHDRAWN, "误录")
    assert finding.closed_by_id == cast.people["lea"]


def test_withdrawing_needs_a_reason_and_happens_once(cast: Cast) -> None:
    finding = make.finding(cast)
    with pytest.raises(DomainError, match="撤回理由"):
        service.withdraw(cast.viewer("lea"), finding=finding, reason="  ")
    service.withdraw(cast.viewer("lea"), finding=finding, reason="误录")
    with pytest.raises(DomainError, match="已经结束"):
        service.withdraw(cast.viewer("lea"), finding=finding, reason="再次")


def test_the_table_refuses_a_strike_off_without_a_recheck(cast: Cast) -> None:
    finding = make.finding(cast)
    finding.closed_on, finding.closed_how = TODAY, ClosedHow.RECHECK
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
