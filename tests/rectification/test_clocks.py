"""The page of clocks: what is mine, what is my brigade's, in order of when it runs out; what is late says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.extensions import db
from app.rectification.models.orders import Order, OrderKind, OrderState
from app.rectification.queries import clocks as queries
from app.rectification.rules.clocks import service_clock
from app.regulations.rules.clocks import ClockKind
from tests.cast import Cast
from tests.factories import rectification as make

LATE, TODAY = date(2026, 11, 2), date(2026, 11, 22)  # a Monday, and the Sunday that it is


@pytest.fixture(autouse=True)
def on_a_sunday(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Sunday, 22 November 2026."""
    monkeypatch.setitem(app.config, "XF_TODAY", TODAY)


def order(cast: Cast, **more: Any) -> Order:
    """An order with a date for Pema's school, drafted after a visit by Ines and Ivo."""
    row = Order(
        **{
            "school_id": cast.school_id,
            "brigade_id": cast.brigade_id,
            "kind": OrderKind.LIMITED,
            "state": OrderState.DRAFT,
            "lead_id": cast.people["ines"],
            "second_id": cast.people["ivo"],
            "visited_on": TODAY - timedelta(days=2),
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def labels(cast: Cast, name: str, *, own: bool = True) -> list[str]:
    return [line.placed.clock.label for line in queries.running(cast.viewer(name), own=own).lines]


def test_an_order_with_a_date_has_three_working_days_one_without_is_served_on_the_spot() -> None:
    assert service_clock(OrderKind.LIMITED) is ClockKind.SERVE
    assert service_clock(OrderKind.IMMEDIATE) is ClockKind.SERVE_AT_ONCE


def test_what_runs_out_first_stands_first_and_what_is_late_is_counted(cast: Cast) -> None:
    make.finding(cast, found_on=LATE, deadline=LATE + timedelta(days=4))
    make.finding(cast, found_on=LATE, deadline=LATE + timedelta(days=4), item_code="EXI-02")
    make.finding(cast, found_on=LATE, deadline=TODAY - timedelta(days=1), item_code="EXI-03")
    order(cast)
    order(cast, kind=OrderKind.IMMEDIATE, visited_on=TODAY)
    found = queries.running(cast.viewer("ines"), own=True)
    assert [(line.placed.clock.label, line.due.day, line.is_late) for line in found.lines] == [
        ("示范区第一小学：2 项待复查", date(2026, 11, 11), True),
        ("示范区第一小学：责令立即改正通知书（起草中）", TODAY, False),
        ("示范区第一小学：1 项待复查", date(2026, 11, 25), False),
        ("示范区第一小学：责令限期改正通知书（起草中）", date(2026, 11, 25), False),
    ]
    assert (found.total, found.late, found.own, found.all) == (4, 1, 4, 4)


@pytest.mark.parametrize(
    ("state", "own"),
    [
        (OrderState.DRAFT, {"ines", "ivo"}),
        (OrderState.LEGAL_REVIEW, {"olga"}),
        (OrderState.APPROVAL, {"lea"}),
        (OrderState.APPROVED, {"ines", "ivo"}),
    ],
)
def test_an_order_is_the_work_of_whoever_has_the_next_step(cast: Cast, state: OrderState, own: set[str]) -> None:
    order(cast, state=state)
    assert {name for name in ("ines", "ivo", "olga", "lea") if labels(cast, name)} == own
    assert all(labels(cast, name, own=False) for name in ("ines", "ivo", "olga", "lea"))


def test_an_order_that_is_void_has_no_clock_any_more(cast: Cast) -> None:
    order(cast, state=OrderState.VOID, void_reason="误录")
    assert labels(cast, "ines") == []


def test_another_brigades_clocks_are_not_there(cast: Cast) -> None:
    order(cast)
    make.finding(cast, found_on=LATE, deadline=LATE)
    assert labels(cast, "oskar", own=False) == []


def test_the_page_says_what_is_late_in_words_with_clause_and_time(as_person: Any, cast: Cast) -> None:
    make.finding(cast, found_on=LATE, deadline=LATE + timedelta(days=4))
    db.session.commit()
    answer = as_person("ines").get("/clocks")
    assert 'data-status="late"' in answer.text
    page = answer.page
    assert "逾期 11 天" in page.main
    assert "3 个工作日" in page.main
    assert "消防监督检查规定第二十条" in page.main
    assert "2026年11月11日" in page.main


def test_a_year_without_days_off_is_said_on_the_page(
    as_person: Any, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "XF_TODAY", date(2027, 6, 3))
    make.finding(cast, found_on=date(2027, 5, 1), deadline=date(2027, 6, 2))
    db.session.commit()
    page = as_person("ines").page("/clocks")
    assert "2027年未录入放假安排" in page.main


def test_the_leader_sees_all_of_the_brigade_on_the_second_page(as_person: Any, cast: Cast) -> None:
    order(cast)
    db.session.commit()
    assert "没有进行中的期限" in as_person("lea").page("/clocks").main
    assert "责令限期改正通知书" in as_person("lea").page("/clocks?whose=all").main


@pytest.mark.parametrize(("name", "status"), [("pema", 403), ("ada", 403), ("stan", 200), ("dora", 200)])
def test_clocks_are_the_authorities_own_affair(as_person: Any, name: str, status: int) -> None:
    assert as_person(name).get("/clocks").status_code == status


def test_many_clocks_cost_no_more_queries(as_person: Any, cast: Cast, count_queries: Callable[[], Any]) -> None:
    for n in range(12):
        make.finding(cast, found_on=LATE, deadline=LATE + timedelta(days=n), item_code=f"X-{n}")
        order(cast, visited_on=LATE + timedelta(days=n))
    db.session.commit()
    ines = as_person("ines")
    with count_queries() as counted:
        ines.get("/clocks")
    assert counted.number <= 12
