"""A label scanned on the tablet opens its piece: by camera, by a scanner that types, and by hand."""

from __future__ import annotations

import random
import uuid
from io import BytesIO
from pathlib import Path

import pytest
import segno
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from app.core.extensions import db
from app.equipment.models import Equipment
from app.equipment.rules import tags
from app.equipment.service import labels, links
from app.fieldwork.models import AnswerOp
from app.fieldwork.rules import Via
from tests.browser import ARGUMENTS, EXECUTABLE, OpenPage, open_tab, session_cookie, sound
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.tablet.ground import scanned, stored, until

#: A tablet sees the same on either database; tests/sync does the protocol on both.
pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def seen_by_camera(text: str, path: Path) -> None:
    """A film of one picture: a label with this code held before a camera, a little askew."""
    code = BytesIO()
    segno.make(text, error="q").save(code, kind="png", scale=8, border=4)
    scene = Image.new("RGB", (640, 480), (120, 118, 110))
    label = (
        Image.open(code)
        .convert("RGB")
        .rotate(9, expand=True, fillcolor=(120, 118, 110), resample=Image.Resampling.BICUBIC)
    )
    scene.paste(label.resize((300, 300)), (170, 90))
    light, blue, red = scene.convert("YCbCr").split()
    small = [one.resize((320, 240)).tobytes() for one in (blue, red)]
    frame = b"FRAME\n" + light.tobytes() + small[0] + small[1]
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 3)


@pytest.fixture
def visit(cast: Cast, app: Flask) -> tuple[str, list[str], list[str]]:
    """A draft at a school with labelled pieces and one bare one; the ids of pieces, and their codes."""
    campus(cast, pieces=3)
    pieces = db.session.scalars(sa.select(Equipment).order_by(Equipment.id)).all()
    labels.give_codes(cast.viewer("lea"), [one.id for one in pieces[:2]])
    key = str(draft(cast).id)
    db.session.commit()
    pieces = db.session.scalars(sa.select(Equipment).order_by(Equipment.id)).all()
    told = key, [str(one.id) for one in pieces], [one.tag_code or "" for one in pieces]
    db.session.remove()
    return told


def opened(page: Page, key: str) -> None:
    page.goto(f"/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")


def test_the_camera_reads_a_label_and_one_tap_answers_the_piece(
    visit: tuple[str, list[str], list[str]], playwright: Playwright, address: str, as_person: SignInAs, tmp_path: Path
) -> None:
    key, pieces, codes = visit
    film = tmp_path / "label.y4m"
    seen_by_camera(links.address(codes[1]), film)
    cookie = session_cookie(as_person("ines"))
    db.session.rollback()
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=[*ARGUMENTS, *flags])
    try:
        page = open_tab(browser, address, cookie=cookie)
        opened(page, key)
        page.get_by_role("button", name="扫码", exact=True).tap()
        row = page.locator(f'[data-row="PIECE@{pieces[1]}"]')
        expect(row).to_have_class("answer is-scanned")
        expect(row.get_by_role("radio", name="合格", exact=True)).to_be_in_viewport()
        row.locator("label", has=page.get_by_role("radio", name="合格", exact=True)).tap()
        until(
            lambda: [one["via"] for one in stored(page, "answers") if one["place"] == pieces[1]] == ["scan"],
            "one tap is the whole piece",
        )
        page.get_by_role("button", name="关闭扫码").tap()
        expect(page.locator("#scan")).to_be_hidden()
        assert page.problems == []  # type: ignore[attr-defined]
    finally:
        browser.close()


def test_a_scanner_types_and_a_hand_types_and_each_code_says_what_it_is(
    visit: tuple[str, list[str], list[str]], cast: Cast, browser_page: OpenPage
) -> None:
    key, pieces, codes = visit
    (blank,) = labels.make_blanks(cast.viewer("lea"), 1)
    strange = Equipment(kind="extinguisher", school_id=cast.ottos_school_id, tag_code=tags.new_code())
    db.session.add(strange)
    foreign = strange.tag_code or ""
    db.session.commit()
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.goto("/sync/")
    until(
        lambda: page.evaluate(
            "import('/static/js/tablet/store.js').then((s) => s.get('meta', 'labels')).then(Boolean)"
        ),
        "labels are here",
    )
    opened(page, key)
    said = page.locator("[data-scan-said]")

    scanned(page, f"https://elsewhere.example/e/{codes[0]}")
    row = page.locator(f'[data-row="PIECE@{pieces[0]}"]')
    expect(row).to_have_class("answer is-scanned")
    row.locator("label", has=page.get_by_role("radio", name="合格", exact=True)).tap()
    until(lambda: len(stored(page, "answers")) > 0, "it is kept")

    box = page.get_by_label("标签编号")
    for text, words in (
        (tags.spaced(codes[0]).lower(), "已检查"), (foreign, "不是所检查的学校"), ("ABC-DEFG", "不是标签编号"), (tags.new_code(), "没有标签"),
        (blank, "还没有贴在器材上"),
    ):  # fmt: skip
        box.fill(text)
        page.get_by_role("button", name="打开", exact=True).tap()
        expect(said).to_contain_text(words)
    sound(page)
    page.get_by_label("贴到哪件器材上").select_option(pieces[2])
    page.get_by_role("button", name="贴在这件上").tap()
    expect(page.locator(f'[data-row="PIECE@{pieces[2]}"]')).to_have_class("answer is-scanned")
    page.reload()
    page.locator("html[data-ready]").wait_for(state="attached")
    scanned(page, blank)
    expect(page.locator(f'[data-row="PIECE@{pieces[2]}"]')).to_have_class("answer is-scanned")
    until(lambda: stored(page, "ops") == [], "all is sent", seconds=40)
    db.session.rollback()
    assert db.session.get_one(Equipment, uuid.UUID(pieces[2])).tag_code == blank
    assert {one.via for one in db.session.scalars(sa.select(AnswerOp))} == {Via.SCAN}

    picks = random.Random(7)
    tried = [tags.new_code(picks.choice) for _n in range(30)]
    tried += [code[:-1] + picks.choice(tags.ALPHABET) for code in tried] + [
        f"x/E/{tried[0]}?a=1",
        "ａｂｃ",
        "",
        "ABC.DEF·G",
        "%zz/e/%zz",
    ]
    expected = []
    for text in tried:
        try:
            expected.append(tags.read(text))
        except tags.NotATag:
            expected.append(None)
    script = "texts => import('/static/js/tablet/labels.js').then((m) => texts.map(m.read))"
    assert page.evaluate(script, tried) == expected
    db.session.rollback()
