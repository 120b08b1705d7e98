"""The people every test knows.

Ines and Ivo inspect for the brigade of 示范区; Lea leads it, Olga keeps its office, Stan is at its station, Ada
administers. Pema is principal of 示范区第一小学, Sonam its safety officer. Beate reads for the education bureau, Dora for
the detachment. Otto is principal of another school of the same brigade; Oskar inspects for another district, where
Otilia is principal: none of them ever sees Pema's school.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts import queries
from app.accounts.models import BRIGADE_ROLES, Membership, Person, Role
from app.accounts.viewer import Viewer
from app.core.db import new_id
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


def _brigade(name: str, area: str, kind: BrigadeKind = BrigadeKind.BRIGADE, **more: Any) -> dict[str, Any]:
    plain = {"parent_id": None, "name_en": "", "code_word": ""}
    return {"id": new_id(), "name": name, "area_code": area, "kind": kind, **plain, **more}


def _school(name: str, brigade: dict[str, Any], **more: Any) -> dict[str, Any]:
    row = {"id": new_id(), "name": name, "brigade_id": brigade["id"], "area_code": brigade["area_code"], **more}
    return {"kind": SchoolKind.PRIMARY, **row}


def _membership(person: dict[str, Any], role: Role, place: uuid.UUID | str) -> dict[str, Any]:
    where = "area_code" if isinstance(place, str) else "brigade_id" if role in BRIGADE_ROLES else "school_id"
    places = {"area_code": None, "brigade_id": None, "school_id": None, where: place}
    return {"person_id": person["id"], "role": role, **places}


def assemble() -> Cast:
    """Write the cast to the database and commit: nearly every test does, so all rows of a table go in one statement."""
    detachment = _brigade("示范市消防救援支队", CITY, BrigadeKind.DETACHMENT)
    brigade = _brigade(
        "示范区消防救援大队", AREA, parent_id=detachment["id"], name_en="Shifan District Fire and Rescue Brigade", code_word="示"
    )  # fmt: skip
    other = _brigade("邻区消防救援大队", OTHER_AREA, code_word="邻")
    station = _brigade("示范区河谷消防救援站", AREA, BrigadeKind.STATION, parent_id=brigade["id"])
    school = _school(
        "示范区第一小学", brigade, name_bo="དཔེ་སྟོན་ཁུལ་སློབ་ཆུང་དང་པོ།", name_en="Shifan District No. 1 Primary School",
        pupils=620, staff=48, address="示范区河谷路1号", responsible_person="白玛", safety_manager="索南",
    )  # fmt: skip
    ottos = _school("示范区第二小学", brigade, pupils=410, staff=30)
    foreign = _school("邻区第一小学", other)
    places: dict[str, tuple[str, Role, uuid.UUID | str]] = {
        "ines": ("尼玛", Role.INSPECTOR, brigade["id"]),
        "ivo": ("次仁", Role.INSPECTOR, brigade["id"]),
        "stan": ("扎西", Role.STATION, station["id"]),
        "lea": ("格桑", Role.LEADER, brigade["id"]),
        "olga": ("央金", Role.OFFICE, brigade["id"]),
        "ada": ("达瓦", Role.ADMIN, brigade["id"]),
        "pema": ("白玛", Role.PRINCIPAL, school["id"]),
        "sonam": ("索南", Role.SAFETY_OFFICER, school["id"]),
        "otto": ("旺堆", Role.PRINCIPAL, ottos["id"]),
        "beate": ("卓玛", Role.BUREAU, AREA),
        "dora": ("德吉", Role.DETACHMENT, detachment["id"]),
        "oskar": ("罗布", Role.INSPECTOR, other["id"]),
        "otilia": ("边巴", Role.PRINCIPAL, foreign["id"]),
    }
    people = {name: {"id": new_id(), "username": name, "name": shown} for name, (shown, _r, _p) in places.items()}
    memberships = [_membership(people[name], role, place) for name, (_shown, role, place) in places.items()]
    for table, rows in (
        (Brigade, [detachment, brigade, other, station]),
        (School, [school, ottos, foreign]),
        (Person, list(people.values())),
        (Membership, memberships),
    ):
        db.session.execute(sa.insert(table), rows)
    cast = Cast(
        people={name: person["id"] for name, person in people.items()},
        brigade_id=brigade["id"],
        other_brigade_id=other["id"],
        detachment_id=detachment["id"],
        school_id=school["id"],
        ottos_school_id=ottos["id"],
        foreign_school_id=foreign["id"],
    )
    db.session.commit()
    return cast
