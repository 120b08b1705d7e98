"""Every page: sound HTML, accessible, nothing cut, on tablet, phone and desktop, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.navigation import MENU
from tests.browser import SIZES, TWICE, axe, no_overflow, open_tab, serving, targets_48, text_16
from tests.crawl import Found
from tests.districts import every_case

pytestmark = pytest.mark.timeout(900)
Look = Callable[[Page], Iterator[str]]

#: The tablet's own pages need its worker; the tests of the tablet look at them.
OF_THE_TABLET = ("sync.home", "sync.visit")
#: What answers with something else than a page, or only leads on.
NO_PAGES = {
    "casefiles.export_ledger", "documents.archive_pdf", "documents.joined_pdf", "documents.pdf", "documents.preview_pdf", "documents.scan", "equipment.find", "equipment.forecast_workbook", "equipment.import_report", "equipment.label_file", "equipment.qr", "fieldwork.photo", "fieldwork.signature", "health.metrics", "health.ready", "inspections.frozen", "inspections.scan", "planning.complaint_photo", "planning.wall_pdf", "portal.link_pdf", "portal.link_photo", "portal.link_photos_arrived", "portal.link_sealed", "portal.link_seen", "portal.order_pdf", "portal.order_photos_arrived", "portal.order_sealed", "portal.order_seen", "portal.photos_arrived", "rectification.export", "rectification.export_orders", "rectification.old_report", "rectification.record_scan", "rectification.shopping_csv", "rectification.shopping_workbook", "schools.import_report", "static", "web.alive",
    "portal.link_plan_pdf", "portal.order_plan_pdf", "portal.shown_paper_pdf", "sync.bundle_index", "sync.own_visits", "sync.bundle_part", "sync.manifest", "sync.session", "sync.worker",
}  # fmt: skip


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[Found]]]:
    """The demo district, small, with every case; one address of each page, and of each case of those that have several."""
    with every_case(tmp_path_factory) as found:
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


def test_no_page_is_left_out(district: Flask, pages: list[Found]) -> None:
    answers = {rule.endpoint for rule in district.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert answers - {page.endpoint for page in pages} == NO_PAGES


def _at(width: int, height: int, *checks: Callable[[Page], None]) -> Look:
    """These checks at one size of the window, on a page that is already there."""

    def look(tab: Page) -> Iterator[str]:
        tab.set_viewport_size({"width": width, "height": height})
        for check in checks:
            try:
                check(tab)
            except AssertionError as fault:
                yield f"{width}×{height}: {fault}"

    return look


def _but_colours(tab: Page) -> None:
    """Everything but the contrast of letters, which is the same at another size and takes longest."""
    axe(tab, {"rules": {"color-contrast": {"enabled": False}}})


def _in_the_dark(tab: Page) -> Iterator[str]:
    """The contrast of letters where the device asks for dark; the gallery looks at all themes."""
    tab.emulate_media(color_scheme="dark")
    try:
        axe(tab, {"runOnly": ["color-contrast"]})
    except AssertionError as fault:
        yield f"dark: {fault}"
    tab.emulate_media(color_scheme="light")


def _looks(on_tablet: Callable[[Page], None], on_phone: Callable[[Page], None]) -> tuple[Look, ...]:
    return (
        _at(*SIZES["tablet"][:2], on_tablet, no_overflow, text_16, targets_48),
        _at(*SIZES["upright"][:2], no_overflow, text_16, targets_48),
        _at(*SIZES["desktop"][:2], no_overflow),
        _at(*TWICE, no_overflow),
        _at(*SIZES["phone"][:2], on_phone, no_overflow, text_16, targets_48),
    )


#: Cases whose page says that there is no such thing, with the answer 404.
NOT_FOUND = ("unknown", "not-genuine", "wrong")
#: A page is loaded once in each language and looked at in every size.
LOOKS = {"zh": _looks(axe, _but_colours), "en": (*_looks(_but_colours, axe), _in_the_dark)}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    district: Flask, pages: list[Found], chromium: Browser, language: str
) -> None:
    faults = []
    with serving(district) as address:
        for person in dict.fromkeys(page.person for page in pages):
            theirs = [page for page in pages if page.person == person and not page.endpoint.startswith(OF_THE_TABLET)]
            if not theirs:
                continue
            tab = open_tab(chromium, address, cookie=theirs[0].sessions[language])
            for page in theirs:
                tab.goto(page.address)
                faults += [f"{page.name}: {fault}" for look in LOOKS[language] for fault in look(tab)]
                if page.part not in NOT_FOUND:
                    faults += [f"{page.name}: {problem}" for problem in tab.problems]  # type: ignore[attr-defined]
                tab.problems.clear()  # type: ignore[attr-defined]
            tab.context.close()
    assert not faults, "\n\n".join(faults)
