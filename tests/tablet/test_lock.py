"""A tablet that officers share: each one's work lies encrypted under their own PIN, and no other reads it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from app.core.extensions import db
from app.fieldwork.models import AnswerOp
from tests.browser import OpenPage, session_cookie, sound
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.tablet.ground import PIN, enter_pin, stored, until

pytestmark = pytest.mark.browser
#: Everything as it lies on the disk: the stores and the kept pages, bytes as letters where they are letters.
RAW = """async () => {
  const db = await new Promise((good, bad) => {
    const opening = indexedDB.open("xf-tablet");
    opening.onsuccess = () => good(opening.result);
    opening.onerror = () => bad(opening.error);
  });
  const text = (value) => JSON.stringify(value, (_name, one) =>
    one instanceof ArrayBuffer || ArrayBuffer.isView(one) ? new TextDecoder("latin1").decode(one) : one);
  const found = {};
  for (const name of db.objectStoreNames) {
    found[name] = await new Promise((good) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => good(text(asked.result));
    });
  }
  db.close();
  const cache = await caches.open("xf-visits");
  const pages = await Promise.all((await cache.keys()).map((one) => cache.match(one).then((kept) => kept.text())));
  return { ...found, pages: pages.join("") };
}"""
SCHOOL = "示范区第一小学"
#: An operation of the colleague, made on the tablet in the hands of who has it.
WRITTEN_BY = """async (by) => {
  const store = await import("/static/js/tablet/store.js");
  await store.write(["ops"], async (s) => void s.ops.add({ op_id: crypto.randomUUID(), act: "answer", kind: "inspection", item: "MGT-05",
    place: "", field: "answer", value: "pass", base_rev: 0, via: "tap", at: new Date().toISOString(), ...by }));
}"""
ELEVEN_MINUTES_ON = """() => {
  globalThis.Date = new Proxy(Date, {get: (real, name) => name === 'now' ? () => real.now() + 11 * 60_000 : Reflect.get(real, name)});
}"""
SEND = """async () => {
  const { sync } = await import("/static/js/tablet/sync.js");
  await sync({ asked: true });
}"""


def ready(page: Page, address: str) -> None:
    """A page of the tablet, bound or locked."""
    page.goto(address)
    page.locator("html[data-ready], dialog[data-pin]").first.wait_for(state="attached")


def signs_in(page: Page, as_person: Any, name: str) -> None:
    """Somebody signs in on this browser, and is led back to the tablet."""
    cookie = session_cookie(as_person(name))
    db.session.rollback()
    page.context.add_cookies([{"name": "xf", "value": cookie, "url": page.url.split("/sync/")[0]}])
    ready(page, "/sync/?signed-in")


def answers_of(page: Page) -> list[str | None]:
    """What stands in the answers for who has the tablet; None where it is not theirs to read."""
    return [one.get("value") for one in stored(page, "answers")]


def press(page: Page, name: str, pin: str) -> None:
    """Say who one is, and a PIN."""
    page.locator("dialog[data-pin] label", has_text=name).tap()
    page.locator("dialog[data-pin] [name=pin]").fill(pin)


def test_one_officers_work_opens_to_their_pin_alone_and_outlives_a_forgotten_one(
    cast: Cast, browser_page: OpenPage, as_person: Any
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a browser sees the same on either database")
    campus(cast, pieces=3)
    key = str(draft(cast).id)
    db.session.rollback()
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.route("**/sync/ops", lambda route: route.abort())  # what is filled in stays here

    def tap(number: int) -> None:
        before = len(stored(page, "answers"))
        row = page.locator("section[data-area]:not([hidden]) fieldset.answer:not([disabled])").nth(number)
        row.locator("label", has=page.get_by_role("radio", name="合格", exact=True)).tap()
        until(lambda: len(stored(page, "answers")) > before, "the answer is kept")

    # Before the first PIN work lies open, as it did before there was a lock; the first PIN seals that too.
    ready(page, f"/sync/visits/{key}")
    tap(0)
    assert SCHOOL in page.evaluate(RAW)["drafts"]
    ready(page, "/sync/")
    page.locator("[data-refresh]").tap()
    box = page.locator("dialog[data-pin]")
    for pin, again, said in (("111111", "111111", "太容易"), (PIN, "314159", "不一样"), ("12", "12", "6 位")):
        box.locator("[name=pin]").fill(pin)
        box.locator("[name=again]").fill(again)
        box.locator("button.is-first").tap()
        box.locator(".error", has_text=said).wait_for()
    sound(page)
    enter_pin(page)
    page.locator("[data-status=ready]").wait_for()
    ready(page, f"/sync/visits/{key}")
    tap(1)
    assert answers_of(page) == ["pass", "pass"]
    raw = page.evaluate(RAW)
    assert not [name for name, text in raw.items() if SCHOOL in text or '"pass"' in text]
    assert '"item":"' in raw["answers"]

    # Locked, nothing of it is to be had; a wrong PIN opens nothing.
    ready(page, "/sync/")
    page.locator("[data-lock]").tap()
    box.wait_for()
    page.wait_for_timeout(200)
    sound(page)
    press(page, "尼玛", "000000")
    box.locator(".error", has_text="PIN 不对").wait_for()
    ready(page, f"/sync/visits/{key}")
    page.wait_for_url(lambda url: "?open=" in url)
    press(page, "尼玛", PIN)
    page.wait_for_url(f"**/sync/visits/{key}")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert page.locator("[data-done]").inner_text() == "2"

    # A colleague with a PIN of their own sees that something is there, and no word of it.
    page.evaluate("navigator.serviceWorker.controller.postMessage({holder: null})")
    signs_in(page, as_person, "ivo")
    enter_pin(page)
    page.locator("html[data-ready]").wait_for(state="attached")
    assert answers_of(page) == [None, None]
    assert all("value" not in op for op in stored(page, "ops"))
    until(
        lambda: [one for one in stored(page, "meta") if "grant" in one],
        "the token of the colleague lies under their PIN",
    )

    # Five wrong tries shut it until the next sign-in, which sets a new PIN on the same work.
    page.locator("[data-lock]").tap()
    for _try in range(5):
        press(page, "尼玛", "000000")
        page.locator("dialog[data-pin] [name=pin]:not([readonly])").wait_for()
    assert box.locator("[name=pin]").is_disabled()
    box.locator(".error", has_text="联网登录").wait_for()
    signs_in(page, as_person, "ines")
    enter_pin(page)
    page.locator("html[data-ready]").wait_for(state="attached")
    assert answers_of(page) == ["pass", "pass"]

    # The colleague beside her confirms by their own PIN that they sign: their token is lent to her, and proves it at the server.
    ready(page, f"/sync/visits/{key}")
    page.locator("[data-goto=review]").tap()
    button = page.locator("[data-role=second] [data-proof] button", has_text="次仁")
    button.wait_for(state="attached")
    assert "grant" not in str(stored(page, "meta")[-1])
    button.dispatch_event("click")
    box.locator("[name=pin]").fill("000000")
    box.locator(".error", has_text="PIN 不对").wait_for()
    box.locator("[name=pin]").fill(PIN)
    box.wait_for(state="detached")
    until(lambda: button.count() == 0, "it says who has confirmed")
    page.unroute("**/sync/ops")
    by = {"draft": key, "by": str(cast.people["ivo"]), "holder": str(cast.people["ines"])}
    page.evaluate(WRITTEN_BY, by)
    until(lambda: stored(page, "ops") == [] or page.evaluate(SEND), "all is sent")
    written = db.session.execute(sa.select(AnswerOp.by_id, AnswerOp.item).where(AnswerOp.item == "MGT-05")).all()
    db.session.rollback()
    assert [row.by_id for row in written] == [cast.people["ivo"]]

    # Nobody touches it for ten minutes: it locks itself.
    seen = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(seen)
    page.wait_for_timeout(200)
    assert box.count() == 0
    page.evaluate(ELEVEN_MINUTES_ON)
    page.evaluate(seen)
    box.wait_for()
    assert page.url.endswith("/sync/")
    ready(page, f"/sync/visits/{key}")
    page.wait_for_url(lambda url: "?open=" in url)
    page.problems.clear()  # type: ignore[attr-defined]
