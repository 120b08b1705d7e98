"""What others did on a person's unfinished drafts since a tablet last asked."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.fieldwork.rules import Folded, Op, OpStatus, Register, fold
from app.inspections import queries
from app.inspections.models import Inspection, InspectionState
from app.sync.models import SyncOp
from app.sync.rules import OpState

UNFINISHED = (InspectionState.DRAFT, InspectionState.SIGNING)
MOST = 60
Seen = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """How a draft stands, and what is newer than the cursor."""

    inspection: Inspection
    folded: Folded
    since: int
    photos: Sequence[Photo]
    signed: Sequence[str]
    held: int

    def as_json(self, names: Mapping[Any, str]) -> dict[str, Any]:
        """An entry of `changes`."""
        row = self.inspection
        fresh = [r for r in self.folded.registers.values() if r.rev > self.since and r.op.field != "photo"]
        return {
            "target": {"kind": queries.target_kind(row).value, "id": str(row.id)},
            "rev": row.rev,
            "state": row.state.value,
            "lead": str(row.lead_id),
            "second": str(row.second_id) if row.second_id else None,
            "corrects": str(row.corrects_id) if row.corrects_id else None,
            "fields": [_field(r, names) for r in sorted(fresh, key=lambda r: r.rev)],
            "contested": [_contested(r, names) for r in self.folded.contested.values()],
            "photos": [_photo(photo) for photo in self.photos],
            "signatures": list(self.signed),
            "held": self.held,
        }


def _said(op: Op, names: Mapping[Any, str]) -> dict[str, Any]:
    return {
        "op_id": str(op.op_id), "value": op.value, "by": str(op.by_id), "by_name": names.get(op.by_id, ""), "at": op.at.isoformat(),
        "via": op.via.value, "device": op.device,
    }  # fmt: skip


def _field(register: Register, names: Mapping[Any, str]) -> dict[str, Any]:
    op = register.op
    key = {"item": op.item, "place": op.place, "field": op.field}
    return key | _said(op, names) | {"value": register.value, "rev": register.rev}


def _contested(register: Register, names: Mapping[Any, str]) -> dict[str, Any]:
    op = register.op
    options = [_said(one, names) for one in (register.op, *register.contested)]
    return {"item": op.item, "place": op.place, "field": op.field, "options": options}


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "id": str(photo.id), "item": photo.item, "place": photo.place, "slot": photo.slot, "sha256": photo.original_sha256,
        "src": url_for("fieldwork.photo", photo_id=photo.id, size="small"), "withdrawn": photo.withdrawn_at is not None,
    }  # fmt: skip


# the cursor ------------------------------------------------------------------------------------------------------


def read_cursor(text: str) -> Seen:
    """What a tablet has seen of each draft; nothing where the cursor says nothing."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
    except (ValueError, binascii.Error, UnicodeError):
        return {}
    good = isinstance(found, dict) and all(isinstance(v, list) and len(v) == 4 for v in found.values())
    return found if good else {}


def _write_cursor(seen: Seen) -> str:
    return base64.urlsafe_b64encode(json.dumps(seen, separators=(",", ":")).encode()).decode().rstrip("=")


def _ids(seen: Seen) -> list[uuid.UUID]:
    found = []
    for text in list(seen)[:200]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


# asking ----------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Brought:
    """What a request itself has just written on a draft: how many revisions, whether it began the draft, whether values may have merged."""

    revisions: int = 0
    began: bool = False
    merged: bool = False


def _standing(viewer: Viewer, known: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    """Revision and state of the viewer's unfinished drafts, and of those that the tablet knows."""
    mine = sa.or_(Inspection.lead_id == viewer.person_id, Inspection.second_id == viewer.person_id)
    rows = db.session.execute(
        sa.select(Inspection.id, Inspection.rev, Inspection.state)
        .where(
            queries.visible(viewer),
            mine,
            sa.or_(Inspection.state.in_(UNFINISHED), Inspection.id.in_(known)),
        )
        .order_by(Inspection.started_at.desc(), Inspection.id)
        .limit(MOST)
    )
    return {key: [rev, state.value] for key, rev, state in rows}


def _counts(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Of each draft how many values wait to be settled, and how many operations wait."""
    contested = sa.select(AnswerOp.target_id, sa.func.count()).where(
        AnswerOp.target_id.in_(ids), AnswerOp.status == OpStatus.CONFLICT
    )
    held = sa.select(SyncOp.target_id, sa.func.count()).where(
        SyncOp.target_id.in_(ids), SyncOp.state == OpState.HELD, SyncOp.dealt_with_at.is_(None)
    )
    first = {row[0]: row[1] for row in db.session.execute(contested.group_by(AnswerOp.target_id))}
    second = {row[0]: row[1] for row in db.session.execute(held.group_by(SyncOp.target_id))}
    return {key: (first.get(key, 0), second.get(key, 0)) for key in ids}


def since(
    viewer: Viewer, cursor: str, *, brought: Mapping[uuid.UUID, Brought] | None = None
) -> tuple[list[dict[str, Any]], str]:
    """What is new on the viewer's drafts, and the cursor that says so; a constant number of queries.

    What the request itself has `brought` is not read again where nobody else wrote: the tablet has its verdicts.
    """
    seen = read_cursor(cursor)
    standing = _standing(viewer, _ids(seen))
    counts = _counts(standing)
    stands: dict[str, Sequence[Any]] = {str(key): [*two, *counts[key]] for key, two in standing.items()}
    fresh = [key for key in standing if list(seen.get(str(key), ())) != list(stands[str(key)])]
    quiet = {
        key
        for key in fresh
        if _is_quiet((brought or {}).get(key), standing[key][0], counts[key][0], seen.get(str(key)))
    }
    held = {key: pair[1] for key, pair in counts.items()}
    return of(_drafts(fresh), held=held, seen=seen, quiet=quiet), _write_cursor(stands)


def _is_quiet(own: Brought | None, rev: int, contested: int, known: Sequence[Any] | None) -> bool:
    """Whether all that is new on a draft is what this request brought."""
    if own is None or contested or (own.merged and not own.began) or not (own.began or known):
        return False
    return rev - (0 if own.began else _since(known)) == own.revisions


def _drafts(ids: Sequence[uuid.UUID]) -> list[Inspection]:
    if not ids:
        return []
    query = sa.select(Inspection).options(sa.orm.defer(Inspection.record)).where(Inspection.id.in_(ids))
    found = {row.id: row for row in db.session.scalars(query)}
    return [found[key] for key in ids]


def of(
    rows: Sequence[Inspection], *, held: Mapping[uuid.UUID, int], seen: Seen, quiet: Collection[uuid.UUID] = ()
) -> list[dict[str, Any]]:
    """These drafts as a tablet is told of them; of the quiet ones no fields."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    loud = [key for key in ids if key not in quiet]
    ops = ops_of(loud) if loud else {}
    photos: dict[uuid.UUID, list[Photo]] = {}
    for photo in db.session.scalars(
        sa.select(Photo).where(Photo.target_id.in_(ids)).order_by(Photo.added_at, Photo.id)
    ):
        photos.setdefault(photo.target_id, []).append(photo)
    signed: dict[uuid.UUID, list[str]] = {}
    for target_id, role in db.session.execute(
        sa.select(Signature.target_id, Signature.role).where(Signature.target_id.in_(ids)).order_by(Signature.id)
    ):
        signed.setdefault(target_id, []).append(role.value)
    names = accounts.names_of({op.by_id for some in ops.values() for op in some})
    return [
        Change(
            inspection=row, folded=fold(ops.get(row.id, ())), since=_since(seen.get(str(row.id))), held=held.get(row.id, 0),
            photos=photos.get(row.id, ()), signed=signed.get(row.id, ()),
        ).as_json(names)
        for row in rows
    ]  # fmt: skip


def _since(known: Sequence[Any] | None) -> int:
    return known[0] if known and isinstance(known[0], int) else 0


def ops_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Op]]:
    """The operations of several drafts, in one query."""
    found: dict[uuid.UUID, list[Op]] = {}
    for target_id, op in fieldwork.ops_of_all(ids):
        found.setdefault(target_id, []).append(op)
    return found
