"""Shoton is entered, then moved: running re-checks are counted again and the page says so."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.core.extensions import db
from app.rectification.queries import findings as queries
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.rectification import at, evidence, finding

pytestmark = pytest.mark.usefixtures("calendars")
SHOTON = {"kind": "off", "name": "雪顿节", "source": "拉萨市通知"}
FRIDAY, SUNDAY = date(2026, 8, 7), date(2026, 8, 9)


@pytest.fixture(autouse=True)
def in_august(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the Sunday before Shoton."""
    monkeypatch.setitem(app.config, "XF_TODAY", SUNDAY)


def due(cast: Cast) -> list[date]:
    db.session.rollback()
    lines = queries.of_school(cast.viewer("ines"), cast.school_id)
    reckoned = [queries.recheck_due(line) for line in lines]
    return [r.day for r in reckoned if r]


def test_a_running_recheck_follows_the_holiday(as_person: SignInAs, cast: Cast) -> None:
    finding(cast, found_on=date(2026, 7, 20), deadline=FRIDAY)
    finding(cast, found_on=date(2026, 7, 20), deadline=date(2026, 9, 30), item_code="EXI-02")
    db.session.commit()
    browser = as_person("olga")
    address = "/admin/calendars/cn-lhasa/2026/days"
    assert due(cast) == [date(2026, 8, 12)]

    entered = browser.post(address, data={**SHOTON, "start": "2026-08-10", "end": "2026-08-16"}, follow_redirects=True)
    assert "已录入 7 天。1 个期限随之变动：" in entered.text
    assert "示范区第一小学：1 项待复查：2026年8月12日 → 2026年8月19日" in entered.text
    assert due(cast) == [date(2026, 8, 19)]

    moved = {**SHOTON, "start": "2026-08-17", "end": "2026-08-23", "replace": "y"}
    answer = browser.post(address, data=moved, follow_redirects=True)
    assert "示范区第一小学：1 项待复查：2026年8月19日 → 2026年8月12日" in answer.text
    assert due(cast) == [date(2026, 8, 12)]


def test_a_request_of_the_school_starts_a_clock_too(as_person: SignInAs, cast: Cast) -> None:
    made = finding(cast, found_on=date(2026, 7, 20), deadline=date(2026, 9, 30))
    evidence(cast, made, sent_at=at(FRIDAY), asks_recheck=True)
    db.session.commit()
    data = {**SHOTON, "start": "2026-08-10", "end": "2026-08-16"}
    entered = as_person("olga").post("/admin/calendars/cn-lhasa/2026/days", data=data, follow_redirects=True)
    assert "1 个期限随之变动" in entered.text


def test_other_districts_clocks_are_not_shown(as_person: SignInAs, cast: Cast) -> None:
    finding(cast, found_on=date(2026, 7, 20), deadline=FRIDAY, school_id=cast.foreign_school_id)
    db.session.commit()
    data = {**SHOTON, "start": "2026-08-10", "end": "2026-08-16"}
    entered = as_person("olga").post("/admin/calendars/cn-lhasa/2026/days", data=data, follow_redirects=True)
    assert "没有进行中的期限因此变动" in entered.text
