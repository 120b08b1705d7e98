"""An order's whole life in the browser: five faults, two papers, a refusal, a school without an account, two re-checks, the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from app.core import jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from tests.browser import OpenPage
from tests.cast import Cast
from tests.documents.conftest import text_by_mupdf
from tests.factories import orders as make
from tests.factories.grounds import campus
from tests.factories.pictures import picture
from tests.inspections import filling
from tests.journeys import steps
from tests.journeys.steps import Fault, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("application", ["sqlite"], indirect=True, scope="session"),
]
GAUGE = Fault(item="PIECE", name="灭火器", text="指针在红区（欠压）", section="")
HYDRANT = Fault(item="PIECE", name="室内消火栓", text="被桌椅、杂物遮挡", section="")
DOOR = Fault(item="PIECE", name="防火门", text="常闭式防火门被楔住、捆绑常开", section="")
LAMP = Fault(item="PIECE", name="应急照明灯", text="应设处缺少灯具", section="")
EXIT = Fault(item="EVA-01", name="安全出口", text="安全出口上锁", section="", spot=True)
AT_ONCE, WITH_DATES = (HYDRANT, DOOR), (GAUGE, LAMP)


def orders_of(cast: Cast) -> dict[OrderKind, Order]:
    """The orders as they stand in the database now."""
    db.session.rollback()
    return {
        order.kind: order for order in db.session.scalars(sa.select(Order).where(Order.school_id == cast.school_id))
    }


def make_papers() -> list[IssuedDocument]:
    """Let the worker make what waits; every paper that was ever issued."""
    db.session.rollback()
    jobs.run_all()
    db.session.rollback()
    papers = list(db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.made_at)))
    assert {paper.state for paper in papers} == {DocumentState.ISSUED}
    db.session.rollback()
    return papers


def item_of(page: Page, text: str) -> Locator:
    """The card of one item on a case file."""
    return page.locator("section.card", has=page.get_by_role("heading", name=re.compile(text)))


def confirm(page: Page, words: str, *, within: Locator | None = None, fill: Mapping[str, str] | None = None) -> None:
    """Open an act that asks first, fill what it asks for, and confirm it."""
    box = (within or page.locator("main")).locator("details.confirm", has_text=words).first
    box.locator("summary").click()
    for label, text in (fill or {}).items():
        box.get_by_label(label).fill(text)
    with page.expect_navigation():
        box.get_by_role("button").click()


def serve(page: Page, **how: Any) -> None:
    """Fill in how the order was handed over."""
    form = page.locator("#serve")
    form.get_by_label(how.pop("method")).check()
    second = how.pop("second", "")
    if second:
        form.get_by_label("第二名送达人").select_option(label=second)
    signs = how.pop("signs", False)
    for label, text in how.pop("fill", {}).items():
        form.get_by_role("textbox", name=re.compile(f"^{label}")).first.fill(text)
    if signs:
        steps.draw(form.get_by_role("group", name="受送达人或见证人签名"))
    press(page, "登记送达")
    expect(page.locator("p.tags").first).to_contain_text("已送达")


def send_photos(phone: Page, token_page: str, text: str, *, note: str, again: bool = False) -> None:
    """From the order's page by link: open the item, choose two photos, sign with a name, send."""
    phone.goto(token_page)
    card = phone.locator("article.portal-card", has_text=text)
    with phone.expect_navigation():  # the page's script takes the photos only once it has been loaded
        card.get_by_role("link", name=re.compile("补充材料" if again else "怎么改")).click()
    form = phone.locator("#send")
    form.locator("input[type=file]").first.set_input_files(
        [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(800, 600, seed=n + 40)} for n in (1, 2)]
    )
    expect(form.locator("[data-queue-list] li")).to_have_count(2, timeout=20_000)
    form.get_by_label("整改情况").fill(note)
    form.get_by_label("您的姓名").fill("索南")
    with phone.expect_navigation():
        form.get_by_role("button", name="提交整改照片").click()


def recheck(page: Page, cast: Cast, outcomes: Mapping[str, str]) -> None:
    """Two officers look again: outcome by fault; what is not corrected gets a note."""
    page.goto(f"/inspections/recheck?school={cast.school_id}")
    for text in outcomes:
        page.locator("label.choice", has_text=text).locator("input").check()
    steps.begin(page, "开始复查", second="次仁", accompanying="白玛")
    for text, outcome in outcomes.items():
        row = page.locator("fieldset[data-row]", has_text=text)
        row.get_by_role("radio", name=outcome, exact=True).check()
        if outcome != "已改正":
            row.get_by_label("备注").fill("灯具仍未安装")
    press(page, steps.ONWARDS)
    steps.finish_and_sign(page, password=filling.PASSWORD)


def test_an_order_lives_from_five_faults_to_the_last_one_struck_off(cast: Cast, browser_page: OpenPage) -> None:
    campus(cast, pieces=12)
    filling.give_ivo_a_password(cast)
    school = str(cast.school_id)
    db.session.rollback()

    # five faults: one put right on the spot, two to be put right at once, two by a date
    tablet = browser_page("tablet", person="ines")
    tablet.goto(f"/inspections/new?school={school}")
    steps.begin(tablet, "开始检查", second="次仁", accompanying="白玛")
    steps.walk_through(tablet, (GAUGE, HYDRANT, DOOR, LAMP, EXIT))
    steps.finish_and_sign(tablet, password=filling.PASSWORD)
    record = tablet.url
    expect(tablet.locator("#orders")).to_contain_text("责令立即改正通知书")
    expect(tablet.locator("#orders")).to_contain_text("责令限期改正通知书")

    # the immediate one needs no approval; the school's head signs for it
    tablet.locator("#orders").get_by_role("link", name="责令立即改正通知书").click()
    for fault in AT_ONCE:
        expect(tablet.locator("main")).to_contain_text(fault.text)
    press(tablet, "定稿")
    confirm(tablet, "签发")
    serve(tablet, method="直接送达（当面签收）", fill={"受送达人": "白玛", "职务": "校长"}, signs=True)
    press(tablet, "制作送达回证")

    # the other one goes through legal review and the leader, and is refused before a witness
    tablet.goto(record)
    tablet.locator("#orders").get_by_role("link", name="责令限期改正通知书").click()
    case = tablet.url
    press(tablet, "提交审批")
    office = browser_page("desktop", person="olga")
    office.goto(case)
    confirm(office, "审核通过", fill={"意见": "事实清楚，适用法律正确"})
    expect(tablet.locator("main")).not_to_contain_text("同意")
    leader = browser_page("desktop", person="lea")
    leader.goto("/")
    leader.locator("#waiting").get_by_role("link", name="责令限期改正通知书").click()
    confirm(leader, "同意")
    tablet.goto(case)
    press(tablet, "制作审批表")
    confirm(tablet, "签发")
    serve(
        tablet,
        method="拒收（见证人在场）",
        second="次仁",
        fill={"受送达人": "白玛", "见证人": "达瓦", "见证人单位": "河谷社区", "拒收或留置的事由": "校长阅后拒绝签收"},
    )
    press(tablet, "制作送达回证")
    make_papers()

    # the school, on a phone, by the link, without an account
    press(tablet, "生成学校链接")
    address = str(tablet.locator("p.address a").get_attribute("href"))
    phone = browser_page("phone")
    link = "/p/" + address.rsplit("/p/", 1)[1]
    send_photos(phone, link, GAUGE.text, note="已送维修，换上合格灭火器")
    send_photos(phone, link, LAMP.text, note="已订购灯具")
    tablet.goto(case)
    confirm(tablet, "退回补充", within=item_of(tablet, LAMP.text), fill={"退回原因": "只有订单，没有安装照片"})
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("只有订单，没有安装照片")
    send_photos(phone, link, LAMP.text, note="已到货，正在安装", again=True)

    # more time for one item
    phone.goto(link)
    phone.locator("article.portal-card", has_text=LAMP.text).get_by_role("link").last.click()
    phone.locator("details", has_text="申请延期").locator("summary").first.click()
    phone.get_by_label("申请延期至").fill(make.in_days(30).isoformat())
    phone.get_by_label("延期理由").fill("灯具须从成都发货")
    phone.locator("details", has_text="申请延期").get_by_label("您的姓名").fill("索南")
    press(phone, "提交延期申请")
    leader.goto(case)
    confirm(leader, "同意延期", within=item_of(leader, LAMP.text))
    phone.goto(link)
    expect(phone.locator("article.portal-card", has_text=LAMP.text)).to_contain_text("前改正")

    # the first re-check fails one item: the order stays open and what may follow is proposed
    recheck(tablet, cast, {GAUGE.text: "已改正", HYDRANT.text: "已改正", DOOR.text: "已改正", LAMP.text: "未改正"})
    assert {kind: order.state for kind, order in orders_of(cast).items()} == {
        OrderKind.IMMEDIATE: OrderState.CLOSED,
        OrderKind.LIMITED: OrderState.SERVED,
    }
    db.session.rollback()
    tablet.goto(case)
    expect(item_of(tablet, LAMP.text)).to_contain_text("复查未通过，可考虑的下一步")
    expect(item_of(tablet, GAUGE.text)).to_contain_text("已销号")

    # the second one strikes the last item off
    recheck(tablet, cast, {LAMP.text: "已改正"})
    assert {order.state for order in orders_of(cast).values()} == {OrderState.CLOSED}
    assert not db.session.scalar(sa.select(sa.func.count()).where(Finding.closed_on.is_(None)).select_from(Finding))
    papers = make_papers()
    tablet.goto(case)
    expect(tablet.locator("p.tags").first).to_contain_text("已销号")
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("2/2")

    # every paper opens and says what it should
    texts: dict[str, str] = {}
    for paper in papers:
        answer = tablet.request.get(f"/documents/{paper.id}.pdf")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf"), paper.title
        text = "".join(text_by_mupdf(answer.body()).split())
        assert paper.number in text, paper.title
        assert "示范区第一小学" in text, paper.title
        texts[paper.title] = texts.get(paper.title, "") + text
    assert set(texts) == {
        "消防监督检查记录",
        "责令立即改正通知书",
        "责令限期改正通知书",
        "消防监督管理审批表",
        "送达回证",
    }
    for fault in AT_ONCE:
        assert fault.text in texts["责令立即改正通知书"]
    for fault in WITH_DATES:
        assert fault.text in texts["责令限期改正通知书"]
    assert "达瓦" in "".join(texts.values())
    assert "校长阅后拒绝签收" in texts["送达回证"]
    assert "事实清楚，适用法律正确" in texts["消防监督管理审批表"]

    # nothing that blocks is missing in either case file, so the office puts both into the archive
    cases = [f"/casefiles/{order.id}" for order in orders_of(cast).values()]
    db.session.rollback()
    for address in cases:
        office.goto(address)
        expect(office.locator("#gaps")).to_contain_text("须补齐 0 项")
        confirm(office, "归档")
        expect(office.locator("main")).to_contain_text(re.compile("已于 .+ 归档"))
    assert {order.archived_on is not None for order in orders_of(cast).values()} == {True}
    db.session.rollback()
