"""How long a visit takes to open on a tablet whose server is gone: a browser just started, its processor four times slower."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, sync_playwright

from app.core.db import new_id
from app.core.extensions import db
from app.inspections.service import starting
from app.schools.models import School
from tests.bench.district import browser, viewer
from tests.bench.tablets import PIECES, fill
from tests.tablet.ground import Server, Tablet, enter_pin, until

SLOWER = 4
READY = "performance.getEntriesByName('xf-ready')[0]?.startTime"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def _begin(app: Flask) -> tuple[str, str]:
    """A draft at a school with as many pieces as a large one has; its id, and the inspector's cookie."""
    with app.app_context():
        inspector = viewer("inspector")
        mine = School.brigade_id.in_(inspector.brigade_ids)
        school = db.session.scalars(sa.select(School).where(mine).order_by(School.id).limit(1)).one()
        fill(school.id)
        begun = starting.start(inspector, school=school, inspection_id=new_id())
        db.session.commit()
        key = str(begun.id)
        db.session.remove()
    cookie = browser(app, "inspector").get_cookie("xf")
    assert cookie is not None
    return key, cookie.value


def _open(tablet: Tablet, key: str) -> dict[str, float]:
    """Start the browser, slow it down, open the visit; milliseconds from the tap on its line."""
    tablet.kill()
    tablet.open()
    page: Page = tablet.page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tablet.go(f"/sync/visits/{key}")
    return {"ready_ms": page.evaluate(READY), "painted_ms": page.evaluate(PAINTED) or 0}


def measure(app: Flask, folder: Path, *, opens: int) -> dict[str, Any]:
    """The visit is taken along, the server killed; then it is opened so many times by a browser that was killed before."""
    key, cookie = _begin(app)
    with tempfile.TemporaryDirectory(prefix="xiaofang-tablet-") as name, sync_playwright() as playwright:
        server = Server(Path(name) / "server")
        server.settings |= {
            "XF_DATA": str(folder),
            "SECRET_KEY": app.config["SECRET_KEY"],
            "XF_DEMO_PASSWORD": "only measured",
        }
        tablet = None
        try:
            server.start()
            tablet = Tablet(playwright, Path(name) / "profile", server.address)
            tablet.context.add_cookies(
                [{"name": "xf", "value": cookie, "url": server.address, "expires": time.time() + 86400}]
            )
            tablet.go("/sync/").locator("[data-refresh]:enabled").click()
            enter_pin(tablet.page)
            ready = tablet.page.locator(f'[data-visit="{key}"] [data-status=ready]')
            until(ready.count, "the visit is here", seconds=120)
            rows = _rows(tablet, key)
            server.kill()
            found = [_open(tablet, key) for _n in range(opens)]
        finally:
            server.kill()
            if tablet is not None:
                tablet.close()
    told = {name: [round(one[name]) for one in found] for name in ("ready_ms", "painted_ms")}
    return {
        "pieces": PIECES, "rows": rows, "processor_slower_by": SLOWER, "cold_open_ms": round(statistics.median(told["ready_ms"])),
        "worst_ms": max(told["ready_ms"]), **told,
    }  # fmt: skip


def _rows(tablet: Tablet, key: str) -> int:
    tablet.go(f"/sync/visits/{key}")
    return tablet.page.locator("fieldset[data-row]").count()
