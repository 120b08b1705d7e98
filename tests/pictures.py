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
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser as chromium
from tests.cases import with_cases
from tests.crawl import PEOPLE, Found, demo, everything

TARGET = "var/pictures"
#: Pictures further down load when scrolled to; a picture of the whole page never scrolls.
_SHOW_PICTURES = """() => Promise.all([...document.images].map((one) => {
  one.loading = 'eager';
  return one.complete || new Promise((done) => { one.onload = one.onerror = done; });
}))"""


def _shoot(tab: Page, page: Found, folder: Path, sizes: Sequence[str]) -> list[str]:
    """Load the page once and take it at each size."""
    tab.goto(page.address)
    tab.evaluate(_SHOW_PICTURES)
    problems = []
    for size in sizes:
        width, height, _touch = chromium.SIZES[size]
        tab.set_viewport_size({"width": width, "height": height})
        (folder / size).mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=folder / size / f"{page.name}.png", full_page=True)
        try:
            chromium.no_overflow(tab)
        except AssertionError as wide:
            problems.append(f"{folder.name} {size} {wide}")
    return problems


def _shoot_all(
    browser: Browser, address: str, pages: Sequence[Found], folder: Path, *, sizes: Sequence[str], theme: str
) -> Iterator[str]:
    """Every page in one language; a tab for each person and for fingers or none."""
    speaks = {"locale": "zh-CN" if folder.name == "zh" else "en-GB"}
    for person in dict.fromkeys(page.person for page in pages):
        theirs = [page for page in pages if page.person == person]
        for touch in (True, False):
            if not (taken := [size for size in sizes if chromium.SIZES[size][2] is touch]):
                continue
            cookie = theirs[0].sessions[folder.name]
            tab = chromium.open_tab(browser, address, size=taken[0], theme=theme, cookie=cookie, media=speaks)
            for number, page in enumerate(theirs, 1):
                yield f"{folder.name} {person} {number}/{len(theirs)} {page.endpoint} {page.address}"
                yield from _shoot(tab, page, folder, taken)
            tab.context.close()


def say(words: str) -> None:
    """A line to whoever waits."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


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
        people = chosen.people.split(",")
        found = [
            page for page in with_cases(app, everything(app, people), people) if page.person in ("visitor", *people)
        ]
        pages = [page for page in found if chosen.only in page.name + page.address]
        with chromium.serving(app) as address, sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            for language in chosen.languages.split(","):
                folder = target / chosen.theme / language
                for said in _shoot_all(
                    browser, address, pages, folder, sizes=chosen.sizes.split(","), theme=chosen.theme
                ):
                    say(said)
            browser.close()
    say(f"Pictures are in {target}/")


if __name__ == "__main__":
    main()
