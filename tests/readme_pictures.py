"""The pictures that README.md shows, drawn anew from a small demo: python -m tests.readme_pictures."""

from __future__ import annotations

import io
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from app.core import jobs
from app.core.extensions import db
from tests import browser as chromium
from tests.cases import demo_cast
from tests.crawl import demo, sessions_of, signed_in
from tests.factories import inspections as visits
from tests.pictures import say

#: Where README.md finds them.
TARGET = Path(__file__).parents[1] / "app/demo/pictures"
COLOURS = 128  # enough for pages, and a quarter of the bytes


@dataclass(frozen=True)
class Shown:
    """One picture: who sees what at which size; `click` is a link that leads on, `at` what the window is moved to."""

    name: str
    person: str
    address: str
    size: str
    click: str = ""
    at: str = ""


def _wanted(inspection: str) -> list[Shown]:
    return [
        Shown("home", "leader", "/", "tablet"),
        Shown("filling", "inspector", inspection, "tablet", click="nav a:has-text('2层')", at="[data-row]"),
        Shown("duties", "leader", "/duties", "tablet"),
        Shown("school", "school", "/portal", "phone"),
    ]


def _keep(png: bytes, name: str) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(TARGET / f"{name}.png", optimize=True)


def main() -> None:
    """Draw them."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(folder, 6) as app:
        jobs.run_all()
        begun = visits.draft(demo_cast(), accompanying="索南")
        db.session.commit()
        wanted = _wanted(f"/inspections/{begun.id}")
        with chromium.serving(app) as address, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            for one in wanted:
                cookie = sessions_of(signed_in(app, one.person))["zh"]
                db.session.rollback()
                tab = chromium.open_tab(browser, address, size=one.size, cookie=cookie, media={"locale": "zh-CN"})
                tab.goto(one.address)
                if one.click:
                    tab.locator(one.click).first.click()
                if one.at:
                    tab.locator(one.at).first.evaluate("(e) => e.scrollIntoView()")
                _keep(tab.screenshot(), one.name)
                say(f"{one.name}: {one.person} {one.address}")
                tab.context.close()
            browser.close()


if __name__ == "__main__":
    main()
