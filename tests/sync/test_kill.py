"""The real server is killed while a tablet sends: what was acknowledged is there, and sending again puts the rest there once."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from app.core.db import new_id
from tests.inspections.test_kill import Server, _database

SEED = 20261122


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that is gone afterwards."""
    made = Server(tmp_path)
    yield made
    made.kill()


def _ops(target: str, count: int) -> list[dict[str, Any]]:
    return [
        {
            "op_id": str(new_id()), "target": {"kind": "inspection", "id": target}, "item": "MGT-01", "field": "note", "value": f"{n}",
            "base_rev": 0, "at": "2026-11-22T09:00:00+08:00", "via": "type",
        }
        for n in range(count)
    ]  # fmt: skip


def _send(server: Server, cookie: str, ops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    body = json.dumps({"device": "tab", "proto": 1, "client_now": "", "ops": ops}).encode()
    headers = {"Cookie": f"xf={cookie}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/sync/ops", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)["results"]
        return found


def _logged(server: Server, ids: set[str]) -> list[str]:
    with contextlib.closing(sqlite3.connect(_database(server))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT op_id FROM answer_op").fetchall()
    return [text for (text,) in rows if str(uuid.UUID(text)) in ids]


def _run(server: Server, times: int, seed: int) -> int:
    """Returns how many operations were acknowledged before a kill."""
    chance, told = random.Random(seed), server.prepare(1)
    acknowledged: set[str] = set()
    sent: list[dict[str, Any]] = []
    for _kill in range(times):
        server.start()
        batches = [_ops(told["ids"][0], 20) for _batch in range(10)]
        sent += [op for batch in batches for op in batch]

        def act(batches: list[list[dict[str, Any]]] = batches) -> None:
            with contextlib.suppress(OSError, ValueError, HTTPException):
                for batch in batches:
                    acknowledged.update(
                        r["op_id"] for r in _send(server, told["cookie"], batch) if r["status"] == "applied"
                    )

        worker = threading.Thread(target=act)
        worker.start()
        time.sleep(chance.uniform(0.02, 1.2))
        server.kill()
        worker.join(timeout=60)
        assert acknowledged <= {str(uuid.UUID(text)) for text in _logged(server, acknowledged)}
    server.start()
    for start in range(0, len(sent), 200):
        results = _send(server, told["cookie"], sent[start : start + 200])
        assert {r["status"] for r in results} <= {"applied", "duplicate"}
    logged = _logged(server, {op["op_id"] for op in sent})
    assert len(logged) == len(set(logged)) == len(sent)
    return len(acknowledged)


def test_killed_while_a_tablet_sends_nothing_is_lost_or_doubled(server: Server) -> None:
    _run(server, 2, SEED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_a_hundred_times_while_a_tablet_sends_nothing_is_lost_or_doubled(server: Server) -> None:
    assert _run(server, 100, SEED + 1) > 0
