"""A school with a phone: it sees its findings, sends photos, logs a drill and a training; two officers strike off; it sees that."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import RecheckOutcome
from app.rectification.service import evidence as evidence_service
from app.rectification.service import findings as service
from app.rectification.service.findings import RecheckReading
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories import rectification as make
from tests.factories.pictures import picture
from tests.journeys.steps import log_drill, log_training

pytestmark = pytest.mark.browser
TODAY = clock.today()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photos on the phone."""
    paths = [tmp_path / "near.jpg", tmp_path / "wide.jpg"]
    for seed, path in enumerate(paths):
        path.write_bytes(picture(800, 600, seed=seed * 70))
    return paths


def _send_photos(page: Page, photos: list[Path]) -> None:
    with page.expect_navigation():  # the page's script takes the photos only once it has been loaded
        page.get_by_role("link", name="上传整改照片").click()
    expect(page.get_by_role("heading", name="疏散门上锁")).to_be_visible()
    page.get_by_label("整改照片").set_input_files(photos)
    page.get_by_label("整改情况").fill("已拆除挂锁，换成推杆式逃生锁")
    page.get_by_label("已全部改好，申请复查").check()
    page.get_by_role("button", name="提交整改照片").click()
    expect(page.get_by_text("已报送。由两名检查人员复查后销号。")).to_be_visible()
    expect(page.get_by_text("照片 2 张")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_school_puts_right_and_logs(cast: Cast, browser_page: OpenPage, photos: list[Path], script: bool) -> None:
    finding = make.finding(cast, deadline=TODAY + timedelta(days=2))
    db.session.commit()
    page = browser_page("phone", person="pema", script=script)
    page.goto("/")
    expect(page.get_by_text("还剩 2 天").first).to_be_visible()
    if script:
        sound(page)
    _send_photos(page, photos)
    log_drill(page)
    log_training(page)

    recheck = make.inspection(cast)
    readings = [RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.CORRECTED)]
    service.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, recheck), results=readings)
    db.session.commit()
    page.goto("/portal")
    expect(page.get_by_text("没有需要整改的问题。")).to_be_visible()
    page.get_by_text("已结束的问题").click()
    expect(page.get_by_text("复查合格，已销号")).to_be_visible()


def test_the_officer_reads_what_the_school_sent(cast: Cast, browser_page: OpenPage, photos: list[Path]) -> None:
    finding = make.finding(cast, deadline=TODAY + timedelta(days=2))
    evidence_service.send_evidence(
        cast.viewer("pema"),
        finding=finding,
        note="已换锁",
        photos=[("a.jpg", photos[0].read_bytes())],
        asks_recheck=True,
    )
    db.session.commit()
    page = browser_page("tablet", person="ines")
    page.goto("/")
    expect(page.get_by_role("heading", name="待复查")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="疏散门上锁").first.click()
    expect(page.get_by_text("白玛 报送整改情况")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="安排复查").click()
    expect(page.locator("h1")).to_contain_text("复查")
