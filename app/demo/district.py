"""The units, the people and the schools of the demo district, as rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.models import BRIGADE_ROLES, SCHOOL_ROLES, Membership, Person, Role
from app.core import clock
from app.core.extensions import db
from app.demo import names
from app.demo.grounds import Grounds
from app.demo.plan import SchoolPlan
from app.demo.plan import school as plan_school
from app.demo.writing import Progress, Writer
from app.organisations.models import Area, Brigade, BrigadeKind
from app.schools.models import Contact, School

#: A made-up area in the shape of GB/T 2260 codes, below the region whose calendar it follows.
REGION, CITY, AREA = "54", "5499", "549901"
#: Sign-in name → (name, role, title).
SIGN_INS: dict[str, tuple[str, Role, str]] = {
    "inspector": ("尼玛次仁", Role.INSPECTOR, "消防监督员"),
    "inspector2": ("李建军", Role.INSPECTOR, "消防监督员"),
    "station": ("扎西平措", Role.STATION, "站长"),
    "leader": ("格桑旺堆", Role.LEADER, "大队长"),
    "office": ("央金拉姆", Role.OFFICE, "内勤"),
    "school": ("白玛曲珍", Role.PRINCIPAL, "校长"),
    "school2": ("周文斌", Role.PRINCIPAL, "校长"),
    "bureau": ("德吉卓玛", Role.BUREAU, "安全科科长"),
    "detachment": ("索朗顿珠", Role.DETACHMENT, "参谋"),
    "admin": ("达瓦", Role.ADMIN, "系统管理员"),
}


@dataclass
class SchoolRow:
    """A school as it was written, with what its history needs."""

    id: uuid.UUID
    plan: SchoolPlan
    principal_id: uuid.UUID
    officer_id: uuid.UUID
    officer_name: str
    values: dict[str, Any]


@dataclass
class District:
    """Who and what there is."""

    brigade_id: uuid.UUID
    station_id: uuid.UUID
    people: dict[str, uuid.UUID]
    inspectors: list[tuple[uuid.UUID, str]]
    schools: list[SchoolRow] = field(default_factory=list)


def _areas(writer: Writer) -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"code": CITY, "name": "示范市", "name_en": "Shifan City", "name_bo": "དཔེ་སྟོན་གྲོང་ཁྱེར།", "parent_code": REGION},
        {"code": AREA, "name": "示范区", "name_en": "Shifan District", "name_bo": "དཔེ་སྟོན་ཁུལ།", "parent_code": CITY},
    )
    for row in rows:
        if db.session.get(Area, row["code"]) is None:
            writer.add_plain(Area, **row)
        writer.flush()


def _unit(writer: Writer, name: str, kind: BrigadeKind, area: str, parent: uuid.UUID | None, **more: str) -> uuid.UUID:
    unit = writer.add(Brigade, name=name, kind=kind, area_code=area, parent_id=parent, settings={}, **more)
    writer.flush()
    return unit


def found(writer: Writer, *, password_hash: str, since: date, inspectors: int) -> District:
    """Units and the people of the fire service."""
    _areas(writer)
    detachment = _unit(
        writer, "示范市消防救援支队", BrigadeKind.DETACHMENT, CITY, None, name_en="Shifan City Fire Detachment"
    )
    brigade = _unit(
        writer, "示范区消防救援大队", BrigadeKind.BRIGADE, AREA, detachment,
        name_bo="དཔེ་སྟོན་ཁུལ་མེ་འགོག་སྐྱོབ་སྡོང་རུ་ཁག", name_en="Shifan District Fire and Rescue Brigade", code_word="示",
        phone="0891-0000119", address="示范区消防路1号",
    )  # fmt: skip
    station = _unit(writer, "示范区河谷消防救援站", BrigadeKind.STATION, AREA, brigade, phone="0891-0000120")
    district = District(brigade_id=brigade, station_id=station, people={}, inspectors=[])
    at = {Role.STATION: station, Role.DETACHMENT: detachment}
    for number, (username, (name, role, title)) in enumerate(SIGN_INS.items()):
        if role in SCHOOL_ROLES:
            continue
        place: dict[str, Any] = {"area_code": AREA} if role is Role.BUREAU else {"brigade_id": at.get(role, brigade)}
        credential = f"示消监（{number + 1:03d}）" if role in BRIGADE_ROLES and role is not Role.ADMIN else ""
        district.people[username] = person(
            writer, username, name, role, title, since, password_hash, credential_number=credential, **place
        )
    for n in range(inspectors):
        name = names.person(writer.random)
        identity = person(
            writer, f"officer{n + 1}", name, Role.INSPECTOR, "消防监督员", since, password_hash, brigade_id=brigade,
            credential_number=f"示消监（{101 + n}）",
        )  # fmt: skip
        district.inspectors.append((identity, name))
    district.inspectors += [(district.people[u], SIGN_INS[u][0]) for u in ("inspector", "inspector2")]
    writer.flush()
    return district


def person(
    writer: Writer,
    username: str,
    name: str,
    role: Role,
    title: str,
    since: date,
    password_hash: str,
    *,
    credential_number: str = "",
    **place: Any,
) -> uuid.UUID:
    """A person with one role."""
    identity = writer.add(
        Person,
        username=username,
        name=name,
        phone=names.telephone(writer.random),
        credential_number=credential_number,
        password_hash=password_hash,
        made_at=clock.start_of(since),
    )
    where = {"brigade_id": None, "school_id": None, "area_code": None, **place}
    writer.add(Membership, person_id=identity, role=role, title=title, from_day=since, **where)
    return identity


def settle_schools(
    writer: Writer,
    district: District,
    *,
    count: int,
    today: date,
    since: date,
    password_hash: str,
    progress: Progress,
) -> None:
    """So many schools with their people, buildings and equipment."""
    made_at: datetime = clock.start_of(since) + timedelta(hours=2)
    grounds = Grounds(writer, today=today, made_at=made_at, by_id=district.people["office"])
    by_name: dict[str, uuid.UUID] = {}
    usernames = ["school", "school2"]
    for number, name in enumerate(names.schools(writer.random, count)):
        plan = plan_school(writer.random, name)
        username = usernames[number] if number < len(usernames) else f"principal{number + 1}"
        row = _school(writer, district, plan, number, by_name, made_at=made_at)
        _staff(writer, row, username, number, since, password_hash if number < len(usernames) else "")
        grounds.lay_out(row.id, plan)
        by_name[name.name] = row.id
        district.schools.append(row)
        if number % 20 == 19:
            writer.flush()
        progress(number + 1, count, name.name)
    writer.flush()


def _school(
    writer: Writer,
    district: District,
    plan: SchoolPlan,
    number: int,
    by_name: dict[str, uuid.UUID],
    *,
    made_at: datetime,
) -> SchoolRow:
    name, random = plan.name, writer.random
    principal = SIGN_INS[("school", "school2")[number]][0] if number < 2 else names.person(random)
    officer = names.person(random)
    values: dict[str, Any] = {
        "id": writer.new_id(),
        "name": name.name,
        "name_bo": name.bo,
        "name_en": name.en,
        "kind": name.kind,
        "is_boarding": name.boarding,
        "is_key_unit": plan.is_key_unit,
        "brigade_id": district.brigade_id,
        "area_code": AREA,
        "address": f"示范区{random.choice(names.STREETS)}路{random.randint(1, 180)}号",
        "latitude": round(29.65 + random.uniform(-0.06, 0.06), 6),
        "longitude": round(91.17 + random.uniform(-0.12, 0.12), 6),
        "phone": f"0891-000{random.randint(1000, 9999)}",
        "responsible_person": principal,
        "responsible_phone": names.telephone(random),
        "safety_manager": officer,
        "safety_manager_phone": names.telephone(random),
        "pupils": plan.pupils,
        "boarders": plan.boarders or None,
        "staff": plan.staff,
        "facilities": list(plan.facilities),
        "parent_id": by_name.get(name.branch_of),
        "source": "demo",
        "external_code": f"{int(AREA):06d}{number + 1:05d}",
        "extra": {},
        "made_at": made_at,
        "changed_at": made_at,
    }
    writer.add(School, **values)
    return SchoolRow(
        id=values["id"],
        plan=plan,
        principal_id=values["id"],
        officer_id=values["id"],
        officer_name=officer,
        values=values,
    )


def _staff(writer: Writer, row: SchoolRow, username: str, number: int, since: date, password_hash: str) -> None:
    values = row.values
    row.principal_id = person(
        writer, username, values["responsible_person"], Role.PRINCIPAL, "校长", since, password_hash, school_id=row.id
    )
    row.officer_id = person(
        writer, f"safety{number + 1}", row.officer_name, Role.SAFETY_OFFICER, "安全干事", since, "", school_id=row.id
    )
    writer.add(
        Contact,
        school_id=row.id,
        name=row.officer_name,
        post="安全干事",
        phone=values["safety_manager_phone"],
        ended_on=None,
    )
    writer.add(
        Contact,
        school_id=row.id,
        name=names.person(writer.random),
        post="门卫",
        phone=names.telephone(writer.random),
        ended_on=None,
    )
