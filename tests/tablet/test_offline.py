"""An officer fills in a visit without network: the server is dead, the browser is killed, and everything arrives once."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Playwright

from tests.documents.conftest import text_by_poppler
from tests.factories import pictures
from tests.tablet.ground import Server, Tablet, until

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Tablet]:
    one = Tablet(playwright, tmp_path / "profile", server.address)
    yield one
    one.close()
    assert one.problems == []


def shown_rows(tablet: Tablet) -> Locator:
    """The rows of the area that is open."""
    return tablet.page.locator("section[data-area]:not([hidden]) fieldset.answer:not([disabled])")


VALUES = {"合格": "pass", "不合格": "fail", "不涉及": "na"}


def answer(tablet: Tablet, row: Locator, word: str) -> tuple[str, str]:
    """Tap an answer and wait until it is on disk; which row it was, and what stands there."""
    item, _at, place = str(row.get_attribute("data-row")).partition("@")
    row.locator("label", has=tablet.page.get_by_role("radio", name=word, exact=True)).tap()
    until(lambda: standing(tablet).get((item, place)) == VALUES[word], "the answer is kept")
    return item, place


def standing(tablet: Tablet) -> dict[tuple[str, str], str]:
    """The answers on the tablet's disk, by item and place."""
    return {(one["item"], one["place"]): one["value"] for one in tablet.stored("answers") if one["field"] == "answer"}


def open_rows(tablet: Tablet, area: str) -> list[tuple[str, bool]]:
    """Rows of an area that are not answered yet, in order, and whether each offers faults. An area is laid out when it is opened."""
    page, section = tablet.page, f'section[data-area="{area}"]'
    until(lambda: _opened(tablet, area), "the area is open")
    script = """all => all.filter((row) => !row.disabled && !row.dataset.value && row.querySelector('.answers'))
      .map((row) => [row.dataset.row, row.querySelector('.fix') !== null])"""
    found: list[tuple[str, bool]] = page.locator(f"{section} fieldset[data-row]").evaluate_all(script)
    return found


def _opened(tablet: Tablet, area: str) -> bool:
    """Whether an area is shown; a tap on its name is made again where the page had just turned and took none."""
    section = tablet.page.locator(f'section[data-area="{area}"]')
    if not section.is_visible():
        tablet.page.locator(f'.sheet-areas [data-goto="{area}"]').tap()
    return section.is_visible() and section.locator("fieldset[data-row]").count() > 0


def _areas(tablet: Tablet) -> list[str]:
    names = tablet.page.locator(".sheet-areas [data-goto]").evaluate_all("all => all.map((one) => one.dataset.goto)")
    return [name for name in names if tablet.page.locator(f'section[data-area="{name}"]').count()]


def whole(tablet: Tablet, *, answered: int) -> None:
    """Answer rows one by one, area after area, until so many are; a fault with a photo of 12 megapixels on three of them."""
    faults, page = {4: 1, 11: 6, 26: 8}, tablet.page
    number = int(page.locator("[data-done]").inner_text())
    for area in _areas(tablet):
        for name, offers in open_rows(tablet, area):
            if number == answered:
                return
            _answer_one(tablet, page.locator(f'[data-row="{name}"]'), faults.get(number) if offers else None)
            number += 1


def _answer_one(tablet: Tablet, row: Locator, fault: int | None) -> None:
    """合格, or a fault with a photo that stands turned by this EXIF orientation."""
    if fault is None:
        row.locator(".answers label").first.tap()
        return
    row.locator(".answers label").nth(1).tap()
    row.locator(".fix .chips label").first.tap()
    content = pictures.with_exif(orientation=fault, width=4000, height=3000)
    before = len(tablet.stored("photos"))
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}
    row.locator('input[type=file][name$=".photo"]').set_input_files(picture)
    until(lambda: len(tablet.stored("photos")) > before, "the photo is kept", seconds=60)


def rest_not_checked(tablet: Tablet) -> None:
    """What was not reached is said to be so, area by area."""
    page, button = tablet.page, tablet.page.locator("[data-rest-not-checked]")
    for area in page.locator(".sheet-areas [data-goto]").all()[:-1]:
        area.tap()
        if button.is_visible():
            button.tap()


def sign(tablet: Tablet, role: str) -> None:
    """Draw a signature, and see it on disk."""
    box = tablet.page.locator(f"[data-role={role}] canvas")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    mouse = tablet.page.mouse
    mouse.move(place["x"] + 40, place["y"] + 60)
    mouse.down()
    mouse.move(place["x"] + 120, place["y"] + 110, steps=4)
    mouse.move(place["x"] + 200, place["y"] + 50, steps=4)
    mouse.up()
    until(lambda: role in hands(tablet), "the signature is kept")


def hands(tablet: Tablet) -> list[str]:
    """Who has signed, as the tablet's disk has it."""
    (mine,) = tablet.stored("drafts")
    return sorted((mine.get("signing") or {}).get("hands", {}))


@pytest.mark.parametrize("slow", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_a_visit_filled_and_signed_without_network_arrives_once_and_whole(
    server: Server, tablet: Tablet, tmp_path: Path, slow: int
) -> None:
    told = server.prepare(1)
    (draft,) = told["ids"]
    server.start()
    tablet.sign_in(told["cookies"]["ivo"])  # the second officer has signed in here before
    tablet.go("/sync/")
    until(lambda: any("grant" in one for one in tablet.stored("meta")), "the tablet knows the second officer")
    tablet.sign_in(told["cookies"]["ines"])
    tablet.take_along()

    server.kill()
    tablet.kill()
    tablet.slow = slow
    tablet.open()
    tablet.go(f"/sync/visits/{draft}")
    whole(tablet, answered=20)
    until(lambda: len(standing(tablet)) == 20, "twenty are kept")
    kept = tablet.stored("ops")
    tablet.kill()
    tablet.open()
    tablet.go(f"/sync/visits/{draft}")
    assert tablet.stored("ops") == kept
    whole(tablet, answered=40)
    rest_not_checked(tablet)
    page = tablet.page
    page.locator("[data-goto=review]").tap()
    page.locator("[data-none-open]").wait_for()
    until(lambda: page.locator("[data-problems] > li").count() == 3, "three problems are listed")
    sign(tablet, "lead")

    tablet.kill()
    tablet.open()
    page = tablet.go(f"/sync/visits/{draft}")
    assert hands(tablet) == ["lead"]
    assert page.locator("form[data-tablet]").get_attribute("inert") is not None
    sign(tablet, "second")
    sign(tablet, "school")
    page.locator("[data-finish]").tap()
    until(lambda: [op for op in tablet.stored("ops") if op["act"] == "finalise"], "finishing is kept")
    made = sorted(op["op_id"] for op in tablet.stored("ops"))
    photos = sorted(one["sha256"] for one in tablet.stored("photos"))
    assert len(photos) == 3

    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    page = tablet.go("/sync/")
    page.locator("[data-status=ended]").wait_for(timeout=60_000)
    assert (tablet.stored("ops"), tablet.stored("quarantine")) == ([], [])
    assert page.locator(f'[data-visit="{draft}"] [data-on]').get_attribute("href") == f"/inspections/{draft}/record"
    found = server.look(draft, tmp_path / "record.pdf")
    assert (found["state"], found["failed"], found["kept"]) == ("signed", 3, [])
    assert found["ops"] == made
    assert found["answers"] == len(made) - 4  # finishing and three signatures are no answers
    assert found["photos"] == photos
    assert found["signatures"] == ["lead", "school", "second"]
    text = text_by_poppler((tmp_path / "record.pdf").read_bytes(), tmp_path)
    assert len(found["texts"]) == 3
    assert all("".join(one.split()) in text for one in found["texts"])
    assert "索南" in text


def killed_at_random(server: Server, tablet: Tablet, *, kills: int, seed: int) -> tuple[int, int]:
    """Kill the browser after taps and amid them; how many answers were called saved, and how many of them are gone."""
    chance = random.Random(seed)
    told = server.prepare(1)
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.take_along()
    server.kill()
    said: dict[tuple[str, str], str] = {}
    lost = 0
    for kill in range(kills + 1):
        tablet.go(f"/sync/visits/{told['ids'][0]}")
        stands = standing(tablet)
        lost += sum(stands.get(row) != value for row, value in said.items())
        if kill == kills:
            break
        areas = tablet.page.locator("[data-goto]")
        areas.nth(chance.randrange(areas.count() - 1)).tap()
        rows = shown_rows(tablet)
        for _tap in range(chance.randint(1, 3)):
            word = chance.choice(list(VALUES))
            said[answer(tablet, rows.nth(chance.randrange(rows.count())), word)] = VALUES[word]
        # One more is in flight: it may stand or not.
        flying = rows.nth(chance.randrange(rows.count()))
        item, _at, place = str(flying.get_attribute("data-row")).partition("@")
        said.pop((item, place), None)
        flying.locator(".answers label").first.tap()
        tablet.kill()
        tablet.open()
    return len(said), lost


def test_a_browser_killed_at_random_acts_loses_no_answer_that_was_called_saved(server: Server, tablet: Tablet) -> None:
    saved, lost = killed_at_random(server, tablet, kills=3, seed=20261122)
    assert saved > 0
    assert lost == 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hundred_kills_lose_nothing(server: Server, tablet: Tablet) -> None:
    saved, lost = killed_at_random(server, tablet, kills=200, seed=20261123)
    sys.stdout.write(f"200 kills: {saved} answers stood at the end, {lost} were lost\n")
    assert lost == 0
