"""Taking in what one request of a tablet carries, in one transaction: stored, applied or kept, and answered in the same order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.fieldwork.rules import NOTE
from app.schools.models import School
from app.sync import rules
from app.sync.models import SyncOp
from app.sync.queries.changes import Brought
from app.sync.reading import ACTS, SIGNATURE, Operation, Request, as_id
from app.sync.rules import OpState, Reason
from app.sync.service import applying
from app.sync.service.applying import Authors, Step
from app.sync.service.known import Known
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


def _known_people(ops: Sequence[Operation], viewer: Viewer) -> set[uuid.UUID]:
    named = {op.by_id for op in ops if op.by_id not in (None, viewer.person_id)}
    others = set(db.session.scalars(sa.select(Person.id).where(Person.id.in_(named)))) if named else set()
    return others | {viewer.person_id}


def _brigade_of(viewer: Viewer) -> uuid.UUID | None:
    """Whose leader looks after what is kept: the sender's own brigade, or the one that answers for the sender's school."""
    if viewer.own_brigade_id is not None or not viewer.school_ids:
        return viewer.own_brigade_id
    return db.session.scalar(sa.select(School.brigade_id).where(School.id.in_(viewer.school_ids)).limit(1))


def _rows_of(viewer: Viewer, request: Request, ops: Sequence[Operation], now: datetime) -> dict[uuid.UUID, SyncOp]:
    """Of every operation its row: as it came before, or new. New ones are written when it is known what became of them.

    Two requests of one tablet wait for each other at its row in the register; where the same operation comes from two
    tablets at once, the second meets the first when it is written.
    """
    rows = {row.op_id: row for row in db.session.scalars(_before(ops))} if ops else {}
    fresh = [op for op in ops if op.op_id not in rows]
    people, skew = _known_people(fresh, viewer), rules.offset(now, request.client_now)
    brigade_id = _brigade_of(viewer) if fresh else None
    for op in fresh:
        if op.op_id not in rows:
            row = rows[op.op_id] = SyncOp(**_values(op, viewer, request, now, skew))
            row.by_id, row.brigade_id = row.by_id if row.by_id in people else None, brigade_id
    return rows


def receive(viewer: Viewer, request: Request, *, proven: frozenset[uuid.UUID]) -> list[Told]:
    """Store every operation, apply what can be applied, keep the rest, and say what became of each, in their order.

    `proven` are the people of whom the request shows that they are at this tablet. The caller commits once.
    """
    ops = [op for op in request.ops if isinstance(op, Operation)]
    now = clock.now()
    rows = _rows_of(viewer, request, ops, now)
    told, steps, seen = list[Told](), list[Step](), set[uuid.UUID]()
    for one in request.ops:
        if not isinstance(one, Operation):
            told.append(Told(op_id=one.get("op_id") if isinstance(one, dict) else None))
            continue
        row = rows[one.op_id]
        if row.digest != one.digest:
            told.append(Told(op_id=str(one.op_id), reason=Reason.OP_ID_REUSED))
            continue
        is_new = one.op_id not in seen and sa.inspect(row).transient
        again = not is_new
        stood = one.op_id in seen or row.state is OpState.APPLIED
        told.append(Told(op_id=one.op_id, row=row, again=again, stood=stood))
        if is_new or (one.op_id not in seen and row.state is OpState.HELD and row.dealt_with_at is None):
            steps.append(Step(row, one))
            row.proven = row.proven or row.by_id == viewer.person_id or row.by_id in proven
        seen.add(one.op_id)
    authors = Authors(viewer=viewer, proven=proven, known=_known(steps))
    tried = applying.go_on(applying.apply(steps, authors), authors)
    return [replace(one, row=tried.get(one.row.op_id, one.row)) if one.row else one for one in told]


def _known(steps: Sequence[Step]) -> Known:
    """The drafts and schools that these operations name, read at once."""
    known = Known()
    begun = (as_id(step.op.said.get("school")) for step in steps if step.op.what == "create")
    known.read(
        drafts=[step.op.target_id for step in steps if step.op.target_id is not None],
        schools=[school_id for school_id in begun if school_id is not None],
    )
    return known


def _before(ops: Sequence[Operation]) -> sa.Select[Any]:
    return (
        sa.select(SyncOp)
        .where(SyncOp.op_id.in_([op.op_id for op in ops]))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def brought(told: Sequence[Told]) -> dict[uuid.UUID, Brought]:
    """What a request has written on each draft."""
    found: dict[uuid.UUID, Brought] = {}
    for one in told:
        row = one.row
        if row is None or one.again or row.state is not OpState.APPLIED or row.target_id is None:
            continue
        own = found.setdefault(row.target_id, Brought())
        own.began = own.began or row.what == "create"
        own.merged = own.merged or row.what in (NOTE, "resolve", "correct")
        own.revisions += row.what not in ACTS and row.what != SIGNATURE
    return found


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
