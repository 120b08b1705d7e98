"""Before leaving the station: today's and tomorrow's visits are taken along, begun without network where they were only planned, and
outlive a newer version of the product and of the checklist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.tablet.ground import Server, Tablet, until

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    one = Tablet(playwright, tmp_path / "profile", server.address)
    yield one
    one.close()
    assert one.problems == []


def first_title(tablet: Tablet) -> str:
    """How the first item of the checklist is worded on the open page; it is changed by the newer version."""
    return tablet.page.locator('[data-row="MGT-01"] legend').text_content() or ""


def etags(tablet: Tablet) -> dict[str, str]:
    """The names of the pages that were taken along, as the server named them."""
    return {one["id"]: one["etag"] for one in tablet.stored("parts") if one["etag"]}


def answer_one(tablet: Tablet) -> None:
    """One more answer, until it is kept."""
    before = len(tablet.stored("answers"))
    tablet.page.locator(
        'section[data-area]:not([hidden]) fieldset.answer[data-value=""]:not([disabled])'
    ).first.locator(".answers label").first.tap()
    until(lambda: len(tablet.stored("answers")) > before, "the answer is kept")


def begin(tablet: Tablet, second: str) -> str:
    """Begin on the page of the school that is open; the draft."""
    panel = tablet.page.locator("form[data-begin]").first
    panel.wait_for()
    panel.locator("[name=begin-second_id]").select_option(second)
    panel.get_by_role("button", name="开始检查").tap()
    tablet.page.locator("html[data-ready]").wait_for(state="attached")
    answer_one(tablet)
    return tablet.page.url.rsplit("/", 1)[1].partition("#")[0]


def offline(server: Server, tablet: Tablet) -> None:
    """The server dies, and the browser; the browser is started again."""
    server.kill()
    tablet.kill()
    tablet.open()


def test_a_visit_begun_without_network_and_others_outlive_a_new_version_of_app_and_checklist_and_arrive_once(
    server: Server, tablet: Tablet
) -> None:
    told = server.prepare(1, visit=True)
    (before,) = told["ids"]
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.take_along()
    line = tablet.page.locator(f'[data-visit="{told["visit"]}"]')
    assert "离线可用 ✔" in line.inner_text()

    offline(server, tablet)
    tablet.go("/sync/")
    line = tablet.page.locator(f'[data-visit="{told["visit"]}"]')
    assert "离线可用 ✔" in line.inner_text()
    line.locator("[data-go]").tap()
    tablet.page.locator("form[data-begin]").first.wait_for()
    assert tablet.page.locator("[name=begin-visit_id]").first.input_value() == told["visit"]
    begun = begin(tablet, told["second"])

    # While it lies here, the product and its checklist become newer.
    server.upgrade()
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.context.route("**/sync/ops", lambda route: route.abort())
    page = tablet.go("/sync/")
    page.locator("[data-refresh]:enabled").tap()
    button = page.locator("[data-new-build]:not([hidden]) button")
    button.wait_for()
    kept = etags(tablet)
    with page.expect_navigation():
        button.tap()
    page = tablet.go("/sync/")
    page.locator("[data-refresh]:enabled").tap()
    until(lambda: etags(tablet).items().isdisjoint(kept.items()), "all pages are here as the new version draws them")

    offline(server, tablet)
    tablet.go(f"/sync/visits/{begun}")
    assert tablet.page.locator("[data-done]").inner_text() == "1"
    assert [op["act"] for op in tablet.stored("ops")] == ["create", "answer"]
    for draft in (begun, before):
        tablet.go(f"/sync/visits/{draft}")
        assert tablet.page.locator("html[data-newer]").count() == 1
        assert first_title(tablet).strip().startswith("以文件明确")
        answer_one(tablet)
    tablet.go(f"/sync/schools/{told['school']}")
    later = begin(tablet, told["second"])
    assert "新版" in first_title(tablet)

    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.go("/sync/")
    until(lambda: tablet.stored("ops") == [], "all is sent", seconds=40)
    assert tablet.stored("quarantine") == []
    rows = server.asked(
        "SELECT i.id, v.version, (SELECT count(*) FROM answer_op a WHERE a.target_id = i.id), i.tier, i.second_id, i.visit_id"
        " FROM inspection i JOIN pack_version v ON v.id = i.pack_version_id"
    )
    bare = [one.replace("-", "") for one in (before, begun, later, told["second"], told["visit"])]
    assert {row[0]: row[1:5] for row in rows} == {
        bare[0]: (1, 1, "core", bare[3]), bare[1]: (1, 2, "core", bare[3]), bare[2]: (2, 1, "core", bare[3]),
    }  # fmt: skip
    assert [row[5] for row in rows if row[0] == bare[1]] == [bare[4]]
