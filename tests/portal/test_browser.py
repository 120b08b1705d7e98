"""A school with a phone and a link, no account: photos over a line that breaks, evidence returned and sent again; every page sound."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app.core.extensions import db
from app.core.jobs import run_all
from app.fieldwork.models import Photo
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import Order
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import evidence as evidence_service
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories.pictures import picture
from tests.portal.cutting import cut_line
from tests.portal.steps import linked, sent_by_link

pytestmark = pytest.mark.browser
#: Twelve megapixels.
WIDE, HIGH = 4000, 3000
PHOTOS = (5, pytest.param(20, marks=pytest.mark.soak))


def cut_uploads(test: Callable[..., None]) -> Callable[..., None]:
    """An upload that is cut leaves its buffer to the collector, which says so."""
    test = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")(test)
    return pytest.mark.usefixtures("collected")(test)


@pytest.fixture
def collected() -> Iterator[None]:
    """What cut uploads left is collected before the next test."""
    yield
    gc.collect()


def _let_go() -> None:
    """The test's own transaction ends, so that the server can write."""
    db.session.rollback()
    db.session.remove()


def _photos(folder: Path, count: int, size: tuple[int, int] = (WIDE, HIGH)) -> list[Path]:
    paths = [folder / f"{n}.jpg" for n in range(count)]
    for n, path in enumerate(paths):
        path.write_bytes(picture(*size, seed=n * 9, quality=40))
    return paths


def _kept() -> dict[str, int]:
    _let_go()
    rows = db.session.execute(sa.select(Photo.original_sha256, sa.func.count()).group_by(Photo.original_sha256)).all()
    _let_go()
    return {sha256: count for sha256, count in rows}  # noqa: C416


def _send_until_kept(address: str, fields: dict[str, str], content: bytes) -> int:
    """What the script does: the same photo under the same id until the server has said that it is kept."""
    for tries in range(1, 60):
        try:
            answer = requests.post(address, data=fields, files={"photo": ("a.jpg", content, "image/jpeg")}, timeout=60)
        except requests.RequestException:
            continue
        assert answer.status_code == 200, answer.text
        return tries
    raise AssertionError("it never arrived")


@pytest.mark.one_database
@pytest.mark.parametrize("count", PHOTOS)
@cut_uploads
def test_photos_of_twelve_megapixels_over_a_line_that_breaks_arrive_once_each(
    cast: Cast, app: Any, address: str, tmp_path: Path, count: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    _order, path = linked(cast)
    _let_go()
    key = str(uuid.uuid4())
    with cut_line(address, seed=7) as line:
        to = f"{line.address}{path}/items/1/photos"
        for photo in _photos(tmp_path, count):
            _send_until_kept(to, {"key": key, "photo_id": str(uuid.uuid4())}, photo.read_bytes())
    assert line.cuts["there"] > 0
    assert line.cuts["back"] > 0
    assert list(_kept().values()) == [1] * count


@cut_uploads
def test_a_phone_sends_photos_over_a_line_that_breaks_by_itself(
    cast: Cast, address: str, browser_page: OpenPage, tmp_path: Path
) -> None:
    _order, path = linked(cast)
    _let_go()
    page = browser_page("phone")
    with cut_line(address, seed=3) as line:
        page.goto(f"{line.address}{path}/items/1")
        page.get_by_label("整改照片").set_input_files(_photos(tmp_path, 6))
        page.get_by_label("整改情况").fill("已换锁")
        page.get_by_label("您的姓名").first.fill("索南")
        page.get_by_role("button", name="提交整改照片").click()  # while photos are still on their way
        expect(page.get_by_text("已报送。由两名检查人员复查后销号。")).to_be_visible(timeout=120_000)
    assert sum(line.cuts.values()) > 0
    assert list(_kept().values()) == [1] * 6
    sizes = db.session.execute(sa.select(Photo.width, Photo.height)).all()
    assert {(max(size), min(size)) for size in sizes} == {(1600, 1200)}
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1
    _let_go()
    page.problems = [said for said in page.problems if "net::ERR" not in said]  # type: ignore[attr-defined]


def _send(page: Page, photos: list[Path], note: str) -> None:
    with page.expect_navigation():  # the page's script takes the photos only once it has been loaded
        page.get_by_role("link", name="报送").first.click()
    page.get_by_label("整改照片").set_input_files(photos)
    page.get_by_label("整改情况").fill(note)
    page.get_by_label("整改人或施工单位").fill("达瓦")
    page.get_by_label("费用（元）").fill("480")
    page.get_by_label("您的姓名").first.fill("索南")
    page.get_by_role("button", name="提交整改照片").click()
    expect(page.get_by_text("已报送。由两名检查人员复查后销号。")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_by_link_on_a_phone_photos_are_sent_returned_and_sent_again(
    cast: Cast, browser_page: OpenPage, tmp_path: Path, script: bool
) -> None:
    order, path = sent_by_link(cast, count=1)
    order_id = order.id
    _let_go()
    photos = _photos(tmp_path, 2, (1200, 900))
    page = browser_page("phone", script=script)
    page.goto(path)
    page.get_by_label("签收人姓名").fill("白玛")
    page.get_by_role("button", name="确认收到").click()
    expect(page.get_by_text("已确认收到。")).to_be_visible()
    _send(page, photos, "已换锁")
    sent = db.session.scalars(sa.select(Evidence)).one()
    evidence_service.answer_evidence(
        cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.RETURNED, reason="请拍全景"
    )
    db.session.commit()
    _let_go()
    page.goto(path)
    expect(page.get_by_text("材料已退回，请补充后重新报送").first).to_be_visible()
    expect(page.get_by_text("请拍全景").first).to_be_visible()
    _send(page, photos[:1], "全景如图")
    expect(page.get_by_text("等待大队答复")).to_be_visible()
    page.goto(path)
    page.get_by_role("button", name="制作整改复函").click()
    expect(page.get_by_text("正在制作 PDF")).to_be_visible()
    run_all()
    _let_go()
    page.reload()
    expect(page.get_by_role("link", name="打开 PDF")).to_be_visible()
    _let_go()
    assert db.session.get_one(Order, order_id).first_read_at is not None
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 3
    _let_go()


@pytest.mark.one_database
def test_a_photo_that_cannot_be_read_is_named_again_on_the_next_page(
    cast: Cast, browser_page: OpenPage, tmp_path: Path
) -> None:
    _order, path = sent_by_link(cast, count=1)
    _let_go()
    half = tmp_path / "半张.jpg"
    half.write_bytes(_photos(tmp_path, 1, (1200, 900))[0].read_bytes()[:900])
    page = browser_page("phone")
    page.goto(f"{path}/items/1")
    page.get_by_label("整改照片").set_input_files([*_photos(tmp_path, 1, (1200, 900)), half])
    expect(page.locator("[data-queue-list] [data-state=failed]")).to_contain_text("半张.jpg", timeout=30_000)
    page.get_by_label("整改情况").fill("已换锁")
    page.get_by_label("您的姓名").first.fill("索南")
    page.get_by_role("button", name="提交整改照片").click()
    expect(page.get_by_text("已报送。由两名检查人员复查后销号。")).to_be_visible()
    expect(page.get_by_text("没有保存的照片：半张.jpg")).to_be_visible()
    _let_go()
    page.problems = [said for said in page.problems if "422" not in said]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("tablet", "zh")])
def test_every_page_of_an_order_is_sound(cast: Cast, browser_page: OpenPage, size: str, language: str) -> None:
    order, path = sent_by_link(cast)
    sent = {"note": "已换锁", "done_by": "达瓦"}
    finding = db.session.scalars(sa.select(Finding).order_by(Finding.item_code)).first()
    assert finding is not None
    evidence_service.send_evidence(cast.viewer("pema"), finding=finding, photos=[("a.jpg", picture(800, 600))], **sent)
    db.session.commit()
    order_id, paper_id = order.id, order.document_id
    run_all()
    _let_go()
    page = browser_page(size, language=language)
    for part in ("", "/items/1", "/items/2", f"/papers/{paper_id}"):
        page.goto(path + part)
        sound(page)
    page.goto("/p/nobody-made-this")
    sound(page)
    page.problems.clear()  # type: ignore[attr-defined]
    page = browser_page(size, language=language, person="pema")
    for part in (f"/portal/orders/{order_id}", f"/portal/orders/{order_id}/items/1", "/portal", "/portal/people"):
        page.goto(part)
        sound(page)
