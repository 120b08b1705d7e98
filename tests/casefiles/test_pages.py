"""The page of what a case lacks, the archive, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.findings import ClosedHow, RecheckOutcome
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.rules.machine import OrderState
from app.rectification.service import closing, drafting, evidence, issuing
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
from tests.factories import rectification as make


def struck_off(cast: Cast, order: Order) -> None:
    """Both officers find everything corrected."""
    for _item, finding in drafting.items_of(order):
        seen = make.recheck(cast, finding, outcome=RecheckOutcome.CORRECTED)
        finding.closed_on, finding.closed_how = clock.today(), ClosedHow.RECHECK
        finding.recheck_id = seen.inspection_id
    db.session.flush()
    closing.settle([finding.id for _item, finding in drafting.items_of(order)])


def record_number(cast: Cast, order: Order) -> None:
    """The record of the visit as a paper."""
    db.session.add(
        IssuedDocument(
            kind="inspection_record", brigade_id=order.brigade_id, year=2026, serial=1, number="示〔2026〕第0001号", language="zh_Hans_CN",
            title="消防监督检查记录", school_id=order.school_id, subject_kind="inspection", subject_id=order.inspection_id, check_code="REC1",
            context="{}", context_sha256="0" * 64, template_revision="0",
        )
    )  # fmt: skip
    db.session.flush()


def complete(cast: Cast) -> Order:
    """A case with everything in it."""
    order = orders.served(cast)
    record_number(cast, order)
    issuing.print_approval(cast.viewer("ines"), order)
    struck_off(cast, order)
    db.session.commit()
    jobs.run_all()
    assert order.state is OrderState.CLOSED
    return order


def test_a_served_order_tells_what_it_lacks_with_jumps(cast: Cast, as_person: SignInAs) -> None:
    order = orders.served(cast)
    db.session.commit()
    waiting = as_person("ines").page(f"/casefiles/{order.id}").main
    assert "文书正在制作" in waiting
    assert "没有上传盖章签名后的扫描件" not in waiting
    jobs.run_all()
    page = as_person("ines").page(f"/casefiles/{order.id}")
    for said in ("检查记录没有制作文书", "没有制作审批表", "第 1 项没有销号", "没有上传盖章签名后的扫描件"):
        assert said in page.main
    assert "文书正在制作" not in page.main
    assert f"/orders/{order.id}#item-1" in page.html
    assert f"/inspections/{order.inspection_id}" in page.html
    assert f"/documents/{order.document_id}" in page.html
    shown = as_person("ines").page(f"/orders/{order.id}")
    assert "卷宗完整性" in shown.main
    assert f"/casefiles/{order.id}" in shown.html


def test_a_complete_case_is_archived_once_and_says_so(cast: Cast, as_person: SignInAs) -> None:
    order = complete(cast)
    olga = as_person("olga")
    assert "由内勤或大队领导归档" in as_person("ines").page(f"/casefiles/{order.id}").main
    page = olga.page(f"/casefiles/{order.id}")
    assert "须补齐 0 项" in page.main
    for _again in range(2):
        assert olga.post(f"/casefiles/{order.id}/archive").status_code == 302
    db.session.expire_all()
    kept = db.session.get_one(Order, order.id)
    assert (kept.archived_on, kept.archived_by_id) == (clock.today(), cast.people["olga"])
    told = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.order_id == order.id, OrderEvent.act == "archive"))
    assert len(told.all()) == 1
    assert kept.number in as_person("olga").page("/orders?state=archived").main
    assert kept.number not in as_person("olga").page("/orders?state=unarchived").main
    assert "已归档" in as_person("olga").page(f"/orders/{order.id}").main


def test_a_case_with_a_gap_that_blocks_is_refused(cast: Cast, as_person: SignInAs) -> None:
    order = orders.served(cast)
    struck_off(cast, order)
    db.session.commit()
    answer = as_person("lea").post(f"/casefiles/{order.id}/archive")
    assert answer.status_code == 409
    assert "补齐以后才能归档" in answer.text
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).archived_on is None


def test_an_order_under_way_cannot_be_archived_and_a_discarded_draft_can(cast: Cast, as_person: SignInAs) -> None:
    draft = orders.draft(cast)
    db.session.commit()
    refused = as_person("lea").post(f"/casefiles/{draft.id}/archive")
    assert refused.status_code == 409
    assert "卷宗还缺" not in refused.text
    drafting.discard(cast.viewer("ines"), draft, reason="重复起草")
    db.session.commit()
    assert as_person("lea").post(f"/casefiles/{draft.id}/archive").status_code == 302


def test_a_reopened_finding_takes_its_case_out_of_the_archive(cast: Cast, as_person: SignInAs) -> None:
    order = complete(cast)
    as_person("olga").post(f"/casefiles/{order.id}/archive")
    db.session.expire_all()
    order = db.session.get_one(Order, order.id)
    closing.reopen(cast.viewer("lea"), drafting.items_of(order)[0][1], reason="抽查不属实")
    db.session.commit()
    assert (order.state, order.archived_on) == (OrderState.SERVED, None)


def test_who_may(cast: Cast, as_person: SignInAs) -> None:
    order = complete(cast)
    expected = {
        "ines": (200, 403), "stan": (200, 403), "pema": (403, 403), "otto": (403, 403), "beate": (403, 403), "dora": (200, 403),
        "oskar": (404, 403), "ada": (403, 403),
    }  # fmt: skip
    told = {}
    for name in expected:
        client = as_person(name)
        told[name] = (
            client.get(f"/casefiles/{order.id}").status_code,
            client.post(f"/casefiles/{order.id}/archive").status_code,
        )
    assert told == expected
    db.session.refresh(order)
    assert order.archived_on is None
    leader = as_person("lea")
    assert leader.get(f"/casefiles/{order.id}").status_code == 200
    assert leader.post(f"/casefiles/{order.id}/archive").status_code == 302
    db.session.refresh(order)
    assert order.archived_by_id == cast.people["lea"]


@pytest.mark.parametrize("count", [1, 12])
def test_the_pages_cost_the_same_whatever_the_case_holds(
    cast: Cast, as_person: SignInAs, count_queries: Callable, count: int
) -> None:
    order = orders.served(cast, count=count)
    for _item, finding in drafting.items_of(order):
        evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改")
    db.session.commit()
    page = as_person("ines")
    for address in (f"/casefiles/{order.id}", f"/orders/{order.id}"):
        with count_queries() as counted:
            assert page.get(address).status_code == 200
        assert counted.number <= 15, (address, counted.number)


def test_days_off_and_a_late_name_are_told(cast: Cast, as_person: SignInAs) -> None:
    order = orders.served(cast)
    sunday = clock.today() - timedelta(days=(clock.today().weekday() + 1) % 7)
    order.served_on = sunday
    cast.school.responsible_person = ""
    db.session.commit()
    page = as_person("ines").page(f"/casefiles/{order.id}")
    assert "送达日期" in page.main
    assert "不是工作日" in page.main
    assert "没有登记消防安全责任人" in page.main
