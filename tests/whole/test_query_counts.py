"""No page sends more than fifteen statements, however much there is; each page lights one entry of the menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.extensions import db
from app.navigation import MENU
from tests.crawl import Found, signed_in
from tests.districts import walked

MOST = 15
#: Pages of no entry: the account of whoever is there has its own place; the others are for visitors.
OUTSIDE_THE_MENU = ("web.", "health.", "static")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[Found]]]:
    """The demo district, small, and one address of each page that a link leads to."""
    with walked(tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="module")
def district(walk: tuple[Flask, list[Found]]) -> Flask:
    """The district."""
    return walk[0]


@pytest.fixture(scope="module")
def pages(walk: tuple[Flask, list[Found]]) -> list[Found]:
    """The addresses."""
    return walk[1]


def _statements(app: Flask, page: Found) -> list[str]:
    client = signed_in(app, "" if page.person == "visitor" else page.person)
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get(page.address)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return sent


def test_no_page_sends_more_than_fifteen_statements(district: Flask, pages: list[Found]) -> None:
    assert len(pages) > 40
    over = {page.endpoint: len(sent) for page in pages if len(sent := _statements(district, page)) > MOST}
    assert over == {}


def test_every_page_lights_exactly_one_entry_of_the_menu(district: Flask) -> None:
    wrong = {}
    for rule in district.url_map.iter_rules():
        view = district.view_functions[rule.endpoint]
        if getattr(view, "permission", None) == "public" or "GET" not in (rule.methods or set()):
            continue
        if rule.endpoint.startswith(OUTSIDE_THE_MENU):
            continue
        lit = [str(entry.label) for entry in MENU if rule.endpoint.startswith(entry.lit_by)]
        if len(lit) != 1:
            wrong[rule.endpoint] = lit
    assert wrong == {}
