"""A robot that works a page as hands do: it finds what is written on the screen, flicks until it is in sight, and taps it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page

from tests.bench.taps import model
from tests.tablet.ground import scanned

#: No target smaller than this on its shorter side; answers of a checklist at least so high.
SMALLEST_PX, ANSWER_PX = 48, 56
ANSWERS = ("合格", "不合格", "不涉及", "已改正", "部分改正", "未改正")
#: What a page reports of itself: how long from a finger to the next frame, and from the finger to the disk.
SPY = """(() => {
  const told = window.robotSaw = {paints: [], durable: [], down: 0};
  addEventListener('pointerup', (event) => { if (event.isTrusted) told.down = event.timeStamp; }, true);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.interactionId && one.name === 'click') told.paints.push(one.duration);
  }).observe({type: 'event', durationThreshold: 16});
  new PerformanceObserver((list) => {
    for (const one of list.getEntriesByName('xf-durable')) {
      if (told.down) told.durable.push(one.startTime - told.down);
      told.down = 0;
    }
  }).observe({type: 'mark'});
})()"""
#: Until what follows from a tap has been drawn.
DRAWN = "() => new Promise((good) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(good))))"
#: Finds by what is written; `within` is written in the frame around it. Answers where it is, and whether a finger can reach it.
FIND = """([label, within]) => {
  const words = (e) => (e.innerText || e.textContent || '').replace(/\\s+/g, ' ').trim();
  const shown = (e) => e.checkVisibility({checkVisibilityCSS: true}) && e.getClientRects().length;
  const name = (e) => e.tagName === 'LABEL' && !words(e) ? e.querySelector('input')?.getAttribute('aria-label') : e.getAttribute('aria-label') || words(e);
  const live = (e) => shown(e) && !e.closest('[inert]') && !e.matches(':disabled') && !e.closest('fieldset:disabled');
  let frame = document;
  if (within) {
    const bare = (text) => text.replace(/\\s/g, ''), wanted = bare(within), first = wanted.slice(0, 1);
    const says = (e) => { const text = e.textContent; return text.includes(first) && bare(text).includes(wanted); };
    const framed = (kind) => [...document.querySelectorAll(kind)].reverse().find((e) => e.getClientRects().length && says(e));
    frame = framed('fieldset') || framed('form, section, li, article');
    if (!frame) return null;
  }
  const kinds = {'✍': 'canvas', '⌨': 'input:not([type=radio], [type=checkbox], [type=file], [type=hidden])'}[label];
  const some = [...frame.querySelectorAll(kinds || 'button, a, label, summary, [role=button]')].filter(live);
  const found = kinds ? some[0] : some.find((e) => name(e) === label) || some.find((e) => words(e).startsWith(label));
  if (!found) return null;
  let list = found.parentElement;
  while (list && !(list.scrollHeight > list.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(list).overflowY))) list = list.parentElement;
  const box = found.getBoundingClientRect();
  const view = list && list !== document.documentElement && list !== document.body ? list.getBoundingClientRect() : {top: 0, bottom: innerHeight, left: 0, right: innerWidth};
  const x = box.x + box.width / 2, y = box.y + box.height / 2;
  const at = document.elementFromPoint(x, y);
  return {x, y, width: box.width, height: box.height, top: Math.max(0, view.top), bottom: Math.min(innerHeight, view.bottom),
    middle: (view.left + view.right) / 2, inside: box.top >= view.top - 1 && box.bottom <= view.bottom + 1,
    free: Boolean(at && found.contains(at))};
}"""


class NotSeen(AssertionError):
    """What the robot was told to tap is not written on the page."""


class Robot:
    """Counts what hands do on one tab; `acts` by the names of the model."""

    def __init__(self, page: Page, *, pace_ms: int = 120) -> None:
        self.page, self.pace_ms = page, pace_ms
        self.acts: Counter[str] = Counter()
        self.camera_taps = 0
        self.waited_s = 0.0
        self.small: list[str] = []
        self.paints: list[float] = []
        self.durable: list[float] = []
        page.add_init_script(SPY)

    # looking --------------------------------------------------------------------------------------------

    def look(self, label: str, within: str = "") -> dict[str, Any] | None:
        """Where it is written, if it is."""
        found: dict[str, Any] | None = self.page.evaluate(FIND, [label, within])
        return found

    def flick(self, distance: float) -> None:
        """Push the list by so many pixels, at most seven tenths of what is seen of it."""
        self.page.mouse.wheel(0, distance)
        self.acts["flick"] += 1
        self.page.wait_for_timeout(self.pace_ms // 2)

    def reach(self, label: str, within: str = "") -> dict[str, Any]:
        """Flick until it lies under the finger."""
        for _try in range(60):
            found = self.look(label, within)
            if found is None:
                raise NotSeen(f"{label!r} in {within!r}")
            if found["inside"] and found["free"]:
                return found
            if found["inside"]:  # something lies over it, or the page is turning
                self.page.wait_for_timeout(50)
                continue
            seen = found["bottom"] - found["top"]
            self.page.mouse.move(found["middle"], (found["top"] + found["bottom"]) / 2)
            way = found["y"] - (found["top"] + found["bottom"]) / 2
            self.flick(max(-0.7 * seen, min(0.7 * seen, way)))
        raise NotSeen(f"{label!r} in {within!r} cannot be reached")

    # touching -------------------------------------------------------------------------------------------

    def tap(self, label: str, within: str = "") -> None:
        """One finger on what is written so."""
        found = self.reach(label, within)
        least = ANSWER_PX if label in ANSWERS else SMALLEST_PX
        if min(found["width"], found["height"]) < SMALLEST_PX - 0.5 or found["height"] < least - 0.5:
            self.small.append(f"{label} {found['width']:.0f}×{found['height']:.0f}")
        self.acts["tap"] += 1
        self.page.touchscreen.tap(found["x"], found["y"])
        with suppress(Error):  # the page may go
            self.page.evaluate(DRAWN)
        self.page.wait_for_timeout(self.pace_ms)

    def wait(self, holds: Callable[[], Any], what: str, *, seconds: float = 60) -> None:
        """Wait as a person has to; counted."""
        began = time.perf_counter()
        while not holds():
            assert time.perf_counter() - began < seconds, (
                f"not within {seconds} s: {what}\n{self.page.inner_text('body')[-1500:]}"
            )
            self.page.wait_for_timeout(20)
        self.waited_s += time.perf_counter() - began

    def open(self, label: str, within: str = "") -> None:
        """A tap that leads to another page, which is waited for."""
        before = self.page.url
        self.gather()
        self.tap(label, within)
        self.wait(lambda: self.page.url != before, f"{label} opens")
        began = time.perf_counter()
        self.page.wait_for_load_state("load")
        self.waited_s += time.perf_counter() - began

    def photo(self, label: str, within: str, picture: Path) -> None:
        """The slot's tap, the camera's own two taps, and a look that the picture is there."""
        before = self.page.locator("img:visible").count()
        with self.page.expect_file_chooser() as asked:
            self.tap(label, within)
        asked.value.set_files(picture)
        self.acts["camera"] += 1
        self.camera_taps += 2
        self.wait(lambda: self.page.locator("img:visible").count() > before, "the picture shows")

    def sign(self, within: str) -> None:
        """One name in one stroke; a stroke counts as a tap."""
        found = self.reach("✍", within)
        self.page.mouse.move(found["x"] - 120, found["y"])
        self.page.mouse.down()
        for n in range(12):
            self.page.mouse.move(found["x"] - 120 + 20 * n, found["y"] + 18 * (-1) ** n)
        self.page.mouse.up()
        self.acts["signature"] += 1
        self.page.wait_for_timeout(150)

    def write(self, within: str, text: str) -> None:
        """A tap into the field of a row, and its characters."""
        self.tap("⌨", within)
        self.page.keyboard.type(text)
        self.acts["character"] += len(text)

    def date(self, within: str, day: str) -> None:
        """A tap into the date of a row; on glass the system opens its own three wheels with a word of agreement."""
        self.tap("⌨", within)
        self.page.locator(":focus").fill(day)
        self.acts["tap"] += 4
        self.acts["choice"] += 1

    def type(self, field: Locator, text: str) -> None:
        """A tap into a field, and its characters."""
        field.scroll_into_view_if_needed()
        field.tap()
        self.acts["tap"] += 1
        field.press_sequentially(text)
        self.acts["character"] += len(text)

    def choose(self, field: Locator, text: str) -> None:
        """A tap on a list of the system, and one on its entry."""
        field.scroll_into_view_if_needed()
        field.select_option(label=text)
        self.acts["tap"] += 2
        self.acts["choice"] += 1

    def pick(self, field: Locator, time: str) -> None:
        """A tap on a time, and the system's own two wheels and word of agreement."""
        field.scroll_into_view_if_needed()
        field.fill(time)
        self.acts["tap"] += 4
        self.acts["choice"] += 1

    def read(self, rows: int = 1) -> None:
        """So many rows are read and judged."""
        self.acts["row"] += rows

    def scan(self, code: str) -> None:
        """A scanner that types a label's code and presses Enter."""
        scanned(self.page, code)
        self.acts["scan"] += 1

    # telling --------------------------------------------------------------------------------------------

    def gather(self) -> None:
        """Keep what the page has reported of itself; to be called before it goes."""
        self.page.wait_for_timeout(50)
        told = self.page.evaluate(
            "window.robotSaw && {paints: robotSaw.paints.splice(0), durable: robotSaw.durable.splice(0)}"
        )
        if told:
            self.paints += told["paints"]
            self.durable += told["durable"]

    @property
    def taps(self) -> int:
        """Fingers on glass; a signature in one stroke is one. The camera's own are not among them."""
        return self.acts["tap"] + self.acts["signature"]

    def told(self) -> dict[str, Any]:
        """The figures of what was done since the beginning."""
        self.gather()
        return {
            "taps": self.taps, "characters": self.acts["character"], "flicks": self.acts["flick"], "camera_taps": self.camera_taps,
            "photos": self.acts["camera"], "signatures": self.acts["signature"], "scans": self.acts["scan"], "rows": self.acts["row"],
            "model_s": round(model.seconds(self.acts), 1), "waited_s": round(self.waited_s, 1),
            "seconds": round(model.seconds(self.acts) + self.waited_s, 1), "small_targets": sorted(set(self.small)),
        }  # fmt: skip
