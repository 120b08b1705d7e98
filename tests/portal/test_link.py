"""A link opens one order, says why when it does not, and needs neither an account nor a script."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.extensions import db
from app.portal.views.doors import GUESSES
from app.rectification.models.orders import Order, OrderEvent, PortalLink
from app.rectification.rules.machine import OrderState
from app.rectification.service import issuing, links
from tests.cast import Cast
from tests.factories import orders as make
from tests.portal.steps import linked, sent_by_link


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_link_opens_its_order_without_an_account(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    answer = client.get(address)
    page = _text(answer)
    assert answer.status_code == 200
    for said in (
        order.number,
        "疏散门上锁",
        "宿舍楼二层西侧",
        "前改正",
        "星期",
        "怎么改、报送整改",
        "这个链接只能打开这一份文书",
    ):
        assert said in page
    assert "主菜单" not in page


def test_an_item_says_what_is_wrong_how_to_put_it_right_and_by_when(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    page = _text(client.get(f"{address}/items/1"))
    for said in (
        "疏散门上锁",
        "拆除挂锁，换成推杆式逃生锁",
        "还剩",
        "怎么改：",
        "整改照片",
        "交办给责任人",
        "申请延期",
    ):
        assert said in page
    assert client.get(f"{address}/items/9").status_code == 404


def test_an_unknown_link_says_so_and_whom_to_call(cast: Cast, client: FlaskClient) -> None:
    cast.brigade.phone = "0000-119 119"
    db.session.commit()
    answer = client.get("/p/nobody-made-this")
    assert answer.status_code == 404
    assert "没有这个链接" in _text(answer)
    assert "tel:0000-119119" in _text(answer)


def test_an_expired_and_a_revoked_link_say_so(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    link = db.session.scalars(sa.select(PortalLink)).one()
    link.expires_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    answer = client.get(address)
    assert (answer.status_code, "过期" in _text(answer)) == (410, True)
    links.revoke(cast.viewer("ines"), order, link)
    db.session.commit()
    answer = client.get(f"{address}/items/1")
    assert (answer.status_code, "已被大队撤销" in _text(answer)) == (410, True)
    assert "疏散门上锁" not in _text(answer)


def test_the_link_of_a_void_order_says_so(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    issuing.void(cast.viewer("lea"), order, reason="学校名称有误")
    db.session.commit()
    answer = client.get(address)
    assert (answer.status_code, "已作废" in _text(answer)) == (410, True)


def test_nothing_is_sent_through_a_link_that_has_ended(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    db.session.scalars(sa.select(PortalLink)).one().expires_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count(OrderEvent.id)))
    for path in (
        "/items/1/evidence",
        "/items/1/holder",
        "/items/1/extension",
        "/items/1/photos",
        "/receipt",
        "/letters/reply",
    ):
        assert client.post(address + path, data={"note": "x", "name": "x", "sender_name": "x"}).status_code == 410
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(OrderEvent.id))) == before


def test_whoever_tries_many_tokens_is_told_to_wait(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    answers = [client.get(f"/p/guess-{n}").status_code for n in range(GUESSES + 2)]
    assert answers == [404] * GUESSES + [429, 429]
    assert client.post("/p/guess-x/items/1/evidence", data={"note": "x"}).status_code == 429
    assert client.get(address).status_code == 200  # who holds a good link is not punished for a neighbour


def test_a_page_fetched_without_its_pictures_marks_nothing(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    client.get(address)
    client.get(f"{address}/items/1")
    db.session.rollback()
    assert db.session.scalars(sa.select(Order.first_read_at)).one() is None


def test_reading_is_noted_once_and_the_link_keeps_when_it_was_used(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    for _again in range(2):
        answer = client.get(f"{address}/seen.gif")
        assert (answer.status_code, answer.mimetype) == (200, "image/gif")
    db.session.expire_all()
    link = db.session.scalars(sa.select(PortalLink)).one()
    assert order.first_read_at is not None
    assert link.first_used_at is not None
    assert link.last_used_at is not None
    told = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "read")).all()
    assert [(event.order_id, event.detail) for event in told] == [(order.id, {"door": "link"})]


def test_a_schools_account_marks_reading_too(cast: Cast, as_person: Any) -> None:
    order, _address = linked(cast)
    as_person("pema").get(f"/portal/orders/{order.id}/seen.gif")
    db.session.expire_all()
    event = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "read")).one()
    assert (event.by_id, order.first_read_at is not None) == (cast.people["pema"], True)


def test_the_schools_word_makes_the_service_by_link_count(cast: Cast, client: FlaskClient) -> None:
    order, address = sent_by_link(cast)
    assert "请确认收到这份文书" in _text(client.get(address))
    assert client.post(f"{address}/receipt", data={"name": ""}).status_code == 422
    assert client.post(f"{address}/receipt", data={"name": "白玛"}).status_code == 302
    db.session.expire_all()
    assert (order.state, order.served_on) == (OrderState.SERVED, clock.today())
    assert client.post(f"{address}/receipt", data={"name": "白玛"}).status_code == 302  # twice does no harm
    assert "请确认收到这份文书" not in _text(client.get(address))


def test_what_was_not_sent_by_link_is_not_confirmed_by_link(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast, how=make.issued)
    answer = client.post(f"{address}/receipt", data={"name": "白玛"})
    assert (answer.status_code, order.state) == (422, OrderState.ISSUED)


def test_the_order_page_costs_the_same_however_much_there_is(
    cast: Cast, client: FlaskClient, as_person: Any, count_queries: Any
) -> None:
    numbers = []
    for count in (1, 9):
        order, address = linked(cast, count=count)
        for opens, path in (
            (client, address), (client, f"{address}/items/1"), (as_person("pema"), f"/portal/orders/{order.id}"),
            (as_person("pema"), f"/portal/orders/{order.id}/items/1"),
        ):  # fmt: skip
            with count_queries() as counted:
                assert opens.get(path).status_code == 200
            numbers.append(counted.number)
    assert numbers[:4] == numbers[4:]
    assert max(numbers) <= 15, numbers


@pytest.mark.parametrize("name", ["otto", "otilia"])
def test_another_schools_account_does_not_find_the_order(cast: Cast, as_person: Any, name: str) -> None:
    order, _address = linked(cast)
    stranger = as_person(name)
    for path in ("", "/items/1", "/seen.gif", f"/papers/{order.document_id}", f"/papers/{order.document_id}.pdf"):
        assert stranger.get(f"/portal/orders/{order.id}{path}").status_code == 404
    for path in ("/items/1/evidence", "/items/1/holder", "/items/1/extension", "/receipt", "/letters/reply"):
        assert stranger.post(f"/portal/orders/{order.id}{path}", data={"note": "x", "name": "x"}).status_code == 404


def test_a_draft_is_the_brigades_own_affair(cast: Cast, as_person: Any) -> None:
    order = make.approved(cast)
    db.session.commit()
    assert as_person("pema").get(f"/portal/orders/{order.id}").status_code == 404
    assert as_person("ines").get(f"/portal/orders/{order.id}").status_code == 403
    assert as_person("pema").get(f"/portal/orders/{uuid.uuid4()}").status_code == 404


def test_a_form_behind_a_link_needs_no_account_but_its_own_token(cast: Cast, app: Flask) -> None:
    _order, address = linked(cast)
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', _text(browser.get(f"{address}/items/1")))
    assert token is not None
    data = {"name": "达瓦", "sender_name": "白玛"}
    assert browser.post(f"{address}/items/1/holder", data=data).status_code == 400
    assert browser.post(f"{address}/items/1/holder", data=data | {"csrf_token": token[1]}).status_code == 302
    assert app.test_client().post(f"{address}/items/1/holder", data=data | {"csrf_token": token[1]}).status_code == 400
