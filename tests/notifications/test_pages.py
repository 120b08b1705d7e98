"""The pages: one's own messages, how one is told, the office's log, the call list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.notifications import service
from app.notifications.models import Delivery, Message, Notice, Preference
from app.notifications.rules import Channel, State
from app.notifications.worker import go_round
from tests.cast import Cast
from tests.factories.messages import Mailbox, channels, reachable, tell_school


def _failed(cast: Cast) -> Message:
    """A message to Pema that a dead gateway did not take, committed."""
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    reachable(cast, "pema", email="pema@school.cn")
    tell_school(cast, urgent=True)
    go_round()
    message = db.session.scalars(sa.select(Message)).one()
    db.session.commit()
    return message


def test_the_menu_counts_unread_messages_and_opening_one_reads_it(app: Flask, cast: Cast, as_person: Any) -> None:
    tell_school(cast, subject=("school", cast.school_id))
    go_round()
    browser = as_person("pema")
    page = browser.get("/messages").page
    assert page.all('//a[@class="bell"]')[0].get("aria-label") == "消息，1 条未读"
    assert "照片看不清" in page.main
    answer = browser.send(page, form="打开", follow=False)
    assert answer.headers["Location"] == f"/schools/{cast.school_id}"
    assert browser.get("/messages").page.all('//a[@class="bell"]')[0].get("aria-label") == "消息"
    first = db.session.scalars(sa.select(Notice.read_at).where(Notice.person_id == cast.people["pema"])).one()
    assert first is not None


def test_a_persons_messages_are_nobody_elses(app: Flask, cast: Cast, as_person: Any) -> None:
    tell_school(cast)
    go_round()
    notice_id = db.session.scalars(sa.select(Notice.id).where(Notice.person_id == cast.people["pema"])).one()
    db.session.rollback()
    assert "照片看不清" not in as_person("otto").get("/messages").page.main
    assert as_person("otto").post(f"/messages/{notice_id}/open").status_code == 404
    assert as_person("sonam").post(f"/messages/{notice_id}/open").status_code == 404


def test_all_are_read_at_once_and_again_does_no_harm(app: Flask, cast: Cast, as_person: Any) -> None:
    tell_school(cast)
    tell_school(cast, 2)
    go_round()
    browser = as_person("pema")
    for _time in range(2):
        assert browser.post("/messages/read").status_code == 302
    unread = db.session.scalars(
        sa.select(Notice.person_id).where(Notice.read_at.is_(None), Notice.person_id.is_not(None))
    ).all()
    assert unread == [cast.people["sonam"]] * 2


def test_the_page_asks_as_many_queries_for_sixty_messages_as_for_one(
    app: Flask, cast: Cast, as_person: Any, count_queries: Any
) -> None:
    browser = as_person("pema")
    counted = []
    for numbers in (range(1), range(1, 60)):
        for number in numbers:
            tell_school(cast, number)
        go_round()
        db.session.commit()
        with count_queries() as found:
            browser.get("/messages")
        counted.append(found.number)
    assert counted[0] == counted[1] <= 5
    page = browser.get("/messages").page
    assert len(page.all("//tbody/tr")) == 30
    assert len(browser.get(page.link("下一页")).page.all("//tbody/tr")) == 30


def test_one_sets_how_one_is_told_on_the_account_page(app: Flask, cast: Cast, as_person: Any) -> None:
    browser = as_person("pema")
    page = browser.get("/account").page
    answer = browser.send(
        page,
        {"channel": "sms", "language": "en", "quiet_from": "20", "quiet_to": "9"},
        form="保存接收方式",
        follow=False,
    )
    assert answer.status_code == 302
    found = db.session.get_one(Preference, cast.people["pema"])
    assert (found.channel, found.language, found.quiet_from, found.quiet_to) == ("sms", "en", 20, 9)


@pytest.mark.parametrize(("field", "value"), [("channel", "pigeon"), ("language", "tlh"), ("quiet_from", "24")])
def test_what_cannot_be_set_is_refused(app: Flask, cast: Cast, as_person: Any, field: str, value: str) -> None:
    good = {"channel": "", "language": "", "quiet_from": "21", "quiet_to": "8"}
    answer = as_person("pema").post("/account/messages", data={**good, field: value})
    assert answer.status_code == 422
    assert answer.page.errors
    assert db.session.get(Preference, cast.people["pema"]) is None


def test_the_log_says_who_what_and_why_not(app: Flask, cast: Cast, as_person: Any, monday: Any) -> None:
    message = _failed(cast)
    page = as_person("olga").get("/admin/messages").page
    assert "白玛" in page.main
    assert "p***@school.cn" in page.main
    assert "pema@school.cn" not in page.html
    assert "连不上发送服务" in page.main
    assert "已试 1 次" in page.main
    detail = as_person("olga").get(f"/admin/messages/{message.id}").page
    assert "未接收，稍后重试" in detail.main
    assert "照片看不清" in detail.main


def test_trying_again_sends_it_and_leaves_a_trace(
    app: Flask, cast: Cast, as_person: Any, monday: Any, mailbox: Mailbox
) -> None:
    message_id = _failed(cast).id
    channels(mail=mailbox.url)
    browser = as_person("olga")
    browser.send(browser.get(f"/admin/messages/{message_id}").page, form="再试一次")
    go_round()
    assert len(mailbox.mails) == 1
    assert db.session.get_one(Message, message_id).state is State.SENT
    assert db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "message")).all() == [
        "message_try_again"
    ]
    db.session.commit()
    assert browser.post(f"/admin/messages/{message_id}/again").status_code == 409


def test_what_does_not_get_through_can_be_called_instead(app: Flask, cast: Cast, as_person: Any, monday: Any) -> None:
    message_id = _failed(cast).id
    browser = as_person("olga")
    browser.send(browser.get(f"/admin/messages/{message_id}").page, form="确认改为电话通知")
    go_round()
    db.session.commit()
    page = browser.get("/admin/messages/calls").page
    assert "示范区第一小学" in page.main
    assert browser.post(f"/admin/messages/{message_id}/by-phone").status_code == 302
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.channel == Channel.CALL)) == 1


def test_the_call_list_names_whom_to_call_and_what_to_say_and_a_call_is_noted(
    app: Flask, cast: Cast, as_person: Any, monday: Any
) -> None:
    cast.school.responsible_phone = "0891-6320001"
    tell_school(cast)
    go_round()
    browser = as_person("olga")
    page = browser.get("/admin/messages/calls").page
    for words in ("示范区第一小学", "白玛", "0891-6320001", "照片看不清"):
        assert words in page.main
    assert browser.send(page, {"spoke_to": ""}, form="登记已通知").status_code == 422
    assert browser.send(page, {"spoke_to": "白玛校长"}, form="登记已通知", follow=False).status_code == 302
    call = db.session.scalars(sa.select(Message).where(Message.channel == Channel.CALL)).one()
    assert call.state is State.SENT
    attempt = db.session.scalars(sa.select(Delivery)).one()
    assert (attempt.said, attempt.by_name, attempt.outcome.value) == ("白玛校长", "央金", "by_hand")
    db.session.commit()
    assert "示范区第一小学" not in browser.get("/admin/messages/calls").page.main
    assert browser.post(f"/admin/messages/{call.id}/called", data={"spoke_to": "白玛"}).status_code == 422


def test_what_comes_after_the_call_makes_another_line_and_before_it_the_same(
    app: Flask, cast: Cast, as_person: Any, monday: Any
) -> None:
    for number in (1, 2):
        tell_school(cast, number)
        go_round()
    call = db.session.scalars(sa.select(Message)).one()
    service.note_call(cast.viewer("olga"), message=call, spoke_to="白玛")
    db.session.commit()
    tell_school(cast, 3)
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2


@pytest.mark.parametrize("name", ["ines", "stan", "pema", "beate", "dora", "ada"])
def test_the_log_is_the_offices_and_the_leaders(app: Flask, cast: Cast, as_person: Any, name: str) -> None:
    browser = as_person(name)
    for path in ("/admin/messages", "/admin/messages/calls", f"/admin/messages/{new_id()}"):
        assert browser.get(path).status_code == 403
    assert browser.post("/admin/messages/test").status_code == 403


def test_another_brigades_messages_are_not_there(app: Flask, cast: Cast, as_person: Any, monday: Any) -> None:
    message_id = _failed(cast).id
    tell_school(cast, 9, school_id=cast.foreign_school_id)
    go_round()
    foreign = db.session.scalars(sa.select(Message).where(Message.school_id == cast.foreign_school_id)).one().id
    db.session.commit()
    browser = as_person("olga")
    assert browser.get(f"/admin/messages/{message_id}").status_code == 200
    assert browser.get(f"/admin/messages/{foreign}").status_code == 404
    assert browser.post(f"/admin/messages/{foreign}/called", data={"spoke_to": "x"}).status_code == 404
    assert "邻区第一小学" not in browser.get("/admin/messages/calls").page.main


def test_a_test_message_to_oneself_shows_whether_the_road_works(
    app: Flask, cast: Cast, as_person: Any, mailbox: Mailbox
) -> None:
    reachable(cast, "olga", email="olga@fire.cn")
    browser = as_person("olga")
    browser.send(browser.get("/admin/messages").page, form="给自己发一条测试消息")
    go_round()
    assert "这是一条测试消息" in mailbox.words()
    db.session.commit()
    page = browser.get("/admin/messages?state=sent").page
    assert "央金" in page.main


def test_the_log_costs_the_same_for_a_hundred_messages(
    app: Flask, cast: Cast, as_person: Any, count_queries: Any
) -> None:
    browser = as_person("olga")
    counted = []
    for number in (1, 100):
        for _one in range(number):
            db.session.add(
                Message(person_id=cast.people["pema"], house_id=cast.brigade_id, kind="urgent", day=clock.today(),
                        channel="email", next_try_at=clock.now() + timedelta(days=1))
            )  # fmt: skip
        db.session.commit()
        with count_queries() as found:
            browser.get("/admin/messages")
        counted.append(found.number)
    assert counted[0] == counted[1] <= 8
