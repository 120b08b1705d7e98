"""Every page: sound HTML, accessible, nothing cut, on tablet, phone and desktop, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zlib import crc32

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page

from app.navigation import MENU
from tests.browser import LETTERS, OVERFLOW, SIZES, TARGETS, TWICE, axe, look, no_overflow, open_tab, resize, serving
from tests.crawl import Found
from tests.districts import every_case

pytestmark = pytest.mark.timeout(900)
Look = Callable[[Page], Iterator[str]]

#: The tablet's own pages need its worker; the tests of the tablet look at them.
OF_THE_TABLET = ("sync.home", "sync.visit", "sync.school")
#: What answers with something else than a page, or only leads on; a school's page of the tablet is opened by its list, by script.
NO_PAGES = {
    "casefiles.export_ledger", "documents.archive_pdf", "documents.joined_pdf", "documents.pdf", "documents.preview_pdf", "documents.scan", "drills.live_state", "drills.old_report", "trainings.old_report", "equipment.find", "equipment.forecast_workbook", "equipment.import_report", "equipment.label_file", "equipment.qr", "fieldwork.photo", "fieldwork.signature", "health.metrics", "health.ready", "inspections.frozen", "inspections.scan", "planning.complaint_photo", "planning.wall_pdf", "portal.link_pdf", "portal.link_photo", "portal.link_photos_arrived", "portal.link_sealed", "portal.link_seen", "portal.order_pdf", "portal.order_photos_arrived", "portal.order_sealed", "portal.order_seen", "portal.photos_arrived", "rectification.export", "rectification.export_orders", "rectification.old_report", "rectification.record_scan", "rectification.shopping_csv", "rectification.shopping_workbook", "schools.import_report", "static", "web.alive",
    "portal.link_plan_pdf", "portal.order_plan_pdf", "portal.shown_paper_pdf", "selfchecks.print_file", "sync.bundle_index", "sync.labels", "sync.log_page", "sync.own_logs", "sync.common", "sync.key", "sync.manifest", "sync.session", "sync.worker", "tasks.proof", "trainings.sign_in_picture", "workcalendar.feed", "trainings.certificates_pdf",
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


def _at(size: tuple[int, int], *checks: Callable[[Page], None]) -> Look:
    """These checks at one size of the window, on a page that is already there."""
    width, height = size

    def at(tab: Page) -> Iterator[str]:
        resize(tab, width, height)
        for check in checks:
            try:
                check(tab)
            except AssertionError as fault:
                yield f"{width}×{height}: {fault}"

    return at


def _in_the_dark(tab: Page) -> None:
    """The contrast of letters where the device asks for dark; the gallery looks at all themes."""
    tab.emulate_media(color_scheme="dark")
    try:
        axe(tab, {"runOnly": ["color-contrast"]})
    finally:
        tab.emulate_media(color_scheme="light")


def _fits(tab: Page) -> None:
    """Nothing is cut, letters and what fingers press are large enough."""
    look(tab, OVERFLOW, LETTERS, TARGETS)


TABLET, UPRIGHT, DESKTOP, PHONE = (SIZES[name][:2] for name in ("tablet", "upright", "desktop", "phone"))
#: Cases whose page says that there is no such thing, with the answer 404.
NOT_FOUND = ("unknown", "not-genuine", "wrong")
#: A page is looked at in every size: axe with all its rules on the tablet in Chinese, on the phone in English.
LOOKS: dict[str, tuple[Look, ...]] = {
    "zh": (_at(TABLET, axe, _fits), _at(UPRIGHT, _fits), _at(DESKTOP, no_overflow), _at(TWICE, no_overflow), _at(PHONE, _fits)),
    "en": (_at(TABLET, _fits), _at(UPRIGHT, _fits), _at(DESKTOP, no_overflow), _at(TWICE, no_overflow), _at(PHONE, axe, _fits)),
}  # fmt: skip
#: In the dark the suite looks at one page of so many; `make soak` looks at each.
ONE_OF = 4
#: What does not change is fetched once, whatever the tests' clock says beside the browser's.
FOR_EVER = 50 * 365 * 86400


def _number(page: Found) -> int:
    """The same for the same page in every run."""
    return crc32(page.name.encode())


def _drawn(page: Found) -> str:
    """The language in which the suite looks at a page; `make soak` looks at each in both."""
    return "zh" if _number(page) % 2 else "en"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    district: Flask, pages: list[Found], chromium: Browser, language: str
) -> None:
    _all_hold(district, [page for page in pages if _drawn(page) == language], chromium, language, dark=ONE_OF)


@pytest.mark.soak
@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits_in_both_languages(
    district: Flask, pages: list[Found], chromium: Browser, language: str
) -> None:
    _all_hold(district, pages, chromium, language, dark=1)


def _all_hold(district: Flask, pages: list[Found], chromium: Browser, language: str, *, dark: int) -> None:
    faults = []
    district.config["SEND_FILE_MAX_AGE_DEFAULT"] = FOR_EVER
    with serving(district) as address:
        for person in dict.fromkeys(page.person for page in pages):
            theirs = [page for page in pages if page.person == person and not page.endpoint.startswith(OF_THE_TABLET)]
            if not theirs:
                continue
            tab = open_tab(chromium, address, cookie=theirs[0].sessions[language])
            tab.context.add_init_script(AXE_SCRIPT)
            looks = LOOKS[language]
            for page in theirs:
                tab.goto(page.address)
                faults += [f"{page.name}: {fault}" for at in looks for fault in at(tab)]
                looks = looks[::-1]  # the next page begins at the size this one ended at
                if _number(page) // 2 % dark == 0:
                    try:
                        _in_the_dark(tab)
                    except AssertionError as fault:
                        faults.append(f"{page.name} in the dark: {fault}")
                if page.part not in NOT_FOUND:
                    faults += [f"{page.name}: {problem}" for problem in tab.problems]  # type: ignore[attr-defined]
                tab.problems.clear()  # type: ignore[attr-defined]
            tab.context.close()
    assert not faults, "\n\n".join(faults)
