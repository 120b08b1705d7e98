"""Reminders: seven, three and one day before, on the day, and the day after; each once, whatever the worker missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.notifications.models import Outbox, ReminderRun
from app.notifications.reminders import remind
from app.notifications.worker import go_round
from app.rectification.models.findings import Evidence
from app.rectification.reminders import of_findings
from tests.cast import Cast
from tests.factories import orders, rectification
from tests.factories.messages import Mailbox, reachable

DEADLINE = date(2026, 12, 7)


def _finding(cast: Cast, **more: Any) -> Any:
    row = rectification.finding(cast, deadline=DEADLINE, **more)
    db.session.commit()
    return row


def _days(app: Flask, monday: Any, first: date, last: date) -> dict[date, list[str]]:
    """Which reminders each day brings."""
    told: dict[date, list[str]] = {}
    day = first
    while day <= last:
        monday.move_to(clock.start_of(day) + timedelta(hours=9))
        before = set(db.session.scalars(sa.select(Outbox.key)))
        remind()
        db.session.commit()
        new = db.session.scalars(
            sa.select(Outbox).where(Outbox.key.not_in(before), Outbox.event.startswith("deadline_"))
        ).all()
        if new:
            told[day] = [one.event for one in new]
        day += timedelta(days=1)
    return told


def test_a_deadline_is_reminded_of_on_its_five_days(app: Flask, cast: Cast, monday: Any) -> None:
    _finding(cast)
    told = _days(app, monday, date(2026, 11, 28), date(2026, 12, 12))
    assert told == {
        DEADLINE - timedelta(days=7): ["deadline_near"],
        DEADLINE - timedelta(days=3): ["deadline_near"],
        DEADLINE - timedelta(days=1): ["deadline_near"],
        DEADLINE: ["deadline_near"],
        DEADLINE + timedelta(days=1): ["deadline_passed"],
    }


def test_the_brigades_own_days_count_and_none_means_none(app: Flask, cast: Cast, monday: Any) -> None:
    cast.brigade.settings = {**cast.brigade.settings, "remind_before": "2", "remind_after": ""}
    _finding(cast)
    assert list(_days(app, monday, date(2026, 11, 28), date(2026, 12, 12))) == [DEADLINE - timedelta(days=2)]


def test_a_worker_that_stood_still_makes_up_with_the_last_reminder_only(app: Flask, cast: Cast, monday: Any) -> None:
    _finding(cast)
    _days(app, monday, date(2026, 11, 29), date(2026, 11, 29))
    told = _days(app, monday, date(2026, 12, 5), date(2026, 12, 5))
    assert told == {date(2026, 12, 5): ["deadline_near"]}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReminderRun)) == 7
    assert db.session.scalars(sa.select(Outbox.key)).one().endswith(":-3")


def test_the_same_day_is_run_once_and_not_before_six(app: Flask, cast: Cast, monday: Any) -> None:
    _finding(cast)
    monday.move_to(clock.start_of(DEADLINE) + timedelta(hours=5))
    assert remind() == 0
    monday.shift(timedelta(hours=1))
    assert remind() == 1
    assert remind() == 0


def test_what_is_closed_or_waits_for_the_brigade_is_not_reminded_of(app: Flask, cast: Cast, monday: Any) -> None:
    finding = _finding(cast)
    db.session.add(Evidence(finding_id=finding.id, sent_by_id=cast.people["pema"]))
    db.session.commit()
    assert list(of_findings(DEADLINE)) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Photo)) == 0


def test_a_finding_on_an_order_is_called_by_its_number(app: Flask, cast: Cast, monday: Any) -> None:
    order = orders.issued(cast)
    db.session.commit()
    from app.rectification.models.findings import Finding
    from app.rectification.models.orders import OrderItem

    item = db.session.scalars(sa.select(OrderItem).where(OrderItem.order_id == order.id)).first()
    assert item is not None
    deadline = db.session.get_one(Finding, item.finding_id).deadline
    assert deadline is not None
    found = [one for one in of_findings(deadline) if one.subject[1] == item.finding_id]
    assert [(one.data["order_number"], one.data["position"]) for one in found] == [(order.number, item.position)]
    assert order.number


def test_a_reminder_reaches_the_schools_people_in_their_digest(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    _finding(cast)
    monday.move_to(clock.start_of(DEADLINE - timedelta(days=3)) + timedelta(hours=9))
    go_round()
    assert "剩余 3 天" in mailbox.words()


def test_the_source_asks_as_many_queries_for_thirty_findings_as_for_one(
    app: Flask, cast: Cast, monday: Any, count_queries: Any
) -> None:
    counted = []
    for number in (1, 30):
        for n in range(number):
            rectification.finding(cast, deadline=DEADLINE, item_code=f"EXT-{number}{n}")
        db.session.commit()
        with count_queries() as found:
            list(of_findings(DEADLINE))
        counted.append(found.number)
    assert counted[0] == counted[1] == 2
