"""Who is told of what happens to an order: from the draft to the last item struck off, the right people and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.notifications.bundling import sort_outbox
from app.notifications.models import Notice, Outbox
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.orders import EvidenceAnswer, OrderKind
from app.rectification.service import approving, closing, drafting, evidence, extending, issuing, serving
from app.rectification.service import findings as finding_service
from app.rectification.service.findings import RecheckReading
from tests.cast import Cast
from tests.factories import orders
from tests.factories import rectification as make

SCHOOL = {"pema", "sonam"}
OFFICERS = {"ines", "ivo"}


@pytest.fixture
def told(app: Flask, cast: Cast) -> Any:
    """`told()`: what was told since the last call, as {event: names}."""
    seen: set[Any] = set()

    def news() -> dict[str, set[str]]:
        db.session.flush()
        while sort_outbox():
            pass
        names = {person_id: name for name, person_id in cast.people.items()}
        found: dict[str, set[str]] = {}
        for outbox in db.session.scalars(sa.select(Outbox).order_by(Outbox.id)):
            if outbox.id not in seen:
                seen.add(outbox.id)
                people = db.session.scalars(
                    sa.select(Notice.person_id).where(Notice.outbox_id == outbox.id, Notice.person_id.is_not(None))
                )
                found.setdefault(outbox.event, set()).update(names[p] for p in people if p)
        return found

    return news


def _first(order: Order) -> Finding:
    return drafting.items_of(order)[0][1]


def test_a_draft_goes_to_review_to_the_leader_and_back_to_its_officers(cast: Cast, told: Any) -> None:
    order = orders.draft(cast)
    assert told() == {}
    drafting.submit(cast.viewer("ines"), order)
    assert told() == {"order_review_wanted": {"olga"}}
    approving.pass_review(cast.viewer("olga"), order)
    assert told() == {"order_approval_wanted": {"lea"}}
    approving.approve(cast.viewer("lea"), order)
    assert told() == {"order_approved": OFFICERS}
    issuing.issue(cast.viewer("ines"), order)
    assert told() == {"order_issued": OFFICERS}


def test_a_returned_draft_is_told_with_its_reason(cast: Cast, told: Any) -> None:
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    told()
    approving.send_back(cast.viewer("olga"), order, reason="依据不全")
    assert told() == {"order_returned": OFFICERS}
    assert (
        db.session.scalars(sa.select(Outbox.data).where(Outbox.event == "order_returned")).one()["reason"] == "依据不全"
    )


def test_who_stands_in_for_the_leader_is_asked_too(cast: Cast, told: Any) -> None:
    approving.name_deputy(
        cast.viewer("lea"),
        person_id=cast.people["olga"],
        from_on=clock.today(),
        to_on=clock.today() + timedelta(days=3),
    )
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    told()
    approving.pass_review(cast.viewer("olga"), order)
    assert told() == {"order_approval_wanted": {"lea", "olga"}}


def test_an_order_served_is_told_to_its_school_only(cast: Cast, told: Any) -> None:
    order = orders.issued(cast)
    told()
    serving.serve(cast.viewer("ines"), order, orders.by_hand())
    assert told() == {"order_served": SCHOOL}
    row = db.session.scalars(sa.select(Outbox).where(Outbox.event == "order_served")).one()
    assert row.data["order_number"] == order.number
    assert not row.urgent


def test_an_immediate_order_cannot_wait_for_the_digest(cast: Cast, told: Any) -> None:
    orders.served(cast, kind=OrderKind.IMMEDIATE)
    told()
    assert db.session.scalars(sa.select(Outbox.urgent).where(Outbox.event == "order_served")).all() == [True]


def test_a_void_order_and_a_replaced_one_are_told(cast: Cast, told: Any) -> None:
    order = orders.served(cast)
    told()
    issuing.void(cast.viewer("lea"), order, reason="写错单位")
    assert told() == {"order_void": SCHOOL}
    assert db.session.scalars(sa.select(Outbox.data).where(Outbox.event == "order_void")).one()["reason"] == "写错单位"


def test_evidence_is_told_to_the_officers_once_and_a_request_for_the_recheck_with_its_day(
    cast: Cast, told: Any
) -> None:
    order = orders.served(cast)
    told()
    finding = _first(order)
    evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已换锁")
    assert told() == {"evidence_sent": OFFICERS}
    evidence.send_evidence(cast.viewer("pema"), finding=finding, note="请复查", asks_recheck=True)
    assert told() == {"recheck_applied": OFFICERS, "visit_planned": OFFICERS}
    data = db.session.scalars(sa.select(Outbox.data).where(Outbox.event == "recheck_applied")).one()
    assert data["due"] > clock.today().isoformat()
    assert (data["order_number"], data["position"]) == (order.number, 1)


def test_evidence_about_a_finding_without_an_order_is_told_too(cast: Cast, told: Any) -> None:
    finding = make.finding(cast)
    evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已换锁")
    assert told() == {"evidence_sent": OFFICERS}


@pytest.mark.parametrize(
    ("answer", "event", "urgent"),
    [(EvidenceAnswer.ACCEPTED, "evidence_accepted", False), (EvidenceAnswer.RETURNED, "evidence_returned", True)],
)
def test_the_answer_to_evidence_is_told_to_the_school(
    cast: Cast, told: Any, answer: EvidenceAnswer, event: str, urgent: bool
) -> None:
    sent = evidence.send_evidence(cast.viewer("pema"), finding=_first(orders.served(cast)), note="已换锁").evidence
    told()
    evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=answer, reason="看不清")
    assert told() == {event: SCHOOL}
    assert db.session.scalars(sa.select(Outbox.urgent).where(Outbox.event == event)).one() is urgent


def test_an_extension_goes_to_the_leader_and_its_answer_to_the_school(cast: Cast, told: Any) -> None:
    order = orders.served(cast)
    finding = _first(order)
    assert finding.deadline is not None
    told()
    wanted = finding.deadline + timedelta(days=7)
    request = extending.ask(cast.viewer("pema"), order, finding, wanted=wanted, reason="缺配件")
    assert told() == {"extension_asked": {"lea"}}
    extending.decide(cast.viewer("lea"), request, granted=True)
    assert told() == {"extension_granted": SCHOOL}
    data = db.session.scalars(sa.select(Outbox.data).where(Outbox.event == "extension_granted")).one()
    assert data["deadline"] == wanted.isoformat()


def test_a_recheck_tells_the_school_what_passed_what_did_not_and_when_all_is_done(cast: Cast, told: Any) -> None:
    order = orders.served(cast)
    told()
    for count, outcome in ((1, RecheckOutcome.CORRECTED), (1, RecheckOutcome.NOT_CORRECTED)):
        row = make.inspection(cast)
        left = [f for _i, f in drafting.items_of(order) if f.closed_on is None][:count]
        finding_service.apply_recheck(
            cast.viewer("ines"),
            inspection=make.facts(cast, row),
            results=[RecheckReading(finding_id=f.id, outcome=outcome) for f in left],
        )
    assert told() == {"recheck_passed": SCHOOL, "recheck_failed": SCHOOL}
    row = make.inspection(cast)
    left = [f for _i, f in drafting.items_of(order) if f.closed_on is None]
    finding_service.apply_recheck(
        cast.viewer("ines"),
        inspection=make.facts(cast, row),
        results=[RecheckReading(finding_id=f.id, outcome=RecheckOutcome.CORRECTED) for f in left],
    )
    assert told() == {"recheck_passed": SCHOOL, "order_closed": SCHOOL}
    closing.reopen(cast.viewer("lea"), _first(order), reason="抽查未改")
    assert told() == {"sample_failed": SCHOOL}


def test_an_act_that_is_rolled_back_tells_nobody(cast: Cast, told: Any) -> None:
    order = orders.issued(cast)
    db.session.commit()
    told()
    serving.serve(cast.viewer("ines"), order, orders.by_hand())
    db.session.rollback()
    assert told() == {}
