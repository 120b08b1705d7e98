"""The people every test knows.

Ines and Ivo inspect for the brigade of 示范区; Lea leads it, Olga keeps its office, Stan is at its station, Ada
administers. Pema is principal of 示范区第一小学, Sonam its safety officer. Beate reads for the education bureau, Dora for
the detachment. Otto is principal of another school of the same brigade; Oskar inspects for another district, where
Otilia is principal: none of them ever sees Pema's school.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.accounts import queries
from app.accounts.models import BRIGADE_ROLES, Membership, Person, Role
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.organisations.models import Brigade, BrigadeKind
from app.schools.models import School, SchoolKind

AREA, OTHER_AREA, CITY, REGION = "540102", "540103", "5401", "54"


@dataclass
class Cast:
    """Who is there, by first name, and where they belong."""

    people: dict[str, uuid.UUID]
    brigade_id: uuid.UUID
    other_brigade_id: uuid.UUID
    detachment_id: uuid.UUID
    school_id: uuid.UUID
    ottos_school_id: uuid.UUID
    foreign_school_id: uuid.UUID

    def viewer(self, name: str) -> Viewer:
        """What this person may see and do today."""
        return queries.viewer_for(db.session.get_one(Person, self.people[name]))

    def person(self, name: str) -> Person:
        """The person's row."""
        return db.session.get_one(Person, self.people[name])

    @property
    def brigade(self) -> Brigade:
        """The brigade of 示范区."""
        return db.session.get_one(Brigade, self.brigade_id)

    @property
    def school(self) -> School:
        """Pema's school."""
        return db.session.get_one(School, self.school_id)


def _school(name: str, brigade: Brigade, area: str, **more: object) -> School:
    school = School(name=name, kind=SchoolKind.PRIMARY, brigade_id=brigade.id, area_code=area, **more)
    db.session.add(school)
    return school


def assemble() -> Cast:
    """Write the cast to the database and commit."""
    detachment = Brigade(name="示范市消防救援支队", kind=BrigadeKind.DETACHMENT, area_code=CITY)
    db.session.add(detachment)
    db.session.flush()
    brigade = Brigade(
        name="示范区消防救援大队",
        name_en="Shifan District Fire and Rescue Brigade",
        parent_id=detachment.id,
        area_code=AREA,
        code_word="示",
    )
    other = Brigade(name="邻区消防救援大队", area_code=OTHER_AREA, code_word="邻")
    db.session.add_all([brigade, other])
    db.session.flush()
    station = Brigade(name="示范区河谷消防救援站", kind=BrigadeKind.STATION, parent_id=brigade.id, area_code=AREA)
    school = _school(
        "示范区第一小学", brigade, AREA, name_bo="དཔེ་སྟོན་ཁུལ་སློབ་ཆུང་དང་པོ།", name_en="Shifan District No. 1 Primary School",
        pupils=620, staff=48, address="示范区河谷路1号", responsible_person="白玛", safety_manager="索南",
    )  # fmt: skip
    ottos = _school("示范区第二小学", brigade, AREA, pupils=410, staff=30)
    foreign = _school("邻区第一小学", other, OTHER_AREA)
    db.session.add(station)
    db.session.flush()
    places: dict[str, tuple[str, Role, uuid.UUID | str]] = {
        "ines": ("尼玛", Role.INSPECTOR, brigade.id),
        "ivo": ("次仁", Role.INSPECTOR, brigade.id),
        "stan": ("扎西", Role.STATION, station.id),
        "lea": ("格桑", Role.LEADER, brigade.id),
        "olga": ("央金", Role.OFFICE, brigade.id),
        "ada": ("达瓦", Role.ADMIN, brigade.id),
        "pema": ("白玛", Role.PRINCIPAL, school.id),
        "sonam": ("索南", Role.SAFETY_OFFICER, school.id),
        "otto": ("旺堆", Role.PRINCIPAL, ottos.id),
        "beate": ("卓玛", Role.BUREAU, AREA),
        "dora": ("德吉", Role.DETACHMENT, detachment.id),
        "oskar": ("罗布", Role.INSPECTOR, other.id),
        "otilia": ("边巴", Role.PRINCIPAL, foreign.id),
    }
    people = {name: Person(username=name, name=shown) for name, (shown, _r, _p) in places.items()}
    db.session.add_all(people.values())
    db.session.flush()
    for name, (_shown, role, place) in places.items():
        membership = Membership(person_id=people[name].id, role=role)
        if isinstance(place, str):
            membership.area_code = place
        elif role in BRIGADE_ROLES:
            membership.brigade_id = place
        else:
            membership.school_id = place
        db.session.add(membership)
    cast = Cast(
        people={name: person.id for name, person in people.items()},
        brigade_id=brigade.id,
        other_brigade_id=other.id,
        detachment_id=detachment.id,
        school_id=school.id,
        ottos_school_id=ottos.id,
        foreign_school_id=foreign.id,
    )
    db.session.commit()
    return cast
