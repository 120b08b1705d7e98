"""Real mail and HTTP receivers that take, refuse, stall, break off and answer twice: the log says what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.notifications import channels as roads
from app.notifications import sending, service
from app.notifications.models import Delivery, Message
from app.notifications.rules import LEASE, Reason, State, Wishes
from app.notifications.worker import go_round
from tests.cast import Cast
from tests.factories.messages import Mailbox, Receiver, channels, reachable, tell_school


def _message() -> Message:
    db.session.expire_all()
    return db.session.scalars(sa.select(Message).where(Message.channel != "call")).one()


def _outcomes() -> list[tuple[str, str, str]]:
    rows = db.session.execute(sa.select(Delivery).order_by(Delivery.number)).scalars()
    return [(row.outcome.value, row.reason, row.code) for row in rows]


def test_a_mail_goes_once_with_its_words_and_the_log_says_so(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast)
    for _round in range(3):
        go_round()
    message = _message()
    assert len(mailbox.mails) == 1
    mail = mailbox.mails[0]
    assert (str(mail["To"]), mail["Message-ID"]) == ("pema@school.cn", f"<{message.id}@example.cn>")
    assert len(mail.get_all("Message-ID")) == 1
    assert str(mail["Subject"]) == "【示范区消防】整改材料被退回"
    assert "照片看不清" in mailbox.words()
    assert (message.state, message.tries) == (State.SENT, 1)
    assert _outcomes() == [("accepted", "", "250")]


def test_a_refused_address_fails_at_once_with_the_servers_word_and_the_school_is_called(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    mailbox.refuses["pema@school.cn"] = "550 no such user here"
    tell_school(cast)
    go_round()
    assert (_message().state, _message().reason) == (State.FAILED, Reason.ADDRESS_REFUSED)
    assert _outcomes() == [("rejected", "address_refused", "550")]
    assert "no such user" in db.session.scalars(sa.select(Delivery.said)).one()
    go_round()
    assert db.session.scalar(sa.select(Message.school_id).where(Message.channel == "call")) == cast.school_id


def test_a_refused_mail_address_is_followed_by_an_sms(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, receiver: Receiver
) -> None:
    channels(mail=mailbox.url, sms=f"json://127.0.0.1:{receiver.port}/sms?:mobile={{phone}}")
    reachable(cast, "pema", email="pema@school.cn", phone="13912345678")
    mailbox.refuses["pema@school.cn"] = "550 no"
    tell_school(cast)
    go_round()
    go_round()
    assert [request.body["mobile"] for request in receiver.requests] == ["13912345678"]
    assert receiver.requests[0].body["message"].startswith("【示范区消防】")
    assert (_message().state, _message().channel.value) == (State.SENT, "sms")


def test_a_busy_server_is_tried_again_after_a_pause(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    mailbox.answer = "451 try later"
    tell_school(cast)
    go_round()
    go_round()
    assert _outcomes() == [("refused", "answered_error", "451")]
    mailbox.answer = ""
    monday.shift(timedelta(minutes=1))
    go_round()
    assert [outcome for outcome, _r, _c in _outcomes()] == ["refused", "accepted"]
    assert len(mailbox.mails) == 1


def test_a_stalling_server_is_left_and_tried_again_under_the_same_id(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "ANSWER_TIMEOUT_S", 1)
    reachable(cast, "pema", email="pema@school.cn")
    mailbox.stall_s = 2.5
    tell_school(cast)
    go_round()
    assert _outcomes() == [("doubtful", "timeout", "")]
    mailbox.stall_s = 0
    monday.shift(timedelta(minutes=1))
    go_round()
    assert _message().state is State.SENT
    assert set(mailbox.ids) == {f"<{_message().id}@example.cn>"}


def test_a_server_that_takes_the_mail_and_breaks_off_gets_the_same_mail_again(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    mailbox.takes_then_breaks = True
    tell_school(cast)
    go_round()
    assert _outcomes() == [("doubtful", "cut_off", "")]
    mailbox.takes_then_breaks = False
    tell_school(cast, 2)
    monday.shift(timedelta(minutes=1))
    go_round()
    assert len(mailbox.mails) == 2
    assert len(set(mailbox.ids)) == 1
    assert mailbox.words(0) == mailbox.words(1)


def test_nobody_listening_is_no_doubt(app: Flask, cast: Cast, monday: Any) -> None:
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast)
    go_round()
    assert _outcomes() == [("refused", "no_connection", "")]
    assert not _message().in_doubt


def test_a_platform_that_answers_an_error_after_taking_it_gets_the_same_key_again_and_says_it_has_it(
    app: Flask, cast: Cast, monday: Any, receiver: Receiver
) -> None:
    channels(webhook=f"json://127.0.0.1:{receiver.port}/hook")
    receiver.answers = [(500, "broken after taking it"), (409, '{"error": "known"}')]
    cast.person("sonam").active = False
    tell_school(cast)
    go_round()
    monday.shift(timedelta(minutes=2))
    go_round()
    monday.shift(timedelta(hours=2))
    go_round()
    assert _outcomes() == [("doubtful", "answered_error", "500"), ("accepted", "", "409")]
    assert receiver.keys == {str(_message().id): 2}
    assert [request.body["username"] for request in receiver.requests] == ["pema", "pema"]


def test_a_platform_that_stalls_is_in_doubt(
    app: Flask, cast: Cast, monday: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "ANSWER_TIMEOUT_S", 1)
    channels(sms=f"json://127.0.0.1:{receiver.port}/sms?:mobile={{phone}}")
    reachable(cast, "pema", phone="13912345678")
    receiver.stall_s = 2
    tell_school(cast)
    go_round()
    assert _outcomes() == [("doubtful", "timeout", "")]


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [(429, State.WAITING, "too_many"), (401, State.WAITING, "sign_in_refused"), (404, State.WAITING, "answered_error"),
     (400, State.FAILED, "address_refused"), (302, State.WAITING, "answered_error")],
)  # fmt: skip
def test_what_a_gateway_answers_is_understood(
    app: Flask, cast: Cast, monday: Any, receiver: Receiver, status: int, state: State, reason: str
) -> None:
    channels(sms=f"json://127.0.0.1:{receiver.port}/sms?:mobile={{phone}}")
    reachable(cast, "pema", phone="13912345678")
    receiver.answers = [(status, "no")]
    tell_school(cast)
    go_round()
    assert (_message().state, _message().reason) == (state, reason)
    assert _outcomes()[0][2] == str(status)


@pytest.mark.parametrize("road", ["wecom", "dingtalk", "feishu"])
def test_a_group_robot_gets_one_message_and_an_error_inside_its_200_is_no_success(
    app: Flask, cast: Cast, monday: Any, receiver: Receiver, road: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    here = f"http://127.0.0.1:{receiver.port}/robot?token={{token}}"
    monkeypatch.setattr(NotifyDingTalk, "notify_url", here)
    monkeypatch.setattr(NotifyFeishu, "notify_url", here)
    monkeypatch.setattr(NotifyWeComBot, "notify_url", here.replace("{token}", "{key}"))
    channels(**{f"{road}_540102": {"wecom": "wecombot://abcdef-0123", "dingtalk": "dingtalk://abcdef0123",
                                   "feishu": "feishu://abcdef0123"}[road]})  # fmt: skip
    receiver.answers = [(200, '{"errcode": 45009, "code": 9499}'), (200, '{"errcode": 0, "code": 0}')]
    service.tell(
        "evidence_sent", brigade_id=cast.brigade_id, data={"school": "示范区第一小学", "text": "锁门"}, key="g"
    )
    db.session.commit()
    go_round()
    assert (_message().state, _message().channel.value) == (State.WAITING, road)
    assert _outcomes()[0][:2] == ("refused", "answered_error")
    monday.shift(timedelta(minutes=2))
    go_round()
    assert _message().state is State.SENT
    assert "示范区第一小学报送了" in str(receiver.requests[-1].body)


def test_the_brigades_group_of_another_area_hears_nothing(
    app: Flask, cast: Cast, monday: Any, receiver: Receiver
) -> None:
    channels(dingtalk_540103="dingtalk://abcdef0123")
    service.tell(
        "evidence_sent", brigade_id=cast.brigade_id, data={"school": "示范区第一小学", "text": "锁门"}, key="g"
    )
    db.session.commit()
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


def test_a_worker_killed_between_sending_and_writing_leaves_a_doubtful_attempt_and_the_same_id(
    app: Flask, cast: Cast, monday: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast)
    real = sending.settle

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "settle", killed)
    with pytest.raises(KeyboardInterrupt):
        go_round()
    db.session.rollback()
    monkeypatch.setattr(sending, "settle", real)
    go_round()
    assert len(mailbox.mails) == 1  # the lease still holds
    monday.shift(LEASE + timedelta(seconds=1))
    go_round()
    assert len(mailbox.mails) == 2
    assert len(set(mailbox.ids)) == 1
    assert _outcomes() == [("doubtful", "worker_died", ""), ("accepted", "", "250")]


def test_two_workers_do_not_take_the_same_message(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast)
    from app.notifications.bundling import bundle, sort_outbox

    sort_outbox()
    bundle(urgent=False)
    db.session.commit()
    message_id = _message().id
    db.session.rollback()
    assert sending.send_one(message_id)
    assert not sending.send_one(message_id)
    assert len(mailbox.mails) == 1


def test_an_urgent_message_that_never_gets_through_is_given_up_and_the_school_is_called(
    app: Flask, cast: Cast, monday: Any
) -> None:
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast, urgent=True)
    for _hour in range(20):
        go_round()
        monday.shift(timedelta(hours=4))
    go_round()
    assert (_message().state, _message().reason) == (State.FAILED, Reason.TOO_OLD)
    calls = db.session.scalars(sa.select(Message).where(Message.channel == "call")).all()
    assert [c.school_id for c in calls] == [cast.school_id]


def test_an_urgent_message_does_not_wait_for_the_morning(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    with time_machine.travel(clock.start_of(clock.today()) + timedelta(hours=3), tick=False):
        tell_school(cast)
        tell_school(cast, 2, urgent=True)
        go_round()
        assert len(mailbox.mails) == 1
        assert "第2处" in mailbox.words()


def test_who_wants_only_the_page_gets_nothing_else(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    service.prefer(cast.viewer("pema"), language="", channel="page", wishes=Wishes())
    tell_school(cast, urgent=True)
    go_round()
    assert mailbox.mails == []


def test_the_message_speaks_the_readers_language(app: Flask, cast: Cast, monday: Any, mailbox: Mailbox) -> None:
    reachable(cast, "pema", email="pema@school.cn")
    service.prefer(cast.viewer("pema"), language="en", channel="", wishes=Wishes())
    tell_school(cast)
    go_round()
    assert "Hello" in mailbox.words() or "Dear" in mailbox.words()
    assert 'lang="en"' in str(mailbox.mails[0].get_body(("html",)).get_content())  # type: ignore[union-attr]


def test_a_secret_of_the_gateway_is_never_logged_or_stored(
    app: Flask, cast: Cast, monday: Any, caplog: pytest.LogCaptureFixture
) -> None:
    channels(sms="json://user:s3cr3t@127.0.0.1:1/sms?:key=t0k3n&:mobile={phone}")
    reachable(cast, "pema", phone="13912345678")
    tell_school(cast)
    with caplog.at_level("DEBUG"):
        go_round()
    stored = " ".join(str(vars(row)) for row in db.session.scalars(sa.select(Delivery)))
    for secret in ("s3cr3t", "t0k3n"):
        assert secret not in caplog.text
        assert secret not in stored
    assert isinstance(_message().reason, str)
