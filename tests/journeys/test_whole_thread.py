"""The whole thread in the browser, on the demo as `make run` serves it: from signing in to a school that has nothing left to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import open_tab
from tests.documents.conftest import text_by_mupdf
from tests.journeys import steps
from tests.journeys.steps import Fault
from tests.served import Served, demo

pytestmark = pytest.mark.browser
FACILITIES, EVACUATION = "消防设施、器材", "安全疏散"
FAULTS = (
    Fault(item="PIECE", name="灭火器", text="指针在红区（欠压）", section=FACILITIES),
    Fault(item="PIECE", name="室内消火栓", text="被桌椅、杂物遮挡", section=FACILITIES),
    Fault(item="EVA-01", name="安全出口", text="安全出口上锁", section=EVACUATION, spot=True),
    Fault(item="PIECE", name="应急照明灯", text="应设处缺少灯具", section=EVACUATION),
)
ORDERED = [fault for fault in FAULTS if not fault.spot]
SECTION = re.compile(r"\d([^\d]{2,20}?)合格\d+·不合格\d+·不涉及\d+")
GENUINE, NOT_OURS = "真实有效", "不是本系统签发的文书"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The demo, as a person finds it after `make run`."""
    with demo(tmp_path) as running:
        yield running


@pytest.fixture
def tab(served: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs of browsers of their own, calm ones; what went wrong in any of them fails the test."""
    opened: list[Any] = []

    def open_one(size: str) -> Page:
        opened.append(open_tab(chromium, served.address, size=size, media={"reduced_motion": "reduce"}, own_clock=True))
        return opened[-1]

    yield open_one
    problems = [problem for page in opened for problem in page.problems]
    for page in opened:
        page.context.close()
    assert not problems, problems


def sections_of(record: bytes) -> dict[str, str]:
    """The sections of an inspection record as they are read out of its PDF, without white space."""
    text = text_by_mupdf(record).partition("责令改正情况")[0]
    parts = SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def own_school(page: Page) -> str:
    """The name of the school whose home this is."""
    return page.get_by_role("heading", level=1).inner_text()


def inspect(page: Page, school: str, password: str) -> None:
    """A full core inspection with every fault of FAULTS, signed by three."""
    steps.open_school(page, school)
    page.get_by_role("link", name="开始检查").click()
    steps.begin(page, "开始检查", second="李建军", accompanying="次仁卓嘎")
    steps.walk_through(page, FAULTS)
    read_out = page.locator("#findings")
    expect(read_out).to_contain_text("（4）")
    for fault in FAULTS:
        expect(read_out).to_contain_text(fault.text)
    steps.finish_and_sign(page, password=password)
    expect(page.locator("#findings li", has_text="安全出口上锁")).to_contain_text("已当场改正")


def certify(page: Page) -> dict[str, tuple[bytes, str]]:
    """Both papers of the signed record, made by the worker: bytes and check code by title."""
    record = page.url
    steps.press(page, "签发告知单")
    papers = {}
    for title in ("消防监督检查记录", "消防安全检查结果告知单"):
        page.goto(record)
        papers[title] = steps.paper_of(page, title)
    return papers


def verify(page: Page, papers: dict[str, tuple[bytes, str]]) -> None:
    """Anybody holding a paper: by its code, by its file, and by a file of which one byte was changed."""
    for content, code in papers.values():
        steps.verify_code(page, code, GENUINE)
        steps.verify_file(page, content, GENUINE)
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        steps.verify_file(page, bytes(changed), NOT_OURS)


def recheck(page: Page, school: str, password: str) -> None:
    """The same two officers look at everything that is still open, and strike it off."""
    steps.open_school(page, school)
    page.get_by_role("link", name="开始复查").click()
    for box in page.locator('input[name="findings"]').all():
        box.check()
    steps.begin(page, "开始复查", second="李建军", accompanying="次仁卓嘎")
    steps.strike_off(page)
    steps.finish_and_sign(page, password=password)


def test_the_whole_thread_from_signing_in_to_struck_off(served: Served, tab: Callable[..., Page]) -> None:
    phone, tablet = tab("phone"), tab("tablet")
    steps.sign_in(phone, "school", served.password)
    school = own_school(phone)

    steps.sign_in(tablet, "inspector", served.password)
    inspect(tablet, school, served.password)
    papers = certify(tablet)
    sections = sections_of(papers["消防监督检查记录"][0])
    for fault in FAULTS:
        assert [title for title, text in sections.items() if fault.text in text] == [fault.section]
    verify(tab("phone"), papers)

    phone.reload()
    to_do = phone.locator("article.portal-card")
    for fault in ORDERED:
        card = to_do.filter(has_text=fault.text).first
        expect(card).to_contain_text("前改正")
        expect(card.get_by_role("img", name="检查时照片")).to_be_visible()
    recheck(tablet, school, served.password)
    phone.reload()
    expect(phone.get_by_text("没有需要整改的问题。")).to_be_visible()
    phone.get_by_text("已结束的问题").click()
    for fault in FAULTS:
        closed = phone.locator("ul.timeline li", has_text=fault.text).first
        expect(closed).to_contain_text("当场改正" if fault.spot else "复查合格，已销号")

    steps.log_drill(phone)
    steps.log_training(phone)
