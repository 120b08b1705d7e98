"""What may still be done with a signed record: withdraw it, correct it by a new one, keep its national number and its scan."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.scans import store_scan
from app.documents import service as documents
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import OpStatus
from app.inspections import queries
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.rectification.models.findings import Finding
from app.rectification.service import findings as rectification


def _check_leader(viewer: Viewer, inspection: Inspection) -> None:
    if not viewer.may(Permission.WITHDRAW_INSPECTIONS) or inspection.brigade_id not in viewer.brigade_ids:
        raise DomainError(_("只有大队领导可以撤回检查记录。"))


def _check_signed(inspection: Inspection) -> None:
    if inspection.state is not InspectionState.SIGNED:
        raise DomainError(_("这份检查还没有签名完成。"), code="not_signed")


def withdraw(viewer: Viewer, inspection: Inspection, *, reason: str) -> None:
    """Take a signed record back, with its open findings and its papers; all of it stays on record."""
    _check_leader(viewer, inspection)
    if inspection.state is InspectionState.WITHDRAWN:
        return
    _check_signed(inspection)
    if not reason.strip():
        raise DomainError(_("请写明撤回原因。"), field="reason")
    if inspection.kind is InspectionKind.RECHECK:
        raise DomainError(_("复查记录已销号问题，不能整体撤回；如有错误请重新检查。"))
    reason = reason.strip()
    inspection.state, inspection.withdrawn_reason = InspectionState.WITHDRAWN, reason
    inspection.withdrawn_at, inspection.withdrawn_by_id = clock.now(), viewer.person_id
    findings = db.session.scalars(
        sa.select(Finding).where(Finding.inspection_id == inspection.id, Finding.closed_on.is_(None))
    ).all()
    said = str(_("随检查记录撤回：%(reason)s", reason=reason))[:300]
    for finding in findings:
        rectification.withdraw(viewer, finding=finding, reason=said)
    documents.make_invalid_about(("inspection", inspection.id), by=viewer, reason=said)
    db.session.flush()
    detail = {"reason": reason, "findings": len(findings)}
    audit.record(viewer, "withdraw_inspection", subject="inspection", subject_id=inspection.id, detail=detail)


def correct(viewer: Viewer, inspection: Inspection, *, inspection_id: uuid.UUID | None = None) -> Inspection:
    """Begin the correction of a withdrawn record: a new draft that names it and begins with everything it says.

    The record's row is locked by the caller: asked for twice, the draft that is there is given back.
    """
    if inspection.state is not InspectionState.WITHDRAWN or not inspection.record:
        raise DomainError(_("请先由大队领导撤回原记录，再作更正。"), code="not_withdrawn")
    if inspection.kind is InspectionKind.RECHECK:
        raise DomainError(_("复查记录不能更正，请重新复查。"))
    if not queries.may_fill(viewer, inspection):
        raise DomainError(_("只有这次检查的检查人员或大队领导可以更正。"))
    begun = db.session.scalar(
        sa.select(Inspection).where(
            Inspection.corrects_id == inspection.id,
            Inspection.state.in_((InspectionState.DRAFT, InspectionState.SIGNING, InspectionState.SIGNED)),
        )
    )
    if begun is not None:
        return begun
    copied = (
        "kind", "form", "school_id", "brigade_id", "pack_version_id", "tier", "scope", "lead_id", "second_id", "accompanying",
        "accompanying_post", "started_at", "from_paper", "national_number",
    )  # fmt: skip
    new = Inspection(
        id=inspection_id or new_id(), corrects_id=inspection.id, **{name: getattr(inspection, name) for name in copied}
    )
    db.session.add(new)
    db.session.flush()
    _copy_answers(inspection, new)
    detail = {"corrects": str(inspection.id)}
    audit.record(viewer, "correct_inspection", subject="inspection", subject_id=new.id, detail=detail)
    return new


def _copy_answers(old: Inspection, new: Inspection) -> None:
    kind = queries.target_kind(old)
    for op in fieldwork.ops_of(old.id):
        if op.status is not OpStatus.APPLIED or op.rev is None:
            continue
        new.rev += 1
        db.session.add(
            AnswerOp(
                op_id=uuid.uuid5(new.id, str(op.op_id)), target_kind=kind, target_id=new.id, item=op.item, place=op.place,
                field=op.field, value=op.value, base_rev=new.rev - 1, rev=new.rev, status=OpStatus.APPLIED, at=op.at,
                by_id=op.by_id, via=op.via, device=op.device,
            )
        )  # fmt: skip
    same = (
        "target_kind", "item", "place", "slot", "sha256", "thumb_sha256", "original_sha256", "width", "height", "taken_at",
        "latitude", "longitude", "caption", "added_at", "added_by_id",
    )  # fmt: skip
    for photo in fieldwork.photos_of(kind, [old.id]):
        db.session.add(
            Photo(
                id=uuid.uuid5(new.id, str(photo.id)),
                target_id=new.id,
                **{name: getattr(photo, name) for name in same},
            )
        )
    db.session.flush()


def keep_national_number(viewer: Viewer, inspection: Inspection, *, number: str) -> None:
    """The number that the national system gave the same record."""
    if inspection.state not in (InspectionState.SIGNING, InspectionState.SIGNED):
        raise DomainError(_("这份检查还没有完成。"))
    before = inspection.national_number
    if before == number:
        return
    inspection.national_number = number
    db.session.flush()
    detail = {"before": before, "after": number}
    audit.record(viewer, "national_number", subject="inspection", subject_id=inspection.id, detail=detail)


def keep_scan(viewer: Viewer, inspection: Inspection, *, content: bytes, name: str) -> None:
    """The scan of the record as signed by ink: PDF or picture, kept beside ours. A second scan replaces which one is shown."""
    _check_signed(inspection)
    stored = store_scan(content, name=name)
    if inspection.ink_scan_sha256 == stored.sha256:
        return
    before, inspection.ink_scan_sha256 = inspection.ink_scan_sha256, stored.sha256
    db.session.flush()
    detail = {"before": before, "after": stored.sha256, "received": stored.received}
    audit.record(viewer, "keep_ink_scan", subject="inspection", subject_id=inspection.id, detail=detail)
