"""What people do with complaints: take in, decide, plan the visit, link, reply, close."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.pictures import prepare
from app.documents.service import next_serial
from app.notifications.service import tell
from app.organisations.models import Brigade
from app.planning.models.complaints import Complaint, ComplaintPhoto
from app.planning.models.visits import Visit, VisitKind, VisitState
from app.planning.queries import complaints as queries
from app.planning.rules.complaints import (
    CLOCK_RUNS,
    FOUND_ON_SITE,
    URGENT,
    Act,
    ComplaintKind,
    ComplaintState,
    Intake,
    Outcome,
    ReplyChannel,
)
from app.planning.service import complainants, visits
from app.planning.service.complainants import Person
from app.planning.service.complaint_steps import advance, check, note
from app.schools.models import School

SEQUENCE = "complaint"
#: Who of the brigade hears of complaints.
HEARERS = (Role.INSPECTOR, Role.LEADER, Role.OFFICE)
MOST_PHOTOS = 9
#: How far back a letter may have come in when it is entered.
OLDEST_INTAKE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True, repr=False)
class Said:
    """What a complaint says, and who made it."""

    kind: ComplaintKind
    text: str
    place: str = ""
    about: str = ""
    person: Person = field(default_factory=Person)


@dataclass(frozen=True, kw_only=True)
class CameIn:
    """How and when a complaint came in; `office` and its number where another office sent it on."""

    intake: Intake
    at: datetime
    office: str = ""
    office_number: str = ""


def receive(
    viewer: Viewer | None,
    *,
    brigade_id: uuid.UUID,
    school: School | None,
    said: Said,
    came: CameIn,
    complaint_id: uuid.UUID | None = None,
) -> Complaint:
    """Take a complaint in; without a viewer it comes from the wall. The same `complaint_id` twice takes in one."""
    known = db.session.get(Complaint, complaint_id) if complaint_id else None
    if known is not None:
        if known.brigade_id != brigade_id or known.text != said.text:
            raise DomainError(_("这个操作编号已用于别的内容。"))
        return known
    _check_intake(school, said, came)
    if viewer is not None:
        _check_moment(came.at)
    complaint = Complaint(
        brigade_id=brigade_id,
        year=clock.day_of(came.at).year,
        serial=next_serial(brigade_id, SEQUENCE, clock.day_of(came.at).year),
        school_id=school.id if school else None,
        about=said.about.strip() or (school.name if school else ""),
        intake=came.intake,
        office=came.office.strip(),
        office_number=came.office_number.strip(),
        kind=said.kind,
        text=said.text.strip(),
        place=said.place.strip(),
        received_at=came.at,
        recorded_by_id=viewer.person_id if viewer else None,
    )
    if complaint_id:
        complaint.id = complaint_id
    db.session.add(complaint)
    db.session.flush()
    complainants.keep(complaint, said.person)
    note(viewer, complaint, "receive", intake=came.intake.value, kind=said.kind.value)
    _tell(complaint)
    return complaint


def _tell(complaint: Complaint) -> None:
    """Let the brigade know, at once where only hours are left. The message says which school and nothing of the matter."""
    brigade = db.session.get_one(Brigade, complaint.brigade_id)
    tell(
        "complaint_new",
        brigade_id=complaint.brigade_id,
        roles=HEARERS,
        subject=("complaint", complaint.id),
        data={
            "school": complaint.about,
            "number": complaint.number,
            "due": queries.due_of(complaint, brigade.area_code).day,
        },
        urgent=complaint.kind in URGENT,
        key=f"complaint:{complaint.id}:new",
    )


def _check_intake(school: School | None, said: Said, came: CameIn) -> None:
    if not said.text.strip():
        raise DomainError(_("请写明投诉的内容。"), field="text")
    if school is None and not said.about.strip():
        raise DomainError(_("请选择学校，或写明被投诉的单位。"), field="about")
    if came.intake is Intake.OFFICE and not came.office.strip():
        raise DomainError(_("请写明是哪个单位转来的。"), field="office")


def _check_moment(at: datetime) -> None:
    on, now = clock.day_of(at), clock.now()
    is_ahead = on > clock.today() or (on == clock.day_of(now) and at > now + timedelta(minutes=5))
    if is_ahead:
        raise DomainError(_("接到投诉的时间不能晚于现在。"), field="on")
    if on < clock.today() - OLDEST_INTAKE:
        raise DomainError(_("接到投诉的时间超过 60 天，请核对。"), field="on")


def add_photos(complaint: Complaint, photos: Iterable[tuple[str, bytes]]) -> list[str]:
    """Keep the photos that can be read, without time, place or device; sentences about those that cannot."""
    position, problems = queries.count_photos(complaint.id), []
    for name, content in photos:
        if position >= MOST_PHOTOS:
            problems.append(_("一件投诉最多保存 %(most)d 张照片，其余没有保存。", most=MOST_PHOTOS))
            break
        try:
            made = prepare(content, name=name)
        except DomainError as refused:
            problems.append(refused.message)
            continue
        store = files()
        db.session.add(
            ComplaintPhoto(
                complaint_id=complaint.id,
                position=position,
                picture_sha256=store.put(made.picture),
                thumb_sha256=store.put(made.thumb),
            )
        )
        position += 1
    db.session.flush()
    return problems


def name_school(viewer: Viewer, complaint: Complaint, school: School) -> None:
    """Say which school of the register is meant, where the complaint only described it."""
    if complaint.school_id == school.id:
        return
    if complaint.school_id is not None:
        raise DomainError(_("这件投诉已指明学校。"))
    visits.check_school(viewer, school)
    complaint.school_id = school.id
    note(viewer, complaint, "name_school", school=school.name)


def accept(viewer: Viewer, complaint: Complaint, *, kind: ComplaintKind) -> None:
    """Take the complaint on; the officer says what kind it is, and with that how soon somebody must be there."""
    check(complaint, Act.ACCEPT)
    detail = {"kind": kind.value, "was": complaint.kind.value} if kind is not complaint.kind else {}
    complaint.kind = kind
    _decided(viewer, complaint)
    advance(viewer, complaint, Act.ACCEPT, **detail)


def _decided(viewer: Viewer, complaint: Complaint, *, reason: str = "", outcome: Outcome | None = None) -> None:
    complaint.decided_at, complaint.decided_by_id = clock.now(), viewer.person_id
    complaint.decision_reason, complaint.outcome = reason, outcome


def transfer(viewer: Viewer, complaint: Complaint, *, to: str, reason: str) -> None:
    """Hand the complaint to the office that answers for it."""
    check(complaint, Act.TRANSFER)
    if not to.strip():
        raise DomainError(_("请写明移送给哪个单位。"), field="to")
    complaint.transferred_to = to.strip()
    _decided(viewer, complaint, reason=reason.strip(), outcome=Outcome.TRANSFERRED)
    advance(viewer, complaint, Act.TRANSFER, to=to.strip(), reason=reason.strip())


def reject(viewer: Viewer, complaint: Complaint, *, reason: str) -> None:
    """Not take the complaint on, with a reason."""
    check(complaint, Act.REJECT)
    if not reason.strip():
        raise DomainError(_("请写明不受理的原因。"), field="reason")
    _decided(viewer, complaint, reason=reason.strip(), outcome=Outcome.REJECTED)
    advance(viewer, complaint, Act.REJECT, reason=reason.strip())


def retake(viewer: Viewer, complaint: Complaint, *, reason: str) -> None:
    """Take a complaint back that was transferred or rejected; its clock has been running since it came in."""
    check(complaint, Act.RETAKE)
    if not reason.strip():
        raise DomainError(_("请写明收回的原因。"), field="reason")
    _decided(viewer, complaint)
    advance(viewer, complaint, Act.RETAKE, reason=reason.strip())


def plan(
    viewer: Viewer,
    complaint: Complaint,
    *,
    school: School,
    planned_on: date,
    lead_id: uuid.UUID,
    second_id: uuid.UUID | None,
    visit_id: uuid.UUID | None = None,
) -> Visit:
    """Plan the visit at which the complaint is checked; accepted duplicates of it are checked at the same one."""
    known = db.session.get(Visit, visit_id) if visit_id else None
    if known is not None and complaint.visit_id == known.id:
        return known
    check(complaint, Act.PLAN)
    if complaint.school_id != school.id:
        raise DomainError(_("请先指明被投诉的学校。"))
    visit = visits.plan(
        viewer,
        school=school,
        planned_on=planned_on,
        lead_id=lead_id,
        second_id=second_id,
        purpose=_("举报投诉核查 %(number)s", number=complaint.number),
        kind=VisitKind.COMPLAINT,
        visit_id=visit_id,
    )
    for one in [complaint, *queries.accepted_beside(complaint)]:
        _plan_at(viewer, one, visit)
    return visit


def _plan_at(viewer: Viewer, complaint: Complaint, visit: Visit) -> None:
    complaint.visit_id = visit.id
    advance(viewer, complaint, Act.PLAN, visit=str(visit.id), on=visit.planned_on.isoformat())


def was_checked_at(viewer: Viewer, complaint: Complaint, visit: Visit) -> None:
    """The officers went at once, without a plan: the visit that began after the complaint came in was for it."""
    check(complaint, Act.ARRIVE)
    begun = visit.state in (VisitState.UNDER_WAY, VisitState.DONE) and visit.started_at is not None
    if visit.school_id != complaint.school_id or not begun:
        raise DomainError(_("请选择到这所学校、已经开始的出行。"), field="visit_id")
    assert visit.started_at is not None
    if visit.started_at < complaint.received_at:
        raise DomainError(_("这次出行在接到投诉之前，不能算作核查。"), field="visit_id")
    if visit.kind is VisitKind.CHECK:
        visit.kind = VisitKind.COMPLAINT
    complaint.visit_id, complaint.visited_at = visit.id, visit.started_at
    advance(viewer, complaint, Act.ARRIVE, visit=str(visit.id))


def link(viewer: Viewer, complaint: Complaint, first: Complaint) -> None:
    """Say that this complaint is about the same as another one. Both stay; each is answered on its own.

    What was planned or seen for the other after this one came in counts for this one too.
    """
    root = queries.root_of(first)
    if complaint.duplicate_of_id == root.id:
        return
    if root.id == complaint.id:
        raise DomainError(_("不能与自身并联。"), field="first_id")
    if root.brigade_id != complaint.brigade_id or root.school_id is None or root.school_id != complaint.school_id:
        raise DomainError(_("只有同一所学校的投诉才能并联。"), field="first_id")
    if queries.has_duplicates(complaint.id):
        raise DomainError(_("已有其他投诉并联到这一件，请反过来并联。"), field="first_id")
    complaint.duplicate_of_id = root.id
    note(viewer, complaint, "link", first=root.number)
    if complaint.state in CLOCK_RUNS:
        _follow(viewer, complaint, root)


def _follow(viewer: Viewer, complaint: Complaint, root: Complaint) -> None:
    """Bring a linked complaint as far as the visit of the first one carries it."""
    visit = db.session.get(Visit, root.visit_id) if root.visit_id else None
    planned = root.state is ComplaintState.PLANNED
    seen = root.visited_at is not None and root.visited_at >= complaint.received_at
    if visit is None or complaint.state is ComplaintState.PLANNED or not (planned or seen):
        return
    if complaint.state is ComplaintState.RECEIVED:
        accept(viewer, complaint, kind=complaint.kind)
    if planned:
        _plan_at(viewer, complaint, visit)
    else:
        complaint.visit_id, complaint.visited_at = visit.id, root.visited_at
        advance(viewer, complaint, Act.ARRIVE, visit=str(visit.id))


def reply(
    viewer: Viewer,
    complaint: Complaint,
    *,
    text: str,
    on: date,
    channel: ReplyChannel,
    outcome: Outcome | None = None,
) -> None:
    """Tell the complainant what came of it (Art. 18); where nobody can be told, write down why."""
    check(complaint, Act.REPLY)
    if not text.strip():
        raise DomainError(_("请写明答复内容；无法告知的，写明原因。"), field="text")
    if not min(clock.day_of(complaint.received_at), clock.today()) <= on <= clock.today():
        raise DomainError(_("答复日期应在接到投诉之日与今天之间。"), field="on")
    if complaint.state is ComplaintState.VISITED:
        if outcome not in FOUND_ON_SITE:
            raise DomainError(_("请选择核查结果。"), field="outcome")
        complaint.outcome = outcome
    assert complaint.outcome is not None
    complaint.reply_text, complaint.replied_on, complaint.reply_channel = text.strip(), on, channel
    complaint.replied_by_id = viewer.person_id
    detail = {"channel": channel.value, "outcome": complaint.outcome.value, "on": on.isoformat()}
    advance(viewer, complaint, Act.REPLY, **detail)


def close(viewer: Viewer, complaint: Complaint) -> None:
    """File the complaint; doing it twice does no harm."""
    if complaint.state is ComplaintState.CLOSED:
        return
    complaint.closed_at = clock.now()
    advance(viewer, complaint, Act.CLOSE)
