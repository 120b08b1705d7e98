"""The database and Python tell the same of every finding, whatever its facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.extensions import db
from app.rectification import standing
from app.rectification.models.findings import Evidence as EvidenceRow
from app.rectification.models.findings import Finding, RecheckOutcome, RecheckResult
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import RANK
from app.rectification.rules.orders import EvidenceAnswer
from tests.cast import Cast
from tests.factories import rectification as make

TODAY = date(2026, 3, 2)  # the days around it cross the end of February
NEAR = st.integers(-9, 9).map(lambda n: TODAY + timedelta(days=n))
HISTORY = st.fixed_dictionaries(
    {
        "found": st.integers(0, 40).map(lambda n: TODAY - timedelta(days=n)),
        "period": st.one_of(st.none(), st.integers(0, 60)),
        "foreign": st.booleans(),
        "closed": st.booleans(),
        "evidence": st.lists(
            st.tuples(NEAR, st.integers(8, 18), st.booleans(), st.one_of(st.none(), st.integers(1, 80))), max_size=3
        ),
        "rechecks": st.lists(
            st.tuples(NEAR, st.sampled_from(list(RecheckOutcome))), max_size=2, unique_by=lambda r: r[0]
        ),
    }
)


def _tell(cast: Cast, histories: list[dict]) -> None:
    for n, history in enumerate(histories):
        found, period = history["found"], history["period"]
        finding = make.finding(cast, found_on=found, item_code=f"X-{n}")
        if history["foreign"]:
            finding.brigade_id = cast.other_brigade_id
        finding.deadline = None if period is None else found + timedelta(days=period)
        if history["closed"]:
            finding.closed_on, finding.closed_how, finding.closed_reason = TODAY, "withdrawn", "误录"
        for day, hour, asks, back in history["evidence"]:
            sent_at = make.at(day, hour)
            returned_at = sent_at + timedelta(hours=back) if back else None
            make.evidence(cast, finding, sent_at=sent_at, asks_recheck=asks, returned_at=returned_at)
        for day, outcome in history["rechecks"]:
            make.recheck(cast, finding, on=day, outcome=outcome)
    db.session.flush()


def _facts_by_hand(finding: Finding) -> rules.Facts:
    """What is known of a finding, from all that was written about it."""
    sent = db.session.scalars(sa.select(EvidenceRow).where(EvidenceRow.finding_id == finding.id)).all()
    looks = db.session.scalars(sa.select(RecheckResult).where(RecheckResult.finding_id == finding.id)).all()
    last = max(looks, key=lambda look: (look.seen_at, look.id), default=None)
    stands = [one for one in sent if one.answer is not EvidenceAnswer.RETURNED]
    back = [one.answered_at for one in sent if one.answer is EvidenceAnswer.RETURNED and one.answered_at]
    asked = [one.sent_at for one in stands if one.asks_recheck and not (last and last.seen_at >= one.sent_at)]
    return rules.Facts(
        found_on=finding.found_on,
        deadline=finding.deadline,
        closed_on=finding.closed_on,
        evidence_at=max((one.sent_at for one in stands), default=None),
        returned_at=max(back, default=None),
        applied_at=min(asked, default=None),
        rechecked_at=last.seen_at if last else None,
        outcome=last.outcome if last else None,
    )


def _compare() -> int:
    rows = db.session.execute(
        sa.select(
            Finding,
            standing.state(TODAY),
            standing.colour_rank(TODAY),
            standing.is_overdue(TODAY),
            standing.is_due_soon(TODAY),
            standing.has_unanswered_evidence(),
            standing.awaits_recheck(TODAY),
            standing.was_returned(),
            standing.is_near(TODAY),
        )
    ).all()
    for finding, state, rank, overdue, soon, sent, awaits, returned, near in rows:
        known = standing.facts_of(finding)
        assert known == _facts_by_hand(finding)
        own = standing.thresholds().of(finding.brigade_id)
        told = rules.standing_of(known, TODAY, own)
        assert (state, rank) == (told.state.value, RANK[told.colour]), known
        assert bool(overdue) == rules.is_overdue(known, TODAY)
        assert bool(soon) == rules.is_due_soon(known, TODAY, own)
        assert bool(sent) == rules.has_unanswered_evidence(known)
        assert bool(returned) == rules.was_returned(known), known
        left = None if known.closed_on else rules.days_left(known.deadline, TODAY)
        assert bool(near) == (left is not None and 0 <= left <= own.days_left)
        assert bool(awaits) == rules.awaits_recheck(known, TODAY), known
    return len(rows)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    histories=st.lists(HISTORY, min_size=5, max_size=25),
    own=st.fixed_dictionaries({"yellow_days_left": st.integers(0, 9), "yellow_percent_left": st.integers(0, 100)}),
)
def test_sql_and_python_agree_on_every_finding(cast: Cast, histories: list[dict], own: dict[str, int]) -> None:
    with db.session.begin_nested() as savepoint:
        cast.brigade.settings = own
        for table in (EvidenceRow, RecheckResult, Finding):
            db.session.execute(sa.delete(table))
        _tell(cast, histories)
        assert _compare() == len(histories)
        savepoint.rollback()
    db.session.expunge_all()


def test_each_brigade_sees_yellow_by_its_own_days(cast: Cast) -> None:
    cast.brigade.settings = {"yellow_days_left": 10, "yellow_percent_left": 0}
    for brigade_id in (cast.brigade_id, cast.other_brigade_id):
        make.finding(cast, found_on=TODAY, deadline=TODAY + timedelta(days=9), brigade_id=brigade_id)
    db.session.flush()
    rows = db.session.execute(sa.select(Finding.brigade_id, standing.colour_rank(TODAY), standing.is_near(TODAY)))
    assert {brigade: (rank, bool(near)) for brigade, rank, near in rows} == {
        cast.brigade_id: (RANK[rules.Colour.YELLOW], True),
        cast.other_brigade_id: (RANK[rules.Colour.GREEN], False),
    }


def test_the_thresholds_cost_one_query_a_page(cast: Cast, app: Flask, count_queries: Any) -> None:
    with app.test_request_context(), count_queries() as counted:
        for _again in range(3):
            standing.colour_rank(TODAY)
            standing.thresholds()
    assert counted.number == 1
