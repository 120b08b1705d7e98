"""Finding operations, photos and signatures, and asking the features whose they are who may see and fill what."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.fieldwork.rules import Folded, Key, Op, TargetKind, fold


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A target that is being filled. `row` has a `rev`; `closed` is the sentence why it takes no more, or empty.

    `judge` says in a sentence why an operation (item, place, field, value) makes no sense here, or returns None.
    """

    row: Any
    closed: str = ""
    judge: Callable[[str, str, str, Any], str | None] = lambda _item, _place, _field, _value: None


MaySee = Callable[[Viewer, Collection[uuid.UUID]], set[uuid.UUID]]
Lock = Callable[[Viewer, uuid.UUID], Draft | None]


@dataclass(frozen=True)
class _Target:
    may_see: MaySee
    lock: Lock | None


_targets: dict[TargetKind, _Target] = {}


def register_target(kind: TargetKind, *, may_see: MaySee, lock: Lock | None = None) -> None:
    """Declare a kind of target.

    `may_see(viewer, ids)` returns those of the ids whose photos and signatures the viewer may see. `lock(viewer, id)`
    takes the row lock of a target that is filled by operations, or returns None when the viewer may not fill it.
    """
    _targets[kind] = _Target(may_see, lock)


def may_see(viewer: Viewer, kind: TargetKind, target_id: uuid.UUID) -> bool:
    """Whether the viewer may see what belongs to this target."""
    target = _targets.get(kind)
    return target is not None and target_id in target.may_see(viewer, [target_id])


def lock(viewer: Viewer, kind: TargetKind, target_id: uuid.UUID) -> Draft | None:
    """The target, locked until the transaction ends, if the viewer may fill it."""
    target = _targets.get(kind)
    return target.lock(viewer, target_id) if target and target.lock else None


def is_draft_kind(kind: TargetKind) -> bool:
    """Whether targets of this kind are filled by operations."""
    target = _targets.get(kind)
    return target is not None and target.lock is not None


_COLUMNS = (
    AnswerOp.op_id, AnswerOp.item, AnswerOp.place, AnswerOp.field, AnswerOp.value, AnswerOp.base_rev, AnswerOp.rev,
    AnswerOp.status, AnswerOp.at, AnswerOp.by_id, AnswerOp.via, AnswerOp.device,
)  # fmt: skip
_KEY = (AnswerOp.item, AnswerOp.place, AnswerOp.field)
_NAMES = tuple(column.key for column in _COLUMNS)


def ops_of(target_id: uuid.UUID, *, key: Key | None = None) -> list[Op]:
    """All operations of a target, or those on one field of it, in the order in which they were applied, those that were not last."""
    wanted = sa.select(*_COLUMNS).where(AnswerOp.target_id == target_id)
    if key is not None:
        wanted = wanted.where(*(column == part for column, part in zip(_KEY, key, strict=True)))
    rows = db.session.execute(wanted.order_by(AnswerOp.rev.is_(None), AnswerOp.rev))
    return [_op(*row) for row in rows]


def _op(*values: Any) -> Op:
    return Op(**dict(zip(_NAMES, values, strict=True)))


def ops_of_all(target_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, Op]]:
    """The same of several targets in one query, each with the target it belongs to."""
    rows = db.session.execute(
        sa.select(AnswerOp.target_id, *_COLUMNS)
        .where(AnswerOp.target_id.in_(list(target_ids)))
        .order_by(AnswerOp.rev.is_(None), AnswerOp.rev)
    )
    return [(row[0], _op(*row[1:])) for row in rows]


def folded(target_id: uuid.UUID, *, key: Key | None = None) -> Folded:
    """What stands on a target now, or on one field of it, in one query."""
    return fold(ops_of(target_id, key=key))


def known_ops(op_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, AnswerOp]:
    """Those of the operations that have come before."""
    ids = list(op_ids)
    if not ids:
        return {}
    return {op.op_id: op for op in db.session.scalars(sa.select(AnswerOp).where(AnswerOp.op_id.in_(ids)))}


def photos_of(kind: TargetKind, target_ids: Collection[uuid.UUID], *, withdrawn: bool = False) -> Sequence[Photo]:
    """Photos of these targets, the oldest first."""
    query = sa.select(Photo).where(Photo.target_kind == kind, Photo.target_id.in_(list(target_ids)))
    if not withdrawn:
        query = query.where(Photo.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Photo.added_at, Photo.id)).all()


def photo(viewer: Viewer, photo_id: uuid.UUID) -> Photo | None:
    """A photo, if the viewer may see what it belongs to."""
    found = db.session.get(Photo, photo_id)
    return found if found and may_see(viewer, found.target_kind, found.target_id) else None


def signatures_of(target_id: uuid.UUID) -> Sequence[Signature]:
    """Signatures and refusals of a target, in the order in which they came."""
    return db.session.scalars(
        sa.select(Signature).where(Signature.target_id == target_id).order_by(Signature.received_at, Signature.id)
    ).all()


def signature(viewer: Viewer, signature_id: uuid.UUID) -> Signature | None:
    """A signature, if the viewer may see what it stands under."""
    found = db.session.get(Signature, signature_id)
    return found if found and may_see(viewer, found.target_kind, found.target_id) else None
