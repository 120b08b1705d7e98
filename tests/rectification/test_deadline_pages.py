"""The date of an order's item: a day without school is asked about at once and stands only when somebody says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.extensions import db
from app.rectification.models.orders import Order, OrderItem
from tests.cast import Cast
from tests.factories import orders as make

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
