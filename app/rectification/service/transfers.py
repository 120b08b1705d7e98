"""Handing a finding over to another authority, keeping its answer, and linking the penalty case. Neither closes a finding."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import service as documents
from app.rectification.models.findings import Finding
from app.rectification.models.transfers import Transfer
from app.rectification.papers.transfer_letter import TRANSFER_LETTER
from app.rectification.rules.records import AuthorityKind, RecordKind
from app.rectification.service import record_papers, trail
from app.rectification.service.steps import NotYours

KIND = RecordKind.TRANSFER


def _only_ours(viewer: Viewer, brigade_id: object) -> None:
    if brigade_id not in viewer.brigade_ids or not viewer.may(Permission.DRAFT_ORDERS):
        raise NotYours(_("您的岗位不能办理这一步。"), code="role")


def transfer(
    viewer: Viewer, *, finding: Finding, authority: AuthorityKind, authority_name: str, sent_on: date, text: str
) -> Transfer:
    """Hand a finding over: to whom, when, with which words; the letter (移送函) gets its number. It stays open here."""
    _only_ours(viewer, finding.brigade_id)
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束，不需要移送。"), code="closed")
    trail.not_in_future(sent_on, "sent_on")
    if sent_on < finding.found_on:
        raise DomainError(_("移送日期不能早于检查日期。"), field="sent_on", code="dates")
    record = Transfer(
        finding_id=finding.id,
        school_id=finding.school_id,
        brigade_id=finding.brigade_id,
        authority=authority,
        authority_name=trail.require(authority_name, str(_("请填写受移送单位的名称。")), "authority_name"),
        sent_on=sent_on,
        text=trail.require(text, str(_("请写明移送事由。")), "text"),
        made_by_id=viewer.person_id,
    )
    db.session.add(record)
    db.session.flush()
    paper = documents.issue_about(
        TRANSFER_LETTER, record_papers.transfer_letter(viewer, record, finding), record, KIND.value, by=viewer
    )
    record.document_id, record.number = paper.id, paper.number
    trail.note(viewer, KIND, record.id, "send", to=record.authority_name, number=paper.number, finding=str(finding.id))
    return record


def keep_reply(viewer: Viewer, record: Transfer, *, replied_on: date, text: str) -> None:
    """Keep what the other authority answered. A later answer replaces what is shown; the timeline keeps both."""
    _only_ours(viewer, record.brigade_id)
    trail.not_in_future(replied_on, "replied_on")
    if replied_on < record.sent_on:
        raise DomainError(_("答复日期不能早于移送日期。"), field="replied_on", code="dates")
    told = trail.require(text, str(_("请写明答复内容。")), "text")
    if (record.replied_on, record.reply) == (replied_on, told):
        return
    record.replied_on, record.reply = replied_on, told
    db.session.flush()
    trail.note(viewer, KIND, record.id, "reply", day=replied_on.isoformat(), text=told)


def link_penalty(viewer: Viewer, finding: Finding, *, number: str) -> None:
    """Keep the number of the penalty case (处罚案号) that follows a finding; penalties themselves are kept elsewhere."""
    _only_ours(viewer, finding.brigade_id)
    before, after = finding.penalty_number, number.strip()
    if before == after:
        return
    finding.penalty_number = after
    db.session.flush()
    detail = {"before": before, "number": after}
    audit.record(viewer, "finding_penalty", subject="finding", subject_id=finding.id, detail=detail)
