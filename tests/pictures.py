"""Pictures of every page, as each role sees it, at four sizes and in both languages: var/pictures/<language>/<size>/.

make pictures                          everything
python -m tests.pictures --only orders --sizes phone --languages zh     what matches
python -m tests.pictures --into /tmp/pictures                           into another folder
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from app.core import jobs
from app.core.extensions import db
from app.inspections.models import Inspection, InspectionState
from app.schools.models import School
from tests import browser as chromium
from tests.crawl import PEOPLE, Found, demo, everything, signed_in

TARGET = "var/pictures"
#: Pictures further down load when scrolled to; a picture of the whole page never scrolls.
_SHOW_PICTURES = """() => Promise.all([...document.images].map((one) => {
  one.loading = 'eager';
  return one.complete || new Promise((done) => { one.onload = one.onerror = done; });
}))"""


def _shoot(
    browser: Browser, address: str, page: Found, target: Path, *, size: str, language: str, theme: str
) -> list[str]:
    folder = target / language / (size + (f"-{theme}" if theme else ""))
    folder.mkdir(parents=True, exist_ok=True)
    speaks = {"locale": "zh-CN" if language == "zh" else "en-GB"}
    tab = chromium.open_tab(browser, address, size=size, theme=theme, cookie=page.sessions[language], media=speaks)
    try:
        tab.goto(page.address)
        tab.evaluate(_SHOW_PICTURES)
        tab.screenshot(path=folder / f"{page.endpoint}-{page.person}.png", full_page=True)
        problems = []
        try:
            chromium.no_overflow(tab)
        except AssertionError as wide:
            problems.append(f"{language} {size} {wide}")
        return problems
    finally:
        tab.context.close()


def say(words: str) -> None:
    """A line to whoever waits."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _draft(app: Flask) -> str:
    """The address of an inspection that the inspector has begun."""
    school = db.session.scalars(sa.select(School.id).order_by(School.sort_name)).first()
    client = signed_in(app, "inspector")
    client.send(client.page(f"/inspections/new?school={school}"), button="开始检查")
    state = Inspection.state == InspectionState.DRAFT
    return f"/inspections/{db.session.scalars(sa.select(Inspection.id).where(state)).first()}"


def main() -> None:
    """Make the pictures and say what does not fit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of an endpoint or address, e.g. schools")
    parser.add_argument("--sizes", default=",".join(chromium.SIZES))
    parser.add_argument("--languages", default="zh,en")
    parser.add_argument("--people", default=",".join(PEOPLE))
    parser.add_argument("--theme", default="", choices=chromium.THEMES)
    parser.add_argument(
        "--data", default="", help="a data folder with a demo district, else one is made for the pictures"
    )
    parser.add_argument("--schools", type=int, default=8)
    parser.add_argument("--into", default=TARGET, help="the folder for the pictures")
    chosen = parser.parse_args()
    target = Path(chosen.into)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch, demo(chosen.data or scratch, chosen.schools) as app:
        draft = _draft(app)
        jobs.run_all()
        found = everything(app, chosen.people.split(","), also=(draft, f"{draft}/review"))
        pages = [p for p in found if chosen.only in p.endpoint + p.address]
        with chromium.serving(app) as address, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            for number, page in enumerate(pages, 1):
                say(f"{number}/{len(pages)} {page.endpoint} {page.address} ({page.person})")
                for language in chosen.languages.split(","):
                    for size in chosen.sizes.split(","):
                        for problem in _shoot(
                            browser, address, page, target, size=size, language=language, theme=chosen.theme
                        ):
                            say(problem)
            browser.close()
    say(f"Pictures are in {target}/")


if __name__ == "__main__":
    main()
