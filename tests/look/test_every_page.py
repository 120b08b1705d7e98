"""Every page of the demo district that a link leads to: sound HTML, accessible, nothing cut, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.navigation import MENU
from tests.browser import SIZES, axe, no_overflow, open_tab, serving, targets_48, text_16
from tests.crawl import Found
from tests.districts import walked


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[Found]]]:
    """The demo district, small, and one address of each page."""
    with walked(tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="module")
def district(walk: tuple[Flask, list[Found]]) -> Flask:
    """The district."""
    return walk[0]


@pytest.fixture(scope="module")
def pages(walk: tuple[Flask, list[Found]]) -> list[Found]:
    """One address of each page, as the first of all roles who reaches it sees it."""
    return walk[1]


def test_every_entry_of_the_menu_leads_to_a_page(district: Flask, pages: list[Found]) -> None:
    wanted = {entry.endpoint for entry in MENU if entry.endpoint in district.view_functions}
    assert wanted - {page.endpoint for page in pages} == set()


#: Language, size, and the size that the same tab is then brought to.
VIEWS = [("zh", "tablet", ""), ("en", "phone", "upright"), ("zh", "desktop", "")]


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size", "then"), VIEWS)
def test_every_page_is_accessible_and_fits(
    district: Flask, pages: list[Found], chromium: Browser, language: str, size: str, then: str
) -> None:
    faults = []
    checks = (no_overflow,) if size == "desktop" else (axe, no_overflow, text_16, targets_48)
    with serving(district) as address:
        for person in dict.fromkeys(page.person for page in pages):
            theirs = [page for page in pages if page.person == person]
            tab = open_tab(chromium, address, size=size, cookie=theirs[0].sessions[language])
            for page in theirs:
                tab.goto(page.address)
                for check in checks:
                    faults += _fault(tab, check, page)
                if then:
                    _resize(tab, then)
                    faults += _fault(tab, no_overflow, page)
                    _resize(tab, size)
            faults += tab.problems  # type: ignore[attr-defined]
            tab.context.close()
    assert not faults, "\n\n".join(faults)


def _resize(tab: Page, size: str) -> None:
    width, height, _touch = SIZES[size]
    tab.set_viewport_size({"width": width, "height": height})


def _fault(tab: Page, check: Callable[[Page], None], page: Found) -> list[str]:
    try:
        check(tab)
    except AssertionError as fault:
        return [f"{page.endpoint} ({page.person}): {fault}"]
    return []
