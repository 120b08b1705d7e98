"""What people do with visits: plan, start, finish, cancel."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.planning.models.visits import DayPart, Visit, VisitKind, VisitState
from app.planning.queries import visits as queries
from app.planning.service import complaint_steps
from app.schools.models import School, SchoolStatus

#: Who may be one of the two officers of a visit.
OFFICERS = frozenset({Role.INSPECTOR, Role.LEADER})
#: How far ahead a visit may be planned, in days: what is later is a slip of the year.
MOST_DAYS_AHEAD = 731


def check_school(viewer: Viewer, school: School, *, merged_too: bool = False) -> None:
    """Refuse a visit to a school that another brigade answers for, or that was merged away (not, when it was visited before)."""
    if not queries.may_visit(viewer, school):
        raise DomainError(_("这所学校由其他大队负责，不能安排检查。"))
    if school.status is SchoolStatus.MERGED and not merged_too:
        raise DomainError(_("这所学校已并入其他学校，请从并入后的学校开始。"))


def check_officers(
    viewer: Viewer, *, lead_id: uuid.UUID, second_id: uuid.UUID | None, known: Collection[uuid.UUID] | None = None
) -> None:
    """Refuse officers who are the same person, or who are no inspectors of the brigade (`known`, where the caller has asked)."""
    if second_id == lead_id:
        raise DomainError(_("两名检查人员不能是同一人，请另选一名同事。"), field="second_id")
    if known is None:
        known = {person.id for person in accounts.colleagues(viewer, roles=OFFICERS)}
    if lead_id not in known or (second_id is not None and second_id not in known):
        raise DomainError(_("检查人员须是本大队的消防监督员。"), field="second_id")


def refuse_twice(
    school: School, *, planned_on: date, lead_id: uuid.UUID, purpose: str, visit_id: uuid.UUID | None
) -> None:
    """Refuse a visit that is in the plan already: the page was gone back to, and sent once more under another id."""
    same = sa.select(Visit.id).where(
        Visit.school_id == school.id,
        Visit.planned_on == planned_on,
        Visit.kind == VisitKind.CHECK,
        Visit.state == VisitState.PLANNED,
        Visit.lead_id == lead_id,
        Visit.purpose == purpose,
    )
    known = db.session.scalars(same).all()
    if known and visit_id not in known:
        raise DomainError(
            _("同一天、同样事由的检查已经在计划里，没有再列一遍。"), field="planned_on", code="said_twice"
        )


def _check_day(planned_on: date) -> None:
    """Refuse a day that is over, or so far ahead that the year is wrong."""
    if planned_on < clock.today():
        raise DomainError(_("计划日期不能早于今天。"), field="planned_on")
    if (planned_on - clock.today()).days > MOST_DAYS_AHEAD:
        raise DomainError(_("计划日期太远，请核对年份。"), field="planned_on", code="too_far")


def plan(
    viewer: Viewer,
    *,
    school: School,
    planned_on: date,
    lead_id: uuid.UUID,
    second_id: uuid.UUID | None = None,
    purpose: str = "",
    kind: VisitKind = VisitKind.CHECK,
    part: DayPart | None = None,
    visit_id: uuid.UUID | None = None,
) -> Visit:
    """Put a visit into the plan. The same `visit_id` twice plans it once."""
    known = db.session.get(Visit, visit_id) if visit_id else None
    if known is not None and known.school_id == school.id:
        return known
    check_school(viewer, school)
    check_officers(viewer, lead_id=lead_id, second_id=second_id)
    _check_day(planned_on)
    visit = Visit(
        school_id=school.id,
        brigade_id=school.brigade_id,
        planned_on=planned_on,
        part=part,
        lead_id=lead_id,
        second_id=second_id,
        purpose=purpose,
        kind=kind,
        made_by_id=viewer.person_id,
    )
    if visit_id:
        visit.id = visit_id
    db.session.add(visit)
    db.session.flush()
    detail = {"school": str(school.id), "on": planned_on.isoformat()}
    audit.record(viewer, "plan_visit", subject="visit", subject_id=visit.id, detail=detail)
    return visit


def move(
    viewer: Viewer,
    visit: Visit,
    *,
    planned_on: date,
    part: DayPart | None,
    lead_id: uuid.UUID,
    second_id: uuid.UUID | None,
) -> bool:
    """Another day, half of the day or other officers for a visit that nobody has begun; False where all is so already.

    A visit that the program planned stays the program's: it may still take it back once there is nothing left to look at.
    """
    if visit.state is not VisitState.PLANNED:
        raise DomainError(_("出行已经开始、完成或取消，不能改期。"), code="state")
    before = (visit.planned_on, visit.part, visit.lead_id, visit.second_id)
    after = (planned_on, part, lead_id, second_id)
    if before == after:
        return False
    check_officers(viewer, lead_id=lead_id, second_id=second_id)
    _check_day(planned_on)
    visit.planned_on, visit.part, visit.lead_id, visit.second_id = after
    db.session.flush()
    detail = {"from": before[0].isoformat(), "to": planned_on.isoformat(), "lead": str(lead_id)}
    audit.record(viewer, "move_visit", subject="visit", subject_id=visit.id, detail=detail)
    return True


def propose(
    *, school: School, planned_on: date, lead_id: uuid.UUID, second_id: uuid.UUID | None, kind: VisitKind
) -> Visit:
    """The program itself puts a visit into the plan; whoever goes may move or cancel it."""
    visit = Visit(
        school_id=school.id,
        brigade_id=school.brigade_id,
        planned_on=planned_on,
        lead_id=lead_id,
        second_id=second_id if second_id != lead_id else None,
        kind=kind,
    )
    db.session.add(visit)
    db.session.flush()
    detail = {"school": str(school.id), "on": planned_on.isoformat(), "kind": kind.value}
    audit.record(None, "plan_visit", subject="visit", subject_id=visit.id, detail=detail)
    return visit


def bring_forward(visit: Visit, *, to: date) -> None:
    """An earlier day for a visit that the program planned; what a person planned stays where it is."""
    if visit.made_by_id is None and visit.state is VisitState.PLANNED and to < visit.planned_on:
        visit.planned_on = to
        db.session.flush()


def drop(visit: Visit, *, reason: str) -> None:
    """The program takes back a visit that it planned and nobody has begun."""
    if visit.made_by_id is None and visit.state is VisitState.PLANNED:
        visit.state, visit.cancelled_reason = VisitState.CANCELLED, reason
        db.session.flush()
        audit.record(None, "cancel_visit", subject="visit", subject_id=visit.id, detail={"reason": reason})


def start(
    viewer: Viewer,
    *,
    school: School,
    lead_id: uuid.UUID,
    second_id: uuid.UUID | None,
    visit: Visit | None = None,
    arrived_at: datetime | None = None,
    merged_too: bool = False,
) -> Visit:
    """Begin a planned visit, or one that nobody planned; complaints that it is for count as checked on site.

    `arrived_at` says when the officers were there, where it was entered later from paper or brought by a tablet.
    """
    check_school(viewer, school, merged_too=merged_too)
    was_planned = visit is not None
    if visit is None:
        visit = Visit(
            school_id=school.id,
            brigade_id=school.brigade_id,
            planned_on=clock.today(),
            lead_id=lead_id,
            second_id=second_id,
            made_by_id=viewer.person_id,
        )
        db.session.add(visit)
    elif visit.school_id != school.id:
        raise DomainError(_("这次出行计划是去另一所学校的。"))
    elif visit.state is VisitState.CANCELLED:
        raise DomainError(_("这次出行已取消，请重新计划或现场发起。"))
    if visit.state is not VisitState.UNDER_WAY:
        visit.state, visit.started_at = VisitState.UNDER_WAY, clock.now()
    db.session.flush()
    if was_planned:  # no complaint can wait for an outing that nobody planned
        complaint_steps.arrived(viewer, visit, at=arrived_at or clock.now())
    return visit


def finish(visit: Visit) -> None:
    """The outing is over; finishing twice does no harm."""
    if visit.state in queries.OPEN:
        visit.state, visit.done_at = VisitState.DONE, clock.now()
        db.session.flush()


def cancel(viewer: Viewer, visit: Visit, *, reason: str) -> None:
    """Take a planned visit out of the plan, with a reason."""
    if visit.state is VisitState.CANCELLED:
        return
    if visit.state is not VisitState.PLANNED:
        raise DomainError(_("出行已经开始或完成，不能取消。"))
    if not reason.strip():
        raise DomainError(_("请写明取消原因。"), field="reason")
    visit.state, visit.cancelled_reason = VisitState.CANCELLED, reason.strip()
    db.session.flush()
    complaint_steps.visit_cancelled(viewer, visit)
    audit.record(viewer, "cancel_visit", subject="visit", subject_id=visit.id, detail={"reason": reason.strip()})
