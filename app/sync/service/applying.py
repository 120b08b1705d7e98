"""Applying operations one behind the other: each by itself in a savepoint, neighbours on one draft together."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core.errors import DomainError, sentence_for
from app.core.extensions import db
from app.sync import reading
from app.sync.models import SyncOp
from app.sync.reading import PHOTO, SIGNATURE, Operation
from app.sync.rules import GO_ON_ALONE, OpState, Reason, is_sha256
from app.sync.service import logs
from app.sync.service.acts import ACTS
from app.sync.service.fields import apply_fields, apply_photo, apply_signature
from app.sync.service.known import Known
from app.sync.service.verdicts import Attempt, Kept, Outcome, held, rejected

log = logging.getLogger(__name__)
_COLUMNS = tuple(column.key for column in sa.inspect(SyncOp).column_attrs if column.key != "id")
#: Rounds in which one thing that goes through may let another go through (create → photo → finalise → signatures).
MOST_ROUNDS = 6


@dataclass
class Authors:
    """Who did an operation, as far as that is proven, and what is known in the transaction; each is asked for once."""

    viewer: Viewer | None = None
    proven: frozenset[uuid.UUID] = frozenset()
    known: Known = field(default_factory=Known)
    _people: dict[uuid.UUID, Viewer | None] = field(default_factory=dict)
    _unwritten: list[SyncOp] = field(default_factory=list)

    def note(self, row: SyncOp) -> None:
        """A new row: it will be written with what became of it, together with its neighbours."""
        if sa.inspect(row).transient:
            self._unwritten.append(row)

    def write(self) -> None:
        """Write the new rows, in the order in which they came: no more is said of them by these objects."""
        if self._unwritten:
            rows = [{name: getattr(row, name) for name in _COLUMNS} for row in self._unwritten]
            self._unwritten.clear()
            db.session.execute(sa.insert(SyncOp), rows)

    def of(self, row: SyncOp) -> Viewer | None:
        """In whose name the operation is applied; None where nobody has proven it."""
        if self.viewer is not None and row.by_id == self.viewer.person_id:
            return self.viewer
        if row.by_id is None or not row.proven:
            return None
        if row.by_id not in self._people:
            person = db.session.get(Person, row.by_id)
            self._people[row.by_id] = accounts.viewer_for(person) if person and person.active else None
        return self._people[row.by_id]


@dataclass(frozen=True)
class Step:
    """A kept operation that is to be applied."""

    row: SyncOp
    op: Operation


def _runs(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Neighbours on plain fields of one draft by one hand together, everything else by itself."""
    run: list[Step] = []
    for step in steps:
        if run and not _belongs(step, run[-1]):
            yield run
            run = []
        run.append(step)
    if run:
        yield run


def _belongs(one: Step, other: Step) -> bool:
    if not (one.op.is_plain and other.op.is_plain):
        return False
    rows = one.row, other.row
    first, second = ((r.target_id, r.by_id, r.proven, r.device) for r in rows)
    return first == second


def _attempt_of(step: Step, author: Viewer, known: Known) -> Attempt:
    row = step.row
    skew = (row.corrected_at - row.at).total_seconds() if row.at else None
    op = replace(step.op, target_id=row.target_id)  # what came too late for a record may stand on its correction now
    return Attempt(op=op, author=author, device=row.device, at=row.corrected_at, clock_offset_s=skew, known=known)


def _one(attempt: Attempt) -> Outcome:
    if attempt.op.kind in reading.LOGS:
        return logs.create(attempt)
    if attempt.op.act:
        return ACTS[attempt.op.what](attempt)
    if attempt.op.what == PHOTO:
        return apply_photo(attempt)
    if attempt.op.what == SIGNATURE:
        return apply_signature(attempt)
    return apply_fields([attempt])[0]


def _safely(act: Callable[[], list[Outcome]], count: int, known: Known) -> list[Outcome]:
    """Do it in a savepoint; what fails is kept with its reason and costs nothing else."""
    try:
        return _in_savepoint(act, known)
    except Kept as kept:
        return [kept.outcome] * count
    except DomainError as refused:
        return [held(Reason.REFUSED, refused.message).outcome] * count
    except sa.exc.IntegrityError as refused:
        return [held(Reason.REFUSED, sentence_for(refused) or "").outcome] * count
    except (sa.exc.OperationalError, OSError):
        raise  # the database or the disk, not the operation: the whole request comes again
    except Exception:
        if count > 1:
            raise _Mixed from None
        log.exception("an operation of a tablet cannot be applied")
        return [rejected(Reason.POISONED).outcome]


def _in_savepoint(act: Callable[[], list[Outcome]], known: Known) -> list[Outcome]:
    try:
        with db.session.begin_nested():
            return act()
    except BaseException:
        known.forget()
        raise


class _Mixed(Exception):
    """One of several operations is bad; which one, shows when each is tried by itself."""


def _outcomes(run: Sequence[Step], author: Viewer, known: Known) -> list[Outcome]:
    attempts = [_attempt_of(step, author, known) for step in run]
    if len(attempts) == 1:
        return _safely(lambda: [_one(attempts[0])], 1, known)
    try:
        return _safely(lambda: apply_fields(attempts), len(attempts), known)
    except _Mixed:
        return [_safely(lambda one=one: [_one(one)], 1, known)[0] for one in attempts]  # type: ignore[misc]


def store(row: SyncOp, op: Operation, outcome: Outcome) -> bool:
    """Write down what became of an operation; returns whether that is new."""
    changed = (row.state, row.reason) != (outcome.state, outcome.reason)
    row.state, row.reason, row.message = outcome.state, outcome.reason, outcome.message
    row.rev, row.detail, row.waits_for = outcome.rev, outcome.detail, outcome.waits_for
    if outcome.state in (OpState.APPLIED, OpState.CONFLICT):
        row.content = None
    elif op.what == PHOTO and is_sha256(op.said.get("sha256")):
        row.waits_for = op.said["sha256"]  # the file is kept as long as the operation is
    return changed


def apply(steps: Sequence[Step], authors: Authors) -> set[uuid.UUID]:
    """Apply operations in their order and store what became of each. Returns the targets where something went through."""
    moved: set[uuid.UUID] = set()
    for run in _runs(steps):
        authors.write()
        if run[0].op.trouble:  # rejected as it came
            authors.note(run[0].row)
            continue
        author = authors.of(run[0].row)
        outcomes = [_unproven(run[0].row)] * len(run) if author is None else _outcomes(run, author, authors.known)
        for step, outcome in zip(run, outcomes, strict=True):
            if store(step.row, step.op, outcome) and outcome.state is OpState.APPLIED:
                moved.update(_touched(step))
            authors.note(step.row)
    authors.write()
    db.session.flush()
    return moved


def _touched(step: Step) -> set[uuid.UUID]:
    also = reading.as_id(step.row.detail.get("target"))
    return {key for key in (step.row.target_id, also) if key is not None}


def _unproven(row: SyncOp) -> Outcome:
    person = db.session.get(Person, row.by_id) if row.by_id else None
    gone = person is None or not person.active
    return held(Reason.NOT_YOURS if gone else Reason.UNPROVEN).outcome


def waiting_for(targets: Iterable[uuid.UUID]) -> list[Step]:
    """Operations on these targets that may go through now, in the order in which they came."""
    rows = db.session.scalars(
        sa.select(SyncOp)
        .where(
            SyncOp.target_id.in_(list(targets)),
            SyncOp.state == OpState.HELD,
            SyncOp.reason.in_([reason.value for reason in GO_ON_ALONE]),
            SyncOp.dealt_with_at.is_(None),
        )
        .order_by(SyncOp.id)
    ).all()
    found = ((row, reading.operation(row.content)) for row in rows)
    return [Step(row, op) for row, op in found if op is not None and not op.trouble]


def go_on(targets: Iterable[uuid.UUID], authors: Authors) -> dict[uuid.UUID, SyncOp]:
    """Apply what waited for what has just gone through, as long as anything moves. Returns the rows that were tried again."""
    moved, tried = set(targets), dict[uuid.UUID, SyncOp]()
    for _round in range(MOST_ROUNDS):
        if not moved:
            break
        steps = waiting_for(moved)
        tried |= {step.row.op_id: step.row for step in steps}
        moved = apply(steps, authors) if steps else set()
    return tried
