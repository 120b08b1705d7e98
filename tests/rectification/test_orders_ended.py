"""How an order ends: struck off by a re-check, never by evidence; opened again; more time on the way."""

from __future__ import annotations

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.rectification.rules.findings import ClosedHow, RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import (
    closing,
    drafting,
    evidence,
    extending,
)
from app.rectification.service import findings as finding_service
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import orders
from tests.factories.orders import recheck


def test_an_order_closes_when_its_last_item_is_struck_off(cast: Cast) -> None:
    order = orders.served(cast)
    recheck(cast, order, RecheckOutcome.CORRECTED, only=1)
    assert order.state is OrderState.SERVED
    recheck(cast, order, RecheckOutcome.NOT_CORRECTED)
    assert order.state is OrderState.SERVED
    recheck(cast, order, RecheckOutcome.CORRECTED)
    assert (order.state, order.closed_on, order.next_deadline) == (OrderState.CLOSED, clock.today(), None)


def test_evidence_never_closes(cast: Cast) -> None:
    order = orders.served(cast)
    for _item, finding in drafting.items_of(order):
        sent = evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改好", asks_recheck=True).evidence
        evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.ACCEPTED)
        assert finding.closed_on is None
    assert order.state is OrderState.SERVED


def test_evidence_goes_back_with_a_reason_and_is_answered_once(cast: Cast) -> None:
    order = orders.served(cast)
    finding = drafting.items_of(order)[0][1]
    sent = evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改好").evidence
    with pytest.raises(DomainError, match="退回原因"):
        evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.RETURNED)
    evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.RETURNED, reason="看不清")
    evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.RETURNED, reason="看不清")
    with pytest.raises(DomainError, match="已经答复"):
        evidence.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.ACCEPTED)


def test_a_false_closure_is_opened_again_with_its_order(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    recheck(cast, order, RecheckOutcome.CORRECTED)
    finding = drafting.items_of(order)[0][1]
    with pytest.raises(NotYours):
        closing.reopen(cast.viewer("ines"), finding, reason="照片不实")
    closing.reopen(cast.viewer("lea"), finding, reason="现场仍上锁")
    assert (finding.closed_on, order.state, order.closed_on) == (None, OrderState.SERVED, None)
    with pytest.raises(DomainError, match="只有复查销号"):
        closing.reopen(cast.viewer("lea"), finding, reason="现场仍上锁")


def test_a_withdrawn_finding_no_longer_holds_its_order_open(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    finding = drafting.items_of(order)[0][1]
    finding_service.withdraw(cast.viewer("lea"), finding=finding, reason="认定有误")
    assert (finding.closed_how, order.state) == (ClosedHow.WITHDRAWN, OrderState.CLOSED)


def test_more_time_is_asked_for_and_granted_once(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    finding = drafting.items_of(order)[0][1]
    asked = extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(25), reason="设备未到货")
    assert finding.deadline == orders.in_days(15)
    with pytest.raises(DomainError, match="等待答复"):
        extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(26), reason="再申请")
    with pytest.raises(NotYours):
        extending.decide(cast.viewer("ines"), asked, granted=True)
    extending.decide(cast.viewer("lea"), asked, granted=True, deadline=orders.in_days(20))
    assert (finding.deadline, order.next_deadline) == (orders.in_days(20), orders.in_days(20))
    extending.decide(cast.viewer("lea"), asked, granted=True)
    with pytest.raises(DomainError, match="已延期 1 次"):
        extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(30), reason="又一次")


def test_more_time_is_refused_with_a_reason(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    finding = drafting.items_of(order)[0][1]
    asked = extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(25), reason="设备未到货")
    with pytest.raises(DomainError, match="不同意的理由"):
        extending.decide(cast.viewer("lea"), asked, granted=False)
    extending.decide(cast.viewer("lea"), asked, granted=False, reason="可先采取临时措施")
    assert (finding.deadline, asked.granted) == (orders.in_days(15), False)


def test_after_the_date_nobody_asks_for_more_time(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    finding = drafting.items_of(order)[0][1]
    finding.deadline = orders.in_days(-1)
    with pytest.raises(DomainError, match="期限已过"):
        extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(5), reason="来不及")
