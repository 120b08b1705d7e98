"""A token opens its own order and nothing else: every route of the product is tried, with the token and with things of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.core.extensions import db
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import Finding
from app.rectification.service import issuing
from tests.cast import Cast
from tests.factories import rectification as make
from tests.portal.steps import linked
from tests.whole import specimens

#: Words that stand on pages of somebody's own things and on no public page.
SECRET = re.compile("疏散门上锁|宿舍楼二层西侧|示消限字")


def _routes(app: Flask) -> Iterator[Rule]:
    yield from (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_a_token_opens_no_route_but_its_orders_own(cast: Cast, app: Flask, client: FlaskClient) -> None:
    _order, address = linked(cast)
    token = address.removeprefix("/p/")
    things = specimens.of_school(cast, cast.ottos_school_id, officer="ines", staff="otto")
    assert client.get(address).status_code == 200  # a cookie, if one was given, opens nothing either
    wrong = []
    for rule in _routes(app):
        if rule.rule.startswith("/p/"):
            continue
        values = things.fill(rule) | ({"token": token} if "token" in rule.arguments else {})
        with app.test_request_context():
            path = url_for(rule.endpoint, **values)
        public = getattr(app.view_functions[rule.endpoint], "permission", None) == "public"
        for method in _methods(rule):
            for sent in (path, f"{path}{'&' if '?' in path else '?'}token={token}"):
                answer = client.open(sent, method=method, headers={"Authorization": f"Bearer {token}"})
                sent_away = answer.status_code in (302, 401) and not public
                if not public and not sent_away:
                    wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")
                if public and answer.mimetype == "text/html" and SECRET.search(answer.get_data(as_text=True)):
                    wrong.append(f"{method} {rule.endpoint} shows what is somebody's own")
    assert wrong == [], "\n".join(wrong)


def test_behind_its_own_door_a_token_finds_nothing_of_another_order(
    cast: Cast, app: Flask, client: FlaskClient
) -> None:
    """The other order is of the same school and brigade, with everything that can hang on one."""
    _order, address = linked(cast, count=1)
    token = address.removeprefix("/p/")
    other = specimens.of_school(cast, cast.school_id, officer="ines", staff="pema")
    before = _state()
    wrong = []
    for rule in _routes(app):
        if not rule.rule.startswith("/p/") or not set(rule.arguments) - {"token", "letter"}:
            continue
        values = other.fill(rule) | {"token": token} | ({"position": 2} if "position" in rule.arguments else {})
        with app.test_request_context():
            path = url_for(rule.endpoint, **values)
        for method in _methods(rule):
            answer = client.open(path, method=method, data={"note": "x", "name": "x", "sender_name": "x"})
            if answer.status_code != 404:
                wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")
    assert wrong == []
    assert _state() == before


def _state() -> Any:
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in ("attempts", "sign_in", "job")]
    return {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables}


def test_photos_of_the_order_are_there_and_no_others(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast, count=1)
    finding = db.session.scalars(sa.select(Finding)).one()
    own = make.photo(TargetKind.INSPECTION, finding.inspection_id, item=finding.item_code)
    beside = make.photo(TargetKind.INSPECTION, finding.inspection_id, item="EXT-09")  # the same visit, another item
    stranger = make.finding(cast, school_id=cast.ottos_school_id)
    theirs = make.photo(TargetKind.FINDING, stranger.id, item="evidence", place=str(stranger.id))
    db.session.commit()
    seen = {photo.id: client.get(f"{address}/photos/{photo.id}").status_code for photo in (own, beside, theirs)}
    assert seen == {own.id: 200, beside.id: 404, theirs.id: 404}
    assert client.get(f"{address}/photos/{own.id}?size=small").mimetype == "image/jpeg"
    assert client.get(f"/photos/{own.id}").status_code == 302  # the address of accounts stays shut


def test_the_approval_sheet_of_the_order_is_not_for_the_school(cast: Cast, client: FlaskClient, as_person: Any) -> None:
    order, address = linked(cast)
    sheet = issuing.print_approval(cast.viewer("ines"), order)
    db.session.commit()
    assert client.get(f"{address}/papers/{order.document_id}").status_code == 200
    assert client.get(f"{address}/papers/{sheet.id}").status_code == 404
    assert as_person("pema").get(f"/portal/orders/{order.id}/papers/{sheet.id}").status_code == 404


def test_the_brigades_own_steps_are_not_told_to_the_school(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    page = client.get(address).get_data(as_text=True)
    assert "签发" in page
    for own_affair in ("提交审批", "审核通过", "生成学校链接"):
        assert own_affair not in page
