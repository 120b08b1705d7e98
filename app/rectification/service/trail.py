"""Steps, timeline and scans of the records beside the orders: the one place where their state changes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.scans import store_scan
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.rectification.models.trail import RecordEvent, RecordScan
from app.rectification.queries import deputies
from app.rectification.rules.records import RecordKind, RecordStep, acts_of, step_of
from app.rectification.service.steps import NotYours


class Record(Protocol):
    """What every record has."""

    id: Any
    brigade_id: Any
    lead_id: Any
    second_id: Any
    state: Any


def is_finder(viewer: Viewer, record: Record) -> bool:
    """Whether the viewer was one of the officers of the visit."""
    return viewer.person_id in (record.lead_id, record.second_id)


def acts(viewer: Viewer, record: Record, steps: Sequence[RecordStep]) -> tuple[str, ...]:
    """What the viewer may do with a record now."""
    if record.brigade_id not in viewer.brigade_ids:
        return ()
    held = {str(permission) for permission in viewer.permissions}
    if "approve_orders" not in held and deputies.is_deputy(viewer, record.brigade_id):
        held.add("approve_orders")
    return acts_of(steps, record.state, permissions=held, is_finder=is_finder(viewer, record))


def check(viewer: Viewer, record: Record, steps: Sequence[RecordStep], act: str) -> RecordStep:
    """The step, or its refusal in a sentence. Raises NotYours when it exists, but for somebody else."""
    step = step_of(steps, record.state, act)
    if step is None:
        raise DomainError(_("状态已经变化，不能这样操作，请刷新页面后再看。"), code="state")
    if act not in acts(viewer, record, steps):
        if step.not_finder and is_finder(viewer, record):
            raise NotYours(_("参加检查的人员不能审批，请由其他负责人或代理人办理。"), code="finder")
        raise NotYours(_("您的岗位不能办理这一步。"), code="role")
    return step


def take(viewer: Viewer, kind: RecordKind, record: Record, step: RecordStep, **detail: Any) -> None:
    """Write the step: the new state, the timeline, the audit trail."""
    before, record.state = record.state, type(record.state)(step.to)
    db.session.flush()
    note(viewer, kind, record.id, step.act, before=str(before), after=step.to, **detail)


def note(viewer: Viewer, kind: RecordKind, record_id: uuid.UUID, act: str, **detail: Any) -> None:
    """Leave an event in the timeline and in the audit trail. `detail` is plain JSON; empty values are left out."""
    told = {key: value for key, value in detail.items() if value not in (None, "")}
    db.session.add(
        RecordEvent(
            record_kind=kind, record_id=record_id, by_id=viewer.person_id, by_name=viewer.name, act=act, detail=told
        )
    )
    db.session.flush()
    audit.record(viewer, f"{kind.value}_{act}", subject=kind.value, subject_id=record_id, detail=told)


def lock(table: type[Any], record_id: uuid.UUID) -> Any:
    """The record's row, held until the act is committed, as it stands now."""
    query = sa.select(table).where(table.id == record_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def keep_scan(
    viewer: Viewer, kind: RecordKind, record_id: uuid.UUID, *, content: bytes, name: str, label: str
) -> RecordScan:
    """Keep a scan or photo with a record: PDF as it came, pictures as a clean copy beside the bytes received. Twice keeps one."""
    stored = store_scan(content, name=name)
    known = db.session.scalar(
        sa.select(RecordScan).where(
            RecordScan.record_kind == kind, RecordScan.record_id == record_id, RecordScan.sha256 == stored.sha256
        )
    )
    if known is not None:
        return known
    scan = RecordScan(
        record_kind=kind,
        record_id=record_id,
        sha256=stored.sha256,
        is_pdf=stored.is_pdf,
        label=label.strip(),
        added_by_id=viewer.person_id,
    )
    db.session.add(scan)
    db.session.flush()
    note(viewer, kind, record_id, "scan", label=label.strip(), sha256=stored.sha256, received=stored.received)
    return scan


def require(text: str, sentence: str, field: str) -> str:
    """The text without outer white space; refused with the sentence when there is none."""
    if not text.strip():
        raise DomainError(sentence, field=field, code=f"{field}_missing")
    return text.strip()


def not_in_future(day: Any, field: str) -> None:
    """Refuse a day that has not come yet."""
    if day > clock.today():
        raise DomainError(_("日期不能晚于今天。"), field=field, code="future")


def revoke_paper(viewer: Viewer, document_id: uuid.UUID | None, reason: str) -> None:
    """Revoke a record's paper with the reason; its number stays taken."""
    if document_id is not None:
        documents.make_invalid(db.session.get_one(IssuedDocument, document_id), by=viewer, reason=reason)
