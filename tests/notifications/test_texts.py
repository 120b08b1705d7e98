"""The words: as DOMAIN §4.9 writes the SMS, in both languages, and every event of the product has its text."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core import clock
from app.notifications import texts
from app.notifications.models import Outbox
from app.notifications.rules import Channel
from app.notifications.words import EVENTS
from tests.cast import Cast

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[2]
SAMPLE: dict[str, Any] = {
    "school": "示范区第一小学", "order_number": "城消限字〔2026〕第0012号", "order_kind": "limited", "position": 2,
    "text": "疏散门上锁", "text_en": "exit door locked", "deadline": "2026-03-06", "due": "2026-03-06", "day": "2026-03-06",
    "wanted": "2026-03-20", "reason": "理由。", "number": "001", "name": "白玛",
    "label": "示范区第一小学：2 项待复查", "label_en": "Shifan No. 1: 2 items to re-check",
}  # fmt: skip


def _outbox(event: str, **data: Any) -> Outbox:
    now = clock.now()
    return Outbox(
        key=f"k{event}", event=event, data={**SAMPLE, **data}, made_at=now, urgent=False, subject_kind="", subject_id=""
    )


def _say(event: str, day: date, *, language: str = "zh_Hans_CN", channel: Channel = Channel.SMS, **data: Any) -> str:
    with time_machine.travel(clock.start_of(day), tick=False):
        words = texts.compose(
            [_outbox(event, **data)], channel=channel, language=language, house="城关消防救援大队", name="白玛"
        )
    return words.text


def test_the_sms_before_a_deadline_reads_as_the_practice_writes_it(app: Flask) -> None:
    assert _say("deadline_near", date(2026, 3, 4)) == (
        "【城关消防】贵校《责令限期改正通知书》城消限字〔2026〕第0012号第2项应于3月6日前改正，剩余2天。请上传整改照片。"
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 2, 27), "剩余7天"), (date(2026, 3, 5), "剩余1天"), (date(2026, 3, 6), "应于今天（3月6日）改正"),
     (date(2026, 3, 7), "已逾期1天")],
)  # fmt: skip
def test_the_days_are_those_of_the_moment_it_is_sent(app: Flask, day: date, words: str) -> None:
    assert words in _say("deadline_near", day)


def test_without_an_order_the_fault_is_named(app: Flask) -> None:
    assert _say("deadline_near", date(2026, 3, 4), order_number="") == (
        "【城关消防】贵校检查发现的“疏散门上锁”应于3月6日前改正，剩余2天。请上传整改照片。"
    )


def test_english_is_english(app: Flask) -> None:
    said = _say("deadline_near", date(2026, 3, 4), language="en")
    assert "item 2 is to be put right by 6 March, 2 days left" in said


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_has_a_sentence_of_its_own_in_each_language(app: Flask, event: str, language: str) -> None:
    assert (ROOT / "templates" / "notifications" / f"{event}.txt").is_file()
    said = _say(event, date(2026, 3, 4), language=language, channel=Channel.EMAIL)
    assert "None" not in said
    assert "Undefined" not in said
    sentence = said.split("\n\n")[0]
    if language == "en":
        allowed = "示范区第一小学城消限字〔〕第号理由。白玛关防救援大队"
        foreign = [sign for sign in sentence if "\u4e00" <= sign <= "\u9fff" and sign not in allowed]
        assert foreign == []


def test_every_event_that_the_program_tells_of_has_a_text(app: Flask) -> None:
    told = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                values = [k.value for k in node.keywords if k.arg == "event"] if name == "Reminder" else node.args[:1]
                if name in ("tell", "Reminder") and values and isinstance(values[0], ast.Constant):
                    told.add(str(values[0].value))
    assert "test" in told
    assert told - set(EVENTS) == set()


def test_nothing_of_a_text_is_taken_for_markup(app: Flask, cast: Cast) -> None:
    words = texts.compose(
        [_outbox("evidence_returned", text="<b>门</b>", reason="<script>")],
        channel=Channel.EMAIL, language="zh_Hans_CN", house="", name="<i>",
    )  # fmt: skip
    assert "<script>" not in words.html
    assert "<b>门" not in words.html
    assert "&lt;b&gt;" in words.html


def test_an_older_reminder_of_the_same_thing_is_overtaken(app: Flask) -> None:
    first, second = _outbox("deadline_near"), _outbox("deadline_passed")
    for one in (first, second):
        one.subject_kind, one.subject_id = "finding", "1"
    assert texts.latest([first, second]) in ([first], [second])
    assert len(texts.latest([first, second])) == 1


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "javascript:x"])
def test_a_line_never_leads_to_another_site(app: Flask, page: str) -> None:
    assert texts.page_of(_outbox("test", page=page)) == ""
