"""The pages of orders: what they show, what their buttons do, and for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from markupsafe import escape

from app.core.extensions import db
from app.rectification.models.orders import Extension, Order, ServiceAttempt
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from app.rectification.service import drafting, evidence, extending
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
from tests.factories import rectification as make

Enter = SignInAs


def fresh(order: Order) -> Order:
    db.session.expire_all()
    return db.session.get_one(Order, order.id)


def test_the_list_shows_what_is_under_way_and_filters(cast: Cast, as_person: Enter) -> None:
    served = orders.served(cast)
    draft = orders.draft(cast, kind=OrderKind.IMMEDIATE)
    db.session.commit()
    page = as_person("ines").get("/orders").text
    assert served.number in page
    assert f"/orders/{draft.id}" in page
    only = as_person("ines").get("/orders?state=draft").text
    assert f"/orders/{draft.id}" in only
    assert served.number not in only
    assert served.number in as_person("ines").get(f"/orders?q={served.number}").text
    assert "没有符合条件的文书" in as_person("ines").get("/orders?q=zzzz").text


def test_an_order_has_the_colour_of_its_worst_item_also_before_its_date(cast: Cast, as_person: Enter) -> None:
    calm = orders.served(cast, count=1, deadline=orders.in_days(20))
    refused = orders.served(cast, count=2, deadline=orders.in_days(20))
    orders.recheck(cast, refused, RecheckOutcome.NOT_CORRECTED, only=1)
    late = orders.served(cast, count=1)
    for item, finding in drafting.items_of(late):
        item.deadline = finding.deadline = late.next_deadline = orders.in_days(-1)
    db.session.commit()
    ines = as_person("ines")
    yellow = ines.page("/orders?colour=yellow").main
    assert refused.number in yellow
    assert "有项目须重新整改" in yellow
    assert calm.number not in yellow
    assert late.number in ines.page("/orders?colour=red").main
    green = ines.page("/orders?colour=green").main
    assert refused.number not in green
    assert late.number not in green
    assert calm.number in green


@pytest.mark.parametrize(
    ("name", "status"), [("oskar", 404), ("otilia", 404), ("beate", 404), ("pema", 404), ("stan", 200), ("lea", 200)]
)
def test_a_draft_is_the_brigades_own_affair(cast: Cast, as_person: Enter, name: str, status: int) -> None:
    draft = orders.draft(cast)
    db.session.commit()
    assert as_person(name).get(f"/orders/{draft.id}").status_code == status


@pytest.mark.parametrize(
    ("name", "status"), [("oskar", 404), ("otto", 404), ("beate", 200), ("pema", 200), ("dora", 200)]
)
def test_an_order_with_its_number_is_seen_by_its_school_and_who_reads(
    cast: Cast, as_person: Enter, name: str, status: int
) -> None:
    order = orders.served(cast)
    db.session.commit()
    assert as_person(name).get(f"/orders/{order.id}").status_code == status


def test_the_whole_road_by_its_buttons(cast: Cast, as_person: Enter) -> None:
    order = orders.draft(cast)
    first = drafting.items_of(order)[0][1]
    db.session.commit()
    at = f"/orders/{order.id}"
    page = as_person("ines")
    page.get(at)
    page.post(f"{at}/edit", data={f"deadline.{first.id}": orders.in_days(9).isoformat(), "problem_text": "属实"})
    page.post(f"{at}/submit")
    as_person("olga").post(f"{at}/review", data={"remark": "同意"})
    as_person("lea").post(f"{at}/approve")
    assert fresh(order).state is OrderState.APPROVED
    page.post(f"{at}/approval-sheet")
    page.post(f"{at}/issue")
    served = page.post(
        f"{at}/serve",
        data={
            "method": "hand", "to_name": "白玛", "to_post": "校长", "key": str(first.id), "signature.strokes": orders.by_hand().strokes,
        },
    )  # fmt: skip
    assert served.status_code == 302
    assert fresh(order).state is OrderState.SERVED
    attempt = db.session.scalars(sa.select(ServiceAttempt)).one()
    page.post(f"{at}/services/{attempt.id}/receipt")
    text = page.get(at).text
    assert "送达回证" in text
    assert "审批表" in text


def test_a_date_that_is_none_comes_back_with_a_sentence(cast: Cast, as_person: Enter) -> None:
    order = orders.draft(cast)
    first = drafting.items_of(order)[0][1]
    db.session.commit()
    answer = as_person("ines").post(f"/orders/{order.id}/edit", data={f"deadline.{first.id}": "下周三"})
    assert answer.status_code == 422
    assert "不是日期" in answer.text


def test_a_refused_service_keeps_what_the_recipient_signed(cast: Cast, as_person: Enter) -> None:
    order = orders.issued(cast)
    db.session.commit()
    strokes = orders.by_hand().strokes
    data = {
        "method": "hand",
        "to_name": "白玛",
        "on": "2062-11-20",
        "signature.name": "索南",
        "signature.strokes": strokes,
    }
    answer = as_person("ines").post(f"/orders/{order.id}/serve", data=data)
    assert answer.status_code == 422
    assert str(escape(strokes)) in answer.text
    assert 'value="索南"' in answer.text


def test_service_without_proof_comes_back_with_a_sentence(cast: Cast, as_person: Enter) -> None:
    order = orders.issued(cast)
    db.session.commit()
    answer = as_person("ines").post(f"/orders/{order.id}/serve", data={"method": "hand", "to_name": "白玛"})
    assert answer.status_code == 422
    assert "请受送达人签收" in answer.text
    assert fresh(order).state is OrderState.ISSUED


def test_a_link_is_shown_once_and_can_be_revoked(cast: Cast, as_person: Enter) -> None:
    order = orders.served(cast)
    db.session.commit()
    made = as_person("ines").post(f"/orders/{order.id}/links")
    assert "/p/" in made.text
    page = as_person("ines").get(f"/orders/{order.id}").text
    assert "/p/" not in page
    assert "撤销链接" in page


def test_what_the_school_sent_is_answered_on_the_case_file(cast: Cast, as_person: Enter) -> None:
    order = orders.served(cast)
    finding = drafting.items_of(order)[0][1]
    sent = evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改").evidence
    asked = extending.ask(cast.viewer("pema"), order, finding, wanted=orders.in_days(30), reason="未到货")
    db.session.commit()
    at = f"/orders/{order.id}"
    assert as_person("ines").post(f"{at}/evidence/{sent.id}", data={"answer": "returned"}).status_code == 422
    as_person("ines").post(f"{at}/evidence/{sent.id}", data={"answer": "returned", "reason": "看不清"})
    assert as_person("ines").post(f"{at}/extensions/{asked.id}", data={"answer": "granted"}).status_code == 403
    as_person("lea").post(f"{at}/extensions/{asked.id}", data={"answer": "granted", "deadline": ""})
    page = as_person("ines").get(at).text
    assert "看不清" in page
    assert db.session.get_one(Extension, asked.id, populate_existing=True).granted


def test_an_order_is_drafted_by_hand_for_open_findings(cast: Cast, as_person: Enter) -> None:
    finding = make.finding(cast)
    db.session.commit()
    at = f"/orders/new?school={cast.school_id}"
    assert finding.place_label in as_person("ines").get(at).text
    assert as_person("ines").post(at, data={"kind": "limited"}).status_code == 422
    assert as_person("olga").post(at, data={"kind": "limited"}).status_code == 403
    answer = as_person("ines").post(at, data={"kind": "limited", "findings": [str(finding.id)]})
    assert answer.status_code == 302
    assert "没有可以写入文书的问题" in as_person("ines").get(at).text


def test_deputies_are_named_and_ended(cast: Cast, as_person: Enter) -> None:
    lea = as_person("lea")
    assert lea.post("/deputies", data={"person_id": str(cast.people["ivo"])}).status_code == 422
    days = {"from_on": orders.in_days(0).isoformat(), "to_on": orders.in_days(3).isoformat()}
    assert lea.post("/deputies", data={"person_id": str(cast.people["ivo"])} | days).status_code == 302
    assert "代理中" in lea.get("/deputies").text
    assert as_person("ines").get("/deputies").status_code == 403


def test_the_export_has_one_row_an_order(cast: Cast, as_person: Enter) -> None:
    orders.served(cast)
    db.session.commit()
    answer = as_person("lea").get("/orders.xlsx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


@pytest.mark.parametrize("count", [1, 12])
def test_the_case_file_costs_the_same_whatever_it_holds(
    cast: Cast, as_person: Enter, count_queries: Callable[..., object], count: int
) -> None:
    order = orders.served(cast, count=count)
    for _item, finding in drafting.items_of(order):
        evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改")
    db.session.commit()
    page, address = as_person("ines"), f"/orders/{order.id}"
    with count_queries() as counted:  # type: ignore[attr-defined]
        page.get(address)
    assert counted.number <= 15
