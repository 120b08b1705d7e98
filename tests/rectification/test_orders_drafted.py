"""Drafting an order and its road of approval: what each act does, writes and refuses, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations.models import Brigade
from app.rectification.rules.findings import Handling, RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from app.rectification.service import (
    approving,
    drafting,
    papers,
)
from app.rectification.service import findings as finding_service
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import orders
from tests.factories import rectification as make
from tests.factories.orders import acts_of, recheck


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


def test_a_draft_takes_no_day_that_can_only_be_a_slip(cast: Cast) -> None:
    limited, at_once = orders.draft(cast), orders.draft(cast, kind=OrderKind.IMMEDIATE)
    for order, most, said in ((limited, 366, "期限太远"), (at_once, 0, "期限是检查当日")):
        finding = drafting.items_of(order)[0][1]
        assert order.visited_on
        last = order.visited_on + timedelta(days=most)
        drafting.edit(cast.viewer("ines"), order, deadlines={finding.id: last})
        with pytest.raises(DomainError, match=said):
            drafting.edit(cast.viewer("ines"), order, deadlines={finding.id: last + timedelta(days=1)})


def test_a_draft_is_edited_by_officers_only(cast: Cast) -> None:
    order = orders.draft(cast)
    for name in ("olga", "stan", "oskar"):
        with pytest.raises(NotYours):
            drafting.edit(cast.viewer(name), order, deadlines={})


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


def test_the_paper_says_what_was_measured_and_noted_and_what_the_officer_wrote(cast: Cast) -> None:
    order = orders.draft(cast, kind=OrderKind.IMMEDIATE, count=2)
    (_one, noted), (_other, plain) = drafting.items_of(order)
    noted.reading, noted.note = "0.9 m", "307 室钢门锁闭，钥匙不在现场"
    drafting.edit(cast.viewer("ines"), order, deadlines={}, problem_text="两处均在宿舍楼。")
    paper = papers.order_context(order)
    assert paper.problems[0].text == f"{noted.text}（0.9 m；307 室钢门锁闭，钥匙不在现场）"
    assert paper.problems[1].text == plain.text
    assert paper.statement == "两处均在宿舍楼。"
