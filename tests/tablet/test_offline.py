"""An officer fills in a visit without network: the server is dead, the browser is killed, and everything arrives once."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Playwright

from tests.factories import pictures
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


def asked(server: Server, question: str) -> list[Any]:
    """What the server's database says."""
    with closing(sqlite3.connect(server.folder / "data" / "xiaofang.sqlite3")) as database:
        return database.execute(question).fetchall()


def test_a_visit_filled_without_network_arrives_once_and_whole(server: Server, tablet: Tablet) -> None:
    told = server.prepare(1)
    (draft,) = told["ids"]
    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.take_along()

    server.kill()
    tablet.kill()
    tablet.open()
    tablet.go(f"/sync/visits/{draft}")
    rows = shown_rows(tablet)
    for n in range(3):
        answer(tablet, rows.nth(n), "合格")
    answer(tablet, rows.nth(3), "不合格")
    rows.nth(3).locator(".chips label").first.tap()
    until(lambda: len(tablet.stored("ops")) >= 5, "the fault is kept")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.picture()}
    rows.nth(3).locator('input[type=file][name$=".photo"]').set_input_files(picture)
    until(lambda: len(tablet.stored("photos")) == 1, "the photo is kept")
    kept = tablet.stored("ops")

    tablet.kill()
    tablet.open()
    tablet.go(f"/sync/visits/{draft}")
    assert tablet.stored("ops") == kept
    assert tablet.page.locator("[data-done]").inner_text() == "4"
    answer(tablet, shown_rows(tablet).first, "不涉及")
    (photo,) = tablet.stored("photos")
    made = {op["op_id"].replace("-", "") for op in tablet.stored("ops")}

    server.start()
    tablet.sign_in(told["cookies"]["ines"])
    tablet.go("/sync/")
    until(lambda: tablet.stored("ops") == [], "all is sent", seconds=40)
    assert tablet.stored("quarantine") == []
    arrived = [op_id for (op_id,) in asked(server, "SELECT op_id FROM answer_op")]
    assert sorted(arrived) == sorted(made)
    assert asked(server, "SELECT original_sha256 FROM photo") == [(photo["sha256"],)]
    tablet.page.goto(f"/inspections/{draft}")
    assert tablet.page.locator("[data-done]").inner_text() == "5"


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
