"""Orders from the draft to the last item struck off: what each act does, writes and refuses, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.rectification.models.orders import Order, OrderEvent, PortalLink
from app.rectification.queries import links as link_queries
from app.rectification.rules.findings import ClosedHow, Handling, RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EvidenceAnswer, OrderKind, ServiceMethod
from app.rectification.service import (
    approving,
    closing,
    drafting,
    evidence,
    extending,
    issuing,
    links,
    serving,
)
from app.rectification.service import findings as finding_service
from app.rectification.service.findings import RecheckReading
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import orders
from tests.factories import rectification as make


def acts_of(order: Order) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(OrderEvent.act).where(OrderEvent.order_id == order.id).order_by(OrderEvent.at, OrderEvent.id)
        )
    )


def recheck(cast: Cast, order: Order, outcome: RecheckOutcome, *, only: int | None = None) -> None:
    row = make.inspection(cast, school_id=order.school_id)
    found = [f for _i, f in drafting.items_of(order) if f.closed_on is None]
    finding_service.apply_recheck(
        cast.viewer("ines"),
        inspection=make.facts(cast, row),
        results=[RecheckReading(finding_id=f.id, outcome=outcome) for f in (found[:only] if only else found)],
    )


# drafting -------------------------------------------------------------------------------------------------------------


def test_a_signed_inspection_drafts_one_paper_of_each_kind_it_needs(cast: Cast) -> None:
    row = make.inspection(cast)
    found = finding_service.open_findings(
        cast.viewer("ines"),
        inspection=make.facts(cast, row),
        findings=[
            make.new_finding(item_code="EXI-01", handling=Handling.ORDER_LIMITED),
            make.new_finding(item_code="EXI-02", handling=Handling.ORDER_IMMEDIATE, deadline=clock.today()),
            make.new_finding(item_code="EXI-03", handling=Handling.SPOT, deadline=clock.today()),
            make.new_finding(
                item_code="EXI-04",
                handling=Handling.SPOT,
                corrected_on_spot=True,
                has_photo_before=True,
                has_photo_after=True,
            ),
            make.new_finding(item_code="EXI-05", handling=Handling.ADVISE, deadline=None),
        ],
    )
    drafts = drafting.draft_from_inspection(cast.viewer("ines"), make.facts(cast, row), found)
    assert [(d.kind, len(drafting.items_of(d))) for d in drafts] == [(OrderKind.IMMEDIATE, 2), (OrderKind.LIMITED, 1)]
    again = drafting.draft_from_inspection(cast.viewer("ines"), make.facts(cast, row), found)
    assert {d.id for d in again} == {d.id for d in drafts}


def test_a_finding_is_on_one_paper_in_preparation_at_a_time(cast: Cast) -> None:
    order = orders.draft(cast)
    found = [f for _i, f in drafting.items_of(order)]
    with pytest.raises(DomainError, match="另一份办理中"):
        orders.draft(cast, findings=found)


def test_a_draft_takes_each_items_own_date_and_refuses_one_before_the_visit(cast: Cast) -> None:
    order = orders.draft(cast)
    first, second = (f for _i, f in drafting.items_of(order))
    days = {first.id: orders.in_days(7), second.id: orders.in_days(30)}
    drafting.edit(cast.viewer("ines"), order, deadlines=days, problem_text="情况属实")
    assert [i.deadline for i, _f in drafting.items_of(order)] == list(days.values())
    assert order.next_deadline == orders.in_days(7)
    with pytest.raises(DomainError, match="不能早于检查日期"):
        drafting.edit(cast.viewer("ines"), order, deadlines={first.id: orders.in_days(-1)})


def test_a_draft_is_edited_by_officers_only(cast: Cast) -> None:
    order = orders.draft(cast)
    for name in ("olga", "stan", "oskar"):
        with pytest.raises(NotYours):
            drafting.edit(cast.viewer(name), order, deadlines={})


# approval -------------------------------------------------------------------------------------------------------------


def test_the_road_goes_through_legal_review_and_the_leader(cast: Cast) -> None:
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    assert order.state is OrderState.LEGAL_REVIEW
    approving.pass_review(cast.viewer("olga"), order, remark="事实清楚")
    assert order.state is OrderState.APPROVAL
    approving.approve(cast.viewer("lea"), order)
    assert order.state is OrderState.APPROVED
    assert order.approved_by_id == cast.people["lea"]
    assert acts_of(order) == ["draft", "submit", "pass_review", "approve"]


def test_the_brigade_may_set_a_shorter_road(cast: Cast) -> None:
    db.session.get_one(Brigade, cast.brigade_id).settings = {"approval_limited": "none"}
    db.session.flush()
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    assert order.state is OrderState.APPROVED


def test_an_immediate_order_needs_no_approval_unless_the_brigade_says_so(cast: Cast) -> None:
    order = orders.draft(cast, kind=OrderKind.IMMEDIATE)
    drafting.submit(cast.viewer("ines"), order)
    assert order.state is OrderState.APPROVED


def test_a_returned_draft_says_why_and_can_be_mended(cast: Cast) -> None:
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    with pytest.raises(DomainError, match="退回原因"):
        approving.send_back(cast.viewer("olga"), order, reason="  ")
    approving.send_back(cast.viewer("olga"), order, reason="期限过短")
    assert order.state is OrderState.DRAFT
    drafting.edit(cast.viewer("ines"), order, deadlines={})


@pytest.mark.parametrize("name", ["ines", "ivo", "olga", "stan", "pema", "beate", "dora", "oskar"])
def test_only_the_leader_approves(cast: Cast, name: str) -> None:
    order = orders.draft(cast)
    drafting.submit(cast.viewer("ines"), order)
    approving.pass_review(cast.viewer("olga"), order)
    with pytest.raises(NotYours):
        approving.approve(cast.viewer(name), order)


def test_a_leader_who_was_at_the_visit_does_not_approve_but_a_deputy_does(cast: Cast) -> None:
    row = make.inspection(cast, second_id=cast.people["lea"])
    finding = make.finding(cast, row=row)
    order = drafting.draft(
        cast.viewer("ines"),
        kind=OrderKind.LIMITED,
        findings=[finding],
        officers=(cast.people["ines"], cast.people["lea"]),
        inspection_id=row.id,
        visited_on=finding.found_on,
    )
    drafting.submit(cast.viewer("ines"), order)
    approving.pass_review(cast.viewer("olga"), order)
    with pytest.raises(NotYours, match="参加检查"):
        approving.approve(cast.viewer("lea"), order)
    approving.name_deputy(
        cast.viewer("lea"), person_id=cast.people["ivo"], from_on=clock.today(), to_on=orders.in_days(7)
    )
    approving.approve(cast.viewer("ivo"), order)
    assert order.approved_by_id == cast.people["ivo"]


def test_a_deputy_is_named_from_a_day_to_a_day_and_can_be_ended(cast: Cast) -> None:
    lea = cast.viewer("lea")
    with pytest.raises(DomainError, match="早于开始"):
        approving.name_deputy(lea, person_id=cast.people["ivo"], from_on=orders.in_days(3), to_on=orders.in_days(1))
    with pytest.raises(DomainError, match="本大队"):
        approving.name_deputy(lea, person_id=cast.people["oskar"], from_on=orders.in_days(0), to_on=orders.in_days(1))
    with pytest.raises(NotYours):
        approving.name_deputy(
            cast.viewer("ines"), person_id=cast.people["ivo"], from_on=orders.in_days(0), to_on=orders.in_days(1)
        )
    later = approving.name_deputy(lea, person_id=cast.people["ivo"], from_on=orders.in_days(5), to_on=orders.in_days(9))
    order = orders.draft(cast, findings=[make.finding(cast, row=make.inspection(cast, second_id=cast.people["lea"]))])
    order.second_id = cast.people["lea"]
    drafting.submit(cast.viewer("ines"), order)
    approving.pass_review(cast.viewer("olga"), order)
    with pytest.raises(NotYours):
        approving.approve(cast.viewer("ivo"), order)
    approving.end_deputy(lea, later)
    approving.end_deputy(lea, later)
    assert later.ended_at is not None


@pytest.mark.parametrize("finder", ["lead_id", "second_id"])
def test_who_found_one_item_of_several_visits_does_not_review_the_order(cast: Cast, finder: str) -> None:
    other = "ivo" if finder == "lead_id" else "ines"
    officers = {finder: cast.people["olga"]} | ({"second_id": cast.people[other]} if finder == "lead_id" else {})
    earlier = make.finding(cast, row=make.inspection(cast, on=orders.in_days(-1), **officers))
    order = orders.draft(cast, findings=[earlier, make.finding(cast, item_code="EXI-02")])
    drafting.submit(cast.viewer("ines"), order)
    with pytest.raises(NotYours, match="参加检查"):
        approving.pass_review(cast.viewer("olga"), order)


def test_a_second_order_about_a_fault_follows_only_a_failed_recheck(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    found = [f for _i, f in drafting.items_of(order)]
    with pytest.raises(DomainError, match="复查未通过"):
        orders.draft(cast, findings=found)
    recheck(cast, order, RecheckOutcome.PARTLY)
    assert orders.draft(cast, findings=found).state is OrderState.DRAFT


# issuing --------------------------------------------------------------------------------------------------------------


def test_an_order_has_its_number_and_paper_once(cast: Cast) -> None:
    order = orders.approved(cast)
    paper = issuing.issue(cast.viewer("ines"), order)
    assert (order.state, order.number) == (OrderState.ISSUED, paper.number)
    assert paper.number.endswith("第0001号")
    assert issuing.issue(cast.viewer("ines"), order).id == paper.id
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(IssuedDocument).where(IssuedDocument.subject_id == order.id)
        )
        == 1
    )


def test_the_dates_on_the_paper_are_those_in_force(cast: Cast) -> None:
    order = orders.draft(cast)
    found = [f for _i, f in drafting.items_of(order)]
    drafting.edit(cast.viewer("ines"), order, deadlines={found[0].id: orders.in_days(4)})
    assert found[0].deadline == orders.in_days(15)
    drafting.submit(cast.viewer("ines"), order)
    approving.pass_review(cast.viewer("olga"), order)
    approving.approve(cast.viewer("lea"), order)
    issuing.issue(cast.viewer("ines"), order)
    assert found[0].deadline == orders.in_days(4)


def test_nothing_is_issued_before_it_is_approved(cast: Cast) -> None:
    order = orders.draft(cast)
    with pytest.raises(DomainError, match="状态已经变化"):
        issuing.issue(cast.viewer("ines"), order)
    assert order.number == ""


def test_a_void_order_keeps_its_number_and_another_takes_its_place(cast: Cast) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match="作废理由"):
        issuing.void(cast.viewer("lea"), order, reason="")
    with pytest.raises(NotYours):
        issuing.void(cast.viewer("ines"), order, reason="写错")
    new = issuing.replace(cast.viewer("lea"), order, reason="期限写错")
    assert (order.state, order.void_reason) == (OrderState.VOID, "期限写错")
    assert orders.paper(order).revoked_at is not None
    assert (new.state, new.replaces_id) == (OrderState.DRAFT, order.id)
    assert issuing.replace(cast.viewer("lea"), order, reason="期限写错").id == new.id


def test_a_draft_is_given_up_with_a_reason(cast: Cast) -> None:
    order = orders.draft(cast)
    with pytest.raises(DomainError, match="撤销理由"):
        drafting.discard(cast.viewer("ines"), order, reason=" ")
    drafting.discard(cast.viewer("ines"), order, reason="重复起草")
    assert (order.state, order.void_reason, order.number) == (OrderState.VOID, "重复起草", "")


# service --------------------------------------------------------------------------------------------------------------


def test_handed_over_with_a_signature_it_is_served_at_once(cast: Cast) -> None:
    order = orders.issued(cast)
    attempt = serving.serve(cast.viewer("ines"), order, orders.by_hand())
    assert (order.state, order.served_on) == (OrderState.SERVED, clock.today())
    assert attempt.signature_sha256
    receipt = issuing.print_receipt(cast.viewer("ines"), order, attempt)
    assert issuing.print_receipt(cast.viewer("ines"), order, attempt).id == receipt.id


def refused(**more: object) -> serving.Service:
    return orders.by_hand(**{"method": ServiceMethod.REFUSED, "reason": "校长拒绝签收", "witness_name": "达瓦"} | more)


SERVICES: list[tuple[str, Callable[[Cast], serving.Service], str]] = [
    ("no name", lambda _c: orders.by_hand(to_name=""), "受送达人"),
    ("no signature", lambda _c: orders.by_hand(strokes=""), "签收"),
    ("no witness", lambda c: refused(witness_name="", second_by_id=c.people["ivo"]), "见证人"),
    ("no reason", lambda c: refused(reason="", second_by_id=c.people["ivo"]), "事由"),
    ("one server", lambda _c: refused(), "两名送达人"),
    ("the same server twice", lambda c: refused(second_by_id=c.people["ines"]), "同一人"),
    ("a server of another brigade", lambda c: refused(second_by_id=c.people["oskar"]), "本大队"),
    ("no number of the post", lambda _c: orders.by_hand(method=ServiceMethod.POSTED), "单号"),
    ("in the future", lambda _c: orders.by_hand(at=clock.now() + timedelta(hours=1)), "不能晚于"),
    ("before it was issued", lambda _c: orders.by_hand(at=clock.now() - timedelta(days=2)), "不能早于"),
]


@pytest.mark.parametrize(("service", "said"), [s[1:] for s in SERVICES], ids=[s[0] for s in SERVICES])
def test_service_that_proves_nothing_is_refused(
    cast: Cast, service: Callable[[Cast], serving.Service], said: str
) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match=said):
        serving.serve(cast.viewer("ines"), order, service(cast))
    assert order.state is OrderState.ISSUED


def test_refused_before_a_witness_it_is_served(cast: Cast) -> None:
    order = orders.issued(cast)
    serving.serve(cast.viewer("ines"), order, refused(second_by_id=cast.people["ivo"], strokes=""))
    assert order.state is OrderState.SERVED


def test_by_post_it_counts_when_it_was_delivered(cast: Cast) -> None:
    order = orders.issued(cast)
    attempt = serving.serve(
        cast.viewer("olga"), order, orders.by_hand(method=ServiceMethod.POSTED, tracking="EMS1", strokes="")
    )
    assert order.state is OrderState.ISSUED
    with pytest.raises(DomainError, match="签收人"):
        serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by=" ")
    serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by="门卫扎西")
    assert order.state is OrderState.SERVED
    with pytest.raises(DomainError, match="不需要再确认"):
        serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by="门卫扎西")


def test_by_link_it_counts_with_the_schools_word(cast: Cast) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match="不是以链接"):
        serving.confirm_by_link(cast.viewer("pema"), order, name="白玛")
    serving.serve(cast.viewer("ines"), order, orders.by_hand(method=ServiceMethod.LINK, strokes=""))
    assert order.state is OrderState.ISSUED
    assert serving.confirm_by_link(cast.viewer("pema"), order, name="白玛") is not None
    assert order.state is OrderState.SERVED
    assert serving.confirm_by_link(cast.viewer("pema"), order, name="白玛") is None


def test_the_same_service_sent_twice_is_kept_once(cast: Cast) -> None:
    order = orders.issued(cast)
    key = order.id
    first = serving.serve(cast.viewer("ines"), order, orders.by_hand(), attempt_id=key)
    assert serving.serve(cast.viewer("ines"), order, orders.by_hand(), attempt_id=key) is first


# re-check and the end -------------------------------------------------------------------------------------------------


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


# more time ------------------------------------------------------------------------------------------------------------


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


# links ----------------------------------------------------------------------------------------------------------------


def test_a_link_opens_its_order_until_it_ends_or_is_revoked(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    token = orders.link(cast, order)
    link, opened = link_queries.opened(token) or (None, None)
    assert link is not None
    assert (opened, link_queries.works(link)) == (order, True)
    assert link_queries.opened(token + "x") is None
    link.expires_at = clock.now() - timedelta(seconds=1)
    assert not link_queries.works(link)
    link.expires_at = clock.now() + timedelta(days=1)
    links.revoke(cast.viewer("ines"), order, link)
    assert not link_queries.works(link)


def test_a_draft_has_no_link_and_a_school_makes_none(cast: Cast) -> None:
    with pytest.raises(DomainError, match="签发后"):
        links.make(cast.viewer("ines"), orders.draft(cast))
    with pytest.raises(NotYours):
        links.make(cast.viewer("pema"), orders.served(cast))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PortalLink)) == 0
