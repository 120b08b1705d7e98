"""A school's safety officer logs a drill on a phone without network; what the server asks to be mended is mended there."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Route, expect

from app.core.extensions import db
from app.core.files import files
from app.drills.models import Drill
from app.fieldwork.models import Photo
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories import drills as make
from tests.factories import pictures
from tests.tablet.ground import stored, until

pytestmark = pytest.mark.browser
SYNC = "**/sync/session*"


def test_a_drill_logged_without_network_arrives_once_with_its_photo(
    cast: Cast, browser_page: OpenPage, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a tablet sees the same on either database; tests/sync does the protocol on both")
    house = make.building(cast)
    name, key = house.name, house.id
    db.session.commit()
    db.session.remove()
    page = browser_page("phone", person="sonam")
    db.session.rollback()
    page.goto("/sync/")
    page.locator("html[data-ready]").wait_for(state="attached")
    page.get_by_role("link", name="登记演练 示范区第一小学").tap()
    page.locator("html[data-ready]").wait_for(state="attached")
    page.route("**/sync/**", lambda route: route.abort() if "/logs/" not in route.request.url else route.continue_())

    assert page.get_by_label("演练日期").input_value()
    page.get_by_label("演练类型").select_option("evacuation")
    page.get_by_label("演练建筑").select_option(label=name)
    page.get_by_label("最后一人离开").fill("1:54")
    page.get_by_label("第一人离开").fill("5:00")
    expect(page.get_by_label("结合的检查")).to_be_hidden()
    picture = tmp_path / "drill.jpg"
    picture.write_bytes(pictures.with_exif())
    page.get_by_label("照片").set_input_files(picture)
    page.locator("[data-photos] li").wait_for()
    until(lambda: stored(page, "drafts")[0].get("fields", {}).get("first_out") == "5:00", "all is kept")

    page.reload()  # the browser forgets the page; the store does not
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.get_by_label("第一人离开").input_value() == "5:00"
    expect(page.locator("[data-photos] img")).to_have_count(1)
    page.problems.clear()  # type: ignore[attr-defined]
    sound(page)
    finish = page.get_by_role("button", name="完成，交给系统发送")
    finish.tap()
    expect(page.locator("[data-mend]")).to_contain_text("集合点清点到")
    page.get_by_label("集合点清点到").fill("599")
    page.get_by_label("发出信号的时间").fill("00:01")
    finish.tap()
    expect(page.locator("[data-state]")).to_contain_text("等待发送")

    page.unroute_all()
    page.get_by_role("button", name="立即发送").tap()
    expect(page.locator("[data-mend]")).to_contain_text("最后一人")
    page.get_by_label("第一人离开").fill("0:22")

    lost: list[bool] = []

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()
        lost.append(True)

    page.route("**/sync/ops", lose_the_answer)
    finish.tap()
    until(lambda: stored(page, "ops") and lost, "it came, its answer did not")
    assert _count() == 1
    page.unroute_all()
    page.get_by_role("button", name="立即发送").tap()
    expect(page.locator("[data-state]")).to_contain_text("已登记")
    db.session.rollback()
    (drill,), (photo,) = db.session.scalars(sa.select(Drill)).all(), db.session.scalars(sa.select(Photo)).all()
    assert (drill.first_out_s, drill.accounted, drill.building_id, drill.logged_by_id) == (
        22,
        599,
        key,
        cast.people["sonam"],
    )
    assert files().get(photo.original_sha256) == picture.read_bytes()
    assert stored(page, "ops") == []
    assert stored(page, "bytes") == []
    page.goto("/sync/")
    expect(page.locator("[data-log-drafts]")).to_contain_text("已登记")
    expect(page.locator("#drafts")).to_be_hidden()
    page.problems.clear()  # type: ignore[attr-defined]
    sound(page)


def _count() -> int:
    found = db.session.scalar(sa.select(sa.func.count(Drill.id))) or 0
    db.session.rollback()
    return found
