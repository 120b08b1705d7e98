"""The table of the tablet: taps, characters and seconds of each way, how quick the page answers, how heavy its script is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Error, sync_playwright

from app.accounts import queries as accounts
from app.core.extensions import db
from app.inspections.service import starting
from app.regulations import queries as regulations
from app.schools.models import School, SchoolKind
from tests.bench import report
from tests.bench.district import SECRET, person
from tests.bench.taps import forty, model, walks
from tests.bench.taps.ground import SLOWER, Ground, forty_items, slow, take_along
from tests.bench.taps.robot import Robot
from tests.bench.taps.ways import Ways
from tests.browser import launch
from tests.factories import pictures
from tests.tablet.ground import Tablet

#: Most taps of a way, its signatures among them; what is not named here is only printed.
GATES = {
    "forty, three faults, bulk": 32, "forty, three faults, each tapped": 60, "forty, no faults, bulk": 20, "re-check of three": 20,
    "sixty extinguishers by scan": 60,
}  # fmt: skip
PAINT_MS, DURABLE_MS, OPEN_MS, SCRIPT_BYTES = 100, 120, 1500, 40 * 1024
OPENED = """new MutationObserver(() => {
  if (document.documentElement && 'ready' in document.documentElement.dataset) window.openedAfter ??= performance.now();
}).observe(document, {attributes: true, subtree: true, attributeFilter: ['data-ready']})"""
COLD_ROUNDS = 5


def _p95(times: list[float]) -> float | None:
    return round(sorted(times)[int(0.95 * (len(times) - 1))], 1) if times else None


def _tried(name: str, way: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Its figures; or why it could not be gone to its end, which is told beside the others."""
    began = time.perf_counter()
    try:
        return way()
    except (AssertionError, Error) as wrong:
        return {"failed": str(wrong)}
    finally:
        report.say(f"  {name}: gone in {time.perf_counter() - began:.0f} s")


def _gone(robot: Robot, plan: walks.Plan) -> dict[str, Any]:
    walks.walk(robot, plan)
    return robot.told()


def _cold(ways: Ways, folder: Path) -> list[float]:
    """Milliseconds from the address to a bound page: a browser just started, the server dead."""
    ground, cast = ways.ground, ways.cast
    with ground.app.app_context():
        key, cookie = forty.visit(cast), ground.cookie(cast.people["ines"])
    times: list[float] = []
    with sync_playwright() as playwright:
        tablet = Tablet(playwright, folder / "profile", ground.server.address)
        kept = {"name": "xf", "value": cookie, "url": ground.server.address, "expires": time.time() + 86400}
        tablet.context.add_cookies([kept])  # type: ignore[list-item]
        tablet.take_along()
        ground.server.kill()
        for _round in range(COLD_ROUNDS):
            tablet.kill()
            tablet.open()
            slow(tablet.page)
            tablet.page.add_init_script(OPENED)
            tablet.go(f"/sync/visits/{key}")
            times.append(round(tablet.page.evaluate("window.openedAfter ?? performance.now()")))
        tablet.close()
    return times


def _real(app: Flask, data: Path, folder: Path, picture: Path, browser: Browser) -> dict[str, Any]:
    """The core list at a boarding and a day school of the demo, with their equipment, and a photo wherever one is always wanted."""
    ground, found = Ground(folder / "real", data=data, secret=SECRET), {}
    with app.app_context():
        officer = accounts.viewer_for(person("inspector"))
        cookie = ground.cookie(officer.person_id)
        always = [item.code for item in regulations.current_checklist().items if str(item.photo) == "always"]
        visits = {}
        for name, boards in (("real core list, boarding school", True), ("real core list, day school", False)):
            mine = (
                School.brigade_id.in_(officer.brigade_ids),
                School.is_boarding == boards,
                School.kind == SchoolKind.PRIMARY,
            )
            school = db.session.scalars(sa.select(School).where(*mine).order_by(School.id)).first()
            if school is not None:
                row = starting.start(officer, school=school, accompanying="索南", accompanying_post="安全干事")
                visits[name] = str(row.id)
        db.session.commit()
        db.session.remove()
    ground.server.start()
    try:
        for name, key in visits.items():
            with ground.tab(browser, cookie) as page:
                robot = Robot(page, pace_ms=60)
                take_along(page)
                page.goto(f"/sync/visits/{key}")
                page.locator("html[data-ready]").wait_for(state="attached")
                plan = walks.Plan(bulk=True, picture=picture, photos=[f"（{code}）" for code in always])
                found[name] = _tried(name, partial(_gone, robot, plan))
    finally:
        ground.server.kill()
    return found


def measure(app: Flask, data: Path, *, ways_wanted: str = "", real: bool = True) -> dict[str, Any]:
    """All of it; `ways_wanted`: only those ways whose name has these words."""
    folder = data / "taps"
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / "fault.jpg"
    picture.write_bytes(pictures.picture(4000, 3000, quality=60))
    ground, cast = forty_items(folder)
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            ways = Ways(ground, cast, browser, picture)
            bare = ways.bare()
            told = {name: _tried(name, way) for name, way in ways.all().items() if ways_wanted in name}
            bare += ways.bare()
            browser.close()
        cold = _cold(ways, folder)
    finally:
        ground.server.kill()
    if real:
        with sync_playwright() as playwright:
            told |= _real(app, data, folder, picture, launch(playwright))
    for name, most in GATES.items():
        if "taps" in told.get(name, {}):
            told[name] |= {"gate": most, "holds": told[name]["taps"] <= most and not told[name]["small_targets"]}
    visits = ways.robots[:4]
    paints, durable = [ms for one in visits for ms in one.paints], [ms for one in visits for ms in one.durable]
    return {
        "cpu_slowed": SLOWER, "model": {name: vars(one) for name, one in model.OPERATORS.items()}, "ways": told,
        "tap_to_paint_p95_ms": _p95(paints), "taps_with_paint": len(paints), "tap_to_durable_p95_ms": _p95(durable), "taps_kept": len(durable),
        "tap_to_durable_p50_ms": round(statistics.median(durable), 1) if durable else None,
        "bare_page_paint_p50_ms": round(statistics.median(bare)), "bare_page_paint_p95_ms": _p95(bare), "script_bytes_with_review": ways.with_review,
        "cold_open_ms": cold, "script_bytes_packed": sum(ways.script_bytes.values()), "scripts": ways.script_bytes,
    }  # fmt: skip


def tell(found: dict[str, Any]) -> None:
    """The table, and beside each promise whether it was kept."""
    head = ("way", "taps", "gate", "letters", "flicks", "rows", "photos", "camera taps", "model s", "waits s", "s")
    gone = {name: one for name, one in found["ways"].items() if "taps" in one}
    rows = [
        (
            name, one["taps"], f"≤ {one['gate']} {'✓' if one['holds'] else '✗'}" if "gate" in one else "-", one["characters"], one["flicks"],
            one["rows"], one["photos"], one["camera_taps"], one["model_s"], one["waited_s"], one["seconds"],
        )
        for name, one in gone.items()
    ]  # fmt: skip
    report.table(head, rows)
    small = sorted({text for one in gone.values() for text in one["small_targets"]})
    for name in found["ways"].keys() - gone.keys():
        report.say(f"  {name}: not gone to its end: {found['ways'][name]['failed'].splitlines()[0]}")
    report.say(f"  targets that are too small: {', '.join(small) or 'none'}")
    opened = statistics.median(found["cold_open_ms"])
    for what, value, most in (
        ("tap to next paint, p95 ms", found["tap_to_paint_p95_ms"], PAINT_MS),
        ("tap to disk, p95 ms", found["tap_to_durable_p95_ms"], DURABLE_MS),
        (f"cold open without network, median ms of {found['cold_open_ms']}", opened, OPEN_MS),
        ("script of the filling page, each file packed, bytes", found["script_bytes_packed"], SCRIPT_BYTES),
    ):
        report.say(f"  {what}: {value} (≤ {most}) {'✓' if value is not None and value <= most else '✗'}")
    report.say(
        f"  a page with ten boxes and nothing else, slowed as much, in the same minutes: tap to next paint p50 {found['bare_page_paint_p50_ms']} ms, "
        f"p95 {found['bare_page_paint_p95_ms']} ms; review, pen and signatures, loaded when somebody opens the review, bring the script to "
        f"{found['script_bytes_with_review']} bytes"
    )
    report.say()
