"""A re-check on the tablet: what is to be looked at on top, three answers, photos, a label that leads to its finding; sent once."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.core import clock
from app.core.extensions import db
from app.equipment.models import Equipment
from app.equipment.service import labels
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import Via
from app.inspections.models import Inspection, InspectionKind
from app.inspections.service import starting
from app.rectification.models.findings import ClosedHow, Finding
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories import pictures
from tests.factories import rectification as findings
from tests.factories.grounds import campus
from tests.tablet.ground import enter_pin, scanned, stored, until

pytestmark = pytest.mark.browser


def test_a_recheck_is_taken_along_answered_and_sent(cast: Cast, browser_page: OpenPage, tmp_path: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a tablet sees the same on either database; tests/sync does the protocol on both")
    campus(cast, pieces=2)
    piece = db.session.scalars(sa.select(Equipment).order_by(Equipment.id).limit(1)).one()
    labels.give_codes(cast.viewer("lea"), [piece.id])
    row = findings.inspection(cast)
    found = [findings.finding(cast, item_code=f"EVA-0{n}", row=row, text=f"问题 {n}") for n in (1, 2, 3)]
    found[2].equipment_id = piece.id
    draft = starting.start(
        cast.viewer("ines"), school=cast.school, kind=InspectionKind.RECHECK, second_id=cast.people["ivo"],
        findings=[one.id for one in found], accompanying="索南",
    )  # fmt: skip
    db.session.commit()
    db.session.refresh(piece)
    key, ids, code = draft.id, [f"RECHECK@{one.id}" for one in found], piece.tag_code or ""
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.goto("/sync/")
    page.locator("html[data-ready]").wait_for(state="attached")
    refresh = page.locator("[data-refresh]")
    until(refresh.is_enabled, "the tablet may take along")
    refresh.tap()
    enter_pin(page)
    page.locator(f'[data-visit="{key}"] [data-status=ready]').wait_for()
    page.locator(f'[data-visit="{key}"] [data-go]').tap()
    page.locator("html[data-ready]").wait_for(state="attached")

    page.route("**/sync/session*", lambda route: route.abort())  # no line for a while
    rows = [page.locator(f'[data-row="{name}"]') for name in ids]
    for one in rows:
        expect(one).to_be_in_viewport()
    answers = [one.get_by_role("radio") for one in rows]
    assert [radio.get_attribute("value") for radio in answers[0].all()] == ["corrected", "partly", "not_corrected"]
    for one, word in zip(rows, ("已改正", "部分改正", "未改正"), strict=True):
        if one is rows[2]:
            scanned(page, code)
            expect(one).to_have_class("answer is-scanned")
        one.locator("label", has=page.get_by_role("radio", name=word, exact=True)).tap()
    picture = tmp_path / "door.jpg"
    picture.write_bytes(pictures.with_exif())
    rows[1].locator("label.more").tap()
    rows[1].locator(f'input[type=file][name="{ids[1]}.photo"]').set_input_files(picture)
    until(lambda: len(stored(page, "answers")) >= 3 and stored(page, "photos"), "all is kept")
    plain = stored(page, "photos")[0]["sha256"]
    rows[1].get_by_role("button", name="标注").tap()
    box = page.locator("dialog.mark canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.problems.clear()  # type: ignore[attr-defined]
    sound(page)
    page.get_by_role("button", name="保存标注").tap()
    until(lambda: stored(page, "photos")[0]["sha256"] != plain, "the marked picture takes its place")
    page.locator("dialog.mark").wait_for(state="detached")
    page.problems.clear()  # type: ignore[attr-defined]
    sound(page)
    page.unroute_all()
    page.locator("[data-goto=review]").tap()
    page.locator("[data-send]").tap()
    until(lambda: stored(page, "ops") == [], "all is sent", seconds=40)
    db.session.rollback()
    standing = fieldwork.folded(key)
    assert [standing.value(*name.split("@"), "answer") for name in ids] == ["corrected", "partly", "not_corrected"]
    (photo,) = db.session.scalars(sa.select(Photo)).all()
    assert (photo.item, photo.caption, photo.latitude) == ("RECHECK", "平板标注", 29.65)
    assert photo.original_sha256 != plain
    assert {
        one.via
        for one in db.session.scalars(sa.select(AnswerOp))
        if one.field == "answer" and ids[2].endswith(one.place)
    } == {Via.SCAN}
    db.session.rollback()
    page.problems.clear()  # type: ignore[attr-defined]


def test_a_recheck_is_begun_without_network_and_what_was_closed_meanwhile_is_left_out(
    cast: Cast, browser_page: OpenPage
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a tablet sees the same on either database; tests/sync does the protocol on both")
    row = findings.inspection(cast)
    found = [findings.finding(cast, item_code=f"EVA-0{n}", row=row, text=f"问题 {n}") for n in (1, 2, 3)]
    db.session.commit()
    ids, before = [one.id for one in found], row.id
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.goto(f"/sync/schools/{cast.school_id}")
    panel = page.locator("form[data-begin=recheck]")
    panel.wait_for()
    page.route("**/sync/session*", lambda route: route.abort())
    for one in panel.get_by_role("checkbox").all():
        one.set_checked(False, force=True)
    begin = panel.get_by_role("button", name="开始复查")
    begin.tap()
    expect(panel.locator("[data-none-chosen]")).to_be_visible()
    for n in (1, 3):
        panel.get_by_role("checkbox", name=f"问题 {n}").set_checked(True, force=True)
    page.problems.clear()  # type: ignore[attr-defined]
    sound(page)
    begin.tap()
    page.locator("[data-row]").first.wait_for()
    shown = {one.get_attribute("data-row") for one in page.locator("[data-row]").all()}
    assert shown == {f"RECHECK@{ids[0]}", f"RECHECK@{ids[2]}"}
    page.locator(
        f'[data-row="RECHECK@{ids[2]}"] label', has=page.get_by_role("radio", name="部分改正", exact=True)
    ).tap()
    until(lambda: len(stored(page, "ops")) == 2, "all is kept")
    gone = db.session.get_one(Finding, ids[0])
    gone.closed_on, gone.closed_how, gone.closed_reason = clock.today(), ClosedHow.WITHDRAWN, "登记错误"
    db.session.commit()
    db.session.remove()
    page.unroute_all()
    page.locator("[data-goto=review]").tap()
    page.locator("[data-send]").tap()
    until(lambda: stored(page, "ops") == [], "all is sent", seconds=40)
    db.session.rollback()
    (draft,) = db.session.scalars(
        sa.select(Inspection).where(Inspection.kind == InspectionKind.RECHECK, Inspection.id != before)
    ).all()
    assert draft.scope["findings"] == [str(ids[2])]
    assert fieldwork.folded(draft.id).value("RECHECK", str(ids[2]), "answer") == "partly"
    db.session.rollback()
    page.problems.clear()  # type: ignore[attr-defined]
