"""Before leaving the station: today's and tomorrow's visits are taken along, and begun without network where they were only planned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.tablet.ground import Server, Tablet, until

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path / "server")
    yield one
    one.kill()


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    one = Tablet(playwright, tmp_path / "profile", server.address)
    yield one
    one.close()
    assert one.problems == []


def test_a_planned_visit_is_begun_and_filled_without_network_and_arrives_once(server: Server, tablet: Tablet) -> None:
    told = server.prepare(0, visit=True)
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.take_along()
    line = tablet.page.locator(f'[data-visit="{told["visit"]}"]')
    assert "离线可用 ✔" in line.inner_text()

    server.kill()
    tablet.kill()
    tablet.open()
    tablet.go("/sync/")
    line = tablet.page.locator(f'[data-visit="{told["visit"]}"]')
    assert "离线可用 ✔" in line.inner_text()
    line.locator("[data-go]").tap()
    panel = tablet.page.locator("form[data-begin]")
    panel.wait_for()
    assert panel.locator("[name=begin-visit_id]").input_value() == told["visit"]
    panel.locator("[name=begin-second_id]").select_option(told["second"])
    panel.get_by_role("button", name="开始检查").tap()
    tablet.page.locator("html[data-ready]").wait_for(state="attached")
    row = tablet.page.locator("section[data-area]:not([hidden]) fieldset.answer:not([disabled])").first
    row.locator(".answers label").first.tap()
    until(lambda: tablet.stored("answers"), "the answer is kept")
    (draft,) = (one["id"] for one in tablet.stored("drafts"))
    assert tablet.page.url.endswith(f"/sync/visits/{draft}")

    tablet.kill()
    tablet.open()
    tablet.go(f"/sync/visits/{draft}")
    assert tablet.page.locator("[data-done]").inner_text() == "1"
    assert [op["act"] for op in tablet.stored("ops")] == ["create", "answer"]
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.go("/sync/")
    until(lambda: tablet.stored("ops") == [], "all is sent", seconds=40)
    assert tablet.stored("quarantine") == []
    (row_of_it,) = server.asked("SELECT id, visit_id, second_id, tier FROM inspection")
    assert row_of_it == (*(one.replace("-", "") for one in (draft, told["visit"], told["second"])), "core")
