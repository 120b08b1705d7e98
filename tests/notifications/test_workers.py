"""Several workers at once, many waiting, a gateway that hangs: each message goes once, and papers do not wait for mails."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Membership, Person, Role
from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.notifications import bundling, service
from app.notifications import channels as roads
from app.notifications.models import Delivery, Message, Notice
from app.notifications.rules import Reason, State
from app.notifications.worker import CHORES, go_round, send_urgent
from tests.cast import Cast
from tests.factories.messages import Mailbox, channels, reachable, tell_school


def _staff(cast: Cast, count: int) -> list[str]:
    """So many more safety officers at Pema's school, each with an address."""
    found = []
    for number in range(count):
        person = Person(username=f"staff{number}", name=f"干事{number}", email=f"s{number}@school.cn")
        db.session.add(person)
        db.session.flush()
        db.session.add(
            Membership(person_id=person.id, role=Role.SAFETY_OFFICER, school_id=cast.school_id, from_day=clock.today())
        )
        found.append(person.email)
    db.session.commit()
    return found


@pytest.mark.parametrize("urgent", [True, False])
def test_four_workers_at_once_send_each_message_once(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, urgent: bool
) -> None:
    addresses = _staff(cast, 12)
    for number in range(1, 4):
        tell_school(cast, number, urgent=urgent)
    db.session.remove()
    problems: list[BaseException] = []

    def work() -> None:
        with app.app_context():
            try:
                for _round in range(3):
                    go_round()
            except BaseException as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    go_round()
    assert not problems, problems
    assert len(set(mailbox.ids)) == len(mailbox.ids)
    told = Counter(str(mail["To"]) for mail in mailbox.mails)
    assert set(told) == set(addresses)
    if not urgent:
        assert set(told.values()) == {1}
    for index, _mail in enumerate(mailbox.mails):
        assert "处出口上锁" in mailbox.words(index)
    said = Counter(
        (str(mail["To"]), n)
        for index, mail in enumerate(mailbox.mails)
        for n in (1, 2, 3)
        if f"第{n}处" in mailbox.words(index)
    )
    assert set(said.values()) == {1}
    assert len(said) == 36


def test_a_hanging_gateway_costs_a_round_one_attempt(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "ANSWER_TIMEOUT_S", 1)
    mailbox.stall_s = 1.5
    _staff(cast, 5)
    tell_school(cast, urgent=True)
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1
    mailbox.stall_s = 0
    monday.shift(timedelta(minutes=2))
    go_round()
    states = set(db.session.scalars(sa.select(Message.state)))
    assert states == {State.SENT}


def test_a_round_ends_when_its_time_is_up(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.notifications.sending.ROUND_S", -1.0)
    _staff(cast, 3)
    tell_school(cast, urgent=True)
    go_round()
    assert mailbox.mails == []


def test_what_waits_for_the_morning_does_not_hold_up_what_is_urgent(
    app: Flask, cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, monday: Any
) -> None:
    monday.move_to(clock.start_of(clock.today()) + timedelta(hours=3))
    monkeypatch.setattr(bundling, "PIECE", 5)
    reachable(cast, "pema", email="pema@school.cn")
    for number in range(1, 20):
        tell_school(cast, number)
    go_round()
    assert mailbox.mails == []
    tell_school(cast, 20, urgent=True)
    send_urgent()
    assert "第20处" in mailbox.words()
    monday.shift(timedelta(hours=6))
    go_round()
    assert len(mailbox.mails) == 2
    assert "19. " in mailbox.words() or "第19处" in mailbox.words()


def test_hundreds_of_waiting_notices_cost_a_few_statements(
    app: Flask, cast: Cast, monday: Any, count_queries: Any
) -> None:
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    _staff(cast, 40)
    tell_school(cast, 1)
    go_round()
    for number in range(2, 12):
        tell_school(cast, number)
    while bundling.sort_outbox():
        db.session.commit()
    db.session.commit()
    with count_queries() as counted:
        bundling.bundle(urgent=False)
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.bundled_at.is_not(None))) > 400
    assert counted.number < 30, Counter(s[:90] for s in counted.statements)


def test_an_idle_round_of_the_worker_writes_nothing(app: Flask, cast: Cast, monday: Any, count_queries: Any) -> None:
    go_round()
    with count_queries() as counted:
        send_urgent()
    assert not [s for s in counted.statements if s.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE"))]
    assert [every for every, _act in CHORES] == [10.0, 60.0]


def test_a_road_taken_away_meanwhile_fails_with_its_reason(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    service.tell("test", person_ids=[cast.people["olga"]], data={"name": "央金"}, urgent=True, key=str(new_id()))
    reachable(cast, "olga", email="olga@fire.cn")
    bundling.sort_outbox()
    bundling.bundle(urgent=True)
    reachable(cast, "olga")
    go_round()
    message = db.session.scalars(sa.select(Message)).one()
    assert (message.state, message.reason, message.tries) == (State.FAILED, Reason.NO_ADDRESS, 0)
