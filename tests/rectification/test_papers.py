"""Papers of orders under load: forty items with dates of their own, texts over pages, words that break programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pymupdf
import pytest
from flask import Flask

from app import create_app
from app.config import load
from app.documents import composing
from app.documents.kinds import Copy
from app.rectification.papers.immediate import BREACHES, IMMEDIATE, OTHER_BREACH, ImmediateOrder
from app.rectification.papers.limited import LIMITED, LimitedOrder
from app.rectification.papers.parts import Problem, by_deadline, positions
from app.rectification.papers.reply import DoneItem, RectificationReply
from app.rectification.papers.sealing import UNSEALING, UnsealingDecision

NAUGHTY = (
    "<script>alert('x')</script>",
    "{{ 7*7 }} {% raw %} %(name)s ${x}",
    "=HYPERLINK(1)",
    "བོད་ཡིག་གི་ཚིག་གྲུབ།",
    "𠮷野家 㐂 œ 日本 ½ ℃ № ㎡",
    "一" * 300,
    "a" * 200,
    "第一行\n第二行\r\n第三行",
)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(load({"XF_DATA": str(tmp_path_factory.mktemp("data")), "SECRET_KEY": "only for the tests"}))
    with app.app_context():
        yield app


@cache
def _forty() -> LimitedOrder:
    problems = tuple(
        Problem(
            number=n,
            where=f"{n} 号楼 {n % 5 + 1} 层",
            text=f"第 {n} 处问题" * 5,
            deadline=date(2026, 12, 1) + timedelta(n),
        )
        for n in range(1, 41)
    )
    return replace(LimitedOrder.sample("zh_Hans_CN"), problems=problems)


def _made(kind: object, context: object, copy: Copy = Copy.PARTY) -> tuple[list[str], tuple[str, ...], bytes]:
    envelope = composing.sample_envelope(kind, "zh_Hans_CN")  # type: ignore[arg-type]
    made = composing.compose(composing.freeze(envelope, context), kind.pictures(), copy=copy)  # type: ignore[attr-defined]
    with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
        return ["".join(page.get_text().split()) for page in document], made.substituted, made.pdf


@cache
def _forty_made(copy: Copy) -> tuple[list[str], tuple[str, ...], bytes]:
    return _made(LIMITED, _forty(), copy)


def test_forty_items_with_dates_of_their_own_go_over_pages_with_head_and_number(papers: Flask, tmp_path: Path) -> None:
    pages, substituted, _pdf = _forty_made(Copy.ARCHIVE)
    whole = "".join(pages)
    assert substituted == ()
    assert len(pages) >= 4
    for n, problem in enumerate(_forty().problems, 1):
        assert problem.deadline is not None
        assert f"第{n}处问题" in whole
        assert f"{problem.deadline.year}年{problem.deadline.month}月{problem.deadline.day}日" in whole
    assert "分别于表中所列期限前改正" in whole
    for number, text in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in text
        assert number == 1 or "示消限字〔2026〕第0031号" in text
        assert number in (1, len(pages), len(pages) - 1) or "违法行为和具体问题" in text
    assert whole.count("签收栏") == 1


@pytest.mark.parametrize("copy", list(Copy))
def test_nothing_stands_outside_the_type_area(papers: Flask, copy: Copy) -> None:
    _pages, _substituted, pdf = _forty_made(copy)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document:
            for left, _top, right, *_rest in page.get_text("words"):
                assert left >= 28 / 25.4 * 72 - 1
                assert right <= (210 - 26) / 25.4 * 72 + 1


def test_words_that_break_programs_print_as_they_were_written(papers: Flask) -> None:
    problems = tuple(
        Problem(number=n, where=text[:60], text=text, deadline=date(2026, 12, 3)) for n, text in enumerate(NAUGHTY, 1)
    )
    pages, substituted, pdf = _made(LIMITED, replace(LimitedOrder.sample("zh_Hans_CN"), problems=problems))
    whole = "".join(pages)
    assert substituted == ()
    for text in NAUGHTY:
        assert "".join(text.split()) in whole
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        assert all(word[2] <= (210 - 26) / 25.4 * 72 + 1 for page in document for word in page.get_text("words"))


def test_a_text_longer_than_a_page_breaks_and_is_whole(papers: Flask) -> None:
    text = "".join(f"第{n}句，走道堆放杂物。" for n in range(240))
    order = replace(
        ImmediateOrder.sample("zh_Hans_CN"),
        problems=(Problem(number=1, where="教学楼", text=text),),
        breaches=(OTHER_BREACH,),
    )
    pages, _substituted, _pdf = _made(IMMEDIATE, order)
    body = "".join(pages)
    lost = [n for n in range(240) if f"第{n}句，走道堆放杂物。" not in body]
    assert len(lost) < len(pages)  # at most the one that the foot of each page stands in the middle of
    assert len(pages) >= 3


def test_only_what_applies_is_ticked() -> None:
    order = ImmediateOrder.sample("zh_Hans_CN")
    ticks = order.ticks
    assert len(ticks) == len(BREACHES) == 12
    assert [n for n, tick in enumerate(ticks, 1) if tick.ticked] == [5, 11]


def test_the_decision_strikes_out_what_was_not_decided(papers: Flask) -> None:
    for granted, struck in ((True, "／不同意"), (False, "同意／")):
        with papers.test_request_context():
            decision = replace(UnsealingDecision.sample("zh_Hans_CN"), granted=granted)
            html = composing.html_of(composing.freeze(composing.sample_envelope(UNSEALING, "zh_Hans_CN"), decision))
        assert f"<s>{struck}</s>" in html
        assert ("现决定自" in html) is granted


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((), ""), ((3,), "3"), ((1, 2), "1、2"), ((1, 2, 3), "1至3"), ((7, 1, 3, 2, 9, 9), "1至3、7、9")],
)
def test_numbers_in_words(papers: Flask, numbers: tuple[int, ...], words: str) -> None:
    with papers.test_request_context():
        assert positions(numbers) == words


def test_items_of_one_date_share_a_sentence(papers: Flask) -> None:
    with papers.test_request_context():
        sample = LimitedOrder.sample("zh_Hans_CN")
        assert by_deadline(sample.problems) == ((date(2026, 12, 3), "1、3"), (date(2026, 12, 18), "2"))
        assert sample.deadlines
        assert _forty().deadlines == ()


def test_the_costs_of_a_reply_are_added_up() -> None:
    reply = RectificationReply.sample("zh_Hans_CN")
    assert reply.total_cost == "2830.00"
    assert replace(reply, items=(DoneItem(number=1, problem="x", measure="y"),)).total_cost == ""
