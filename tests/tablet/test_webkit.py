"""A smoke run in WebKitGTK, the nearest to Safari that Debian has: no proof for an iPad, but what WebKit breaks shows here first."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts.service.passwords import hash_password
from tests.tablet.ground import PIN, Server
from tests.tablet.webkit import Refused, WebKit, missing

pytestmark = [
    pytest.mark.soak,
    pytest.mark.one_database,
    pytest.mark.skipif(bool(missing()), reason=f"WebKitGTK is not here; make soak installs {' and '.join(missing())}"),
]
PASSWORD = "a long enough word"
ANSWERED = "[...document.querySelectorAll('fieldset[data-row]')].filter((row) => row.dataset.value === 'pass').map((row) => row.dataset.row)"


@pytest.fixture
def webkit(tmp_path: Path) -> Iterator[WebKit]:
    one = WebKit(tmp_path)
    yield one
    one.close()


def signed_in(webkit: WebKit, server: Server) -> str:
    """Ines signs in by the form; the id of her draft."""
    told = server.prepare(1)
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "xiaofang.sqlite3")) as database:
        database.execute("update person set password_hash = ? where username = 'ines'", [hash_password(PASSWORD)])
        database.commit()
    server.start()
    webkit.go(f"{server.address}/sign-in")
    webkit.type("#username", "ines")
    webkit.type("#password", PASSWORD)
    webkit.click(".form-end button")
    webkit.wait(lambda: "/sign-in" not in webkit.address, "she is in")
    return str(told["ids"][0])


def test_in_webkit_the_pages_load_and_a_visit_keeps_its_answers_when_the_server_is_gone(
    webkit: WebKit, server: Server
) -> None:
    draft = signed_in(webkit, server)
    for address in webkit.run("return [...document.querySelectorAll('.frame nav a')].map((one) => one.href)"):
        webkit.go(address)
        webkit.one("h1")
        assert webkit.complaints() == [], address
    webkit.go(f"{server.address}/inspections/{draft}")
    webkit.one("fieldset[data-item]")
    assert webkit.complaints() == []
    webkit.go(f"{server.address}/sync/")
    webkit.one("html[data-ready]")
    assert webkit.complaints() == []
    webkit.click("[data-refresh]:not([disabled])")
    webkit.type("dialog[data-pin] [name=pin]", PIN)
    webkit.type("dialog[data-pin] [name=again]", PIN)
    webkit.click("dialog[data-pin] button.is-first")
    webkit.one("[data-status=ready]", seconds=60)
    webkit.go(f"{server.address}/sync/visits/{draft}")
    webkit.one("html[data-ready]")
    rows = answer(webkit, 3)
    server.kill()
    rows += answer(webkit, 3)
    webkit.reload()
    webkit.one("html[data-ready]")
    webkit.wait(lambda: set(rows) <= set(webkit.run(f"return {ANSWERED}")), "all answers are there")
    server.start()
    webkit.wait(lambda: server.asked("select count(*) from answer_op")[0][0] >= len(rows), "they arrive", seconds=90)
    assert webkit.complaints() == []


def _tapped(webkit: WebKit) -> str:
    """合格 on the next open row of the area that is shown; nothing where the page was just turning."""
    row = webkit.run(
        "return [...document.querySelectorAll('section:not([hidden]) > fieldset[data-row]')].find((row) => row.dataset.value === '')?.dataset.row"
    )
    if row:
        with contextlib.suppress(Refused):
            webkit.click(f'[data-row="{row}"] .answers label')
            return str(row)
    return ""


def answer(webkit: WebKit, count: int) -> list[str]:
    """合格 on the next rows that are open; which they were, when they are kept."""
    told: list[str] = []
    for _n in range(count):
        row = webkit.wait(lambda: _tapped(webkit), "a row is tapped")
        webkit.wait(lambda: row in webkit.run(f"return {ANSWERED}"), "it is answered")  # noqa: B023
        told.append(row)
    return told
