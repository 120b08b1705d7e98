"""Everything that can happen between a tablet and the server, by chance of a seed: and what must be true afterwards."""

from __future__ import annotations

import errno
import json
import os
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionState
from app.sync.models import SyncOp
from app.sync.rules import OpState
from app.sync.service import uploads
from tests.cast import Cast
from tests.factories import pictures
from tests.factories.inspections import draft
from tests.sync.tablet import Tablet, digest_after, head_of, sha
from tests.sync.wire import Answer


class Fault(StrEnum):
    """What goes wrong with one request."""

    CUT = "cut at a byte"
    LOST = "answer lost"
    KILLED = "server killed"
    TOKEN = "token expired"
    SIGNED_OUT = "signed out"
    FULL = "disk full"
    CLOCK = "clock jumped"


class Killed(BaseException):
    """The server is gone in the middle of a statement."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The server dies before it sends this statement of a request to the database."""
    count = 0

    def note(*_arguments: object) -> None:
        nonlocal count
        count += 1
        if count == statement:
            raise Killed

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    except Killed:
        db.session.rollback()
        db.session.remove()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def full_at(write: int) -> Iterator[None]:
    """The disk is full at this file that is written."""
    honest, count = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count >= write:
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(descriptor)

    os.fsync = fsync
    try:
        yield
    finally:
        os.fsync = honest


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A request as the tablet means it."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Line:
    """A line between one tablet and the server that fails by chance; the server is this process."""

    app: Flask
    chance: random.Random
    tablet: Tablet
    counted: Counter[Fault]
    stranger: Any = None
    rate: float = 0.6

    def ask(self, wish: Wish) -> Answer | None:
        """Send; None where no answer came."""
        fault = self.chance.choice(list(Fault)) if self.chance.random() < self.rate else None
        if fault is not None:
            self.counted[fault] += 1
        if fault is Fault.CLOCK:
            self.tablet.wrong = timedelta(days=self.chance.randint(-40, 40), seconds=self.chance.randint(0, 9999))
        return self.suffer(fault, wish)

    def suffer(self, fault: Fault | None, wish: Wish) -> Answer | None:
        """What this fault makes of the request."""
        match fault:
            case Fault.CUT:
                body = wish.body
                cut = replace(wish, body=body[: self.chance.randrange(len(body))] if body else body)
                self._act(cut, environ_overrides={"CONTENT_LENGTH": str(len(body) or 7)})
            case Fault.LOST:
                self._act(wish)
            case Fault.KILLED:
                with killed_at(self.chance.randint(1, 60)):
                    self._act(wish)
            case Fault.TOKEN:
                self.app.config["WTF_CSRF_ENABLED"] = True
                refused = self._act(wish)
                self.app.config["WTF_CSRF_ENABLED"] = False
                assert (refused.status, refused.told["error"]) == (400, "csrf")
            case Fault.SIGNED_OUT:
                assert self._act(wish, client=self.stranger).status == 401
            case Fault.FULL:
                with full_at(self.chance.randint(1, 4)):
                    self._act(wish)
            case _:
                return self._act(wish)
        return None

    def _act(self, wish: Wish, *, client: Any = None, **more: Any) -> Answer:
        said = dict(wish.headers)
        kind = said.pop("Content-Type", None)
        answer = (client or self.tablet.client).open(
            wish.path, method=wish.method, data=wish.body, content_type=kind, headers=said, **more
        )
        return Answer(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


@dataclass
class Sender:
    """A tablet that keeps its queue until each operation has its verdict."""

    line: Line
    queue: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)

    def step(self) -> None:
        """One request: a piece of a file or a batch of operations."""
        if self.files and self.line.chance.random() < 0.4:
            self._piece()
        elif self.queue:
            self._batch()
        elif self.files:
            self._piece()

    def _piece(self) -> None:
        name, content = self.line.chance.choice(sorted(self.files.items()))
        stands = self.line.suffer(None, Wish(method="HEAD", path=f"/sync/blobs/{name}"))
        assert stands is not None
        assert stands.status == 200
        if stands.headers["Upload-Complete"] == "?1":
            del self.files[name]
            return
        at, size = int(stands.headers["Upload-Offset"]), self.line.chance.randint(1, 6000)
        headers = {
            "Content-Type": "application/octet-stream", "Upload-Offset": str(at),
            "Upload-Complete": "?1" if at + size >= len(content) else "?0",
        }  # fmt: skip
        self.line.ask(Wish(method="PATCH", path=f"/sync/blobs/{name}", body=content[at : at + size], headers=headers))

    def _batch(self) -> None:
        most = self.line.chance.randint(1, 40)
        batch = self.queue[:most]
        if self.line.chance.random() < 0.2:
            self.line.chance.shuffle(batch)
        body = json.dumps(self.line.tablet.body(batch)).encode()
        answer = self.line.ask(
            Wish(method="POST", path="/sync/ops", body=body, headers={"Content-Type": "application/json"})
        )
        if answer is None or answer.status != 200:
            return
        self.line.tablet.cursor = answer.told["cursor"]
        done = {t["op_id"] for t in answer.told["results"] if t["status"] in ("applied", "duplicate", "conflict")}
        self.acknowledged |= done
        self.queue = [op for op in self.queue if op["op_id"] not in done]
        if len(done) < len(batch):  # what is held waits behind what is not sent yet
            self.queue = [*self.queue[most:], *self.queue[:most]]


@dataclass
class Figures:
    """What a run found."""

    interruptions: int = 0
    lost: int = 0
    doubled: int = 0
    orphaned: int = 0
    unfinished: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    orphans: list[str] = field(default_factory=list)


def _rows(cast: Cast) -> sheets.Sheet:
    row = draft(cast)
    found = sheets.of(row, cast.school, cast.brigade)
    db.session.delete(row)
    db.session.commit()
    return found


Lines = Callable[[random.Random, Counter[Fault]], tuple[Line, Line]]


def visit(app: Flask, cast: Cast, lines: Lines, *, seed: int, most: int) -> Figures:
    """One inspection on two tablets over lines that fail; then the lines are good again, and the rows are counted."""
    chance, figures, target = random.Random(seed), Figures(), new_id()
    ines, ivo = (Sender(line) for line in lines(chance, figures.faults))
    before = _store(app)
    sent = _work(cast, ines, ivo, target, seed)
    db.session.remove()
    while (ines.queue or ines.files or ivo.queue or ivo.files) and sum(figures.faults.values()) < most:
        chance.choice((ines, ivo)).step()
    _drain(ines, ivo)
    figures.interruptions = sum(figures.faults.values())
    _count(figures, target, sent, ines.acknowledged | ivo.acknowledged)
    uploads.clear(clock.now() + timedelta(days=60))
    figures.orphans = [*((_store(app) - before) - _named()), *(path.name for path in _uploads(app))]
    figures.orphaned = len(figures.orphans)
    return figures


def _work(cast: Cast, ines: Sender, ivo: Sender, target: uuid.UUID, seed: int) -> list[dict[str, Any]]:
    """The whole visit, as two officers do it: answers, photos, notes, finishing, signatures."""
    mine, other = ines.line.tablet, ivo.line.tablet
    shots = [pictures.picture(300 + seed % 7, 200 + n, seed=seed + 40 * n) for n in range(3)]
    ines.files, ivo.files = {sha(c): c for c in shots[:2]}, {sha(shots[2]): shots[2]}
    rows = _rows(cast).rows
    value = {"school": str(cast.school_id), "second": str(cast.people["ivo"]), "accompanying": "索南"}
    ines.queue = [mine.act("create", target, value), *(mine.op(target, r.item, "pass", place=r.place) for r in rows)]
    ines.queue += [mine.photo(target, content) for content in shots[:2]]
    of_school = [r.item for r in rows if not r.place][:3]
    ivo.queue = [other.op(target, item, f"见现场 {n}", field="note") for n, item in enumerate(of_school)]
    ivo.queue += [other.photo(target, shots[2], item="MGT-02")]
    head = head_of(target, lead=cast.people["ines"], second=cast.people["ivo"], school=cast.school_id)
    seen = digest_after([*ines.queue, *ivo.queue], head=head)
    ines.queue += [
        mine.act("finalise", target, {"files": [sha(c) for c in shots], "digest": seen}),
        mine.signature(target, "lead", "", digest=seen),
        mine.signature(target, "school", "索南", digest=seen),
    ]
    ivo.queue.append(other.signature(target, "second", "", digest=seen))
    return [*ines.queue, *ivo.queue]


def _drain(*senders: Sender) -> None:
    for sender in senders:
        sender.line.rate = 0.0
    for _round in range(400):
        busy = [sender for sender in senders if sender.queue or sender.files]
        if not busy:
            return
        for sender in busy:
            sender.step()


def _count(figures: Figures, target: uuid.UUID, sent: list[dict[str, Any]], acknowledged: set[str]) -> None:
    db.session.rollback()
    db.session.expire_all()
    ids = {uuid.UUID(op["op_id"]) for op in sent}
    kept = db.session.scalars(sa.select(SyncOp).where(SyncOp.op_id.in_(ids))).all()
    stands = {row.op_id for row in kept if row.state in (OpState.APPLIED, OpState.CONFLICT)}
    figures.lost = len(ids - stands) + len({uuid.UUID(text) for text in acknowledged} - stands)
    answers = [op for op in sent if "act" not in op and op["field"] != "signature"]
    logged = db.session.scalars(sa.select(AnswerOp.op_id).where(AnswerOp.target_id == target)).all()
    figures.lost += len({uuid.UUID(op["op_id"]) for op in answers} - set(logged))
    figures.doubled = len(kept) - len(ids) + len(logged) - len(answers)
    for table, wanted in ((Photo, 3), (Signature, 3)):
        there = db.session.scalar(sa.select(sa.func.count()).select_from(table).where(table.target_id == target)) or 0
        figures.doubled += max(there - wanted, 0)
        figures.lost += max(wanted - there, 0)
    papers = sa.select(sa.func.count()).select_from(IssuedDocument).where(IssuedDocument.subject_id == target)
    figures.doubled += max((db.session.scalar(papers) or 0) - 1, 0)
    figures.unfinished = int(db.session.get_one(Inspection, target).state is not InspectionState.SIGNED)


def _store(app: Flask) -> set[str]:
    return {path.name for path in (app.config["SETTINGS"].data / "files").rglob("*") if path.is_file()}


def _uploads(app: Flask) -> list[Path]:
    return [path for path in (app.config["SETTINGS"].data / "uploads").rglob("*") if path.is_file()]


def _named() -> set[str]:
    """Every file that a row names."""
    columns = (Photo.sha256, Photo.thumb_sha256, Photo.original_sha256, Signature.image_sha256)
    return {name for column in columns for name in db.session.scalars(sa.select(column)) if name}
