"""At most one message a person and day, and with the gateway down for a day nothing is lost and nothing is said twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.notifications.models import Message, Notice
from app.notifications.rules import State
from app.notifications.worker import go_round
from tests.cast import Cast
from tests.factories.messages import Mailbox, channels, mail_server, reachable, tell_school


def _things(mailbox: Mailbox, index: int) -> list[str]:
    words = mailbox.words(index)
    return [f"{n}" for n in range(1, 60) if f"第{n}处" in words]


def test_what_comes_before_the_digest_is_one_mail_and_what_comes_after_waits_for_tomorrow(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    monday.move_to(clock.start_of(date(2026, 11, 23)) + timedelta(hours=6))
    reachable(cast, "pema", email="pema@school.cn")
    for number in (1, 2, 3):
        tell_school(cast, number)
        go_round()
    assert mailbox.mails == []
    monday.shift(timedelta(hours=2))
    go_round()
    tell_school(cast, 4)
    for _hour in range(10):
        monday.shift(timedelta(hours=1))
        go_round()
    assert len(mailbox.mails) == 1
    assert _things(mailbox, 0) == ["1", "2", "3"]
    monday.shift(timedelta(hours=14))
    go_round()
    assert len(mailbox.mails) == 2
    assert _things(mailbox, 1) == ["4"]


def test_a_day_without_gateway_loses_nothing_and_says_nothing_twice(app: Flask, cast: Cast, monday: Any) -> None:
    """Down from Monday 10:00 for thirty hours, with something new every three hours; three people are told."""
    people = {"pema": "pema@school.cn", "sonam": "sonam@school.cn", "otto": "otto@school.cn"}
    with mail_server() as mailbox:
        port, url = mailbox.port, mailbox.url
    for name, address in people.items():
        reachable(cast, name, email=address)
    channels(mail=url)
    sent: list[tuple[date, str, list[str]]] = []

    def note(box: Mailbox, seen: int) -> int:
        for index in range(seen, len(box.mails)):
            sent.append((clock.today(), str(box.mails[index]["To"]), _things(box, index)))
        return len(box.mails)

    number = 0
    for hour in range(30):
        if hour % 3 == 0:
            number += 1
            tell_school(cast, number)
            tell_school(
                cast,
                100 + number,
                school_id=cast.ottos_school_id,
                data={"text": f"第{number}处出口上锁", "school": "二小"},
            )
        go_round()
        monday.shift(timedelta(hours=1))
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.state == State.SENT)) == 0
    db.session.rollback()
    with mail_server(port) as mailbox:
        seen = 0
        for hour in range(72):
            if hour % 8 == 0:
                number += 1
                tell_school(cast, number)
                tell_school(
                    cast,
                    100 + number,
                    school_id=cast.ottos_school_id,
                    data={"text": f"第{number}处出口上锁", "school": "二小"},
                )
            go_round()
            seen = note(mailbox, seen)
            monday.shift(timedelta(hours=1))
        assert len(set(mailbox.ids)) == len(mailbox.ids)
    per_day = Counter((day, to) for day, to, _things_ in sent)
    assert max(per_day.values()) == 1
    for address in people.values():
        told = [thing for _day, to, things in sent if to == address for thing in things]
        assert sorted(told, key=int) == [str(n) for n in range(1, number + 1)]
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.bundled_at.is_(None))) == 0


def test_a_digest_in_doubt_keeps_its_words_for_the_day_and_is_replaced_on_the_next(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    mailbox.takes_then_breaks = True
    tell_school(cast, 1)
    go_round()
    tell_school(cast, 2)
    monday.shift(timedelta(hours=1))
    go_round()
    assert {tuple(_things(mailbox, n)) for n in range(len(mailbox.mails))} == {("1",)}
    assert len(set(mailbox.ids)) == 1
    mailbox.takes_then_breaks = False
    monday.shift(timedelta(hours=23))
    before = len(mailbox.mails)
    go_round()
    assert len(mailbox.mails) == before + 1
    assert _things(mailbox, -1) == ["1", "2"]
    assert len(set(mailbox.ids)) == 2
    states = db.session.scalars(sa.select(Message.state).order_by(Message.id)).all()
    assert states == [State.REPLACED, State.SENT]


def test_the_database_refuses_a_second_digest_of_a_day(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast)
    go_round()
    first = db.session.scalars(sa.select(Message)).one()
    double = Message(person_id=first.person_id, kind=first.kind, day=first.day, channel=first.channel)
    db.session.add(double)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_urgent_things_of_one_moment_are_one_message(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    for number in range(1, 6):
        tell_school(cast, number, urgent=True)
    go_round()
    assert len(mailbox.mails) == 1
    assert _things(mailbox, 0) == ["1", "2", "3", "4", "5"]
