"""A hall signs in by the code on the wall, everybody at once, at the web server as production starts it."""

from __future__ import annotations

import re
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.trainings.models import Attendee, Audience
from app.trainings.service import signing
from tests.cast import Cast
from tests.factories import trainings as make
from tests.sync.serving import Serving

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
#: Phones that ask at the same moment.
AT_ONCE = 40


def _person(address: str, number: int) -> float:
    """Open the page and sign in, every second one twice; the longest that an answer took, in seconds."""
    phone = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    waits = []

    def ask(body: bytes | None) -> str:
        began = time.perf_counter()
        with phone.open(address, body, timeout=120) as answer:
            page: str = answer.read().decode()
        waits.append(time.perf_counter() - began)
        return page

    found = CSRF.search(ask(None))
    assert found
    words = {"csrf_token": found[1], "name": f"教师{number:03d}", "post": "教师"}
    for _press in range(1 + number % 2):
        ask(urllib.parse.urlencode(words).encode())
    return max(waits)


def _hall(app: Flask, cast: Cast, log: Path, people: int) -> tuple[float, list[float]]:
    session = make.session(cast, audience=Audience.ALL_STAFF, starts_at=clock.now() - timedelta(minutes=1))
    token = signing.open_sign_in(cast.viewer("lea"), session)
    db.session.commit()
    key = session.id
    db.session.remove()
    server = Serving.of(app, log=log)
    server.start()
    try:
        address = f"http://127.0.0.1:{server.port}/t/{token}"
        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as phones:
            waits = list(phones.map(lambda number: _person(address, number), range(people)))
        spent = time.perf_counter() - began
    finally:
        server.kill()
    names = db.session.scalars(sa.select(Attendee.name).where(Attendee.session_id == key)).all()
    assert sorted(names) == [f"教师{number:03d}" for number in range(people)]
    return spent, sorted(waits)


@pytest.mark.one_database
def test_everybody_is_on_the_list_once(app: Flask, cast: Cast, tmp_path: Path) -> None:
    _hall(app, cast, tmp_path / "log", 12)


@pytest.mark.soak
def test_five_hundred_are_on_the_list_within_five_minutes(
    app: Flask, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spent, waits = _hall(app, cast, tmp_path / "log", 500)
    with capsys.disabled():
        median, worst = waits[len(waits) // 2], waits[-1]
        sys.stdout.write(
            f"\n500 signed in within {spent:.1f} s; longest wait of a phone: median {median:.2f} s, worst {worst:.2f} s\n"
        )
    assert spent < 300
