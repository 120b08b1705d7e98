"""What is kept beside an issued paper: scans of it sealed and signed by ink, and its number in the national system."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.scans import store_scan
from app.documents import queries
from app.documents.models import DocumentState, IssuedDocument, SealedScan


def keep_scan(document: IssuedDocument, *, content: bytes, name: str, by: Viewer) -> SealedScan:
    """Keep the scan (PDF or photo) of a paper that was printed, sealed and signed. The same file twice is one."""
    if not queries.may_keep_scan(by, document):
        raise DomainError(_("您的岗位不能为这份文书保存盖章件。"))
    return keep_scan_of(document, content=content, name=name, by=by, by_name=by.name)


def keep_scan_of(document: IssuedDocument, *, content: bytes, name: str, by: Viewer | None, by_name: str) -> SealedScan:
    """Keep a scan for who came by a link: the caller has judged that they may."""
    if document.state is not DocumentState.ISSUED:
        raise DomainError(_("文书尚未签发，不能上传盖章件。"), field="scan")
    stored = store_scan(content, name=name)
    known = db.session.scalar(
        sa.select(SealedScan).where(SealedScan.document_id == document.id, SealedScan.sha256 == stored.sha256)
    )
    if known is not None:
        if known.withdrawn_at is not None:
            raise DomainError(_("这份扫描件此前已撤下，请上传正确的扫描件。"), field="scan")
        return known
    scan = SealedScan(
        document_id=document.id,
        sha256=stored.sha256,
        media_type=stored.media_type,
        name=name[:200],
        size=stored.size,
        added_at=clock.now(),
        added_by_id=by.person_id if by else None,
        added_by_name=by_name,
    )
    db.session.add(scan)
    db.session.flush()
    audit.record(
        by,
        "document.keep_scan",
        subject="issued_document",
        subject_id=document.id,
        detail={"sha256": stored.sha256, "received": stored.received, "name": scan.name, "by": by_name},
    )
    db.session.flush()
    return scan


def withdraw_scan(scan: SealedScan, *, document: IssuedDocument, by: Viewer, reason: str) -> None:
    """Take a wrong scan down. Its bytes and the reason stay on record."""
    if not queries.may_keep_scan(by, document):
        raise DomainError(_("您的岗位不能撤下这份盖章件。"))
    if scan.withdrawn_at is not None:
        raise DomainError(_("这份扫描件已经撤下。"))
    if not reason.strip():
        raise DomainError(_("请填写原因。"), field="reason")
    scan.withdrawn_at, scan.withdrawn_by_id, scan.withdrawn_reason = clock.now(), by.person_id, reason.strip()[:300]
    audit.record(
        by,
        "document.withdraw_scan",
        subject="issued_document",
        subject_id=document.id,
        detail={"sha256": scan.sha256, "reason": scan.withdrawn_reason},
    )
    db.session.flush()


def keep_national_number(document: IssuedDocument, *, number: str, by: Viewer) -> None:
    """The number that the national system gave the same paper; it may be mended, and every change is on record."""
    if not by.may(Permission.ISSUE_DOCUMENTS) or not queries.of_own_brigade(by, document):
        raise DomainError(_("您的岗位不能填写国家系统文号。"))
    number = number.strip()
    if len(number) > 60:
        raise DomainError(_("国家系统文号最多 60 个字。"), field="national_number")
    before = document.national_number
    if before == number:
        return
    document.national_number = number
    audit.record(
        by,
        "document.national_number",
        subject="issued_document",
        subject_id=document.id,
        detail={"before": before, "after": number},
    )
    db.session.flush()
