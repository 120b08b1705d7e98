"""A few complaints of the demo district: one that waits, one that is late, one that is planned, one not for the brigade."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.core import clock
from app.core.extensions import db
from app.demo.district import District
from app.planning.models.complaints import Complaint
from app.planning.rules.complaints import ComplaintKind, Intake
from app.planning.service import complaints as service
from app.planning.service import wall
from app.planning.service.complainants import Person as Complainant
from app.schools.models import School

#: Hours ago, kind, way, where, what was said, whether the caller gave a name.
SAID = (
    (2, ComplaintKind.BLOCKED, Intake.WALL, "宿舍楼东侧安全出口", "晚上十点以后安全出口用铁链锁上。", False),
    (30, ComplaintKind.STOPPED, Intake.PHONE, "教学楼", "消防水泵房的控制柜一直在手动位，学生家长反映。", True),
    (20, ComplaintKind.LANE, Intake.OFFICE, "南门", "接送车辆长期占用消防车通道。", False),
    (50, ComplaintKind.OTHER, Intake.LETTER, "食堂", "食堂饭菜有异物。", True),
)  # fmt: skip


def take_in(district: District) -> int:
    """Take them in and bring each as far as its story goes; returns how many there are."""
    inspector = accounts.viewer_for(db.session.get_one(Person, district.people["inspector"]))
    second = district.people["inspector2"]
    schools = [db.session.get_one(School, row.id) for row in district.schools[: len(SAID)]]
    for number, school in enumerate(schools):
        complaint = _receive(number, school)
        if number == 2:
            service.accept(inspector, complaint, kind=complaint.kind)
            service.plan(
                inspector,
                complaint,
                school=school,
                planned_on=clock.today(),
                lead_id=inspector.person_id,
                second_id=second,
            )
        elif number == 3:
            service.transfer(inspector, complaint, to="市场监督管理局", reason="属于食品安全")
    if schools:
        wall.make(inspector, schools[0])
    db.session.flush()
    return len(schools)


def _receive(number: int, school: School) -> Complaint:
    hours, kind, intake, place, text, named = SAID[number]
    person = Complainant(name="（演示）投诉人", phone="13800000000") if named else Complainant()
    at: datetime = clock.now() - timedelta(hours=hours)
    return service.receive(
        None,
        brigade_id=school.brigade_id,
        school=school,
        said=service.Said(kind=kind, text=text, place=place, person=person),
        came=service.CameIn(intake=intake, at=at, office="12345 热线" if intake is Intake.OFFICE else ""),
    )
