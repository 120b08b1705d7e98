"""Complaints, as they come from a school's wall or by phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.documents.rules import new_check_code
from app.planning.models.complaints import Complaint, ComplaintPhoto, WallCode
from app.planning.rules.complaints import ComplaintKind, Intake
from app.planning.service import complaints as service
from app.planning.service.complainants import Person
from app.schools.models import School
from tests.cast import Cast

CALLER = Person(name="梅朵卓嘎", phone="13900001234", address="示范区桑林路9号")


def wall_code(school: School) -> WallCode:
    """The code on a school's wall."""
    made = WallCode(code=new_check_code(), school_id=school.id)
    db.session.add(made)
    db.session.flush()
    return made


def received(school: School, *, at: datetime | None = None, person: Person = CALLER, **more: Any) -> Complaint:
    """A complaint from the wall of a school with a photo."""
    said = service.Said(**{"kind": ComplaintKind.BLOCKED, "text": "二楼楼梯门锁着", "person": person, **more})
    complaint = service.receive(
        None, brigade_id=school.brigade_id, school=school, said=said, came=service.CameIn(intake=Intake.WALL, at=at or clock.now())
    )  # fmt: skip
    sha256 = files().put(b"\xff\xd8\xff a picture")
    db.session.add(ComplaintPhoto(complaint_id=complaint.id, position=0, picture_sha256=sha256, thumb_sha256=sha256))
    db.session.flush()
    return complaint


def at_pemas(cast: Cast, **more: Any) -> Complaint:
    """A complaint about Pema's school, kept."""
    complaint = received(cast.school, **more)
    db.session.commit()
    return complaint


def accepted(cast: Cast, **more: Any) -> Complaint:
    """One that Olga has taken on."""
    complaint = at_pemas(cast, **more)
    service.accept(cast.viewer("olga"), complaint, kind=complaint.kind)
    db.session.commit()
    return complaint


def planned(cast: Cast, **more: Any) -> Complaint:
    """One that Ines and Ivo check today."""
    complaint = accepted(cast, **more)
    service.plan(
        cast.viewer("ines"), complaint, school=cast.school, planned_on=clock.today(), lead_id=cast.people["ines"],
        second_id=cast.people["ivo"],
    )  # fmt: skip
    db.session.commit()
    return complaint
