"""Whatever goes wrong on the line, work stays on the tablet, the page says why in words, and it is sent later, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route
from playwright.sync_api import TimeoutError as TooLate

from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from tests.browser import OpenPage, session_cookie, sound
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.tablet.ground import enter_pin, stored, until

pytestmark = pytest.mark.browser

SESSION, OPS = "**/sync/session*", "**/sync/ops"
LOGIN_OF_THE_WIFI = "<!doctype html><html><title>Wi-Fi</title><body>Please log in</body></html>"


@pytest.fixture
def here(cast: Cast, app: Flask, browser_page: OpenPage) -> Iterator[tuple[Page, str]]:
    """A tab on a draft of its own; what the line does to it is no error of the page."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a tablet sees the same on either database; tests/sync does the protocol on both")
    campus(cast, pieces=3)
    key = str(draft(cast).id)
    db.session.rollback()
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.route(SESSION, lambda route: route.abort())  # no line, until a test says `up`
    page.goto(f"/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")
    yield page, key
    page.problems.clear()  # type: ignore[attr-defined]


def up(page: Page) -> None:
    """The line is back."""
    page.unroute(SESSION)


def signed_in(page: Page, as_person: Any, name: str) -> None:
    """Somebody signs in on this browser."""
    cookie = session_cookie(as_person(name))
    db.session.rollback()
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "xf", "value": cookie, "url": page.url.split("/sync/")[0]}])


def answering(status: int) -> Callable[[Route], None]:
    """A server that says only this."""
    return lambda route: route.fulfill(status=status, json={"error": "x", "message": "…"})


def tap(page: Page, number: int, word: str = "合格") -> None:
    """Answer one row of the open area, and see it on disk."""
    before = len(stored(page, "answers"))
    row = page.locator("section[data-area]:not([hidden]) fieldset.answer:not([disabled])").nth(number)
    row.locator("label", has=page.get_by_role("radio", name=word, exact=True)).tap()
    until(lambda: len(stored(page, "answers")) > before, "the answer is kept")


def send(page: Page, state: str = "sent") -> None:
    """Press 立即发送 until it ends so; a try that goes on by itself from before may come in between."""
    page.locator("[data-goto=review]").tap()
    page.evaluate(
        "window.states ||= (addEventListener('xf-sync', (told) => window.states.push(told.detail.state)), []); states.length = 0"
    )

    button = page.locator("#area-review [data-send]")

    def ended() -> bool:
        if button.is_visible():  # it gives way to what helps, such as signing in
            with suppress(TooLate):
                button.tap(timeout=3000)
        page.wait_for_timeout(300)
        return bool(page.evaluate("state => states.includes(state)", state))

    until(ended, f"sending ends in {state}", seconds=40)


def revision(key: str) -> int:
    """How many operations stand on the draft."""
    db.session.rollback()
    found = fieldwork.folded(uuid.UUID(key)).rev
    db.session.rollback()  # an open transaction of the test would hold the server's
    return found


def test_a_line_that_fails_in_every_way_costs_nothing(here: tuple[Page, str]) -> None:
    page, key = here
    tap(page, 0)
    send(page, "offline")
    page.route(SESSION, lambda route: route.fulfill(status=200, content_type="text/html", body=LOGIN_OF_THE_WIFI))
    send(page, "stranger")
    page.locator("[data-waiting]", has_text="无线网络的登录页").wait_for()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(OPS, lose_the_answer)
    up(page)
    send(page, "offline")
    assert len(stored(page, "ops")) == 1
    assert revision(key) == 1
    for status, state in ((507, "disk_full"), (503, "busy"), (426, "too_old")):
        page.route(OPS, answering(status))
        send(page, state)
        assert len(stored(page, "ops")) == 1
    page.unroute(OPS)
    send(page)
    assert stored(page, "ops") == []
    assert revision(key) == 1


def test_a_session_that_ended_keeps_the_work_and_its_export_until_the_next_one_sends_it_once(
    here: tuple[Page, str], as_person: Any
) -> None:
    page, key = here
    tap(page, 0)
    page.context.clear_cookies()
    up(page)
    send(page, "sign_in")
    assert len(stored(page, "ops")) == 1
    page.goto("/sync/")
    with page.expect_download() as asked:
        page.locator("[data-export]:enabled").tap()
    with Path(asked.value.path()).open("rb") as file:
        told = as_person("ines").post("/sync/import", data={"file": (file, asked.value.suggested_filename)})
    assert "新采用 1 条" in told.text
    assert revision(key) == 1
    signed_in(page, as_person, "ines")
    page.goto(f"/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")
    send(page)
    assert (stored(page, "ops"), revision(key)) == ([], 1)


def test_somebody_elses_session_does_not_send_it(here: tuple[Page, str], as_person: Any) -> None:
    page, key = here
    tap(page, 0)
    signed_in(page, as_person, "ivo")
    up(page)
    send(page)
    assert len(stored(page, "ops")) == 1
    page.locator("[data-waiting]", has_text="其他人").wait_for()
    assert revision(key) == 0


def test_one_poisoned_operation_is_set_aside_and_the_others_go_on(here: tuple[Page, str]) -> None:
    page, key = here
    tap(page, 0)
    script = """draft => new Promise((good) => {
      const opening = indexedDB.open("xf-tablet");
      opening.onsuccess = () => {
        const act = opening.result.transaction("ops", "readwrite");
        act.objectStore("ops").add({op_id: crypto.randomUUID(), act: "answer", draft, kind: "inspection", item: "MGT-01",
          place: "", field: "answer", value: "perhaps", base_rev: 0, via: "tap", at: new Date().toISOString()});
        act.oncomplete = () => { opening.result.close(); good(); };
      };
    })"""
    page.evaluate(script, key)
    tap(page, 1)
    up(page)
    send(page)
    assert stored(page, "ops") == []
    (poisoned,) = stored(page, "quarantine")
    assert (poisoned["value"], poisoned["status"]) == ("perhaps", "rejected")
    assert revision(key) == 2
    page.goto("/sync/")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.locator("[data-quarantine] li").count() == 1


def test_bulk_waits_until_the_area_was_seen_and_leaves_critical_items(here: tuple[Page, str]) -> None:
    page, _key = here
    area = page.locator("section[data-area]").evaluate_all(
        "all => all.find((one) => one.dataset.bulk.split(' ').length > 8).dataset.area"
    )
    page.locator(f'[data-goto="{area}"]').tap()
    button = page.locator("[data-bulk-do]")
    assert button.is_disabled()
    rows = page.locator(f'section[data-area="{area}"] fieldset.answer:not([disabled])')
    for row in rows.all():
        row.scroll_into_view_if_needed()
        page.wait_for_timeout(60)
    until(button.is_enabled, "the whole area was seen")
    button.tap()
    until(lambda: stored(page, "ops"), "the bulk is kept")
    ops = stored(page, "ops")
    assert {op["via"] for op in ops} == {"bulk"}
    critical = set(
        rows.locator("xpath=self::*[@data-critical]").evaluate_all("all => all.map((one) => one.dataset.row)")
    )
    assert critical
    assert not critical & {f"{op['item']}@{op['place']}" if op["place"] else op["item"] for op in ops}


@pytest.mark.parametrize(("size", "language"), [("tablet", "zh"), ("phone", "en")])
def test_the_tablets_pages_are_sound(cast: Cast, browser_page: OpenPage, size: str, language: str) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a browser sees the same on either database")
    campus(cast, pieces=3)
    key = str(draft(cast).id)
    db.session.rollback()
    db.session.remove()
    page = browser_page(size, person="ines", language=language)
    db.session.rollback()
    for path in ("/sync/", f"/sync/visits/{key}"):
        page.goto(path)
        page.locator("html[data-ready]").wait_for(state="attached")
        sound(page)
    page.locator("[data-goto=review]").click()
    sound(page)


def test_a_new_build_waits_for_the_user_and_the_draft_stays_as_it_was(here: tuple[Page, str]) -> None:
    page, key = here
    tap(page, 0)
    up(page)
    page.goto("/sync/")
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("[data-refresh]").tap()
    enter_pin(page)
    page.locator(f'[data-visit="{key}"] [data-status=ready]').wait_for()
    taken = page.evaluate(
        "key => caches.match('/sync/visits/' + key, {ignoreSearch: true}).then((kept) => kept.text())", key
    )
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url.split("/sync/")[0]}])
    page.reload()
    offer = page.locator("[data-new-build]")
    offer.wait_for()
    assert page.locator("html").get_attribute("data-theme") is None
    offer.get_by_role("button").tap()
    page.locator("html[data-theme=dark][data-ready]").wait_for(state="attached")
    assert (
        page.evaluate(
            "key => caches.match('/sync/visits/' + key, {ignoreSearch: true}).then((kept) => kept.text())", key
        )
        == taken
    )
    page.goto(f"/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.locator("[data-done]").inner_text() == "1"


def test_two_tablets_on_one_row_keep_both_answers_and_say_so(here: tuple[Page, str], browser_page: OpenPage) -> None:
    page, key = here
    other = browser_page("tablet", person="ivo")
    db.session.rollback()
    other.route(SESSION, lambda route: route.abort())
    other.goto(f"/sync/visits/{key}")
    other.locator("html[data-ready]").wait_for(state="attached")
    tap(page, 1, "合格")
    tap(other, 1, "不合格")
    tap(other, 2, "合格")
    for one in (page, other):
        up(one)
        send(one)
    (clash,) = fieldwork.folded(uuid.UUID(key)).contested.values()
    assert [clash.value, *(op.value for op in clash.contested)] == ["pass", "fail"]
    db.session.rollback()
    until(lambda: other.locator("[data-conflict]").count() == 1, "the second tablet shows it")
    assert [one["value"] for one in stored(other, "answers") if one.get("conflict")] == ["fail"]
    options = other.locator("[data-contests] button")
    assert [text.split("（")[0] for text in options.all_inner_texts()] == ["合格", "不合格"]
    options.last.tap()
    until(lambda: stored(other, "ops") == [], "the decision has come")
    db.session.rollback()
    stands = fieldwork.folded(uuid.UUID(key))
    assert (stands.contested, stands.registers[clash.op.key].value) == ({}, "fail")
    db.session.rollback()
    assert options.count() == 0
    other.problems.clear()  # type: ignore[attr-defined]
