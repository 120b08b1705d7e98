"""Taking in what one request of a tablet carries, in one transaction: stored, applied or kept, and answered in the same order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.db import insert_ignore
from app.core.extensions import db
from app.schools.models import School
from app.sync import rules
from app.sync.models import SyncOp
from app.sync.reading import Operation, Request
from app.sync.rules import OpState, Reason
from app.sync.service import applying
from app.sync.service.applying import Authors, Step
from app.sync.words import REASONS


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one operation is answered: its row, or why there is none. `again`: it had come before; `stood`: and was applied."""

    op_id: Any
    row: SyncOp | None = None
    again: bool = False
    stood: bool = False
    reason: Reason = Reason.BAD_OPERATION

    def as_json(self) -> dict[str, Any]:
        """The entry of `results`."""
        if self.row is None:
            return _plain(self.op_id, "rejected", self.reason, str(REASONS[self.reason]))
        row = self.row
        status = "duplicate" if self.stood and row.state is OpState.APPLIED else row.state.value
        found = _plain(str(row.op_id), status, row.reason, row.message) | row.detail
        if row.rev is not None:
            found["rev"] = row.rev
        return found | ({"again": True} if self.again else {})


def _plain(op_id: Any, status: str, reason: str, message: str) -> dict[str, Any]:
    found = {"op_id": op_id, "status": status}
    return found | {k: str(v) for k, v in (("reason", reason), ("message", message)) if v}


def _values(op: Operation, viewer: Viewer, request: Request, now: datetime, skew: timedelta) -> dict[str, Any]:
    trouble = op.trouble or Reason.UNKNOWN_TARGET.value
    return {
        "op_id": op.op_id, "digest": op.digest, "device": request.device, "sent_by_id": viewer.person_id,
        "by_id": op.by_id or viewer.person_id, "proven": False, "brigade_id": None,
        "target_kind": op.kind, "target_id": op.target_id, "what": op.what[:24],
        "state": OpState.REJECTED if op.trouble else OpState.HELD, "reason": trouble,
        "message": str(REASONS[Reason(trouble)]), "waits_for": "", "detail": {}, "content": dict(op.content),
        "at": op.at, "corrected_at": rules.corrected(op.at, offset=skew, server_now=now), "received_at": now,
    }  # fmt: skip


def _known_people(ops: Sequence[Operation]) -> set[uuid.UUID]:
    named = {op.by_id for op in ops if op.by_id is not None}
    return set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(named)))) if named else set()


def _brigade_of(viewer: Viewer) -> uuid.UUID | None:
    """Whose leader looks after what is kept: the sender's own brigade, or the one that answers for the sender's school."""
    if viewer.own_brigade_id is not None or not viewer.school_ids:
        return viewer.own_brigade_id
    return db.session.scalar(sa.select(School.brigade_id).where(School.id.in_(viewer.school_ids)).limit(1))


def _claim(viewer: Viewer, request: Request, ops: Sequence[Operation], now: datetime) -> set[uuid.UUID]:
    """Write down what came for the first time; returns those ids. Two requests with the same operation wait for each other here."""
    known = set(db.session.scalars(sa.select(SyncOp.op_id).where(SyncOp.op_id.in_([op.op_id for op in ops]))))
    fresh = {op.op_id: op for op in reversed(ops) if op.op_id not in known}
    if not fresh:
        return set()
    people, skew = _known_people(ops), rules.offset(now, request.client_now)
    order = dict.fromkeys(op.op_id for op in ops if op.op_id in fresh)
    rows = [_values(fresh[op_id], viewer, request, now, skew) for op_id in order]
    brigade_id = _brigade_of(viewer)
    for row in rows:
        row["brigade_id"] = brigade_id
        if row["by_id"] != viewer.person_id and row["by_id"] not in people:
            row["by_id"] = None
    inserted = db.session.execute(insert_ignore(SyncOp).values(rows).returning(SyncOp.op_id))
    return set(inserted.scalars())


def receive(viewer: Viewer, request: Request, *, proven: frozenset[uuid.UUID]) -> list[Told]:
    """Store every operation, apply what can be applied, keep the rest, and say what became of each, in their order.

    `proven` are the people of whom the request shows that they are at this tablet. The caller commits once.
    """
    ops = [op for op in request.ops if isinstance(op, Operation)]
    now = clock.now()
    fresh = _claim(viewer, request, ops, now) if ops else set()
    rows = {row.op_id: row for row in db.session.scalars(_rows(ops))} if ops else {}
    told, steps, seen = [], [], set()
    for one in request.ops:
        if not isinstance(one, Operation):
            told.append(Told(op_id=one.get("op_id") if isinstance(one, dict) else None))
            continue
        row = rows[one.op_id]
        if row.digest != one.digest:
            told.append(Told(op_id=str(one.op_id), reason=Reason.OP_ID_REUSED))
            continue
        again = one.op_id not in fresh or one.op_id in seen
        stood = one.op_id in seen or row.state is OpState.APPLIED
        told.append(Told(op_id=one.op_id, row=row, again=again, stood=stood))
        if one.op_id not in seen and row.state is OpState.HELD and row.dealt_with_at is None:
            steps.append(Step(row, one))
            row.proven = row.proven or row.by_id == viewer.person_id or row.by_id in proven
        seen.add(one.op_id)
    authors = Authors(viewer=viewer, proven=proven)
    applying.go_on(applying.apply(steps, authors), authors)
    return told


def _rows(ops: Sequence[Operation]) -> sa.Select[Any]:
    return (
        sa.select(SyncOp)
        .where(SyncOp.op_id.in_([op.op_id for op in ops]))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def file_has_come(sha256: str) -> list[uuid.UUID]:
    """Apply the operations that waited for a file; returns those that went through, and what went through behind them."""
    waiting = db.session.scalars(
        sa.select(SyncOp).where(
            SyncOp.state == OpState.HELD, SyncOp.waits_for == sha256, SyncOp.reason == Reason.FILE_MISSING,
        ).with_for_update()
    ).all()  # fmt: skip
    targets = {row.target_id for row in waiting if row.target_id is not None}
    if not targets:
        return []
    steps = applying.waiting_for(targets)
    authors = Authors()
    applying.go_on(applying.apply(steps, authors), authors)
    return [step.row.op_id for step in steps if step.row.state is OpState.APPLIED]
