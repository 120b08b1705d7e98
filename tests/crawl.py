"""Walks through the product as each person: one address for every page they can reach."""

from __future__ import annotations

import secrets
from collections import Counter, deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, g, url_for
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.models import Person, SignIn
from app.accounts.service import token_hash
from app.config import load
from app.core import clock
from app.core.extensions import db
from app.navigation import MENU
from tests.browse import CheckedClient, Page

#: The sign-ins of the demo, from the most to the least page-rich role.
PEOPLE = ("inspector", "leader", "office", "admin", "station", "school", "bureau")
#: Pages that no link leads to.
ENTRANCES = ("/", "/verify")


class Visitor(CheckedClient):
    """A client whose requests share nothing, though the walk holds an application context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Forget who was signed in before and after each request."""
        g.__dict__.clear()
        answer = super().open(*args, **kwargs)
        g.__dict__.clear()
        return answer


@dataclass(frozen=True)
class Found:
    """One page as one person sees it."""

    person: str
    endpoint: str
    address: str
    sessions: dict[str, str]
    """Language → session cookie, for a real browser."""
    part: str = ""
    """What tells it from other pages of the same kind."""

    @property
    def name(self) -> str:
        """What the page is called in reports and on pictures."""
        return "-".join(word for word in (self.endpoint, self.part, self.person) if word)


def signed_in(app: Flask, username: str) -> CheckedClient:
    """A checking client in which this person is signed in; the empty name is a visitor."""
    app.test_client_class = Visitor
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    if not username:
        return client
    person = db.session.scalars(sa.select(Person).where(Person.username == username)).one()
    token = secrets.token_urlsafe(24)
    db.session.add(
        SignIn(token_hash=token_hash(token), person_id=person.id, expires_at=clock.now() + timedelta(days=1))
    )
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def _endpoint(app: Flask, address: str) -> str:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return "" if endpoint == "static" else str(endpoint)


def sessions_of(client: FlaskClient) -> dict[str, str]:
    """The client's session cookie in each language."""
    cookies = {}
    for language in ("en", "zh"):
        with client.session_transaction() as session:
            session["language"] = "en" if language == "en" else "zh_Hans_CN"
        cookie = client.get_cookie("xf")
        cookies[language] = cookie.value if cookie else ""
    return cookies


def found_at(app: Flask, client: CheckedClient, person: str, address: str, part: str = "") -> Found | None:
    """The page that this person sees at an address, if it is one; a refusal that is meant counts as a page of its `part`."""
    sessions = sessions_of(client)
    answer = client.get(address, follow_redirects=True)
    page: Page | None = getattr(answer, "page", None)
    if page is None or (answer.status_code != 200 and not part):
        return None
    return Found(person or "visitor", _endpoint(app, page.path), page.path, sessions, part)


def _menu(app: Flask) -> list[str]:
    with app.test_request_context():
        return [url_for(entry.endpoint) for entry in MENU if entry.endpoint in app.view_functions]


def walk(app: Flask, username: str, *, known_kinds: Collection[str] = (), most: int = 300) -> list[Found]:
    """Every kind of page that links lead this person to, each once, but links to kinds that are known. Pages are checked on the way."""
    client = signed_in(app, username)
    waiting = deque([*ENTRANCES, *_menu(app)] if username else ["/sign-in", "/verify"])
    sessions = sessions_of(client)
    seen, known, found = set(waiting), Counter[str](), dict[str, Found]()
    for _ in range(most):
        if not waiting:
            break
        address = waiting.popleft()
        answer = client.get(address, follow_redirects=True)
        page: Page | None = getattr(answer, "page", None)
        if page is None or answer.status_code != 200:
            continue
        endpoint = _endpoint(app, page.path)
        found.setdefault(endpoint, Found(username or "visitor", endpoint, page.path, sessions))
        for href in page.links:
            kind = _endpoint(app, href)
            if kind and kind not in known_kinds and href not in seen and known[kind] < 2:
                seen.add(href)
                known[kind] += 1
                waiting.append(href)
    return list(found.values())


@contextmanager
def demo(folder: str, schools: int) -> Iterator[Flask]:
    """The demo district in a folder of its own, made there unless it is already."""
    path = Path(folder)
    new = not (path / "xiaofang.sqlite3").exists()
    app = create_app(load({"XF_DATA": folder, "XF_DEMO": "1", "XF_DEMO_PASSWORD": "pictures"}))
    app.config["WTF_CSRF_ENABLED"] = True
    if new:
        run = app.test_cli_runner()
        for words in (["db", "upgrade"], ["packs", "load"], ["demo", "seed", "--schools", str(schools)]):
            result = run.invoke(args=words)
            if result.exit_code:
                raise SystemExit(f"flask {' '.join(words)} failed:\n{result.output}") from result.exception
    with app.app_context():
        yield app


def everything(app: Flask, people: list[str]) -> list[Found]:
    """One address for each page, as the first person who reaches it sees it."""
    taken: dict[str, Found] = {}
    for person in ["", *people]:
        for page in walk(app, person, known_kinds=taken):
            taken.setdefault(page.endpoint, page)
    return list(taken.values())
