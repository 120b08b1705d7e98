"""The database and Python tell the same of every finding, whatever its facts."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.extensions import db
from app.rectification import standing
from app.rectification.models.findings import Evidence as EvidenceRow
from app.rectification.models.findings import Finding, RecheckOutcome, RecheckResult
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import RANK
from tests.cast import Cast
from tests.factories import rectification as make

TODAY = date(2026, 3, 2)  # the days around it cross the end of February
NEAR = st.integers(-9, 9).map(lambda n: TODAY + timedelta(days=n))
HISTORY = st.fixed_dictionaries(
    {
        "found": st.integers(0, 40).map(lambda n: TODAY - timedelta(days=n)),
        "period": st.one_of(st.none(), st.integers(0, 60)),
        "closed": st.booleans(),
        "evidence": st.lists(st.tuples(NEAR, st.integers(8, 18), st.booleans()), max_size=3),
        "rechecks": st.lists(
            st.tuples(NEAR, st.sampled_from(list(RecheckOutcome))), max_size=2, unique_by=lambda r: r[0]
        ),
    }
)


def _tell(cast: Cast, histories: list[dict]) -> None:
    for n, history in enumerate(histories):
        found, period = history["found"], history["period"]
        finding = make.finding(cast, found_on=found, item_code=f"X-{n}")
        finding.deadline = None if period is None else found + timedelta(days=period)
        if history["closed"]:
            finding.closed_on, finding.closed_how, finding.closed_reason = TODAY, "withdrawn", "误录"
        for day, hour, asks in history["evidence"]:
            make.evidence(cast, finding, sent_at=make.at(day, hour), asks_recheck=asks)
        for day, outcome in history["rechecks"]:
            make.recheck(cast, finding, on=day, outcome=outcome)
    db.session.flush()


def _compare() -> int:
    rows = db.session.execute(
        sa.select(
            Finding,
            *standing.FACTS,
            standing.state(TODAY),
            standing.colour_rank(TODAY),
            standing.is_overdue(TODAY),
            standing.is_due_soon(TODAY),
            standing.has_unanswered_evidence(),
            standing.awaits_recheck(TODAY),
        )
    ).all()
    for finding, *facts, state, rank, overdue, soon, sent, awaits in rows:
        known = standing.facts_from(finding, *facts)
        told = rules.standing_of(known, TODAY)
        assert (state, rank) == (told.state.value, RANK[told.colour]), known
        assert bool(overdue) == rules.is_overdue(known, TODAY)
        assert bool(soon) == rules.is_due_soon(known, TODAY)
        assert bool(sent) == rules.has_unanswered_evidence(known)
        assert bool(awaits) == rules.awaits_recheck(known, TODAY), known
    return len(rows)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=st.lists(HISTORY, min_size=5, max_size=25))
def test_sql_and_python_agree_on_every_finding(cast: Cast, histories: list[dict]) -> None:
    with db.session.begin_nested() as savepoint:
        for table in (EvidenceRow, RecheckResult, Finding):
            db.session.execute(sa.delete(table))
        _tell(cast, histories)
        assert _compare() == len(histories)
        savepoint.rollback()
    db.session.expunge_all()
