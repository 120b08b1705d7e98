"""What may still be done with a paper that has its number: make again, replace, revoke, void the number."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import frozen
from app.documents.kinds import kind_of
from app.documents.models import DocumentState, IssuedDocument, VoidedNumber
from app.documents.service.issuing import issue, order_making
from app.organisations.models import Brigade
from app.schools.models import School


def replace(document: IssuedDocument, *, context: Any = None, by: Viewer, reason: str) -> IssuedDocument:
    """Issue a new paper that names the old one; without `context` from the same data. The old one stays on record."""
    _check_may_change(document, by)
    _check_reason(reason)
    kind = kind_of(document.kind)
    brigade = db.session.get_one(Brigade, document.brigade_id)
    school = db.session.get(School, document.school_id) if document.school_id else None
    if context is None:
        context = frozen.thaw(kind.context, json.loads(document.context)["data"])
    new = issue(
        kind,
        context,
        brigade=brigade,
        by=by,
        subject=(document.subject_kind, document.subject_id),
        school=school,
        language=document.language,
        national_number=document.national_number,
        replaces=document,
    )
    audit.record(
        by,
        "document.replace",
        subject="issued_document",
        subject_id=document.id,
        detail={"by": new.number, "reason": reason},
    )
    return new


def revoke(document: IssuedDocument, *, by: Viewer, reason: str) -> None:
    """Declare an issued paper invalid. It stays stored and `verify` says since when it is not valid."""
    _check_may_change(document, by)
    _check_reason(reason)
    if document.state is not DocumentState.ISSUED:
        raise DomainError(_("文书尚未签发，不能作废。"))
    if document.revoked_at is not None:
        raise DomainError(_("文书此前已经作废。"))
    document.revoked_at, document.revoked_by_id, document.revoked_reason = clock.now(), by.person_id, reason.strip()
    audit.record(
        by, "document.revoke", subject="issued_document", subject_id=document.id, detail={"reason": reason.strip()}
    )
    db.session.flush()


def is_stuck(document: IssuedDocument) -> bool:
    """True when nobody is making the paper any more: its data could not be laid out, or the job was given up."""
    if document.state is DocumentState.RENDERING and document.job_id:
        job = db.session.get(jobs.Job, document.job_id)
        return job is not None and job.state is jobs.JobState.FAILED
    return document.state is DocumentState.FAILED


def make_again(document: IssuedDocument, *, by: Viewer) -> None:
    """Leave a new job for a paper that could not be made."""
    _check_may_change(document, by)
    if not is_stuck(document) or _is_void(document):
        raise DomainError(_("只有制作失败的文书可以重新制作。"))
    order_making(document, by)
    audit.record(by, "document.make_again", subject="issued_document", subject_id=document.id)
    db.session.flush()


def void(document: IssuedDocument, *, by: Viewer, reason: str) -> None:
    """Give up a paper that could not be made: its number is kept as void and never used again."""
    _check_may_change(document, by)
    _check_reason(reason)
    if not is_stuck(document) or _is_void(document):
        raise DomainError(_("只有制作失败的文书可以注销文号。"))
    document.state = DocumentState.FAILED
    document.revoked_at, document.revoked_by_id, document.revoked_reason = clock.now(), by.person_id, reason.strip()
    db.session.add(
        VoidedNumber(
            brigade_id=document.brigade_id,
            kind=document.kind,
            year=document.year,
            serial=document.serial,
            reason=reason.strip(),
            voided_by_id=by.person_id,
        )
    )
    audit.record(by, "document.void", subject="issued_document", subject_id=document.id, detail={"reason": reason})
    db.session.flush()


def _is_void(document: IssuedDocument) -> bool:
    key = (document.brigade_id, document.kind, document.year, document.serial)
    return db.session.get(VoidedNumber, key) is not None


def _check_may_change(document: IssuedDocument, by: Viewer) -> None:
    if not by.may(Permission.REVOKE_DOCUMENTS) or document.brigade_id not in by.brigade_ids:
        raise DomainError(_("您的岗位不能作废或替换这份文书。"))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("请填写原因。"), field="reason")
    if len(reason.strip()) > 300:
        raise DomainError(_("原因最多 300 个字。"), field="reason")
