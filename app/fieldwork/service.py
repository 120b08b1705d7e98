"""The one road by which a draft changes (operations), and how photos and signatures are kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import insert_ignore
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.pictures import Prepared, prepare
from app.fieldwork import queries
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.fieldwork.rules import (
    LONGEST_VALUE,
    PHOTO,
    Key,
    Op,
    OpStatus,
    Register,
    SignerRole,
    TargetKind,
    Via,
    canonical,
    meets,
    unkeepable,
)
from app.fieldwork.strokes import picture_of

#: By what an operation that came before is known again, and what it was answered.
_COMPARED = ("target_id", "item", "place", "field", "value", "by_id", "status", "rev")
#: A tablet's clock may be wrong; a time from the future is taken as now.
FUTURE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AnswerOperation:
    """One wish to change one field of a draft. `op_id` is the sender's, so that sending twice is harmless."""

    op_id: uuid.UUID
    kind: TargetKind
    target_id: uuid.UUID
    item: str
    field: str
    value: Any
    base_rev: int
    place: str = ""
    at: datetime | None = None
    via: Via = Via.TAP
    device: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of an operation. `duplicate`: it had come before and its first verdict is repeated."""

    op_id: uuid.UUID
    status: OpStatus
    rev: int | None = None
    duplicate: bool = False
    message: str = ""


def _repeat(op: AnswerOperation, before: Mapping[str, Any], viewer: Viewer) -> Verdict:
    same = all(before[name] == getattr(op, name) for name in ("target_id", "item", "place", "field"))
    if not same or before["by_id"] != viewer.person_id or canonical(before["value"]) != canonical(op.value):
        return Verdict(op_id=op.op_id, status=OpStatus.REJECTED, message=_("这个操作编号已用于别的内容。"))
    return Verdict(op_id=op.op_id, status=before["status"], rev=before["rev"], duplicate=True)


def _refusal(op: AnswerOperation, draft: queries.Draft) -> str:
    if unkeepable(op.value) or unkeepable([op.item, op.place, op.field]):
        return str(_("内容含有无法保存的控制字符，请重新输入。"))
    if len(canonical(op.value)) > LONGEST_VALUE:
        return str(_("内容太长，请缩短后再保存。"))
    if len(op.item) > 40 or len(op.place) > 40 or len(op.field) > 24:
        return str(_("没有这个检查项。"))
    return draft.closed or draft.judge(op.item, op.place, op.field, op.value) or ""


def _moment(at: datetime | None) -> datetime:
    now = clock.now()
    return now if at is None or at > now + FUTURE else at


def _kept(op: AnswerOperation, viewer: Viewer, *, status: OpStatus, rev: int | None) -> dict[str, Any]:
    """The row of the log, as values: a tablet brings hundreds at once."""
    return {
        "op_id": op.op_id, "target_kind": op.kind, "target_id": op.target_id, "item": op.item, "place": op.place, "field": op.field,
        "value": op.value, "base_rev": op.base_rev, "rev": rev, "status": status, "at": _moment(op.at), "by_id": viewer.person_id,
        "via": op.via, "device": op.device[:64],
    }  # fmt: skip


def _plain(row: Mapping[str, Any]) -> Op:
    return Op(**{name: value for name, value in row.items() if name not in ("target_kind", "target_id")})


def _apply_one(
    viewer: Viewer, op: AnswerOperation, draft: queries.Draft, registers: dict[Key, Register]
) -> tuple[Verdict, dict[str, Any] | None]:
    said = _refusal(op, draft)
    if said:
        return Verdict(op_id=op.op_id, status=OpStatus.REJECTED, message=said), None
    key = (op.item, op.place, op.field)
    met = meets(
        registers.get(key),
        name=op.field,
        value=op.value,
        base_rev=op.base_rev,
        by_id=viewer.person_id,
        device=op.device,
    )
    if met is OpStatus.CONFLICT:
        said = _("与同事已填的内容不同，两个都已保留，请在复核时确定。")
        return Verdict(op_id=op.op_id, status=met, message=said), _kept(op, viewer, status=met, rev=None)
    draft.row.rev += 1
    row = _kept(op, viewer, status=met, rev=draft.row.rev)
    registers[key] = Register(op.value, draft.row.rev, _plain(row))
    return Verdict(op_id=op.op_id, status=met, rev=draft.row.rev), row


def _apply_to(viewer: Viewer, ops: Sequence[AnswerOperation], draft: queries.Draft | None) -> list[Verdict]:
    """Operations on one target, in their order."""
    first = ops[0]
    draft = draft or queries.lock(viewer, first.kind, first.target_id)
    if draft is None:
        said = _("没有这份检查，或您不能填写。")
        return [Verdict(op_id=op.op_id, status=OpStatus.REJECTED, message=said) for op in ops]
    before_now = queries.known_ops(op.op_id for op in ops)
    known = {key: {name: getattr(row, name) for name in _COMPARED} for key, row in before_now.items()}
    key = (first.item, first.place, first.field) if len(ops) == 1 else None  # a photo comes alone, and there are many
    registers = dict(queries.folded(first.target_id, key=key).registers) if draft.row.rev else {}
    verdicts, rows = list[Verdict](), list[dict[str, Any]]()
    for op in ops:
        before = known.get(op.op_id)
        if before is not None:
            verdicts.append(_repeat(op, before, viewer))
            continue
        verdict, row = _apply_one(viewer, op, draft, registers)
        verdicts.append(verdict)
        if row is not None:
            known[op.op_id] = row
            rows.append(row)
    db.session.flush()
    if rows:
        now = clock.now()
        db.session.execute(sa.insert(AnswerOp), [{**row, "received_at": now} for row in rows])
    return verdicts


def apply(ops: Sequence[AnswerOperation], *, by: Viewer, locked: queries.Draft | None = None) -> list[Verdict]:
    """Apply operations and say what became of each, in their order. Sending any of them again is harmless.

    An operation written without having seen a different value that stands is kept beside it as a conflict. The
    target's row is locked first, so that two senders never take the same revision; `locked` is the one target of all of
    them, where the caller has its lock.
    """
    groups: dict[tuple[TargetKind, uuid.UUID], list[int]] = {}
    for number, op in enumerate(ops):
        groups.setdefault((op.kind, op.target_id), []).append(number)
    verdicts: dict[int, Verdict] = {}
    for numbers in groups.values():
        found = _apply_to(by, [ops[n] for n in numbers], locked if len(groups) == 1 else None)
        verdicts.update(zip(numbers, found, strict=True))
    return [verdicts[number] for number in range(len(ops))]


def settle(
    viewer: Viewer,
    *,
    kind: TargetKind,
    target_id: uuid.UUID,
    item: str,
    place: str,
    field: str,
    chosen: uuid.UUID,
    device: str = "",
) -> None:
    """Decide between values that met: `chosen` is the operation whose value shall stand. All of them stay in the log."""
    draft = queries.lock(viewer, kind, target_id)
    if draft is None:
        raise DomainError(_("没有这份检查，或您不能填写。"))
    if draft.closed:
        raise DomainError(draft.closed)
    register = queries.folded(target_id).register(item, place, field)
    if register is None or not register.contested:
        return
    options = {op.op_id: op for op in (register.op, *register.contested)}
    if chosen not in options:
        raise DomainError(_("请从列出的内容中选一个。"))
    wish = AnswerOperation(
        op_id=uuid.uuid5(chosen, f"settled at {register.rev}"), kind=kind, target_id=target_id, item=item, place=place,
        field=field, value=options[chosen].value, base_rev=register.rev, via=Via.TAP, device=device,
    )  # fmt: skip
    apply([wish], by=viewer)
    for row in queries.known_ops(op.op_id for op in register.contested).values():
        row.status = OpStatus.SETTLED
    db.session.flush()


def add_photo(
    viewer: Viewer | None,
    *,
    photo_id: uuid.UUID,
    kind: TargetKind,
    target_id: uuid.UUID,
    content: bytes,
    name: str = "",
    item: str = "",
    place: str = "",
    slot: str = "",
    caption: str = "",
    device: str = "",
    ready: Prepared | None = None,
    at: datetime | None = None,
) -> Photo:
    """Keep a photo with its target. Raises DomainError in a sentence when it cannot be read.

    `photo_id` is the sender's: sending the same photo again returns the one that is kept. On a draft the photo is also
    an operation. The caller has checked that the viewer may add to a target that is no draft;
    `viewer` is None for somebody without an account. `ready` are the copies of `content` where they were made before.
    """
    before = _kept_before(photo_id, target_id)
    if before is not None:
        return before
    ready = ready or prepare(content, name=name)
    original = digest(content)
    is_draft, locked = viewer is not None and queries.is_draft_kind(kind), None
    if (
        viewer is not None and is_draft
    ):  # the same photo may be on its way twice: whoever comes second finds the first one's
        locked = queries.lock(viewer, kind, target_id)
        before = _kept_before(photo_id, target_id)
        if before is not None:
            return before
    same = db.session.scalar(
        sa.select(Photo).where(
            Photo.target_kind == kind,
            Photo.target_id == target_id,
            Photo.original_sha256 == original,
            Photo.item == item,
            Photo.place == place,
            Photo.slot == slot,
            Photo.withdrawn_at.is_(None),
        )
    )
    if same is not None:
        return same
    if viewer is not None and is_draft:
        _photo_op(
            viewer, op_id=photo_id, kind=kind, target_id=target_id, item=item, place=place,
            value={"id": str(photo_id), "slot": slot, "sha256": original}, device=device, at=at, locked=locked,
        )  # fmt: skip
    row = insert_ignore(Photo).values(
        id=photo_id,
        target_kind=kind,
        target_id=target_id,
        item=item,
        place=place,
        slot=slot,
        sha256=files().put(ready.picture),
        thumb_sha256=files().put(ready.thumb),
        original_sha256=files().put(content),
        width=ready.width,
        height=ready.height,
        taken_at=ready.taken_at,
        latitude=ready.latitude,
        longitude=ready.longitude,
        caption=caption,
        added_by_id=viewer.person_id if viewer else None,
    )
    db.session.execute(row)
    kept = _kept_before(photo_id, target_id)  # ours, or where no draft was locked that of a sender who was quicker
    if kept is None:
        raise LookupError(photo_id)
    return kept


def _kept_before(photo_id: uuid.UUID, target_id: uuid.UUID) -> Photo | None:
    before = db.session.get(Photo, photo_id)
    if before is not None and before.target_id != target_id:
        raise DomainError(_("这个操作编号已用于别的内容。"))
    return before


def _photo_op(
    viewer: Viewer,
    *,
    op_id: uuid.UUID,
    kind: TargetKind,
    target_id: uuid.UUID,
    item: str,
    place: str,
    value: Any,
    device: str = "",
    at: datetime | None = None,
    locked: queries.Draft | None = None,
) -> None:
    wish = AnswerOperation(
        op_id=op_id, kind=kind, target_id=target_id, item=item, place=place, field=PHOTO, value=value, base_rev=0,
        via=Via.TAP, device=device, at=at,
    )  # fmt: skip
    verdict = apply([wish], by=viewer, locked=locked)[0]
    if verdict.status is OpStatus.REJECTED:
        raise DomainError(verdict.message)


def withdraw_photo(
    viewer: Viewer, photo: Photo, *, reason: str = "", device: str = "", at: datetime | None = None
) -> None:
    """Take a photo out of what is shown and printed; its bytes and its row stay."""
    if photo.withdrawn_at is not None:
        return
    if queries.is_draft_kind(photo.target_kind):
        _photo_op(
            viewer, op_id=uuid.uuid5(photo.id, "withdrawn"), kind=photo.target_kind, target_id=photo.target_id,
            item=photo.item, place=photo.place, value={"id": str(photo.id), "withdrawn": True}, device=device, at=at,
        )  # fmt: skip
    elif photo.added_by_id != viewer.person_id:
        raise DomainError(_("只有上传的人可以撤回这张照片。"))
    photo.withdrawn_at, photo.withdrawn_by_id, photo.withdrawn_reason = clock.now(), viewer.person_id, reason[:200]
    audit.record(viewer, "withdraw_photo", subject="photo", subject_id=photo.id, detail={"sha256": photo.sha256})
    db.session.flush()


@dataclass(frozen=True, kw_only=True)
class Hand:
    """What somebody signs with: strokes drawn on the screen, or a photo of ink; or the reason why not.

    `at`: when, where it was not now (on a tablet without network).
    """

    name: str
    post: str = ""
    person_id: uuid.UUID | None = None
    strokes: str = ""
    scan: bytes = b""
    scan_name: str = ""
    refused: bool = False
    reason: str = ""
    device: str = ""
    at: datetime | None = None


def sign(
    *, kind: TargetKind, target_id: uuid.UUID, role: SignerRole, hand: Hand, content_sha256: str
) -> Signature | None:
    """Set a signature, or a refusal, under what `content_sha256` names. Once per role: a second one changes nothing.

    Returns None when that role has signed before.
    """
    if any(s.role == role for s in queries.signatures_of(target_id)):
        return None
    image, method = None, "refused" if hand.refused else "drawn"
    if not hand.refused:
        if hand.strokes:
            image = files().put(picture_of(hand.strokes))
        elif hand.scan:
            image, method = files().put(prepare(hand.scan, name=hand.scan_name).picture), "ink"
        else:
            raise DomainError(_("请在框内签名，或上传纸上签名的照片。"), field=role.value)
    signature = Signature(
        target_kind=kind,
        target_id=target_id,
        role=role,
        name=hand.name,
        post=hand.post,
        person_id=hand.person_id,
        method=method,
        image_sha256=image,
        refused=hand.refused,
        reason=hand.reason,
        content_sha256=content_sha256,
        signed_at=hand.at or clock.now(),
        device=hand.device[:64],
    )
    db.session.add(signature)
    db.session.flush()
    return signature
