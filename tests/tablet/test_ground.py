"""Where a browser cannot keep work without network, the tablet's pages say so before a visit starts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from app.core.extensions import db
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import draft

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
    visit.locator("[data-cannot] a").tap()
    visit.wait_for_url("**/inspections/*")
    assert visit.locator("fieldset.answer:not([disabled])").count() > 0
