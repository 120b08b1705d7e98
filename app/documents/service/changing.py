"""What may still be done with a paper that has its number: make again, replace, revoke, void the number."""

from __future__ import annotations

import json
import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import frozen, subjects
from app.documents.kinds import kind_of
from app.documents.models import NUMBER, DocumentState, IssuedDocument, VoidedNumber
from app.documents.queries import is_void
from app.documents.service.issuing import issue, order_making
from app.organisations.models import Brigade
from app.schools.models import School


def replace(document: IssuedDocument, *, context: Any = None, by: Viewer, reason: str) -> IssuedDocument:
    """Issue a new paper that names the old one; without `context` from the same data. The old one stays on record."""
    _check_may_change(document, by)
    _check_reason(reason)
    _lock(document)  # before a withdrawal of what it is about, or after it
    _check_subject(document)
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
    _lock(document)
    if document.state is not DocumentState.ISSUED:
        raise DomainError(_("文书尚未签发，不能作废。"))
    if document.revoked_at is not None:
        raise DomainError(_("文书此前已经作废。"))
    _make_invalid(document, by=by, reason=reason)


def make_invalid(document: IssuedDocument, *, by: Viewer, reason: str) -> None:
    """Make a paper invalid as part of another act (its order is voided), whose own rules have said who may.

    A paper that was made is revoked; of one that was not, be it being made or given up, the number is voided. What is
    invalid already stays as it is.
    """
    _lock(document)
    _make_invalid(document, by=by, reason=reason)


def make_invalid_about(subject: tuple[str, uuid.UUID], *, by: Viewer, reason: str) -> None:
    """The same for every paper about a thing that is withdrawn, whatever became of the paper."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.subject_kind == subject[0], IssuedDocument.subject_id == subject[1]
    )
    locked = query.order_by(IssuedDocument.id).with_for_update().execution_options(populate_existing=True)
    for document in db.session.scalars(locked).all():
        _make_invalid(document, by=by, reason=reason)


def _lock(document: IssuedDocument) -> None:
    """The worker may be about to call the paper issued: one of the two comes first."""
    db.session.refresh(document, with_for_update=True)


def _make_invalid(document: IssuedDocument, *, by: Viewer, reason: str) -> None:
    if is_void(document):
        return
    reason = reason.strip()[:300]
    if document.state is DocumentState.ISSUED:
        act = "document.revoke"
    else:
        act, document.state = "document.void", DocumentState.FAILED
        key = {name: getattr(document, name) for name in NUMBER}
        db.session.add(VoidedNumber(**key, reason=reason, voided_by_id=by.person_id))
    document.revoked_at, document.revoked_by_id, document.revoked_reason = clock.now(), by.person_id, reason
    audit.record(by, act, subject="issued_document", subject_id=document.id, detail={"reason": reason})
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
    _lock(document)
    if not is_stuck(document):
        raise DomainError(_("只有制作失败的文书可以重新制作。"))
    if is_void(document):
        raise DomainError(_("文号已注销，不能重新制作。"))
    _check_subject(document)
    order_making(document, by)
    audit.record(by, "document.make_again", subject="issued_document", subject_id=document.id)
    db.session.flush()


def void(document: IssuedDocument, *, by: Viewer, reason: str) -> None:
    """Give up a paper that could not be made: its number is kept as void and never used again."""
    _check_may_change(document, by)
    _check_reason(reason)
    _lock(document)
    if not is_stuck(document) or is_void(document):
        raise DomainError(_("只有制作失败的文书可以注销文号。"))
    _make_invalid(document, by=by, reason=reason)


def _check_subject(document: IssuedDocument) -> None:
    if subjects.is_withdrawn(document.subject_kind, document.subject_id):
        raise DomainError(_("这份文书所依据的记录已撤回，不能再制作。"))


def _check_may_change(document: IssuedDocument, by: Viewer) -> None:
    if not by.may(Permission.REVOKE_DOCUMENTS) or document.brigade_id not in by.brigade_ids:
        raise DomainError(_("您的岗位不能作废或替换这份文书。"))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("请填写原因。"), field="reason")
    if len(reason.strip()) > 300:
        raise DomainError(_("原因最多 300 个字。"), field="reason")
