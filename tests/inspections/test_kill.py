"""The server is killed at any moment of an act: afterwards the inspection is whole, or still the draft it was."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.config import load
from tests.databases import free_port
from tests.sync.serving import Serving, by_the_machines_clock

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261122
#: Lays out a database with a draft that is filled and an officer signed in; prints what the test needs.
PREPARE = """
import json, secrets, sys
from datetime import timedelta
from app import create_app
from app.config import load
app = create_app(load())
from app.core.extensions import db
with app.app_context():
    db.create_all()
    from app.organisations.service import load_areas
    from app.regulations.service import load_packs
    load_areas(); load_packs(); db.session.commit()
    from app.accounts.models import SignIn
    from app.accounts.service import token_hash
    from app.core import clock
    from tests import cast as casting
    from tests.factories.grounds import campus
    from tests.factories.inspections import answered, a_fault, draft
    cast = casting.assemble()
    campus(cast, pieces=8)
    token = secrets.token_urlsafe(24)
    db.session.add(SignIn(token_hash=token_hash(token), person_id=cast.people["ines"], expires_at=clock.now() + timedelta(days=1)))
    ids = []
    for _n in range(int(sys.argv[1])):
        row = draft(cast, accompanying="索南")
        answered(cast, row, a_fault(cast, spot=True))
        ids.append(str(row.id))
    db.session.commit()
    from flask.sessions import SecureCookieSessionInterface
    cookie = SecureCookieSessionInterface().get_signing_serializer(app).dumps({"_user_id": token, "_fresh": True})
    print(json.dumps({"cookie": cookie, "ids": ids, "second": str(cast.people["ivo"])}))
"""


class Server:
    """The real server on a SQLite file, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.settings = {"XF_DATA": str(folder / "data"), "DATABASE_URL": "", "SECRET_KEY": "only for the tests"}
        self.environment = os.environ | self.settings | {"PYTHONPATH": str(ROOT)}
        self.serving: Serving | None = None

    def prepare(self, drafts: int) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", PREPARE, str(drafts)],
            env=self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told

    def start(self) -> None:
        if self.serving is None:
            app = create_app(load(self.settings))
            app.config["WTF_CSRF_ENABLED"] = False
            options = ["--worker-class", "gthread", "--threads", "4"]
            log = self.folder / "server.log"
            self.serving = Serving(lambda: by_the_machines_clock(app), log=log, options=options, port=self.port)
        self.serving.start()
        for _wait in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        if self.serving is not None:
            self.serving.kill()

    def post(self, path: str, data: dict[str, str], cookie: str) -> int:
        body = urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, {"Cookie": f"xf={cookie}"})
        try:
            with urllib.request.build_opener(_Still).open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as told:
            told.close()
            return told.code


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that is gone afterwards."""
    made = Server(tmp_path)
    yield made
    made.kill()


def _database(server: Server) -> str:
    return str(server.folder / "data" / "xiaofang.sqlite3")


def _is_whole_or_draft(server: Server, inspection_id: str) -> str:
    """Checks the rows of one inspection against each other; returns its state."""
    key = uuid.UUID(inspection_id).hex
    with contextlib.closing(sqlite3.connect(_database(server))) as connection:
        ask = connection.execute
        assert ask("PRAGMA integrity_check").fetchone() == ("ok",)
        state, record = ask("SELECT state, record FROM inspection WHERE id = ?", (key,)).fetchone()
        signatures = ask("SELECT count(*) FROM signature WHERE target_id = ?", (key,)).fetchone()[0]
        findings = ask("SELECT count(*) FROM finding WHERE inspection_id = ?", (key,)).fetchone()[0]
        papers = ask("SELECT count(*) FROM issued_document WHERE subject_id = ?", (key,)).fetchone()[0]
        operations = ask("SELECT count(*) FROM answer_op WHERE target_id = ?", (key,)).fetchone()[0]
        rev = ask("SELECT rev FROM inspection WHERE id = ?", (key,)).fetchone()[0]
        jobs = ask(
            "SELECT count(*) FROM job WHERE id IN (SELECT job_id FROM issued_document WHERE subject_id = ?)", (key,)
        ).fetchone()[0]
    assert operations == rev > 50
    expected = {"draft": (0, 0, 0, 0), "signing": (0, 0, 0, 0), "signed": (3, 1, 1, 1)}[state]
    assert (signatures, findings, papers, jobs) == expected
    assert (record is None) == (state == "draft")
    return str(state)


def _acts(told: dict[str, Any], inspection_id: str) -> list[tuple[str, dict[str, str]]]:
    from tests.factories import pictures

    strokes = pictures.strokes()
    people = {"second_id": told["second"], "accompanying": "索南", "accompanying_post": "", "do": "finalise"}
    three = {
        "lead.strokes": strokes, "second.strokes": strokes, "second.password": told["password"], "school.strokes": strokes, "school.name": "索南",
    }  # fmt: skip
    return [(f"/inspections/{inspection_id}/review", people), (f"/inspections/{inspection_id}/signatures", three)]


def _send(server: Server, path: str, data: dict[str, str], cookie: str) -> int:
    """As the page would: its form says which record it shows."""
    with contextlib.closing(sqlite3.connect(_database(server), timeout=30)) as connection:
        key = uuid.UUID(path.split("/")[2]).hex
        (shown,) = connection.execute("SELECT record_sha256 FROM inspection WHERE id = ?", (key,)).fetchone()
    return server.post(path, {**data, "record": shown or ""}, cookie)


def _run(server: Server, times: int, seed: int) -> set[str]:
    chance = random.Random(seed)
    told = server.prepare(times)
    told["password"] = _give_password(server, told["second"])
    seen, seen_at = set(), list[str]()
    server.start()
    for inspection_id in told["ids"]:
        acts = _acts(told, inspection_id)

        def act(acts: list[tuple[str, dict[str, str]]] = acts) -> None:
            with contextlib.suppress(OSError, HTTPException):
                for path, data in acts:
                    _send(server, path, data, told["cookie"])

        worker = threading.Thread(target=act)
        worker.start()
        # Of many kills every other comes at once: a fast machine has finished the first step within some hundredths of a second.
        time.sleep(chance.uniform(0, 0.04) if times > 50 and len(seen_at) % 2 else chance.uniform(0.02, 2.5))
        seen_at.append(inspection_id)
        server.kill()
        worker.join(timeout=60)
        seen.add(_is_whole_or_draft(server, inspection_id))
        server.start()
        for path, data in acts:
            assert _send(server, path, data, told["cookie"]) == 302
        assert _is_whole_or_draft(server, inspection_id) == "signed"
    return seen


def _give_password(server: Server, second: str) -> str:
    from app.accounts.service import hash_password

    password = secrets.token_urlsafe(12)
    with contextlib.closing(sqlite3.connect(_database(server))) as connection:
        connection.execute(
            "UPDATE person SET password_hash = ? WHERE id = ?", (hash_password(password), uuid.UUID(second).hex)
        )
        connection.commit()
    return password


def test_killed_at_some_moments_the_inspection_is_whole_or_still_a_draft(server: Server) -> None:
    assert _run(server, 2, SEED) <= {"draft", "signing", "signed"}


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_a_hundred_times_the_inspection_is_whole_or_still_a_draft(server: Server) -> None:
    seen = _run(server, 100, SEED + 1)
    assert {"draft", "signed"} <= seen
