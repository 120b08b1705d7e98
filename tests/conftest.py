"""What every test can ask for: an application on either database, an empty database, the cast, a client that checks pages."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.accounts.models import SignIn
from app.accounts.service import token_hash
from app.config import load
from app.core import clock
from app.core.extensions import db
from app.organisations.service import load_areas
from tests import cast as casting
from tests import databases
from tests.browse import CheckedClient
from tests.cast import Cast

pytest_plugins = ["tests.browser"]


#: Whoever asks for one of these looks at pages in a real browser: they are the same on either database.
IN_A_BROWSER = {"browser_page", "chromium"}


#: What takes longest in one piece: begun first, so that no worker is left alone with it at the end.
LONGEST = ("tests/journeys/", "tests/whole/", "tests/look/", "tests/inspections/", "tests/documents/")


def _repeats(item: pytest.Item) -> bool:
    """A test on PostgreSQL that looks at pages only, or says that one database is enough."""
    call = getattr(item, "callspec", None)
    if call is None or call.params.get("application") != "postgresql":
        return False
    return bool(item.get_closest_marker("one_database") or IN_A_BROWSER & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test runs on both databases, unless one is enough; what takes longest comes first."""
    config.hook.pytest_deselected(items=[item for item in items if _repeats(item)])
    places = {start: place for place, start in enumerate(LONGEST)}
    items[:] = sorted(
        (item for item in items if not _repeats(item)),
        key=lambda item: next((n for start, n in places.items() if item.nodeid.startswith(start)), len(places)),
    )


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once() -> Iterator[None]:
    """Every application of a run takes the compiled templates that an earlier one left."""
    with tempfile.TemporaryDirectory(prefix="xf-templates-") as folder:
        before = Flask.jinja_options
        Flask.jinja_options = {**before, "bytecode_cache": FileSystemBytecodeCache(folder)}
        yield
        Flask.jinja_options = before


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    with databases.postgresql_server() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on one of the databases, with tables and what is loaded once."""
    folder: Path = tmp_path_factory.mktemp("data")
    url = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    app = create_app(load({"XF_DATA": str(folder), "DATABASE_URL": url, "SECRET_KEY": "only for the tests"}))
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = CheckedClient
    with app.app_context():
        db.drop_all()
        db.create_all()
        load_areas()
        db.session.commit()
        _load_packs()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def _load_packs() -> None:
    try:
        from app.regulations.service import load_packs
    except ImportError:
        return
    load_packs()
    db.session.commit()


class Browser(CheckedClient):
    """A client whose requests share nothing with the test: who is signed in and the language are found anew each time."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        g.__dict__.clear()
        answer = super().open(*args, **kwargs)
        g.__dict__.clear()
        return answer


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application with an empty database and an application context."""
    application.test_client_class = Browser
    with application.app_context():
        databases.empty()
        yield application
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people, see tests/cast.py."""
    return casting.assemble()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in to. Forms need no CSRF token here; tests/core/test_csrf.py proves that pages send one."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


SignInAs = Callable[[str], FlaskClient]


@pytest.fixture
def as_person(app: Flask, cast: Cast) -> SignInAs:
    """`as_person("ines")` is a browser in which Ines is signed in."""

    def sign_in(name: str) -> FlaskClient:
        app.config["WTF_CSRF_ENABLED"] = False
        token = secrets.token_urlsafe(24)
        db.session.add(
            SignIn(
                token_hash=token_hash(token), person_id=cast.people[name], expires_at=clock.now() + timedelta(days=1)
            )
        )
        db.session.commit()
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], object]:
    """`with count_queries() as counted: …` and then `counted.statements` are the statements that were sent."""

    class Counted:
        def __init__(self) -> None:
            self.statements: list[str] = []

        @property
        def number(self) -> int:
            return len([s for s in self.statements if not s.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))])

    @contextmanager
    def counting() -> Iterator[Counted]:
        counted = Counted()

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return counting
