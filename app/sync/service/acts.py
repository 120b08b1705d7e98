"""Acts that a tablet brings: beginning, finishing, settling, correcting."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import service as fieldwork
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.queries import signatures_of
from app.fieldwork.rules import OpStatus, TargetKind
from app.inspections import queries, sheet, signed
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.service import finishing, keeping, starting
from app.organisations.models import Brigade
from app.planning import queries as planning
from app.planning.models import Visit
from app.planning.models.visits import VisitState
from app.rectification.models.findings import Finding
from app.regulations import queries as regulations
from app.schools.models import School, SchoolStatus
from app.sync.models import SyncOp, Upload
from app.sync.reading import as_id, as_text
from app.sync.rules import OpState, Reason, is_sha256
from app.sync.service import labels
from app.sync.service.fields import closed, target_of
from app.sync.service.verdicts import Attempt, Outcome, held, noted, rejected


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


# beginning -------------------------------------------------------------------------------------------------------


def create(one: Attempt) -> Outcome:
    """Begin the draft that was begun on the tablet, by the checklist it was resolved by."""
    said, notes = one.op.said, []
    known = one.known.draft(one.op.target_id) if one.op.target_id else None
    if known is not None and known.lead_id == one.author.person_id:
        return Outcome(rev=known.rev)
    school = _school(one, as_id(said.get("school")))
    if school.status is SchoolStatus.MERGED:
        notes.append("school_merged")
    officers = one.known.officers(one.author)
    if one.author.person_id not in officers:
        raise held(Reason.NOT_YOURS)
    second_id = as_id(said.get("second"))
    if second_id is not None and (second_id not in officers or second_id == one.author.person_id):
        second_id = None
        notes.append("second_gone")
    version_id = _version(one, said.get("checklist"))
    if version_id is not None and version_id != regulations.current_checklist().version_id:
        notes.append("checklist_old")
    is_recheck = one.op.kind == TargetKind.RECHECK
    findings, gone = _still_open(_findings(said.get("findings")), school)
    notes += ["findings_closed"] if gone else []
    begun = starting.start(
        one.author,
        school=school,
        inspection_id=one.op.target_id,
        kind=InspectionKind.RECHECK if is_recheck else InspectionKind.INSPECTION,
        form=InspectionForm(said["form"]) if said.get("form") in set(InspectionForm) else InspectionForm.SPOT_CHECK,
        tier=said["tier"] if said.get("tier") in starting.TIERS else "core",
        second_id=second_id,
        accompanying=as_text(said.get("accompanying"), 80),
        accompanying_post=as_text(said.get("accompanying_post"), 80),
        visit=_visit(one.author, as_id(said.get("visit")), school),
        paper_day=_day(said.get("paper_day")),
        findings=findings,
        brought=starting.Brought(
            begun_at=one.at, device=one.device, clock_offset_s=one.clock_offset_s, pack_version_id=version_id, officers=frozenset(officers),
        ),
    )  # fmt: skip
    one.known.began(begun)
    return noted(0, *notes)


def _school(one: Attempt, school_id: uuid.UUID | None) -> School:
    school = one.known.school(school_id) if school_id else None
    if school is None:
        raise held(Reason.UNKNOWN_SCHOOL)
    if not planning.may_visit(one.author, school):
        raise held(Reason.NOT_YOURS)
    return school


def _version(one: Attempt, value: Any) -> uuid.UUID | None:
    """A version that was published once is good for ever."""
    if not value:
        return None
    version_id = as_id(value)
    if version_id is None or not one.known.is_published(version_id):
        raise held(Reason.UNKNOWN_CHECKLIST)
    return version_id


def _visit(author: Viewer, visit_id: uuid.UUID | None, school: School) -> Visit | None:
    """The visit it was planned as; where that is gone the outing stands by itself."""
    visit = planning.get(author, visit_id) if visit_id else None
    if visit is None or visit.school_id != school.id or visit.state is VisitState.CANCELLED:
        return None
    return visit


def _findings(value: Any) -> list[uuid.UUID]:
    return [key for one in value[:500] if (key := as_id(one)) is not None] if isinstance(value, list) else []


def _still_open(named: list[uuid.UUID], school: School) -> tuple[list[uuid.UUID], bool]:
    """What may still be looked at again, and whether something was closed meanwhile; all of it where nothing is left."""
    query = sa.select(Finding.id).where(
        Finding.id.in_(named), Finding.school_id == school.id, Finding.closed_on.is_(None)
    )
    open_ = set(db.session.scalars(query))
    kept = [key for key in named if key in open_]
    return (kept, len(kept) < len(named)) if kept else (named, False)


# finishing -------------------------------------------------------------------------------------------------------


def finalise(one: Attempt) -> Outcome:
    """Judge and freeze the draft, when every declared file is here and its signers saw what stands."""
    inspection = target_of(one)
    if inspection.state in (InspectionState.SIGNING, InspectionState.SIGNED):
        return _as_signed(one, inspection, signed.digest_now(inspection))
    if inspection.state is InspectionState.WITHDRAWN:
        raise held(closed(inspection))
    missing = _missing_files(one, inspection)
    if missing:
        raise held(Reason.FILES_MISSING, missing=missing)
    if _unseen(one, inspection):
        raise held(Reason.UNSEEN_CHANGES)
    _set_people(one, inspection)
    school = one.known.school(inspection.school_id)
    assert school is not None  # the register keeps every school
    current = sheet.of(inspection, school, db.session.get_one(Brigade, inspection.brigade_id))
    try:
        finishing.finalise(one.author, current, at=max(one.at, inspection.started_at))
    except DomainError as refused:
        if refused.code != "incomplete":
            raise
        troubles = finishing.troubles(current)
        listed = [{"row": t.row.name if t.row else "", "message": t.message} for t in troubles[:100]]
        raise held(Reason.CONTESTED if current.folded.contested else Reason.INCOMPLETE, missing=listed) from None
    return _as_signed(one, inspection, signed.digest(inspection, current.folded, current.photos))


def _as_signed(one: Attempt, inspection: Inspection, stands: str) -> Outcome:
    """Finished, if what the signers saw is what stands; else nothing is."""
    if one.op.said.get("digest", stands) != stands:
        raise held(Reason.NOT_AS_SIGNED)
    return Outcome(rev=inspection.rev, detail={"digest": stands})


def reopen(one: Attempt) -> Outcome:
    """Back to the draft: signatures were torn up on the tablet, so what it sent of finishing and signing counts no more."""
    inspection = target_of(one)
    if inspection.state is InspectionState.WITHDRAWN:
        raise held(closed(inspection))
    if inspection.state is not InspectionState.DRAFT and signatures_of(inspection.id):
        raise held(Reason.FROZEN)
    finishing.reopen(one.author, inspection)
    torn = db.session.scalars(
        sa.select(SyncOp).where(
            SyncOp.target_id == inspection.id, SyncOp.state == OpState.HELD, SyncOp.what.in_(("finalise", "signature")),
            SyncOp.device == one.device, SyncOp.dealt_with_at.is_(None),
        )
    )  # fmt: skip
    for row in torn:
        row.dealt_with_at, row.dealt_with_by_id = clock.now(), one.author.person_id
    db.session.flush()
    return Outcome(rev=inspection.rev)


def _missing_files(one: Attempt, inspection: Inspection) -> list[str]:
    """Declared files that are not with the draft: named by the finalising, or by photos that still wait."""
    files = one.op.said.get("files")
    declared = {sha for sha in files[:2000] if is_sha256(sha)} if isinstance(files, list) else set()
    waiting = db.session.scalars(
        sa.select(SyncOp.waits_for).where(
            SyncOp.target_id == inspection.id, SyncOp.state == OpState.HELD, SyncOp.reason == Reason.FILE_MISSING,
            SyncOp.waits_for != "", SyncOp.device == one.device,
        )
    )  # fmt: skip
    declared |= set(waiting)
    if not declared:
        return []
    here = set(db.session.scalars(sa.select(Photo.original_sha256).where(Photo.target_id == inspection.id)))
    unreadable = set(
        db.session.scalars(sa.select(Upload.sha256).where(Upload.sha256.in_(declared - here), Upload.problem != ""))
    )
    return sorted(declared - here - unreadable)


def _unseen(one: Attempt, inspection: Inspection) -> bool:
    """Whether somebody wrote, elsewhere, after what the signers saw."""
    if one.op.base_rev is None:
        return False
    found = sa.select(AnswerOp.op_id).where(
        AnswerOp.target_id == inspection.id,
        AnswerOp.status == OpStatus.APPLIED,
        AnswerOp.rev > one.op.base_rev,
        AnswerOp.device != one.device,
    )
    return db.session.scalar(found.limit(1)) is not None


def _set_people(one: Attempt, inspection: Inspection) -> None:
    said = one.op.said
    second_id = as_id(said.get("second")) or inspection.second_id
    accompanying = as_text(said.get("accompanying", inspection.accompanying), 80)
    post = as_text(said.get("accompanying_post", inspection.accompanying_post), 80)
    starting.set_people(
        one.author, inspection, second_id=second_id, accompanying=accompanying, accompanying_post=post,
        officers=one.known.officers(one.author),
    )  # fmt: skip


# settling and correcting -----------------------------------------------------------------------------------------


def resolve(one: Attempt) -> Outcome:
    """Decide between values that met."""
    inspection, said = target_of(one), one.op.said
    chosen = as_id(said.get("chosen"))
    if chosen is None or not isinstance(said.get("item"), str):
        raise rejected(Reason.BAD_VALUE)
    if inspection.state is not InspectionState.DRAFT:
        raise held(closed(inspection))
    fieldwork.settle(
        one.author, kind=queries.target_kind(inspection), target_id=inspection.id, item=said["item"],
        place=str(said.get("place") or ""), field=str(said.get("field") or "answer"), chosen=chosen, device=one.device,
    )  # fmt: skip
    return Outcome(rev=inspection.rev)


def correct(one: Attempt) -> Outcome:
    """Begin the correction of a withdrawn record; what came too late for that record is tried on the new draft."""
    inspection = target_of(one)
    if inspection.state is not InspectionState.WITHDRAWN:
        raise held(Reason.FROZEN)
    new_id = as_id(one.op.said.get("id"))
    if new_id is not None and db.session.get(Inspection, new_id) is not None:
        raise rejected(Reason.BAD_VALUE)
    new = keeping.correct(one.author, inspection, inspection_id=new_id)
    late = db.session.scalars(
        sa.select(SyncOp).where(
            SyncOp.target_id == inspection.id, SyncOp.state == OpState.HELD, SyncOp.reason.in_((Reason.FROZEN, Reason.WITHDRAWN)),
            SyncOp.what.not_in(("signature", "correct", "finalise", "reopen")), SyncOp.dealt_with_at.is_(None),
        )
    )  # fmt: skip
    for row in late:
        row.target_id, row.reason = new.id, Reason.UNKNOWN_TARGET.value
    db.session.flush()
    return Outcome(rev=new.rev, detail={"target": str(new.id)})


ACTS = {
    "create": create, "finalise": finalise, "reopen": reopen, "resolve": resolve, "correct": correct, "label": labels.claim,
}  # fmt: skip
