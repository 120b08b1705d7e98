"""What people do about a major fire hazard: study it together, approve, notify, report, close. The program only keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorFinding, MajorHazard
from app.rectification.papers.major_hazard import MAJOR_HAZARD, MAJOR_HAZARD_REPORT
from app.rectification.queries import records
from app.rectification.rules.major import FEWEST_PRESENT, MAJOR_STEPS, OPEN, MajorAct
from app.rectification.rules.records import RecordKind
from app.rectification.service import record_papers, trail
from app.rectification.service.steps import NotYours
from app.schools.models import School

KIND = RecordKind.MAJOR


def propose(
    viewer: Viewer,
    *,
    school: School,
    findings: Sequence[Finding],
    visited_on: date,
    officers: tuple[uuid.UUID, uuid.UUID | None],
    inspection_id: uuid.UUID | None = None,
    problem_text: str,
    with_experts: bool = False,
) -> MajorHazard:
    """Put findings before the collective study. A finding that is before one already is refused."""
    if school.brigade_id not in viewer.brigade_ids or not viewer.may(Permission.DRAFT_ORDERS):
        raise NotYours(_("您的岗位不能提请集体研究。"), code="role")
    trail.not_in_future(visited_on, "visited_on")
    if any(finding.school_id != school.id for finding in findings):
        raise DomainError(_("所选问题不属于这所学校，请重新选择。"), field="findings", code="other_school")
    if any(finding.closed_on is not None for finding in findings):
        raise DomainError(_("所选问题中有已经结束的，请重新选择。"), field="findings", code="closed")
    text = trail.require(problem_text, str(_("请写明隐患情况。")), "problem_text")
    if findings and under_way([finding.id for finding in findings]):
        raise DomainError(_("所选问题已在另一份重大火灾隐患记录中。"), field="findings", code="twice")
    record = MajorHazard(
        school_id=school.id,
        brigade_id=school.brigade_id,
        inspection_id=inspection_id,
        visited_on=visited_on,
        lead_id=officers[0],
        second_id=officers[1],
        problem_text=text,
        with_experts=with_experts,
        made_by_id=viewer.person_id,
    )
    db.session.add(record)
    db.session.flush()
    for position, finding in enumerate(findings, 1):
        db.session.add(MajorFinding(major_id=record.id, finding_id=finding.id, position=position))
    trail.note(viewer, KIND, record.id, "propose", findings=[str(finding.id) for finding in findings])
    return record


def under_way(finding_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the findings that are part of a record that is not ended."""
    query = (
        sa.select(MajorFinding.finding_id)
        .join(MajorHazard, MajorHazard.id == MajorFinding.major_id)
        .where(MajorFinding.finding_id.in_(finding_ids), MajorHazard.state.in_(OPEN))
    )
    return set(db.session.scalars(query))


def study(
    viewer: Viewer,
    record: MajorHazard,
    *,
    studied_on: date,
    place: str,
    chair: str,
    participants: str,
    conclusion: str,
    is_major: bool,
) -> None:
    """Keep the collective study (集体研究): when, who, what was concluded. What it proposes is approved by the leader."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.STUDY)
    trail.not_in_future(studied_on, "studied_on")
    if studied_on < record.visited_on:
        raise DomainError(_("研究日期不能早于检查日期。"), field="studied_on", code="dates")
    people = [name.strip() for name in participants.replace("，", "、").replace(",", "、").split("、") if name.strip()]
    if len(set(people)) < FEWEST_PRESENT:
        raise DomainError(_("集体研究至少两人参加，请写明姓名。"), field="participants", code="too_few")
    record.conclusion = trail.require(conclusion, str(_("请写明研究结论。")), "conclusion")
    record.studied_on, record.study_place, record.chair = studied_on, place.strip(), chair.strip()
    record.participants, record.is_major = "、".join(people), is_major
    trail.take(viewer, KIND, record, step, day=studied_on.isoformat(), text=record.conclusion, is_major=is_major)


def approve(viewer: Viewer, record: MajorHazard, *, remark: str = "", deadline: date | None = None) -> None:
    """The leader determines, on the study's proposal, that it is a major hazard; the three working days begin."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.APPROVE)
    if not record.is_major:
        raise DomainError(_("集体研究的结论不是重大火灾隐患，不能判定；如有不同意见请退回重新研究。"), code="not_major")
    if deadline is not None and deadline < clock.today():
        raise DomainError(_("整改期限不能早于今天。"), field="deadline", code="dates")
    record.approved_at, record.approved_by_id = clock.now(), viewer.person_id
    record.determined_on, record.deadline = clock.today(), deadline
    trail.take(viewer, KIND, record, step, remark=remark.strip())


def dismiss(viewer: Viewer, record: MajorHazard, *, remark: str = "") -> None:
    """It is no major hazard; its findings go on by their own orders."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.DISMISS)
    if record.is_major:
        raise DomainError(_("集体研究的结论是重大火灾隐患；如有不同意见请退回重新研究。"), code="is_major")
    record.approved_at, record.approved_by_id = clock.now(), viewer.person_id
    trail.take(viewer, KIND, record, step, remark=remark.strip())


def send_back(viewer: Viewer, record: MajorHazard, *, reason: str) -> None:
    """Back to be studied again."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.RETURN)
    told = trail.require(reason, str(_("请写明退回原因。")), "reason")
    trail.take(viewer, KIND, record, step, reason=told)


def issue(viewer: Viewer, record: MajorHazard, *, national_number: str = "") -> IssuedDocument:
    """Give the notice (重大火灾隐患整改通知书) its number and paper. Twice gives the one that is there."""
    if record.document_id is not None:
        return db.session.get_one(IssuedDocument, record.document_id)
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.ISSUE)
    record.national_number = national_number.strip()
    paper = documents.issue_about(
        MAJOR_HAZARD,
        record_papers.major_notice(record),
        record,
        KIND.value,
        by=viewer,
        national_number=record.national_number,
    )
    record.document_id, record.number, record.noticed_on = paper.id, paper.number, clock.today()
    trail.take(viewer, KIND, record, step, number=paper.number)
    return paper


def serve(viewer: Viewer, record: MajorHazard, *, served_on: date, served_to: str) -> None:
    """Keep to whom the notice was handed over, and when; the signed copy is kept as a scan."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.SERVE)
    trail.not_in_future(served_on, "served_on")
    if record.noticed_on and served_on < record.noticed_on:
        raise DomainError(_("送达日期不能早于文书签发日期。"), field="served_on", code="dates")
    record.served_to = trail.require(served_to, str(_("请填写受送达人的姓名。")), "served_to")
    record.served_on = served_on
    trail.take(viewer, KIND, record, step, day=served_on.isoformat(), to=record.served_to)


def report(
    viewer: Viewer, record: MajorHazard, *, reported_on: date, government: str, measures: str = "", proposal: str = ""
) -> IssuedDocument:
    """Report to the people's government: keep the day and to whom, and issue the paper. Once."""
    if record.report_document_id is not None:
        return db.session.get_one(IssuedDocument, record.report_document_id)
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.REPORT)
    trail.not_in_future(reported_on, "reported_on")
    record.reported_to = trail.require(government, str(_("请写明报告哪一级人民政府。")), "government")
    record.reported_on = reported_on
    paper = documents.issue_about(
        MAJOR_HAZARD_REPORT,
        record_papers.major_report(viewer, record, measures=measures.strip(), proposal=proposal.strip()),
        record,
        KIND.value,
        by=viewer,
    )
    record.report_document_id = paper.id
    trail.take(viewer, KIND, record, step, day=reported_on.isoformat(), to=record.reported_to, number=paper.number)
    return paper


def close(viewer: Viewer, record: MajorHazard, *, text: str) -> None:
    """The hazard is gone: only when every finding in it has been struck off by a re-check of two officers."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.CLOSE)
    told = trail.require(text, str(_("请写明消除情况。")), "text")
    findings = records.findings_of(record)
    if not findings:
        raise DomainError(_("这份记录没有关联问题，无法凭复查销案；请先撤回并重新提请。"), code="no_findings")
    if any(finding.closed_on is None for finding in findings):
        raise DomainError(_("还有问题没有经两名检查人员复查销号，不能销案。"), code="open_findings")
    record.closed_on, record.closed_text = clock.today(), told
    trail.take(viewer, KIND, record, step, text=told)


def withdraw(viewer: Viewer, record: MajorHazard, *, reason: str) -> None:
    """Take the record back with the reason; a notice that was issued is revoked and keeps its number."""
    step = trail.check(viewer, record, MAJOR_STEPS, MajorAct.WITHDRAW)
    told = trail.require(reason, str(_("请写明撤回理由。")), "reason")
    trail.revoke_paper(viewer, record.document_id, told)
    trail.revoke_paper(viewer, record.report_document_id, told)
    record.withdrawn_reason = told
    trail.take(viewer, KIND, record, step, reason=told)
