"""Where a browser cannot keep work without network, the tablet's pages say so before a visit starts.

What the names prove: on `localhost` everything is granted, so a name of its own is used. The trusted certificate stands in the
browser's own store (NSS), as a station's CA does on a tablet; the untrusted one is clicked through on Chromium's own page of warning.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright

from app.core.extensions import db
from tests.authority import Authority
from tests.browser import CHROMIUM, OpenPage, launch, open_tab, sound
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.tablet.ground import Server, Tablet, until

pytestmark = pytest.mark.browser

CHROME = (
    "Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
INSTALLED = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
WECHAT = f"{CHROME} MMWEBID/1 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN"
WEBVIEW = CHROME.replace("SM-X200", "SM-X200; wv")
MATEPAD = "Mozilla/5.0 (Linux; Android 12; HarmonyOS; DBY-W09) AppleWebKit/537.36 Chrome/114.0 HuaweiBrowser/15.0 Safari/537.36"
GOOD = {
    "secure": True, "worker": True, "caches": True, "subtle": True, "store": True, "hidden": False, "agent": CHROME,
    "platform": "Linux", "touches": 5, "standalone": False,
}  # fmt: skip
NO_WORKER = {"worker": False, "caches": False}
MAC = {"agent": IPAD, "platform": "MacIntel"}
NAME = "xiaofang.test"
BROWSERS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Chrome on an Android tablet", {}, []),
    ("a MatePad's own browser", {"agent": MATEPAD}, []),
    ("plain http on a name", {"secure": False, "subtle": False} | NO_WORKER, ["insecure"]),
    ("a browser without workers", NO_WORKER, ["worker"]),
    ("caches that refuse", {"caches": False}, ["worker"]),
    ("no cryptography", {"subtle": False}, ["worker"]),
    ("storage refused", {"store": False}, ["store"]),
    ("a private window", {"hidden": True}, ["hidden"]),
    ("WeChat on Android", {"agent": WECHAT}, ["inApp"]),
    ("WeChat on an iPhone", {"agent": f"{PHONE} MicroMessenger/8.0.50"} | NO_WORKER, ["worker", "inApp"]),
    ("an app's own browser on Android", {"agent": WEBVIEW}, ["inApp"]),
    ("an app's own browser on an iPhone", {"agent": PHONE}, ["inApp"]),
    ("an iPad's tab", MAC, ["iosTab"]),
    ("an iPad's home screen", {"agent": INSTALLED, "platform": "iPad", "standalone": True}, []),
    ("a Mac", MAC | {"touches": 0}, []),
]


@pytest.fixture
def visit(cast: Cast, browser_page: OpenPage) -> Page:
    """A tab of an officer with a draft, whose page is not opened yet; `page.key` is the draft."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a browser sees the same on either database")
    campus(cast, pieces=3)
    key = str(draft(cast).id)
    db.session.rollback()
    db.session.remove()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.key = key  # type: ignore[attr-defined]
    return page


def ready(page: Page, address: str) -> None:
    """A page of the tablet, when its script has bound it."""
    page.goto(address)
    page.locator("html[data-ready]").wait_for(state="attached")


def test_what_each_browser_can_keep_is_told_by_one_table_and_said_on_list_and_visit(visit: Page) -> None:
    ready(visit, "/sync/")
    judge = """async (facts) => {
      const { judge } = await import("/static/js/tablet/ability.js");
      return facts.map(judge);
    }"""
    told = visit.evaluate(judge, [GOOD | given for _name, given, _why in BROWSERS])
    assert dict(zip([name for name, *_rest in BROWSERS], told, strict=True)) == {n: why for n, _g, why in BROWSERS}
    assert visit.locator("[data-cannot]").is_hidden()

    visit.add_init_script(
        "Object.defineProperty(navigator, 'userAgent', {get: () => 'Chrome/114 MicroMessenger/8 Safari/'})"
    )
    ready(visit, "/sync/")
    assert "系统浏览器" in visit.locator("[data-cannot]").inner_text()
    assert visit.locator("[data-refresh]").is_disabled()
    ready(visit, f"/sync/visits/{visit.key}")  # type: ignore[attr-defined]
    assert "系统浏览器" in visit.locator("[data-cannot]").inner_text()
    assert visit.locator("fieldset.answer:visible").count() == 0
    visit.wait_for_timeout(300)
    sound(visit)
    plain = visit.context.new_page()
    plain.goto(f"http://{NAME}:{visit.url.split(':')[2].split('/')[0]}/sync/")
    plain.locator("[data-cannot]", has_text="不是安全的 https 连接").wait_for()
    assert plain.locator("[data-refresh]").is_disabled()
    visit.locator("[data-cannot] a").tap()
    visit.wait_for_url("**/inspections/*")
    assert visit.locator("fieldset.answer:not([disabled])").count() > 0


def trusting(home: Path, authority: Authority) -> Path:
    """A home folder whose browser trusts this CA."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    there = ["-d", f"sql:{store}"]
    subprocess.run(["certutil", "-N", *there, "--empty-password"], check=True)
    root = authority.write(home / "ca.crt")
    subprocess.run(["certutil", "-A", *there, "-t", "C,,", "-n", "station", "-i", str(root)], check=True)
    return home


def _clicked_through(tab: Page) -> bool:
    """Whether the word that leads past the browser's warning was heard; its page listens only once it is whole."""
    tab.keyboard.type("thisisunsafe")
    with suppress(Error):
        tab.wait_for_url("**/sync/", timeout=3_000)
    return tab.url.endswith("/sync/")


@pytest.mark.one_database
def test_a_trusted_certificate_opens_a_visit_offline_and_one_clicked_through_does_not(
    tmp_path: Path, playwright: Playwright, prepared: Path
) -> None:
    station = Authority.make()
    server = Server(tmp_path / "server", prepared, host=NAME, tls=station.sign(tmp_path, NAME))
    told = server.prepare(1)
    browser, tablet = launch(playwright, CHROMIUM), None
    try:
        server.start()
        stranger = open_tab(browser, server.address)
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            stranger.goto("/sync/")
        stranger.wait_for_load_state()  # the browser's own page, which listens for the word
        until(lambda: _clicked_through(stranger), "the browser is told to go on", seconds=60)
        stranger.locator("[data-cannot]", has_text="证书不受本机信任").wait_for()
        assert stranger.evaluate("isSecureContext")
        assert stranger.locator("[data-refresh]").is_disabled()
        stranger.context.close()

        tablet = Tablet(playwright, tmp_path / "profile", server.address, home=trusting(tmp_path / "home", station))
        tablet.sign_in(told["cookies"]["ines"])
        tablet.take_along()
        assert tablet.page.locator("[data-cannot]").is_hidden()
        server.kill()
        tablet.go(f"/sync/visits/{told['ids'][0]}")
        assert tablet.page.locator("fieldset.answer:visible").count() > 0
        assert tablet.problems == []
    finally:
        server.kill()
        browser.close()
        if tablet:
            tablet.close()
