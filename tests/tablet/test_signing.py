"""Signing on the tablet: what is signed is fixed, what does not go through says why, and is mended on the page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork import service
from app.fieldwork.models import Photo
from app.inspections.models import Inspection, InspectionState
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories import pictures
from tests.factories.grounds import campus
from tests.factories.inspections import answered, draft, op
from tests.tablet.ground import stored, until

pytestmark = pytest.mark.browser
SESSION = "**/sync/session*"


@pytest.fixture
def here(cast: Cast, app: Flask, browser_page: OpenPage) -> Iterator[tuple[Page, uuid.UUID]]:
    """A tab on the review of a draft that is filled already, without a line until the test unroutes it."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a tablet sees the same on either database; tests/sync does the protocol on both")
    campus(cast, pieces=3)
    row = draft(cast, accompanying="索南")
    key = row.id
    answered(cast, row)
    db.session.rollback()
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.route(SESSION, lambda route: route.abort())
    page.goto(f"/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("[data-none-open]").wait_for()
    yield page, key
    page.problems.clear()  # type: ignore[attr-defined]


def sign(page: Page, *roles: str) -> None:
    """Draw these signatures, and see them on disk."""
    for role in roles:
        box = page.locator(f"[data-role={role}] canvas")
        box.scroll_into_view_if_needed()
        place = box.bounding_box()
        assert place is not None
        page.mouse.move(place["x"] + 40, place["y"] + 60)
        page.mouse.down()
        page.mouse.move(place["x"] + 160, place["y"] + 110, steps=4)
        page.mouse.up()
        until(lambda role=role: role in signing(page).get("hands", {}), "the signature is kept")


def signing(page: Page) -> dict[str, object]:
    """What the tablet's disk has of signing."""
    (mine,) = stored(page, "drafts")
    return mine.get("signing") or {}


def tear(page: Page, button: str = "[data-tear]") -> None:
    """Two taps, the second after having been asked."""
    page.locator(button).tap()
    expect(page.locator(button)).to_have_text("再点一次：撕毁全部签名")
    assert signing(page)
    with page.expect_navigation():
        page.locator(button).tap()
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("[data-none-open]").wait_for()
    assert signing(page) == {}


def state(key: uuid.UUID) -> InspectionState:
    """How the draft stands at the server."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get_one(Inspection, key).state
    db.session.rollback()
    return found


def test_a_colleagues_change_after_signing_stops_it_until_it_was_looked_at_and_signed_again(
    cast: Cast, here: tuple[Page, uuid.UUID]
) -> None:
    page, key = here
    expect(page.locator("[data-role=second] [data-proof]")).to_contain_text("没有在本机登录过")
    sign(page, "lead")
    expect(page.locator("form[data-tablet]")).to_have_attribute("inert", "")
    with page.expect_navigation():
        page.locator('input[name="MGT-01"][value=fail]').dispatch_event("click")  # as an older tab might
    expect(page.locator("[data-trouble]")).to_contain_text("内容已固定")
    assert stored(page, "ops") == []
    tear(page)
    assert page.locator("form[data-tablet]").get_attribute("inert") is None
    assert stored(page, "ops") == []  # nothing had left the tablet
    sign(page, "lead", "second", "school")
    page.locator("[data-finish]").tap()
    until(lambda: len(stored(page, "ops")) == 4, "finishing waits for a line")
    expect(page.locator("[data-outcome-said]")).to_contain_text("已完成，待送达")
    sound(page)

    rev = fieldwork.folded(key).rev
    service.apply([op(key, "MGT-01", "na", base_rev=rev, device="the office")], by=cast.viewer("ivo"))
    db.session.commit()
    db.session.remove()
    page.unroute(SESSION)
    page.locator("#area-review [data-send]").tap()
    expect(page.locator("[data-outcome-said]")).to_contain_text("又有同事修改")
    assert state(key) is InspectionState.DRAFT
    tear(page, "[data-mend]")
    assert page.locator('input[name="MGT-01"][value=na]').is_checked()
    sign(page, "lead", "second", "school")
    page.locator("[data-finish]").tap()
    until(lambda: stored(page, "ops") == [], "all is sent", seconds=40)
    expect(page.locator("[data-outcome-said]")).to_contain_text("须由本人登录后确认")
    expect(page.locator("[data-outcome] a")).to_have_attribute("href", "/sync/conflicts")
    assert page.locator("[data-tear]").is_hidden()  # signatures stand at the server now
    assert state(key) is InspectionState.SIGNING
    assert sorted(s.role.value for s in fieldwork.signatures_of(key)) == ["lead", "school"]
    db.session.rollback()


def test_the_schools_person_refuses_before_a_witness_and_a_photo_is_taken_back(here: tuple[Page, uuid.UUID]) -> None:
    page, key = here
    row = page.locator("section[data-area] fieldset.answer:not([disabled])").first
    page.locator(".sheet-areas [data-goto]").first.tap()
    row.locator("label.more").tap()
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": pictures.picture(seed=n)} for n in (1, 2)]
    row.locator('input[type=file][name$=".photo"]').set_input_files(files)
    until(lambda: len(stored(page, "photos")) == 2, "both are kept")
    row.locator('button[value^="withdraw:"]').first.tap()
    until(lambda: len(stored(page, "photos")) == 1, "the first is gone")
    assert len([one for one in stored(page, "ops") if one["field"] == "photo"]) == 1
    page.unroute(SESSION)
    page.locator("[data-goto=review]").tap()
    page.locator("#area-review [data-send]").tap()
    until(lambda: stored(page, "ops") == [], "the other is sent", seconds=40)
    page.locator(".sheet-areas [data-goto]").first.tap()
    row.locator('button[value^="withdraw:"]').first.tap()
    until(lambda: [one["state"] for one in stored(page, "photos")] == ["withdrawn"], "the other is withdrawn")

    page.locator("[data-goto=review]").tap()
    assert page.locator("[data-role=witness]").is_hidden()
    page.locator('[name="school.refused"]').check()
    until(lambda: "school" in signing(page).get("hands", {}), "the refusal is kept")  # type: ignore[operator]
    page.locator('[name="school.reason"]').fill("对结论有异议")
    page.locator('[name="witness.name"]').fill("达娃")
    sign(page, "lead", "second", "witness")
    expect(page.locator("[data-sign-left]")).to_contain_text("签名齐全")
    page.locator("[data-finish]").tap()
    until(lambda: stored(page, "ops") == [], "all is sent", seconds=40)
    until(lambda: state(key) is InspectionState.SIGNING, "it is finished")
    hands = {s.role.value: (s.name, s.refused, s.reason) for s in fieldwork.signatures_of(key)}
    assert hands["school"] == ("索南", True, "对结论有异议")
    assert hands["witness"][0] == "达娃"
    assert db.session.scalars(sa.select(Photo.withdrawn_at.is_not(None))).all() == [True]
    db.session.rollback()
