"""Officers who are signed in on tablets, a school, and a checklist of forty-three items on which nothing but an answer is asked."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.accounts.models import Membership, Person, Role, SignIn
from app.accounts.service import token_hash
from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.core.files import digest
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionKind
from app.organisations.models import Brigade
from app.regulations import queries as regulations
from app.regulations.models import PackVersion
from app.schools.models import School, SchoolKind

ITEMS = 43
CODE = "cn-school-short"


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Somebody who leads inspections, signed in."""

    id: uuid.UUID
    cookie: str


def sign_in(app: Flask, person_id: uuid.UUID) -> str:
    """The cookie of a browser in which this person has signed in."""
    token = secrets.token_urlsafe(24)
    until = clock.now() + timedelta(days=2)
    db.session.add(SignIn(token_hash=token_hash(token), person_id=person_id, expires_at=until))
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": token, "_fresh": True}))


def officers(app: Flask, brigade_id: uuid.UUID, count: int) -> list[Officer]:
    """So many inspectors of a brigade; the caller commits."""
    people = [Person(username=f"tablet-{new_id().hex[-12:]}", name=f"检查员{n + 1}") for n in range(count)]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all([Membership(person_id=p.id, role=Role.INSPECTOR, brigade_id=brigade_id) for p in people])
    return [Officer(id=p.id, cookie=sign_in(app, p.id)) for p in people]


def schools(brigade: Brigade, count: int) -> list[School]:
    """Day schools without buildings on record, whose list of facilities names one; the caller commits."""
    rows = [
        School(
            name=f"第{n + 1}平板小学{new_id().hex[-6:]}", kind=SchoolKind.PRIMARY, brigade_id=brigade.id, area_code=brigade.area_code,
            facilities=["fire_alarm"], safety_manager="索南",
        )
        for n in range(count)
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    return rows


@dataclass(frozen=True, kw_only=True)
class Short:
    """A published checklist with few items, and the rows it has at a school without buildings."""

    version_id: uuid.UUID
    rows: list[tuple[str, str]]


def short_checklist(brigade: Brigade, school: School) -> Short:
    """Forty-three items of the core list in force as a checklist of their own; the caller commits."""
    full = regulations.current_checklist()
    draft = Inspection(
        kind=InspectionKind.INSPECTION, school_id=school.id, brigade_id=brigade.id, pack_version_id=full.version_id, tier="core",
        started_at=clock.now(), scope={},
    )  # fmt: skip
    rows = sheets.of(draft, school, brigade).rows[:ITEMS]
    wanted = {row.item for row in rows}
    content: dict[str, Any] = json.loads(json.dumps(full.content))
    content["items"] = [item for item in content["items"] if item["code"] in wanted]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    version = db.session.scalar(sa.select(PackVersion).where(PackVersion.code == CODE))
    if version is None:
        version = PackVersion(
            code=CODE, version=1, country="CN", name="短表", valid_from=date(2026, 1, 1), sha256=digest(text.encode()), content=text
        )  # fmt: skip
        db.session.add(version)
        db.session.flush()
    draft.pack_version_id = version.id
    found = sheets.of(draft, school, brigade).rows
    return Short(version_id=version.id, rows=[(row.item, row.place) for row in found])


def record(
    school_id: uuid.UUID, second: uuid.UUID | None, short: Short, *, photos: dict[str, bytes] | None = None
) -> list[dict[str, Any]]:
    """The operations of one inspection: its beginning, its answers, its photos, its finishing."""
    target, at = {"kind": "inspection", "id": str(new_id())}, clock.now().isoformat()

    def op(**more: Any) -> dict[str, Any]:
        return {"op_id": str(new_id()), "target": target, "at": at, "via": "tap", **more}

    begun = {
        "school": str(school_id),
        "second": str(second),
        "checklist": str(short.version_id),
        "accompanying": "索南",
    }
    ops = [op(act="create", value=begun)]
    ops += [op(item=item, place=place, field="answer", value="pass", base_rev=0) for item, place in short.rows]
    ops += [op(item=short.rows[0][0], place=short.rows[0][1], field="note", value="现场已核对", base_rev=0)]
    files = photos or {}
    for number, (sha, content) in enumerate(files.items()):
        item, place = short.rows[number % len(short.rows)]
        value = {"sha256": sha, "size": len(content), "slot": "close", "taken_at": at}
        ops.append(op(item=item, place=place, field="photo", value=value, base_rev=0))
    return [*ops, op(act="finalise", value={"files": list(files)})]
