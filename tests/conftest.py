"""What every test can ask for: an application on either database, an empty database, the cast, a client that checks pages."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.accounts.models import SignIn
from app.accounts.service import passwords, token_hash
from app.config import load
from app.core import clock, garbage
from app.core import pictures as unpacking
from app.core.extensions import db
from tests import cast as casting
from tests import databases, runs
from tests.browse import CheckedClient
from tests.cast import Cast

pytest_plugins = ["tests.browser"]


#: When every run begins, for the tests, whatever day it is: a Monday, nine in the morning at the school.
#: XF_TESTS_BEGIN=2026-12-31T23:30+08:00 has a run begin at another moment, to find what holds on some days only.
BEGINS = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_TOLD = os.environ.get("XF_TESTS_BEGIN")
#: Begun here, not when pytest is configured: the conftest of a folder that is named on the command line is read before.
_TRAVEL = time_machine.travel(datetime.fromisoformat(_TOLD).astimezone(UTC) if _TOLD else BEGINS, tick=True)
_TRAVEL.start()


def pytest_configure(config: pytest.Config) -> None:
    """Have property tests draw the same examples each time, without a stopwatch."""
    config.add_cleanup(_TRAVEL.stop)
    calm = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(
        "suite", deadline=None, derandomize=True, database=None, suppress_health_check=calm
    )
    hypothesis.settings.load_profile("suite")


#: Whoever asks for one of these looks at pages in a real browser: they are the same on either database.
IN_A_BROWSER = {"browser_page", "chromium"}


#: What takes longest in one piece, the longest first: begun first, so that no worker is left alone with it at the end.
LONGEST = (
    "tests/look/test_every_page.py", "tests/journeys/", "tests/tablet/", "tests/portal/test_browser.py", "tests/inspections/test_filling.py",
    "tests/whole/test_access_matrix.py", "tests/look/test_gallery.py", "tests/inspections/", "tests/bench/", "tests/demo/", "tests/sync/",
    "tests/whole/", "tests/rectification/test_papers.py", "tests/casefiles/", "tests/documents/", "tests/look/", "tests/equipment/",
    "tests/migrations/", "tests/accounts/", "tests/notifications/", "tests/portal/", "tests/drills/", "tests/rectification/",
)  # fmt: skip


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


def pytest_collection_finish() -> None:
    """What was imported stays, as in a process that serves."""
    garbage.settle()


@pytest.fixture(scope="session", autouse=True)
def templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every application of a run takes the compiled templates that an earlier one left, in whichever test process."""
    folder, before = runs.shared(tmp_path_factory, "templates"), Flask.jinja_options
    Flask.jinja_options = {**before, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    yield
    Flask.jinja_options = before


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own."""
    with databases.postgresql_server() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly() -> Iterator[None]:
    """Argon2id as ever, with next to no memory; tests/accounts/test_passwords.py holds the real cost."""
    before = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = before


@pytest.fixture(scope="session")
def applications(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Made]:
    """The applications that were made in this test process, by database: making one takes seconds, so each is kept."""

    def make(name: str) -> Flask:
        url = request.getfixturevalue("postgresql") if name == "postgresql" else ""
        folder = tmp_path_factory.mktemp("data")
        app = create_app(load({"XF_DATA": str(folder), "DATABASE_URL": url, "SECRET_KEY": "only for the tests"}))
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        return app

    made = databases.Made(make)
    yield made
    made.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def application(request: pytest.FixtureRequest, applications: databases.Made) -> Flask:
    """The application on one of the databases, with tables and what is loaded once."""
    return applications.on(request.param)


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
    before = dict(application.config)
    with application.app_context():
        databases.empty()
        yield application
        db.session.rollback()
        db.session.remove()
    application.config.clear()
    application.config.update(before)


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
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each photo that is unpacked, whether anything was held in the database meanwhile."""
    held: list[bool] = []
    unpack = unpacking._prepare

    def noted(content: bytes, name: str) -> unpacking.Prepared:
        held.append(db.session().in_transaction())
        return unpack(content, name)

    monkeypatch.setattr(unpacking, "_prepare", noted)
    return held


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
