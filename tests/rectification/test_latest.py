"""What was last sent, sent back and seen of a finding stands beside it, whoever writes it and in whatever order."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.rectification.models.findings import Evidence, Finding, RecheckOutcome
from app.rectification.models.latest import LATEST, keep_all_latest
from app.rectification.rules.orders import EvidenceAnswer
from tests.cast import Cast
from tests.factories import rectification as make

MONDAY = date(2026, 11, 9)


def _kept(finding: Finding) -> tuple[Any, ...]:
    return tuple(getattr(finding, name) for name in LATEST)


def _in_the_database(finding: Finding) -> tuple[Any, ...]:
    columns = [getattr(Finding, name) for name in LATEST]
    return tuple(db.session.execute(sa.select(*columns).where(Finding.id == finding.id)).one())


def test_nothing_is_known_of_what_nobody_has_written_about(cast: Cast) -> None:
    assert _in_the_database(make.finding(cast)) == (None,) * 6


def test_the_latest_evidence_and_the_first_open_request_are_kept(cast: Cast) -> None:
    finding = make.finding(cast, found_on=MONDAY)
    asked = make.evidence(cast, finding, sent_at=make.at(MONDAY, 9), asks_recheck=True)
    later = make.evidence(cast, finding, sent_at=make.at(MONDAY, 15), asks_recheck=True)
    assert _in_the_database(finding) == _kept(finding) == (later.sent_at, None, asked.sent_at, None, None, None)


def test_what_was_sent_back_does_not_stand(cast: Cast) -> None:
    finding = make.finding(cast, found_on=MONDAY)
    sent = make.evidence(cast, finding, sent_at=make.at(MONDAY, 9), asks_recheck=True)
    sent.answer, sent.answered_at, sent.answer_reason = EvidenceAnswer.RETURNED, make.at(MONDAY, 11), "照片看不清"
    sent.answered_by_id = cast.people["ines"]
    db.session.flush()
    assert _in_the_database(finding) == _kept(finding) == (None, make.at(MONDAY, 11), None, None, None, None)


def test_a_re_check_answers_requests_before_it_and_the_newest_outcome_counts(cast: Cast) -> None:
    finding = make.finding(cast, found_on=MONDAY)
    sent = make.evidence(cast, finding, sent_at=make.at(MONDAY, 9), asks_recheck=True)
    make.recheck(cast, finding, on=MONDAY + timedelta(days=3), outcome=RecheckOutcome.PARTLY)
    # Written later, but of an earlier day: a tablet that came back late.
    make.recheck(cast, finding, on=MONDAY + timedelta(days=1), outcome=RecheckOutcome.NOT_CORRECTED)
    evidence_at, _back, applied_at, _moment, looked_on, outcome = _in_the_database(finding)
    assert (evidence_at, applied_at) == (sent.sent_at, None)
    assert (looked_on, outcome) == (MONDAY + timedelta(days=3), RecheckOutcome.PARTLY)


def test_one_statement_brings_many_up_to_date(cast: Cast, count_queries: Any) -> None:
    many = [make.finding(cast, item_code=f"X-{n}") for n in range(8)]
    for finding in many:
        sender = cast.people["pema"]
        db.session.add(Evidence(finding_id=finding.id, sent_by_id=sender, sent_at=make.at(MONDAY, 9)))
    with count_queries() as counted:
        db.session.flush()
        assert {finding.evidence_at for finding in many} == {make.at(MONDAY, 9)}
    # The evidence, the hold of PostgreSQL, the update.
    assert counted.number <= 3


def test_rows_written_past_the_session_are_caught_up_with(cast: Cast) -> None:
    finding = make.finding(cast)
    told = {"id": uuid.uuid4(), "finding_id": finding.id, "sent_by_id": cast.people["pema"], "asks_recheck": False}
    db.session.execute(sa.insert(Evidence), [told | {"sent_at": make.at(MONDAY, 9)}])
    assert _in_the_database(finding)[0] is None
    keep_all_latest(db.session())
    assert _kept(finding)[0] == make.at(MONDAY, 9)
