"""The filling page in a real browser: without script, and with it."""

from __future__ import annotations

import uuid

import pytest

from app.core.extensions import db
from app.equipment.models import EquipmentKind
from app.fieldwork import queries as fieldwork
from app.inspections.models import Inspection, InspectionState
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories.equipment import a_school_full_of
from tests.factories.grounds import campus
from tests.factories.inspections import answered, draft, frozen
from tests.inspections import filling

pytestmark = pytest.mark.browser


def let_go(*rows: Inspection) -> list[str]:
    """Ids of drafts; the test's own transaction ends, so that the server can write."""
    ids = [str(row.id) for row in rows]
    db.session.rollback()
    db.session.remove()
    return ids


def test_without_script_an_area_is_filled_and_the_next_one_comes(cast: Cast, browser_page: OpenPage) -> None:
    campus(cast, pieces=8)
    (key,) = let_go(draft(cast))
    page = browser_page("tablet", person="ines", script=False)
    let_go()
    page.goto(f"/inspections/{key}?area=outside")
    for line in page.locator("fieldset[data-row]").all():
        line.get_by_role("radio", name="合格", exact=True).check()
    page.get_by_role("button", name="下一区").click()
    page.wait_for_url("**area=control*")
    folded = fieldwork.folded(uuid.UUID(key))
    assert {register.value for register in folded.registers.values()} == {"pass"}
    assert len(folded.registers) == 4


def test_without_script_a_draft_is_finished_and_signed_by_photos_of_ink(cast: Cast, browser_page: OpenPage) -> None:
    campus(cast, pieces=3)
    filling.give_ivo_a_password(cast)
    row = draft(cast, accompanying="索南")
    answered(cast, row)
    (key,) = let_go(row)
    page = browser_page("tablet", person="ines", script=False)
    let_go()
    page.goto(f"/inspections/{key}/review")
    page.get_by_role("button", name="完成，去签名").click()
    ink = {"name": "ink.jpg", "mimeType": "image/jpeg", "buffer": filling.pictures.picture()}
    for role in ("lead", "second", "school"):
        page.locator(f'[name="{role}.scan"]').set_input_files(ink)
    page.locator('[name="second.password"]').fill(filling.PASSWORD)
    page.get_by_role("button", name="提交签名").click()
    page.wait_for_url("**/record")
    assert db.session.get_one(Inspection, uuid.UUID(key)).state is InspectionState.SIGNED


@pytest.mark.parametrize("pieces", [70, pytest.param(300, marks=pytest.mark.soak)])
def test_without_script_a_school_of_many_pieces_is_inspected_and_signed(
    cast: Cast, browser_page: OpenPage, pieces: int
) -> None:
    a_school_full_of(cast, pieces)
    filling.give_ivo_a_password(cast)
    let_go()
    page = browser_page("tablet", person="ines", script=False)
    let_go()
    page.goto(f"/inspections/new?school={cast.school_id}")
    page.locator('[name="second_id"]').select_option(str(cast.people["ivo"]))
    with page.expect_navigation():
        page.get_by_role("button", name="开始检查").click()
    start = page.url.split("?")[0]
    areas = [str(one.get_attribute("href")) for one in page.locator("nav.sheet-areas a").all()]
    for href in areas:
        if href.endswith("area=unseen"):
            continue
        page.goto(href)
        rows = page.locator('fieldset[data-row] input[type="radio"][value="pass"]')
        if rows.count():
            rows.first.check(force=True)
        rows.evaluate_all("rest => rest.forEach((one) => { one.checked = true; })")  # as hundreds of taps would
        page.get_by_role("button", name="保存", exact=True).first.click()
    page.goto(f"{start}/review")
    page.get_by_role("button", name="完成，去签名").click()
    ink = {"name": "ink.jpg", "mimeType": "image/jpeg", "buffer": filling.pictures.picture()}
    for role in ("lead", "second", "school"):
        page.locator(f'[name="{role}.scan"]').set_input_files(ink)
    page.locator('[name="school.name"]').fill("索南")
    page.locator('[name="second.password"]').fill(filling.PASSWORD)
    page.get_by_role("button", name="提交签名").click()
    page.wait_for_url("**/record")
    row = db.session.get_one(Inspection, uuid.UUID(start.rsplit("/", 1)[1]))
    assert (row.state, row.not_seen, row.failed) == (InspectionState.SIGNED, 0, 0)
    assert row.passed > pieces


def test_with_script_a_tap_is_saved_at_once_and_nothing_is_lost_on_leaving(cast: Cast, browser_page: OpenPage) -> None:
    campus(cast, pieces=8)
    name = f"PIECE@{filling.first(EquipmentKind.OUTDOOR_HYDRANT)}"
    (key,) = let_go(draft(cast))
    page = browser_page("tablet", person="ines")
    let_go()
    page.goto(f"/inspections/{key}?area=outside")
    line = page.locator(f'[data-row="{name}"]')
    line.locator("label", has_text="不合格").click()
    page.locator("[data-saved]", has_text="已存").wait_for()
    line.locator(".chips label").first.click()
    chip = page.locator(f'[data-row="{name}"] .chips input').first
    page.reload()
    for _again in range(20):  # what is sent on leaving may arrive after the page was asked for anew
        if chip.is_checked():
            break
        page.reload()
    assert page.locator(f'[data-row="{name}"] input[value="fail"]').is_checked()
    assert chip.is_checked()
    page.locator(f'[data-row="{name}"] [name="{name}.photo"]').set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": filling.pictures.picture()}
    )
    page.locator(f'[data-row="{name}"] [data-row] img, [data-row="{name}"] .photo-slots img').first.wait_for()


@pytest.mark.parametrize(("size", "language"), [("tablet", "zh"), ("phone", "en")])
def test_pages_of_an_inspection_are_sound(cast: Cast, browser_page: OpenPage, size: str, language: str) -> None:
    campus(cast, pieces=8)
    row, other = let_go(frozen(cast), draft(cast))
    page = browser_page(size, person="ines", language=language)
    let_go()
    for address in (
        f"/inspections/{other}?area=outside",
        f"/inspections/{other}/review",
        f"/inspections/{row}/signatures",
    ):
        page.goto(address)
        sound(page)
