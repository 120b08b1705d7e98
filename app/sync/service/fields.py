"""Fields, photos and signatures that a tablet brings, by the same road as those of the page."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.core.extensions import db
from app.core.pictures import Prepared
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import service as fieldwork
from app.fieldwork.models import Photo
from app.fieldwork.rules import Folded, OpStatus, SignerRole, Via, canonical
from app.fieldwork.service import AnswerOperation, Hand, Verdict
from app.inspections import queries, signed
from app.inspections.models import Inspection, InspectionState
from app.inspections.service import signing
from app.sync.models import Upload
from app.sync.reading import LONGEST_OP, Operation, as_id, as_moment, as_text
from app.sync.rules import OpState, Reason, is_sha256
from app.sync.service import uploads
from app.sync.service.verdicts import Attempt, Outcome, held, rejected

SLOTS = ("close", "wide", "after")


def target_of(one: Attempt) -> Inspection:
    """The inspection an operation is about, its row locked until the transaction ends, if its author fills it."""
    inspection = one.known.draft(one.op.target_id) if one.op.target_id else None
    if inspection is None:
        raise held(Reason.UNKNOWN_TARGET)
    if not queries.may_fill(one.author, inspection):
        raise held(Reason.NOT_YOURS)
    return inspection


def closed(inspection: Inspection) -> Reason:
    """Why it takes no more."""
    return Reason.WITHDRAWN if inspection.state is InspectionState.WITHDRAWN else Reason.FROZEN


def apply_fields(attempts: Sequence[Attempt]) -> list[Outcome]:
    """Operations on fields of one draft by one author, in their order."""
    first = attempts[0]
    inspection = target_of(first)
    if inspection.state is not InspectionState.DRAFT:
        return _too_late(inspection, [one.op for one in attempts])
    # A revision that the draft never had says nothing about what its writer saw.
    seen = inspection.rev
    wishes = [
        AnswerOperation(
            op_id=one.op.op_id, kind=queries.target_kind(inspection), target_id=inspection.id, item=one.op.item,
            place=one.op.place, field=one.op.what, value=one.op.value,
            base_rev=one.op.base_rev if one.op.base_rev is not None and one.op.base_rev <= seen else 0,
            at=one.at, via=Via.PAPER if inspection.from_paper else one.op.via, device=one.device,
        )
        for one in attempts
    ]  # fmt: skip
    verdicts = fieldwork.apply(wishes, by=first.author, locked=queries.draft_of(inspection))
    stands = fieldwork_queries.folded(inspection.id) if _contradicts(verdicts) else Folded()
    return [_outcome(verdict, one.op, stands) for verdict, one in zip(verdicts, attempts, strict=True)]


def _contradicts(verdicts: Sequence[Verdict]) -> bool:
    return any(verdict.status is OpStatus.CONFLICT for verdict in verdicts)


def _outcome(verdict: Verdict, op: Operation, stands: Folded) -> Outcome:
    if verdict.status is OpStatus.REJECTED:
        return rejected(Reason.BAD_VALUE, verdict.message).outcome
    if verdict.status is not OpStatus.CONFLICT:
        return Outcome(rev=verdict.rev)
    register = stands.register(op.item, op.place, op.what)
    if register is None:
        return Outcome(state=OpState.CONFLICT, message=verdict.message)
    by = accounts.names_of([register.op.by_id]).get(register.op.by_id, "")
    detail = {"current": register.value, "by": by}
    return Outcome(state=OpState.CONFLICT, rev=register.rev, message=verdict.message, detail=detail)


def _too_late(inspection: Inspection, ops: Sequence[Operation]) -> list[Outcome]:
    """What says the same as the frozen record stands already; what says otherwise waits beside it."""
    stands = fieldwork_queries.folded(inspection.id)
    outcomes = []
    for op in ops:
        register = stands.register(op.item, op.place, op.what)
        if register is not None and canonical(register.value) == canonical(op.value):
            outcomes.append(Outcome(rev=register.rev))
        else:
            outcomes.append(held(closed(inspection)).outcome)
    return outcomes


def apply_photo(one: Attempt) -> Outcome:
    """A photo whose bytes have come, or its withdrawal."""
    inspection, said = target_of(one), one.op.said
    if said.get("withdrawn") is True:
        return _withdraw(one, inspection)
    sha256 = said.get("sha256")
    if not is_sha256(sha256):
        raise rejected(Reason.BAD_VALUE)
    if inspection.state is not InspectionState.DRAFT:
        return _photo_too_late(inspection, str(sha256))
    upload = uploads.whole(str(sha256))
    if upload is None:
        raise held(Reason.FILE_MISSING, waits_for=str(sha256))
    if upload.problem:
        raise rejected(Reason.BAD_PICTURE, upload.problem)
    content, ready = pictures_of(one, upload, said)
    fieldwork.add_photo(
        one.author,
        photo_id=one.op.op_id,
        kind=queries.target_kind(inspection),
        target_id=inspection.id,
        content=content,
        item=one.op.item,
        place=one.op.place,
        slot=said["slot"] if said.get("slot") in SLOTS else SLOTS[0],
        caption=as_text(said.get("caption"), 200),
        device=one.device,
        ready=ready,
        at=one.at,
    )
    uploads.note_kept(upload)
    return Outcome(rev=inspection.rev)


def pictures_of(one: Attempt, upload: Upload, said: Mapping[str, Any]) -> tuple[bytes, Prepared]:
    """The bytes and their pictures, with the time and place that the tablet told where the file tells none."""
    content, ready = uploads.copies(upload)
    uploads.give_to_store(upload, content, ready)
    taken = as_moment(said.get("taken_at"))
    return content, dataclasses.replace(
        ready,
        taken_at=ready.taken_at or (taken and one.by_our_clock(taken)),
        latitude=ready.latitude if ready.latitude is not None else _degrees(said.get("latitude"), 90),
        longitude=ready.longitude if ready.longitude is not None else _degrees(said.get("longitude"), 180),
    )


def _degrees(value: object, most: float) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
    return float(value) if fits else None  # type: ignore[arg-type]


def _photo_too_late(inspection: Inspection, sha256: str) -> Outcome:
    there = db.session.scalar(
        sa.select(Photo.id).where(Photo.target_id == inspection.id, Photo.original_sha256 == sha256).limit(1)
    )
    if there is None:
        raise held(closed(inspection))
    return Outcome(rev=inspection.rev)


def _withdraw(one: Attempt, inspection: Inspection) -> Outcome:
    photo_id = as_id(one.op.said.get("id"))
    photo = db.session.get(Photo, photo_id) if photo_id else None
    if photo is None:
        raise held(Reason.FILE_MISSING)
    if photo.target_id != inspection.id:
        raise rejected(Reason.BAD_VALUE)
    if photo.withdrawn_at is None and inspection.state is not InspectionState.DRAFT:
        raise held(closed(inspection))
    reason = as_text(one.op.said.get("reason"), 200)
    fieldwork.withdraw_photo(one.author, photo, reason=reason, device=one.device, at=one.at)
    return Outcome(rev=inspection.rev)


# signatures ------------------------------------------------------------------------------------------------------


def apply_signature(one: Attempt) -> Outcome:
    """A signature under a draft that is finished; with the last one the record is signed."""
    inspection, said = target_of(one), one.op.said
    if said.get("role") not in set(SignerRole):
        raise rejected(Reason.BAD_VALUE)
    role = SignerRole(said["role"])
    if inspection.state is InspectionState.DRAFT:
        raise held(Reason.NOT_FINALISED)
    there = {signature.role for signature in fieldwork_queries.signatures_of(inspection.id)}
    if inspection.state is not InspectionState.SIGNING or role in there:
        raise held(closed(inspection))
    stands = signed.digest_now(inspection)
    if said.get("digest") != stands:
        raise held(Reason.NOT_AS_SIGNED)
    signing.sign(one.author, inspection, {role: _hand(one, role)})
    return Outcome(rev=inspection.rev, detail={"digest": stands})


def _hand(one: Attempt, role: SignerRole) -> Hand:
    said = one.op.said
    is_officer = role in (SignerRole.LEAD, SignerRole.SECOND)
    person_id: uuid.UUID | None = one.author.person_id if is_officer else None
    strokes = said.get("strokes")
    return Hand(
        name=one.author.name if is_officer else as_text(said.get("name"), 80),
        post=as_text(said.get("post"), 80),
        person_id=person_id,
        strokes=strokes if isinstance(strokes, str) and len(strokes) <= LONGEST_OP else "",
        refused=said.get("refused") is True,
        reason=as_text(said.get("reason"), 200),
        device=one.device,
        at=one.at,
    )
