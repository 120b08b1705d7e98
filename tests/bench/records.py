"""Records that come in from tablets, all durability on, beside fifteen lines of Flask that commit one row for each POST in the same minutes."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.inspections.models import Inspection, InspectionState
from app.organisations.models import Brigade
from tests.bench import one_row
from tests.bench.district import viewer
from tests.sync.officers import officers, record, schools, short_checklist
from tests.sync.serving import Serving
from tests.sync.wire import Wire

#: Several records in one request of at most 200 operations.
BATCH = 4
#: What is measured by turns, so that all of them have the same minutes.
TURNS = 4


@contextmanager
def up(server: Serving) -> Iterator[Serving]:
    """The server, until the end."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _rate(act: Callable[[], int], seconds: float) -> tuple[int, float]:
    """How often within so many seconds, and how long that took."""
    count, start = 0, time.perf_counter()
    while True:
        count += act()
        spent = time.perf_counter() - start
        if spent >= seconds:
            return count, spent


#: Whose own lines the time of a record is spent in, by a part of the path or name.
PARTS = {
    "SQLAlchemy": ("sqlalchemy",), "SQLite and its commit": ("sqlite3",), "Flask, Werkzeug, sessions": ("flask", "werkzeug", "itsdangerous", "flask_login"),
    "canonical JSON, hashes, ids": ("json", "rfc8785", "hashlib", "uuid.py"), "our own code": ("/app/",),
}  # fmt: skip


def profile(app: Flask, cookie: str, make: Callable[[], list[dict[str, Any]]], *, records: int = 10) -> dict[str, int]:
    """Per cent of the time of a record in each part, by a profile of some of them in this process."""
    token = app.config.get("WTF_CSRF_ENABLED", True)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        client = app.test_client()
        client.set_cookie("xf", cookie)
        bodies = [
            {"device": "bench", "proto": 1, "client_now": clock.now().isoformat(), "cursor": "", "ops": make()}
            for _n in range(records + 1)
        ]
        client.post("/sync/ops", json=bodies.pop())
        watch = cProfile.Profile()
        watch.enable()
        for body in bodies:
            assert client.post("/sync/ops", json=body).status_code == 200
        watch.disable()
    finally:
        app.config["WTF_CSRF_ENABLED"] = token
    spent = Counter[str]()
    for (path, _line, name), (_calls, _all, own, _with, _callers) in pstats.Stats(watch).stats.items():  # type: ignore[attr-defined]
        where = f"{path} {name}"
        part = next((part for part, signs in PARTS.items() if any(sign in where for sign in signs)), "all else")
        spent[part] += own
    whole = sum(spent.values())
    return {part: round(100 * own / whole) for part, own in spent.most_common()}


def _acts(wire: Wire, make: Callable[[], list[dict[str, Any]]], size: int) -> Callable[[], int]:
    cursor = ""

    def send() -> int:
        nonlocal cursor
        ops = [op for _n in range(size) for op in make()]
        body = {"device": "bench", "proto": 1, "client_now": clock.now().isoformat(), "cursor": cursor, "ops": ops}
        answer = wire.ask("POST", "/sync/ops", json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert answer.status == 200, answer.body[:500]
        refused = [one for one in answer.told["results"] if one["status"] != "applied"]
        assert not refused, refused[:2]
        cursor = answer.told["cursor"]
        return size

    return send


def measure(app: Flask, folder: Path, *, seconds: float) -> dict[str, Any]:
    """Records a second, one in a request and several, and rows a second of the yardstick; each for so many seconds in four turns."""
    with app.app_context():
        brigade = db.session.get_one(Brigade, viewer("inspector").own_brigade_id)
        lead, second = officers(app, brigade.id, 2)
        school = schools(brigade, 1)[0]
        short = short_checklist(brigade, school)
        db.session.commit()
        school_id = school.id
        db.session.remove()
        db.engine.dispose()
    product = Serving.of(app, log=folder / "records.log")
    yardstick = Serving(lambda: one_row.make(folder / "one-row.sqlite3"), log=folder / "one-row.log")
    made: list[uuid.UUID] = []

    def ops() -> list[dict[str, Any]]:
        found = record(school_id, second.id, short)
        made.append(uuid.UUID(found[0]["target"]["id"]))
        return found

    with up(product), up(yardstick):
        wire = Wire(product.port, lead.cookie, keep=True)
        bare = Wire(yardstick.port, "", keep=True)
        wire.begin()
        body = json.dumps(record(school_id, second.id, short)[1]).encode()

        def one_more() -> int:
            assert bare.ask("POST", "/", body).status == 200
            return 1

        acts = {"row": one_more, "record": _acts(wire, ops, 1), "batch": _acts(wire, ops, BATCH)}
        total = {name: [0, 0.0, 0.0] for name in acts}
        for act in acts.values():
            act()
        for _turn in range(TURNS):
            for name, act in acts.items():
                server = yardstick if name == "row" else product
                before = server.processor_s()
                count, spent = _rate(act, seconds / TURNS)
                for n, more in enumerate((count, spent, server.processor_s() - before)):
                    total[name][n] += more
        wire.close()
        bare.close()
    shares = profile(app, lead.cookie, ops)
    with app.app_context():
        there = sa.select(sa.func.count()).where(Inspection.id.in_(made), Inspection.state == InspectionState.SIGNING)
        assert db.session.scalar(there) == len(made)
        db.session.remove()
    per_s = {name: count / spent for name, (count, spent, _worked) in total.items()}
    worked_ms = {name: 1000 * worked / count for name, (count, _spent, worked) in total.items()}
    return {
        "operations of a record": len(record(school_id, second.id, short)),
        "rows/s of the yardstick": round(per_s["row"], 1),
        "records/s, one in a request": round(per_s["record"], 1),
        f"records/s, {BATCH} in a request": round(per_s["batch"], 1),
        "ratio": round(per_s["record"] / per_s["row"], 3),
        "ratio in batches": round(per_s["batch"] / per_s["row"], 3),
        "processor ms of a row": round(worked_ms["row"], 2),
        "processor ms of a record": round(worked_ms["record"], 1),
        "processor ms of a record in a batch": round(worked_ms["batch"], 1),
        "ratio by processor time": round(worked_ms["row"] / max(worked_ms["record"], 0.01), 3),
        "ratio by processor time, in batches": round(worked_ms["row"] / max(worked_ms["batch"], 0.01), 3),
        "per cent of a record's time": shares,
    }
