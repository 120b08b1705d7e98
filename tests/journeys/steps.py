"""What people do in journeys through the browser: a function for each act, by the words on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

from tests.factories.pictures import picture

#: The next area of the walk, or the review after the last.
ONWARDS = re.compile("^(下一区|去复核)")


def press(page: Page, words: str | re.Pattern[str]) -> None:
    """Press a button and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in on the sign-in page, where the first address leads."""
    page.goto("/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(password)
    press(page, "登录")
    expect(page).not_to_have_url(re.compile("/sign-in"))


def photo(name: str, *, seed: int = 0) -> Any:
    """A photo as the tablet's camera hands it over."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(800, 600, seed=seed)}


# inspecting -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing to find: the first row with this code and name in it, what is wrong, and in which section it is printed."""

    item: str
    name: str
    text: str
    section: str
    spot: bool = False


def open_school(page: Page, name: str) -> None:
    """Find a school in the register and open its page."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="学校", exact=True).click()
    page.get_by_label("查找学校").fill(name)
    press(page, "搜索")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def begin(page: Page, button: str, *, second: str, accompanying: str) -> None:
    """Say who takes part, and start."""
    page.get_by_label("第二名检查人员").select_option(label=second)
    page.get_by_label("单位随同检查人员").fill(accompanying)
    press(page, button)


def _row(page: Page, name: str) -> Locator:
    return page.locator(f'fieldset[data-row="{name}"]')


def _open_rows(page: Page) -> list[str]:
    still = page.locator('fieldset[data-row]:not(:has(.answers input[type="radio"]:checked))')
    return list(still.evaluate_all("rows => rows.map((row) => row.dataset.row)"))


def _take(row: Locator, label: str, seed: int) -> None:
    kept = row.locator(".photo-slots img")
    before = kept.count()
    row.get_by_label(label, exact=True).set_input_files(photo(f"{seed}.jpg", seed=seed))
    expect(kept).to_have_count(before + 1)


def tick(box: Locator) -> None:
    """A row may grow while an answer comes back; a finger that missed taps again."""
    with suppress(Error):
        box.check()
    box.check()


def find_fault(row: Locator, fault: Fault, *, seed: int) -> None:
    """Answer 不合格, say what is wrong, photograph it; where it is put right at once, say so and photograph that too."""
    row.get_by_role("radio", name="不合格", exact=True).check()
    tick(row.get_by_label(fault.text, exact=True))
    _take(row, "近照", seed)
    if fault.spot:
        tick(row.get_by_label("当场已改正"))
        _take(row, "改正后", seed + 50)


def walk_through(page: Page, faults: Iterable[Fault]) -> dict[str, str]:
    """Fill every area: faults where they are met first, the rest in bulk, what bulk may not answer by hand.

    Returns where each fault was found: its text and the row's name.
    """
    waiting, found = list(faults), dict[str, str]()
    while "/review" not in page.url:
        for fault in tuple(waiting):
            row = page.locator(f'fieldset[data-item="{fault.item}"]', has_text=fault.name)
            if row.count():
                find_fault(row.first, fault, seed=10 * len(waiting))
                found[fault.text] = str(row.first.get_attribute("data-row"))
                waiting.remove(fault)
        bulk = page.get_by_role("button", name="本区其余合格")
        if bulk.count():
            press(page, re.compile("^本区其余合格"))
        for name in _open_rows(page):
            _row(page, name).get_by_role("radio", name="合格", exact=True).check()
        press(page, ONWARDS)
    assert not waiting, f"not met on the walk: {waiting}"
    return found


def strike_off(page: Page) -> None:
    """A re-check in which everything has been put right."""
    for name in _open_rows(page):
        _row(page, name).get_by_role("radio", name="已改正", exact=True).check()
    press(page, ONWARDS)


def draw(box: Locator) -> None:
    """A signature by pen on the pad."""
    canvas = box.locator("canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame is not None
    mouse, left, middle = box.page.mouse, frame["x"] + 30, frame["y"] + frame["height"] / 2
    mouse.move(left, middle)
    mouse.down()
    for n in range(1, 9):
        mouse.move(left + 22 * n, middle + (25 if n % 2 else -25))
    mouse.up()
    expect(box.locator("[data-strokes]")).to_have_value(re.compile("<path"))


def finish_and_sign(page: Page, *, password: str) -> None:
    """Finish on the review page; both officers and the school's person sign on this tablet, the second by password."""
    press(page, re.compile("^完成，去签名"))
    page.get_by_label("的密码（本人输入）").fill(password)
    for title in ("检查人员（一）", "检查人员（二）", "被检查单位随同人员"):
        draw(page.get_by_role("group", name=title))
    press(page, "提交签名")
    expect(page).to_have_url(re.compile("/record"))


# papers ---------------------------------------------------------------------------------------------------------


def paper_of(page: Page, title: str) -> tuple[bytes, str]:
    """Open a paper from the record that lists it, wait until the worker has made it; its bytes and its check code."""
    page.locator("#papers").get_by_role("link", name=title).first.click()
    opened = page.get_by_role("link", name="打开 PDF")
    expect(opened).to_be_visible(timeout=60_000)
    code = page.locator("dt", has_text="校验码").locator("xpath=following-sibling::dd[1]").inner_text()
    answer = page.request.get(str(opened.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body(), code


def verify_code(page: Page, code: str, words: str) -> None:
    """Type a check code on the public page; what it says."""
    page.goto("/verify")
    page.get_by_label("校验码").fill(code)
    press(page, re.compile("^核验$"))
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def verify_file(page: Page, content: bytes, words: str) -> None:
    """Choose a file on the public page; what it says."""
    page.goto("/verify")
    page.locator("input[type=file]").set_input_files(
        {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    press(page, "核验文件")
    expect(page.get_by_text(words, exact=True)).to_be_visible()


# a school's own logs --------------------------------------------------------------------------------------------


def log_drill(page: Page) -> None:
    """Log an evacuation drill from the school's home: one of six hundred was not found at the assembly point."""
    page.goto("/portal")
    page.get_by_role("link", name="登记一次演练").click()
    page.get_by_label("发出信号的时间").fill("00:01")
    page.get_by_label("最后一人离开").fill("1:54")
    page.get_by_label("在校人数").fill("600")
    page.get_by_label("集合点清点到").fill("599")
    press(page, "登记演练")
    expect(page.get_by_role("heading", name="1 人未清点到")).to_be_visible()


def log_training(page: Page) -> None:
    """Log a training of the staff from the school's home."""
    page.goto("/portal")
    page.get_by_role("link", name="登记一次培训").click()
    page.get_by_label("开始时间").fill("00:01")
    page.get_by_label("学时").first.fill("1.5")
    page.get_by_label("实到人数").fill("12")
    page.get_by_label("培训内容").fill("灭火毯使用")
    press(page, "登记培训")
    expect(page.get_by_text("灭火毯使用")).to_be_visible()
