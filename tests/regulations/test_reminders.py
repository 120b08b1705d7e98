"""The brigade's own clocks alarm who has the work, on three days, and the leader when time is over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.notifications.models import Notice
from app.notifications.reminders import Reminder
from app.notifications.worker import go_round
from app.rectification.models.orders import Order, OrderKind, OrderState
from app.regulations.reminders import of_clocks
from tests.cast import Cast
from tests.factories import rectification as make

TODAY = date(2026, 11, 23)  # a Monday


@pytest.fixture(autouse=True)
def on_a_monday(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Monday, 23 November 2026."""
    monkeypatch.setitem(app.config, "XF_TODAY", TODAY)


def _order(cast: Cast, **more: Any) -> Order:
    row = Order(
        **{
            "school_id": cast.school_id,
            "brigade_id": cast.brigade_id,
            "kind": OrderKind.LIMITED,
            "state": OrderState.DRAFT,
            "lead_id": cast.people["ines"],
            "second_id": cast.people["ivo"],
            "visited_on": date(2026, 11, 20),
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def _told(day: date) -> list[Reminder]:
    return list(of_clocks(day))


def test_an_order_to_be_served_reminds_its_officers_on_three_days(cast: Cast) -> None:
    _order(cast)  # visited on Friday the 20th: served by Wednesday the 25th
    days = {n: [r.event for r in _told(TODAY + timedelta(days=n))] for n in range(6)}
    assert days == {0: [], 1: ["clock_due"], 2: ["clock_due"], 3: ["clock_late"], 4: [], 5: []}
    one = _told(date(2026, 11, 25))[0]
    assert set(one.person_ids) == {cast.people["ines"], cast.people["ivo"]}
    assert not one.roles
    assert not one.urgent


def test_what_is_late_is_urgent_and_the_leaders_too(cast: Cast) -> None:
    _order(cast)
    one = _told(date(2026, 11, 26))[0]
    assert one.urgent
    assert set(one.roles) == {"leader"}


def test_what_waits_for_a_post_reminds_who_holds_it(cast: Cast) -> None:
    _order(cast, state=OrderState.LEGAL_REVIEW)
    one = _told(date(2026, 11, 25))[0]
    assert not one.person_ids
    assert "office" in one.roles


def test_a_recheck_is_told_once_a_school_in_both_languages(cast: Cast) -> None:
    for item in ("EXI-01", "EXI-02"):
        make.finding(cast, found_on=date(2026, 11, 2), deadline=date(2026, 11, 19), item_code=item)
    found = [r for day in range(5) for r in _told(TODAY + timedelta(days=day)) if r.event == "clock_due"]
    assert {r.subject[1] for r in found} == {found[0].subject[1]}
    assert "2 项待复查" in str(found[0].data["label"])
    assert "待复查" not in str(found[0].data["label_en"])


def test_another_brigade_hears_nothing_and_nothing_running_tells_nobody(cast: Cast) -> None:
    assert _told(clock.today()) == []
    _order(cast)
    assert {r.brigade_id for r in _told(date(2026, 11, 25))} == {cast.brigade_id}


def test_a_clocks_reminder_reaches_its_officers_through_the_worker(cast: Cast) -> None:
    _order(cast, visited_on=date(2026, 11, 19))  # served by Tuesday the 24th
    db.session.commit()
    with time_machine.travel(clock.start_of(TODAY) + timedelta(hours=9), tick=False):
        go_round()
    told = set(db.session.scalars(sa.select(Notice.person_id)))
    assert told == {cast.people["ines"], cast.people["ivo"]}
