"""Every component, at every size, in both languages and all themes, is accessible and fits."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browse import CheckedClient, Page
from tests.browser import SIZES, TWICE, OpenPage, no_overflow, sound
from tests.look.gallery import PAGES


@pytest.fixture
def visitor(app: Flask) -> CheckedClient:
    """Nobody special."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_component_is_sound_html(visitor: CheckedClient, page: str) -> None:
    assert visitor.page(f"/_look/{page}").h1


def test_a_wrong_form_links_each_error_to_its_field(visitor: CheckedClient) -> None:
    page = visitor.page("/_look/forms")
    answer: Page = visitor.send(page, form="登记学校").page  # type: ignore[attr-defined]
    assert "请填写学校名称。" in answer.errors
    assert [a.get("href") for a in answer.all('//*[contains(@class, "error-summary")]//a')][:2] == [
        "#name",
        "#boarding-0",
    ]
    described = answer.all('//input[@id="name"]/@aria-describedby')[0].split()
    assert described == ["name-hint", "name-error"]


def test_a_page_can_load_itself_again_while_work_goes_on(visitor: CheckedClient) -> None:
    assert visitor.page("/_look/empty").all('//meta[@http-equiv="refresh"]/@content') == ["30"]
    assert not visitor.page("/_look/parts").all('//meta[@http-equiv="refresh"]')


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_components_fit_and_are_accessible_at_every_size(browser_page: OpenPage, page: str) -> None:
    tab = browser_page("tablet")
    tab.goto(f"/_look/{page}")
    for width, height in (*(size[:2] for size in SIZES.values()), TWICE):
        tab.set_viewport_size({"width": width, "height": height})
        if (width, height) in (SIZES["tablet"][:2], SIZES["phone"][:2]):
            sound(tab)
        else:
            no_overflow(tab)


@pytest.mark.browser
@pytest.mark.parametrize("page", ["parts", "forms", "sheet"])
@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_components_keep_their_contrast_in_every_theme(browser_page: OpenPage, page: str, theme: str) -> None:
    tab = browser_page("tablet", theme=theme, language="en")
    tab.goto(f"/_look/{page}")
    sound(tab)


@pytest.mark.browser
@pytest.mark.parametrize("media", [{"color_scheme": "dark"}, {"contrast": "more"}])
def test_without_a_choice_the_device_decides_the_theme(browser_page: OpenPage, media: dict[str, str]) -> None:
    plain = browser_page("desktop")
    plain.goto("/_look/sheet")
    tab = browser_page("desktop", media=media)
    tab.goto("/_look/sheet")
    colour = "getComputedStyle(document.querySelector('.sheet-head')).backgroundColor"
    assert tab.evaluate(colour) != plain.evaluate(colour)
    sound(tab)


@pytest.mark.browser
def test_a_wrong_form_is_accessible_and_takes_the_focus_to_what_is_wrong(browser_page: OpenPage) -> None:
    tab = browser_page("phone")
    tab.goto("/_look/forms")
    tab.get_by_role("button", name="登记学校").click()
    tab.wait_for_selector(".error-summary")
    tab.wait_for_function("document.activeElement.classList.contains('error-summary')")
    sound(tab)
    tab.get_by_role("link", name="请填写学校名称。").click()
    tab.wait_for_function("document.activeElement.id === 'name'")


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_answering_fail_opens_what_follows_also_without_script(browser_page: OpenPage, script: bool) -> None:
    tab = browser_page("tablet", script=script)
    tab.goto("/_look/sheet")
    row = tab.locator('[data-item="HYD-03"]')
    assert not row.get_by_text("压力不足").is_visible()
    row.get_by_role("radio", name="不合格", exact=True).check()
    assert row.get_by_text("压力不足").is_visible()
    assert row.get_by_label("备注").is_visible()
    row.get_by_role("radio", name="合格", exact=True).check()
    assert not row.get_by_text("压力不足").is_visible()


@pytest.mark.browser
def test_choosing_a_fault_shows_its_measure_deadline_and_clause(browser_page: OpenPage) -> None:
    tab = browser_page("tablet", script=False)
    tab.goto("/_look/sheet")
    row = tab.locator('[data-equipment="214"]')
    assert row.get_by_text("更换同等级灭火器").is_visible()
    assert not row.get_by_text("送维修机构充装").is_visible()
    row.get_by_role("checkbox", name="压力不足（红区）").check()
    assert row.get_by_text("送维修机构充装").is_visible()


@pytest.mark.browser
def test_the_menu_of_a_phone_opens_without_script(browser_page: OpenPage) -> None:
    tab = browser_page("phone", script=False)
    tab.goto("/_look/parts")
    assert not tab.get_by_role("button", name="English").is_visible()
    tab.get_by_role("checkbox", name="菜单").check()
    assert tab.get_by_role("button", name="English").is_visible()


@pytest.mark.browser
def test_a_signature_drawn_with_the_pen_travels_as_strokes(browser_page: OpenPage) -> None:
    tab = browser_page("tablet")
    tab.goto("/_look/forms")
    pad = tab.locator("#sign-officer canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    tab.mouse.move(box["x"] + 40, box["y"] + 60)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    tab.mouse.up()
    assert tab.locator('[name="officer.strokes"]').input_value().startswith("<svg")
    tab.locator("#sign-officer").get_by_role("button", name="重写").click()
    assert tab.locator('[name="officer.strokes"]').input_value() == ""


@pytest.mark.browser
def test_a_form_is_sent_once_however_often_the_button_is_pressed(browser_page: OpenPage) -> None:
    tab = browser_page("desktop")
    tab.goto("/_look/parts")
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with tab.expect_navigation():
        tab.evaluate("for (let i = 0; i < 3; i++) document.querySelector('main .actions > form button').click()")
    assert len(sent) == 1
