"""Tablets that come back into coverage all at once, each with inspections and photos, to one server as production starts it."""

from __future__ import annotations

import hashlib
import io
import json
import math
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from PIL import Image

from app.core import clock
from app.core.extensions import db
from app.fieldwork.models import AnswerOp, Photo
from app.inspections.models import Inspection, InspectionState
from app.organisations.models import Brigade
from app.sync.rules import MOST_OPS
from tests.bench.district import viewer
from tests.bench.records import up
from tests.sync.officers import Officer, Short, officers, record, schools, short_checklist
from tests.sync.serving import Serving
from tests.sync.wire import Answer, Wire

PIECE = 256 * 1024
#: Long after this somebody has better things to do.
LONGEST_S = 3600.0


def _base_photo() -> bytes:
    """Some 200 kB of JPEG of 1600 × 1200, as a tablet shrinks its pictures to."""
    rough = Image.effect_noise((400, 300), 60).resize((1600, 1200)).convert("RGB")
    picture = Image.blend(rough, Image.effect_noise((1600, 1200), 18).convert("RGB"), 0.25)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=32)
    return out.getvalue()


def _another(base: bytes) -> bytes:
    """The same picture as other bytes: a comment at its beginning."""
    said = uuid.uuid4().bytes
    return base[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + base[2:]


@dataclass
class Returned:
    """One tablet with everything on it, and how long each of its requests took."""

    wire: Wire
    ops: list[dict[str, Any]]
    base: bytes
    photos: int
    waits: list[tuple[str, float]] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    trouble: str = ""

    def come_back(self, begin: threading.Barrier) -> None:
        """Send all of it, as the page does: what is small first, then the photos, then what needs them."""
        begin.wait()
        try:
            self._send()
        except Exception as wrong:  # told at the end
            self.trouble = repr(wrong)
        finally:
            self.wire.close()

    def _ask(self, what: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        while True:
            start = time.perf_counter()
            answer = self.wire.ask(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            self.waits.append((what, time.perf_counter() - start))
            self.answers[answer.status] += 1
            if answer.status not in (429, 503):
                assert answer.status == 200, (what, answer.status, answer.body[:200])
                return answer
            time.sleep(2.0)

    def _send(self) -> None:
        start = time.perf_counter()
        self.wire.begin()
        self.waits.append(("session", time.perf_counter() - start))
        late = ("photo", "finalise")
        self._post([op for op in self.ops if op.get("field", op.get("act")) not in late])
        photos = [op for op in self.ops if op.get("field") == "photo"]
        for op in photos:
            content = _another(self.base)
            op["value"] |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            self._upload(op["value"]["sha256"], content)
        for op in self.ops:
            if op.get("act") == "finalise":
                op["value"]["files"] = [p["value"]["sha256"] for p in photos if p["target"] == op["target"]]
        told = self._post([op for op in self.ops if op.get("field", op.get("act")) in late])
        assert {one["status"] for one in told} == {"applied"}, [one for one in told if one["status"] != "applied"][:2]

    def _post(self, ops: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        told, cursor = list[dict[str, Any]](), ""
        for n in range(0, len(ops), MOST_OPS):
            body = {"device": f"tab-{id(self)}", "proto": 1, "client_now": clock.now().isoformat(), "cursor": cursor}
            answer = self._ask(
                "operations", "POST", "/sync/ops", json.dumps(body | {"ops": ops[n : n + MOST_OPS]}).encode(),
                Content_Type="application/json",
            )  # fmt: skip
            told, cursor = told + answer.told["results"], answer.told["cursor"]
        return told

    def _upload(self, name: str, content: bytes) -> None:
        path = f"/sync/blobs/{name}"
        self._ask("where a photo stands", "HEAD", path)
        for at in range(0, len(content), PIECE):
            last = at + PIECE >= len(content)
            self._ask(
                "piece of a photo", "PATCH", path, content[at : at + PIECE], Content_Type="application/octet-stream",
                Upload_Offset=str(at), Upload_Complete="?1" if last else "?0",
            )  # fmt: skip


def _loaded(
    port: int, lead: Officer, school_id: uuid.UUID, short: Short, *, inspections: int, photos: int, base: bytes
) -> Returned:
    each = [photos // inspections + (n < photos % inspections) for n in range(inspections)]
    ops = []
    for count in each:
        placeholders = {f"{n:064x}": b"" for n in range(count)}
        ops += record(school_id, None, short, photos=placeholders)
    return Returned(Wire(port, lead.cookie, keep=True), ops, base, photos)


def measure(app: Flask, folder: Path, *, tablets: int, inspections: int, photos: int) -> dict[str, Any]:
    """All of them at once; how long each answer took, and whether everything is there once."""
    with app.app_context():
        brigade = db.session.get_one(Brigade, viewer("inspector").own_brigade_id)
        people = officers(app, brigade.id, tablets + 1)
        places = schools(brigade, tablets)
        short = short_checklist(brigade, places[0])
        db.session.commit()
        school_ids = [school.id for school in places]
        db.session.remove()
        db.engine.dispose()
    second, base = people.pop(), _base_photo()
    with up(Serving.of(app, log=folder / "comeback.log")) as server:
        fleet = [
            _loaded(server.port, lead, school_id, short, inspections=inspections, photos=photos, base=base)
            for lead, school_id in zip(people, school_ids, strict=True)
        ]
        for one in fleet:
            for op in one.ops:
                if op.get("act") == "create":
                    op["value"]["second"] = str(second.id)
        begin = threading.Barrier(tablets + 1)
        threads = [threading.Thread(target=one.come_back, args=(begin,), daemon=True) for one in fleet]
        for thread in threads:
            thread.start()
        begin.wait()
        start = time.perf_counter()
        for thread in threads:
            thread.join(max(0.0, LONGEST_S - (time.perf_counter() - start)))
        seconds = time.perf_counter() - start
    found = _figures(fleet, seconds, photo_bytes=len(base))
    with app.app_context():
        found |= _there(fleet)
        db.session.remove()
    return found


def _figures(fleet: Sequence[Returned], seconds: float, *, photo_bytes: int) -> dict[str, Any]:
    waits = [wait for one in fleet for wait in one.waits]
    found: dict[str, Any] = {
        "tablets": len(fleet), "seconds": round(seconds, 1), "requests": len(waits), "requests/s": round(len(waits) / seconds, 1),
        "bytes of a photo": photo_bytes, "answers": dict(sum((one.answers for one in fleet), Counter[int]())),
        "troubles": [one.trouble for one in fleet if one.trouble][:5],
    }  # fmt: skip
    for what in ("", *sorted({name for name, _s in waits})):
        times = sorted(s for name, s in waits if what in ("", name))
        p95 = times[math.ceil(0.95 * len(times)) - 1]
        found[f"{what or 'all'}: p50, p95, most ms"] = [
            round(1000 * s) for s in (times[len(times) // 2], p95, times[-1])
        ]
    return found


def _there(fleet: Sequence[Returned]) -> dict[str, Any]:
    """What is in the database of all that was sent: missing, and twice."""
    targets = [uuid.UUID(t) for t in {op["target"]["id"] for one in fleet for op in one.ops}]
    wanted = {uuid.UUID(op["op_id"]) for one in fleet for op in one.ops if "act" not in op}
    finished, logged, shots = set[uuid.UUID](), list[uuid.UUID](), list[uuid.UUID]()
    for n in range(0, len(targets), 500):
        some = targets[n : n + 500]
        finished |= set(
            db.session.scalars(
                sa.select(Inspection.id).where(Inspection.id.in_(some), Inspection.state == InspectionState.SIGNING)
            )
        )
        logged += db.session.scalars(sa.select(AnswerOp.op_id).where(AnswerOp.target_id.in_(some)))
        shots += db.session.scalars(sa.select(Photo.id).where(Photo.target_id.in_(some)))
    photos = sum(one.photos for one in fleet)
    return {
        "inspections": len(targets), "photos": photos, "lost": len(targets) - len(finished) + len(wanted - set(logged)) + max(photos - len(shots), 0),
        "doubled": len(logged) - len(set(logged)) + max(len(shots) - photos, 0),
    }  # fmt: skip
