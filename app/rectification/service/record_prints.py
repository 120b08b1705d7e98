"""Papers beside the notices of major hazards and sealings: the sheet of the collective study (审批表) and the strips (封条)."""

from __future__ import annotations

import json
import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import frozen
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.kinds import DocumentKind
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.rectification import order_words as words
from app.rectification.models.major import MajorHazard
from app.rectification.models.sealing import Sealing
from app.rectification.models.trail import RecordEvent
from app.rectification.papers.approval_sheet import APPROVAL_SHEET, ApprovalSheet, ApprovalStep, CollectiveStudy
from app.rectification.papers.sealing import SEAL_STRIP, SealStrip
from app.rectification.rules.machine import OrderAct
from app.rectification.rules.records import RecordKind
from app.rectification.rules.sealing import SEALED
from app.rectification.service import steps, trail
from app.rectification.service.papers import unit_of
from app.rectification.service.record_papers import LANGUAGE
from app.schools.models import School

Record = MajorHazard | Sealing


def kind_of(record: Record) -> RecordKind:
    """Which kind of record it is."""
    return RecordKind.MAJOR if isinstance(record, MajorHazard) else RecordKind.SEALING


def strips(record: Sealing) -> SealStrip:
    """What the strips say. Only what is sealed by a document in force has any."""
    if record.state not in SEALED or record.sealed_from is None or record.sealed_until is None:
        raise DomainError(_("决定书签发后、解除查封前才能打印封条。"), code="state")
    return SealStrip(
        decision_number=record.number,
        place=record.place,
        sealed_on=record.sealed_from,
        sealed_until=record.sealed_until,
        strips=record.strips or 1,
    )


def preview_strips(viewer: Viewer, record: Sealing) -> uuid.UUID:
    """Leave the job that shows the strips; returns the job."""
    steps.require(viewer, record.brigade_id, Permission.ISSUE_DOCUMENTS)
    return documents.preview(SEAL_STRIP, strips(record), **_around(record), by=viewer, language=LANGUAGE).id


def print_strips(viewer: Viewer, record: Sealing) -> IssuedDocument:
    """The strips with their number; the same again while the term is the same, new ones after a renewal."""
    steps.require(viewer, record.brigade_id, Permission.ISSUE_DOCUMENTS)
    return _printed(viewer, record, SEAL_STRIP, strips(record), "print_strips")


def approval(record: Record) -> ApprovalSheet:
    """What the sheet prints: the study, who proposed, who approved. Refused before the leader's word."""
    if record.approved_at is None or record.studied_on is None:
        raise DomainError(_("尚未集体研究和审批，没有审批表。"), code="state")
    with force_locale(LANGUAGE):
        paper = _("重大火灾隐患整改通知书") if isinstance(record, MajorHazard) else _("临时查封决定书")
        major = record if isinstance(record, MajorHazard) else None
        people = {
            p.id: p.name
            for p in db.session.scalars(
                sa.select(Person).where(Person.id.in_([record.lead_id, record.approved_by_id or record.lead_id]))
            )
        }
        roles, opinions = words.APPROVAL_ROLES, words.OPINIONS
        return ApprovalSheet(
            unit=unit_of(db.session.get_one(School, record.school_id)),
            matter=str(_("拟制发%(paper)s", paper=paper)),
            paper=paper,
            visited_on=record.visited_on,
            facts=record.problem_text if isinstance(record, MajorHazard) else f"{record.place}：{record.danger}",
            study=CollectiveStudy(
                on=record.studied_on,
                place=major.study_place if major else "",
                chair=major.chair if major else "",
                present=tuple(record.participants.split("、")),
                conclusion=record.conclusion,
            ),
            steps=(
                ApprovalStep(
                    role=str(roles[OrderAct.SUBMIT]),
                    opinion=str(opinions[OrderAct.SUBMIT]),
                    name=people[record.lead_id],
                    at=record.made_at,
                ),
                ApprovalStep(
                    role=str(roles[OrderAct.APPROVE]),
                    opinion=_remark(record) or str(opinions[OrderAct.APPROVE]),
                    name=people.get(record.approved_by_id, "") if record.approved_by_id else "",
                    at=record.approved_at,
                ),
            ),
            issued_on=clock.today(),
        )


def _remark(record: Record) -> str:
    said = db.session.scalar(
        sa.select(RecordEvent.detail)
        .where(
            RecordEvent.record_kind == kind_of(record),
            RecordEvent.record_id == record.id,
            RecordEvent.act.in_(("approve", "dismiss")),
        )
        .order_by(RecordEvent.at.desc(), RecordEvent.id.desc())
        .limit(1)
    )
    return str((said or {}).get("remark", ""))


def preview_approval(viewer: Viewer, record: Record) -> uuid.UUID:
    """Leave the job that shows the sheet; returns the job."""
    _may_print_approval(viewer, record)
    return documents.preview(APPROVAL_SHEET, approval(record), **_around(record), by=viewer, language=LANGUAGE).id


def print_approval(viewer: Viewer, record: Record) -> IssuedDocument:
    """The sheet with its number; the same again while nothing changed."""
    _may_print_approval(viewer, record)
    return _printed(viewer, record, APPROVAL_SHEET, approval(record), "print_approval")


def _may_print_approval(viewer: Viewer, record: Record) -> None:
    own = record.brigade_id in viewer.brigade_ids
    if not own or not (viewer.may(Permission.DRAFT_ORDERS) or viewer.may(Permission.REVIEW_ORDERS)):
        raise steps.NotYours(_("您的岗位不能办理这一步。"), code="role")


def _around(record: Record) -> dict[str, Any]:
    return {
        "brigade": db.session.get_one(Brigade, record.brigade_id),
        "school": db.session.get_one(School, record.school_id),
    }


def _printed(viewer: Viewer, record: Record, kind: DocumentKind, context: Any, act: str) -> IssuedDocument:
    """The last paper of the kind where it says the same; else another. The record's row is locked by the caller."""
    subject = (kind_of(record).value, record.id)
    last = document_queries.newest_about(subject, kind.code)
    if last is not None and _same(json.loads(last.context)["data"], frozen.plain(context)):
        return last
    paper = documents.issue(kind, context, **_around(record), by=viewer, subject=subject)
    trail.note(viewer, kind_of(record), record.id, act, number=paper.number)
    return paper


def _same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    return {**before, "issued_on": ""} == {**now, "issued_on": ""}
