"""What stands around every page: language, theme, print, the way to the content, and pages for what went wrong."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browse import CheckedClient, Page
from tests.browser import OpenPage, sound


@pytest.fixture
def visitor(client: CheckedClient) -> CheckedClient:
    """Nobody is signed in."""
    return client


def test_the_language_is_changed_on_the_page_and_stays(visitor: CheckedClient) -> None:
    page = visitor.page("/sign-in?next=/orders")
    english: Page = visitor.send(page, button="English").page  # type: ignore[attr-defined]
    assert english.tree.getroot().get("lang") == "en"
    assert english.path == "/sign-in?next=/orders"
    assert visitor.page("/sign-in").h1 == "Sign in"
    assert visitor.send(english, button="中文").page.h1 == "登录"  # type: ignore[attr-defined]


def test_a_language_we_do_not_speak_changes_nothing(visitor: CheckedClient) -> None:
    visitor.post("/language", data={"language": "tlh"})
    assert visitor.page("/sign-in").h1 == "登录"


@pytest.mark.parametrize("path", ["/language", "/theme"])
def test_choices_never_lead_to_another_site(visitor: CheckedClient, path: str) -> None:
    for foreign in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        answer = visitor.post(path, data={"language": "en", "theme": "dark", "next": foreign})
        assert answer.status_code == 302
        assert answer.location == "/"


def test_a_chosen_theme_is_kept_on_the_device_and_can_be_given_back(visitor: CheckedClient) -> None:
    page = visitor.page("/sign-in")
    assert page.tree.getroot().get("data-theme") is None
    dark: Page = visitor.send(page, button="深色").page  # type: ignore[attr-defined]
    assert dark.tree.getroot().get("data-theme") == "dark"
    assert dark.all('//link[contains(@href, "dark.css")]/@media') == ["screen"]
    assert dark.all('//link[contains(@href, "contrast.css")]/@media') == ["not all"]
    given_back: Page = visitor.send(dark, button="自动").page  # type: ignore[attr-defined]
    assert given_back.tree.getroot().get("data-theme") is None


def test_a_theme_that_does_not_exist_is_not_kept(visitor: CheckedClient) -> None:
    visitor.post("/theme", data={"theme": "pink"})
    assert visitor.get_cookie("theme") is None


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/verify/../nowhere", 404)])
def test_a_wrong_address_says_what_to_do(visitor: CheckedClient, path: str, status: int) -> None:
    page = visitor.page(path, status=status)
    assert page.h1 == "没有找到"
    assert page.link("回到首页") == "/"


def test_a_form_without_its_token_is_refused_with_the_way_back(app: Flask, visitor: CheckedClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = visitor.post("/sign-in", data={"username": "ines", "password": "x"})
    assert answer.status_code == 400
    assert "页面已过期" in answer.page.main  # type: ignore[attr-defined]


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_theme_changes_with_and_without_script(browser_page: OpenPage, script: bool) -> None:
    tab = browser_page("tablet", script=script)
    tab.goto("/sign-in")
    tab.get_by_role("button", name="深色").click()
    tab.wait_for_selector('html[data-theme="dark"]')
    if script:
        sound(tab)
        tab.wait_for_load_state("networkidle")
    tab.reload()
    assert tab.locator("html").get_attribute("data-theme") == "dark"
    tab.get_by_role("button", name="自动").click()
    tab.wait_for_selector("html:not([data-theme])")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_public_pages_are_sound_on_a_phone(browser_page: OpenPage, path: str, language: str) -> None:
    tab = browser_page("phone", language=language)
    tab.goto(path)
    sound(tab)
    tab.problems.clear()  # type: ignore[attr-defined]


@pytest.mark.browser
def test_the_keyboard_reaches_the_content_first(browser_page: OpenPage) -> None:
    tab = browser_page("desktop")
    tab.goto("/sign-in")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "跳到正文"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


@pytest.mark.browser
def test_printed_pages_leave_the_frame_out_and_stay_light(browser_page: OpenPage) -> None:
    tab = browser_page("desktop", theme="dark")
    tab.goto("/sign-in")
    tab.emulate_media(media="print")
    assert not tab.locator("header.frame").is_visible()
    assert not tab.locator(".page-foot").is_visible()
    assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.querySelector('h1')).color") in ("rgb(0, 0, 0)", "rgb(20, 32, 46)")
