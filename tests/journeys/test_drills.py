"""A drill from its plan to its lesson: the brigade returns it once, three people watch it live, one pupil is missed and found."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.core import clock, jobs
from app.core.extensions import db
from app.core.files import files
from app.documents.models import IssuedDocument
from app.regulations.models import Term
from app.schools.models import School
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.documents.conftest import text_by_mupdf
from tests.journeys.steps import press

pytestmark = pytest.mark.browser
TODAY = clock.today()
DUE = TODAY + timedelta(days=14)
CLASSES = "一年级1班，41，扎西\n一年级2班，40，德吉\n二年级1班，42，罗布"


@pytest.fixture
def school(cast: Cast) -> str:
    """The duties of Pema's school, which has been on record for a year; the brigade asks to agree to drills."""
    for one in db.session.scalars(sa.select(School)):
        one.made_at = clock.start_of(TODAY - timedelta(days=400))
    db.session.add(
        Term(area_code=cast.school.area_code, name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 8))
    )
    cast.brigade.settings = {"drills_need_approval": True}
    address = f"/schools/{cast.school_id}/duties"
    db.session.commit()
    return address


def _plan(page: Page) -> str:
    """Pema writes the plan and sends it; the address of the plan."""
    page.goto("/portal")
    page.get_by_role("link", name="编制演练方案").click()
    page.get_by_label("演练日期").fill(TODAY.isoformat())
    page.get_by_label("开始时间").fill("10:20")
    page.get_by_label(re.compile("^信号")).fill("电铃三长声，随后广播")
    page.get_by_label(re.compile("^集合点")).fill("操场北侧")
    page.get_by_label(re.compile("^目标用时")).fill("2:00")
    page.get_by_label(re.compile("^总指挥")).fill("白玛")
    page.get_by_label(re.compile("^楼梯、转角引导人员")).fill("东侧楼梯：德吉")
    page.get_by_label(re.compile("^参加班级")).fill(CLASSES)
    press(page, "保存方案")
    press(page, "送大队审核")
    expect(page.get_by_text("待大队审核").first).to_be_visible()
    return page.url


def _agree(officer: Page, page: Page, plan: str) -> None:
    """Ines returns it with the reason, Pema mends it, Ines agrees."""
    officer.goto(plan)
    officer.get_by_text("退回", exact=True).click()
    officer.get_by_label("理由").first.fill("西侧楼梯没有引导人员")
    press(officer, "退回方案")
    page.goto(plan)
    expect(page.get_by_text("西侧楼梯没有引导人员").first).to_be_visible()
    page.get_by_role("link", name="修改").click()
    page.get_by_label(re.compile("^楼梯、转角引导人员")).fill("东侧楼梯：德吉\n西侧楼梯：罗布")
    press(page, "保存方案")
    press(page, "送大队审核")
    officer.goto(plan)
    press(officer, "同意")
    expect(officer.get_by_text("可以开始").first).to_be_visible()


def _count(page: Page, name: str, present: int, elsewhere: int = 0) -> None:
    row = page.locator("[data-class]", has=page.get_by_role("heading", name=name, exact=True))
    row.get_by_label("清点到").fill(str(present))
    row.get_by_label("另有去处").fill(str(elsewhere or ""))
    row.get_by_role("button", name="记下").click()


def _tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def _hold(watchers: list[Page], plan: str) -> None:
    """Three watch. One is without network while it matters; in one class one is missed, and found in the sick room."""
    head, safety, station = watchers
    for page in watchers:
        page.goto(f"{plan}/live")
        expect(page.locator("[data-sync]")).to_have_text(re.compile("已同步"))
    _tap(head, "开始：发出信号")
    for page in watchers:
        expect(page.get_by_role("button", name="第一人离开")).to_be_visible()
    sound(safety)
    safety.context.set_offline(True)
    _tap(safety, "第一人离开")
    _count(safety, "一年级1班", 41)
    expect(safety.locator("[data-sync]")).to_have_text(re.compile("没有网络：2 下"))
    _tap(station, "东侧楼梯 清空")
    _tap(station, "最后一人离开")
    _count(head, "一年级2班", 39)
    _count(station, "二年级1班", 42)
    for page in (head, station):
        expect(page.get_by_text("一年级2班 缺 1 人")).to_be_visible()
        expect(page.get_by_text("还有 1 个班没有报告")).to_be_visible()
    safety.context.set_offline(False)
    for page in watchers:
        expect(page.locator("[data-total=present]")).to_have_text("122")
    _count(station, "一年级2班", 39, elsewhere=1)
    for page in watchers:
        expect(page.get_by_text("全部班级已清点，没有缺少的人。")).to_be_visible()
        expect(page.locator("[data-sync]")).to_have_text(re.compile("已同步"))
    head.get_by_text("结束演练", exact=True).click()
    _tap(head, "确认结束演练")
    for page in watchers:
        expect(page.get_by_role("link", name="演练已结束，查看记录")).to_be_visible()
        assert [page.locator(f"[data-total={name}]").inner_text() for name in ("expected", "present", "elsewhere", "missing")] == [
            "123", "122", "1", "0",
        ]  # fmt: skip


def _judge(page: Page) -> None:
    page.get_by_role("link", name="演练已结束，查看记录").click()
    page.get_by_role("link", name="查看演练记录").click()
    page.get_by_role("link", name="评估这次演练").click()
    page.get_by_label(re.compile("^各处都听到信号")).select_option(label="做到")
    page.get_by_label(re.compile("^楼梯不拥挤")).select_option(label="部分做到")
    press(page, "保存评估")
    page.get_by_role("link", name="记下一条改进").click()
    page.get_by_label("要改进什么").fill("两个年级在西侧楼梯汇合，拥挤")
    page.get_by_label(re.compile("^怎么改进")).fill("二年级改走东侧楼梯")
    page.get_by_label("责任人").fill("达瓦")
    page.get_by_label("改进期限").fill(DUE.isoformat())
    press(page, "保存并跟踪")


def test_a_drill_from_plan_to_lesson(app: Flask, cast: Cast, browser_page: OpenPage, school: str) -> None:
    head, officer = browser_page("tablet", person="pema"), browser_page("desktop", person="ines")
    app.config["WTF_CSRF_ENABLED"] = True
    head.goto(school)
    duty = head.locator(".duty-grid tbody tr", has_text="应急疏散演练").first.locator("td").nth(TODAY.month - 1)
    expect(duty).not_to_have_class("is-ok")
    plan = _plan(head)
    _agree(officer, head, plan)
    watchers = [head, browser_page("phone", person="sonam"), browser_page("tablet", person="stan")]
    _hold(watchers, plan)
    watchers[1].problems[:] = [one for one in watchers[1].problems if "ERR_INTERNET_DISCONNECTED" not in one]  # type: ignore[attr-defined]
    _judge(head)
    sound(head)
    head.get_by_role("link", name="两个年级在西侧楼梯汇合，拥挤").click()
    expect(head.get_by_text("责任人 达瓦")).to_be_visible()
    expect(head.get_by_text("还剩 14 天").first).to_be_visible()
    head.goto(school)
    expect(duty).to_have_class("is-ok")

    officer.goto(plan)
    officer.get_by_role("link", name="查看演练记录").click()
    press(officer, "签发（中文）")
    jobs.run_all()
    db.session.rollback()
    paper = db.session.scalars(sa.select(IssuedDocument)).one()
    said = text_by_mupdf(files().get(paper.file_sha256 or ""))
    for words in ("一年级2班", "部分做到", "二年级改走东侧楼梯", "达瓦", "电铃三长声"):
        assert words in said
