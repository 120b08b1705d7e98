"""The date of an order's item: a day without school is asked about at once and stands only when somebody says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.extensions import db
from app.rectification.models.findings import Handling
from app.rectification.models.orders import Order, OrderEvent, OrderItem
from app.rectification.service import drafting
from tests.cast import Cast
from tests.factories import orders as make
from tests.factories import rectification as make_row

VISIT, SUNDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 29), date(2026, 11, 30)


@pytest.fixture
def order(cast: Cast) -> Order:
    """A draft of one item, due on a Friday."""
    made = make.draft(cast, on=VISIT, count=1, deadline=date(2026, 11, 27))
    db.session.commit()
    return made


def _item(order: Order) -> OrderItem:
    db.session.rollback()
    return db.session.query(OrderItem).filter_by(order_id=order.id).one()


def _send(browser: Any, order: Order, day: str, **more: str) -> Any:
    key = _item(order).finding_id
    data = {f"deadline.{key}": day, **{f"{name}.{key}": value for name, value in more.items()}}
    return browser.post(f"/orders/{order.id}/edit", data=data)


def test_a_sunday_is_asked_about_and_nothing_is_moved_or_kept(as_person: Any, order: Order) -> None:
    answer = _send(as_person("ines"), order, SUNDAY.isoformat())
    assert answer.status_code == 422
    assert (
        "2026年11月29日（星期日） 不上课。可改为 2026年11月27日（星期五） 或 2026年11月30日（星期一）"
        in answer.page.main
    )
    assert f'value="{SUNDAY.isoformat()}"' in answer.text
    assert f"confirm.{_item(order).finding_id}" in answer.text
    assert _item(order).deadline == date(2026, 11, 27)


def test_a_sunday_stands_when_the_officer_says_so(as_person: Any, order: Order) -> None:
    ines = as_person("ines")
    assert _send(ines, order, SUNDAY.isoformat(), confirm=SUNDAY.isoformat()).status_code == 302
    assert _item(order).deadline == SUNDAY
    assert "不上课" in ines.page(f"/orders/{order.id}").main
    assert _send(ines, order, SUNDAY.isoformat()).status_code == 302, "what stands already is not asked again"


def _kept(order: Order) -> list[OrderEvent]:
    db.session.rollback()
    return db.session.query(OrderEvent).filter_by(order_id=order.id, act="keep_day").all()


def test_the_timeline_keeps_who_kept_the_sunday_and_why(as_person: Any, order: Order, cast: Cast) -> None:
    ines = as_person("ines")
    assert "为什么仍定这一天" in _send(ines, order, SUNDAY.isoformat()).text
    assert _kept(order) == []
    _send(ines, order, SUNDAY.isoformat(), confirm=SUNDAY.isoformat(), why=" 施工队只有周日有空 ")
    (event,) = _kept(order)
    assert (event.by_id, event.finding_id) == (cast.people["ines"], _item(order).finding_id)
    assert event.detail == {
        "position": 1, "deadline": SUNDAY.isoformat(), "why": "weekend", "reason": "施工队只有周日有空",
    }  # fmt: skip
    page = as_person("lea").page(f"/orders/{order.id}").main
    for said in ("期限仍定在不上课的日子", "第 1 项：2026年11月29日（星期日）", "施工队只有周日有空"):
        assert said in page
    assert SUNDAY.isoformat() not in page
    _send(ines, order, SUNDAY.isoformat())
    assert len(_kept(order)) == 1, "what stands already is not kept again"


def test_a_kept_day_needs_no_reason_and_a_school_day_leaves_no_event(as_person: Any, order: Order) -> None:
    ines = as_person("ines")
    _send(ines, order, MONDAY.isoformat())
    assert _kept(order) == []
    _send(ines, order, SUNDAY.isoformat(), confirm=SUNDAY.isoformat())
    assert "reason" not in _kept(order)[0].detail


def test_a_sunday_that_was_kept_when_signing_is_in_the_first_events_of_the_draft(cast: Cast) -> None:
    row = make_row.inspection(cast, on=VISIT)
    limited = {"row": row, "found_on": VISIT, "handling": Handling.ORDER_LIMITED}
    findings = [
        make_row.finding(cast, item_code=code, deadline=day, **limited)
        for code, day in (("EXI-01", SUNDAY), ("EXI-02", MONDAY))
    ]
    facts = make_row.facts(cast, row)
    (drafted,) = drafting.draft_from_inspection(cast.viewer("ines"), facts, findings)
    db.session.commit()
    assert [event.detail["deadline"] for event in _kept(drafted)] == [SUNDAY.isoformat()]


def test_a_yes_to_one_day_is_no_yes_to_another(as_person: Any, order: Order) -> None:
    answer = _send(as_person("ines"), order, SUNDAY.isoformat(), confirm="2026-12-06")
    assert answer.status_code == 422
    assert _item(order).deadline == date(2026, 11, 27)


def test_a_school_day_needs_no_word(as_person: Any, order: Order) -> None:
    assert _send(as_person("ines"), order, MONDAY.isoformat()).status_code == 302
    assert _item(order).deadline == MONDAY
    assert "2026年11月30日（星期一）" in as_person("ines").page(f"/orders/{order.id}").main


def test_a_blocked_way_out_is_not_offered_a_day_behind_the_holidays(as_person: Any, cast: Cast) -> None:
    order = make.draft(cast, on=date(2026, 9, 21), count=1, deadline=date(2026, 9, 25), severity="critical")
    db.session.commit()
    answer = _send(as_person("ines"), order, "2026-10-05")
    assert answer.status_code == 422
    assert "妨碍疏散的问题不推到放假以后，建议 2026年9月30日（星期三） 前改正" in answer.page.main
    assert "国庆节" in answer.page.main
    assert "10月8日" not in answer.page.main


def test_another_brigades_officer_finds_no_order_to_date(as_person: Any, order: Order) -> None:
    assert _send(as_person("oskar"), order, SUNDAY.isoformat(), confirm=SUNDAY.isoformat()).status_code == 404
