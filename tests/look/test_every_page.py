"""Every page of the demo district that a link leads to: sound HTML, accessible, nothing cut, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.navigation import MENU
from tests.browser import axe, no_overflow, open_tab, serving, targets_48, text_16
from tests.crawl import Found, demo, everything

#: Whose pages together are all pages; the other roles see some of these.
SEEN_AS = ("inspector", "leader", "admin", "school")


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo district, small."""
    with demo(str(tmp_path_factory.mktemp("district")), schools=4) as app:
        yield app


@pytest.fixture(scope="module")
def pages(district: Flask) -> list[Found]:
    """One address of each page."""
    return everything(district, list(SEEN_AS))


def test_every_entry_of_the_menu_leads_to_a_page(district: Flask, pages: list[Found]) -> None:
    wanted = {entry.endpoint for entry in MENU if entry.endpoint in district.view_functions}
    assert wanted - {page.endpoint for page in pages} == set()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "size"), [("zh", "tablet"), ("en", "phone"), ("en", "upright"), ("zh", "desktop")]
)
def test_every_page_is_accessible_and_fits(
    district: Flask, pages: list[Found], chromium: Browser, language: str, size: str
) -> None:
    faults = []
    checks = (axe, no_overflow, text_16, targets_48) if size in ("tablet", "phone") else (no_overflow,)
    with serving(district) as address:
        for person in dict.fromkeys(page.person for page in pages):
            theirs = [page for page in pages if page.person == person]
            tab = open_tab(chromium, address, size=size, cookie=theirs[0].sessions[language])
            for page in theirs:
                tab.goto(page.address)
                for check in checks:
                    try:
                        check(tab)
                    except AssertionError as fault:
                        faults.append(f"{page.endpoint} ({person}): {fault}")
            faults += tab.problems  # type: ignore[attr-defined]
            tab.context.close()
    assert not faults, "\n\n".join(faults)
