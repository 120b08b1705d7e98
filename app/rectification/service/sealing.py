"""What people do about a temporary sealing: consent, study, document, scene, renewal, lifting. 消防监督检查规定 Arts 22–25."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.rectification.models.sealing import Sealing, SealingApplication, SealingTerm
from app.rectification.papers.scene_note import SCENE_NOTE
from app.rectification.papers.sealing import SEALING, UNSEALING
from app.rectification.rules.records import RecordKind
from app.rectification.rules.sealing import LONGEST_DAYS, SEALING_STEPS, SealingAct, latest_end
from app.rectification.service import record_papers, trail
from app.rectification.service.steps import NotYours
from app.schools.models import School

KIND = RecordKind.SEALING
OFFICERS = frozenset({Role.INSPECTOR, Role.LEADER})


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Oral consent to seal at once: whose, when, and when the strips were put up."""

    by: str
    at: datetime
    sealed_at: datetime


def propose(
    viewer: Viewer,
    *,
    school: School,
    visited_on: date,
    officers: tuple[uuid.UUID, uuid.UUID],
    place: str,
    extent: str = "",
    strips: int | None = None,
    danger: str,
    inspection_id: uuid.UUID | None = None,
    consent: Consent | None = None,
) -> Sealing:
    """Begin the record of a sealing; with `consent` it was urgent and is done already, and the document is due in 24 hours."""
    if school.brigade_id not in viewer.brigade_ids or not viewer.may(Permission.DRAFT_ORDERS):
        raise NotYours(_("您的岗位不能办理临时查封。"), code="role")
    trail.not_in_future(visited_on, "visited_on")
    if officers[0] == officers[1]:
        raise DomainError(_("须由两名不同的检查人员办理。"), field="second_id", code="two_officers")
    record = Sealing(
        school_id=school.id,
        brigade_id=school.brigade_id,
        inspection_id=inspection_id,
        visited_on=visited_on,
        lead_id=officers[0],
        second_id=officers[1],
        place=trail.require(place, str(_("请写明查封的部位、场所。")), "place"),
        extent=extent.strip(),
        strips=strips,
        danger=trail.require(danger, str(_("请写明不及时消除将严重威胁公共安全的火灾隐患。")), "danger"),
        made_by_id=viewer.person_id,
        **_urgent(consent, visited_on),
    )
    db.session.add(record)
    db.session.flush()
    trail.note(viewer, KIND, record.id, "propose", place=record.place, consent=consent.by if consent else "")
    return record


def _urgent(consent: Consent | None, visited_on: date) -> dict[str, object]:
    if consent is None:
        return {}
    if not consent.by.strip():
        raise DomainError(_("请写明口头同意的负责人。"), field="consent_by", code="consent")
    if consent.sealed_at < consent.at:
        raise DomainError(_("须先经同意再查封，请核对时间。"), field="sealed_at", code="dates")
    if max(consent.at, consent.sealed_at) > clock.now():
        raise DomainError(_("时间不能晚于现在。"), field="sealed_at", code="future")
    if clock.day_of(consent.at) < visited_on:
        raise DomainError(_("同意的时间不能早于检查日期。"), field="consent_at", code="dates")
    return {
        "urgent": True,
        "consent_by": consent.by.strip(),
        "consent_at": consent.at,
        "sealed_at": consent.sealed_at,
    }


def approve(viewer: Viewer, record: Sealing, *, studied_on: date, participants: str, conclusion: str) -> None:
    """The collective decision of the brigade's leaders (Art. 23): when, who, what."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.APPROVE)
    trail.not_in_future(studied_on, "studied_on")
    if studied_on < record.visited_on:
        raise DomainError(_("研究日期不能早于检查日期。"), field="studied_on", code="dates")
    record.participants = trail.require(participants, str(_("请写明参加研究的负责人。")), "participants")
    record.conclusion = trail.require(conclusion, str(_("请写明研究结论。")), "conclusion")
    record.studied_on = studied_on
    record.approved_at, record.approved_by_id = clock.now(), viewer.person_id
    trail.take(viewer, KIND, record, step, day=studied_on.isoformat(), text=record.conclusion)


def issue(
    viewer: Viewer, record: Sealing, *, sealed_from: date, sealed_until: date, national_number: str = ""
) -> IssuedDocument:
    """Give the decision (临时查封决定书) its number and paper; the term has at most thirty days. Twice gives the one there."""
    if record.document_id is not None:
        return db.session.get_one(IssuedDocument, record.document_id)
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.ISSUE)
    if sealed_from < record.visited_on:
        raise DomainError(_("查封起始日期不能早于检查日期。"), field="sealed_from", code="dates")
    _check_term(sealed_from, sealed_until, "sealed_until")
    record.sealed_from, record.sealed_until = sealed_from, sealed_until
    record.national_number, record.issued_on = national_number.strip(), clock.today()
    paper = documents.issue_about(
        SEALING,
        record_papers.sealing_decision(record),
        record,
        KIND.value,
        by=viewer,
        national_number=record.national_number,
    )
    record.document_id, record.number = paper.id, paper.number
    trail.take(viewer, KIND, record, step, number=paper.number, until=sealed_until.isoformat())
    return paper


def _check_term(from_on: date, until: date, field: str) -> None:
    if until <= from_on:
        raise DomainError(_("截止日期须晚于起始日期。"), field=field, code="dates")
    if until > latest_end(from_on):
        raise DomainError(_("查封期限不得超过 %(days)d 日。", days=LONGEST_DAYS), field=field, code="too_long")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the note of the spot (现场笔录) says."""

    started: datetime
    ended: datetime
    party: str = ""
    party_post: str = ""
    witness: str = ""
    course: str
    statement: str = ""


def note_scene(viewer: Viewer, record: Sealing, scene: Scene) -> IssuedDocument:
    """Keep what happened on the spot and issue its paper; a second note replaces which one is shown, the first stays on file."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.SCENE)
    if scene.ended < scene.started or scene.ended > clock.now():
        raise DomainError(_("结束时间须晚于开始时间，且不能晚于现在。"), field="ended", code="dates")
    if not scene.party.strip() and not scene.witness.strip():
        raise DomainError(_("当事人不到场的，须有见证人。"), field="witness", code="witness")
    record.course = trail.require(scene.course, str(_("请写明现场经过。")), "course")
    record.scene_from, record.scene_to = scene.started, scene.ended
    record.party, record.party_post = scene.party.strip(), scene.party_post.strip()
    record.witness, record.statement = scene.witness.strip(), scene.statement.strip()
    record.sealed_at = record.sealed_at or scene.ended
    paper = documents.issue_about(SCENE_NOTE, record_papers.scene_note(record), record, KIND.value, by=viewer)
    record.scene_document_id = paper.id
    trail.take(viewer, KIND, record, step, number=paper.number)
    return paper


def renew(viewer: Viewer, record: Sealing, *, until: date, reason: str) -> SealingTerm:
    """Renew the term from its end by at most thirty days more, before it ends."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.RENEW)
    if record.sealed_until is None or clock.today() > record.sealed_until:
        raise DomainError(_("查封期限已经届满，不能续封；如仍需查封请重新办理。"), field="until", code="too_late")
    _check_term(record.sealed_until, until, "until")
    told = trail.require(reason, str(_("请写明续封理由。")), "reason")
    term = SealingTerm(
        sealing_id=record.id,
        from_on=record.sealed_until + timedelta(days=1),
        until=until,
        reason=told,
        decided_by_id=viewer.person_id,
    )
    db.session.add(term)
    record.sealed_until = until
    trail.take(viewer, KIND, record, step, until=until.isoformat(), reason=told)
    return term


def apply_for_lifting(viewer: Viewer, record: Sealing, *, applied_on: date, text: str) -> SealingApplication:
    """Keep the school's application to lift the sealing; the check is due within three working days."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.APPLY)
    trail.not_in_future(applied_on, "applied_on")
    if record.sealed_from and applied_on < record.sealed_from:
        raise DomainError(_("申请日期不能早于查封日期。"), field="applied_on", code="dates")
    application = SealingApplication(
        sealing_id=record.id,
        applied_on=applied_on,
        text=trail.require(text, str(_("请写明申请内容。")), "text"),
        recorded_by_id=viewer.person_id,
    )
    db.session.add(application)
    trail.take(viewer, KIND, record, step, day=applied_on.isoformat(), text=application.text)
    return application


def open_application(record: Sealing) -> SealingApplication:
    """The application that is not decided yet. Raises DomainError when there is none."""
    found = db.session.scalar(
        sa.select(SealingApplication)
        .where(SealingApplication.sealing_id == record.id, SealingApplication.granted.is_(None))
        .order_by(SealingApplication.recorded_at.desc())
        .limit(1)
    )
    if found is None:
        raise DomainError(_("没有待办的解除申请。"), code="state")
    return found


def check(
    viewer: Viewer, record: Sealing, *, checked_on: date, second_id: uuid.UUID | None, text: str, danger_gone: bool
) -> SealingApplication:
    """Two officers look whether the danger is gone; one officer never does it alone."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.CHECK)
    application = open_application(record)
    trail.not_in_future(checked_on, "checked_on")
    if checked_on < application.applied_on:
        raise DomainError(_("检查日期不能早于申请日期。"), field="checked_on", code="dates")
    known = {person.id for person in accounts.colleagues(viewer, roles=OFFICERS)}
    if second_id is None or second_id == viewer.person_id or second_id not in known:
        raise DomainError(_("解除查封的检查须由两名检查人员进行。"), field="second_id", code="two_officers")
    application.check_text = trail.require(text, str(_("请写明检查情况。")), "text")
    application.checked_on, application.danger_gone = checked_on, danger_gone
    application.checked_by_id, application.checked_with_id = viewer.person_id, second_id
    trail.take(viewer, KIND, record, step, day=checked_on.isoformat(), text=application.check_text, gone=danger_gone)
    return application


def decide(viewer: Viewer, record: Sealing, *, granted: bool, text: str) -> IssuedDocument:
    """Lift the sealing, or refuse to, with the reason; the paper says which. Never lifted against what the check found."""
    act = SealingAct.LIFT if granted else SealingAct.REFUSE
    step = trail.check(viewer, record, SEALING_STEPS, act)
    application = open_application(record)
    if granted and not application.danger_gone:
        raise DomainError(_("检查认为隐患尚未消除，不能解除；请不同意解除，或重新检查。"), code="danger")
    application.decision_text = trail.require(text, str(_("请写明决定理由。")), "text")
    application.granted, application.decided_on = granted, clock.today()
    application.decided_by_id = viewer.person_id
    paper = documents.issue_about(
        UNSEALING, record_papers.unsealing_decision(record, application), record, KIND.value, by=viewer
    )
    application.document_id = paper.id
    if granted:
        record.lifted_on = clock.today()
    trail.take(viewer, KIND, record, step, text=application.decision_text, number=paper.number)
    return paper


def withdraw(viewer: Viewer, record: Sealing, *, reason: str) -> None:
    """Take the record back before its document, with the reason."""
    step = trail.check(viewer, record, SEALING_STEPS, SealingAct.WITHDRAW)
    told = trail.require(reason, str(_("请写明撤回理由。")), "reason")
    record.withdrawn_reason = told
    trail.take(viewer, KIND, record, step, reason=told)
