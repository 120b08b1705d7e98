"""Times and numbers of questions of the pages, each as the role sees it that uses it most."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import Drill
from app.equipment.models import Equipment
from app.inspections import sheet
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.service import starting
from app.rectification.models.findings import Finding
from app.regulations.models import Calendar, CalendarLayer, PackVersion
from app.schools.models import School
from app.trainings.models import Training
from tests.bench.district import browser, person, viewer
from tests.bench.timing import statements, timed

#: Whose home is measured.
ROLES = ("inspector", "station", "leader", "office", "school", "bureau", "detachment", "admin")


@dataclass(frozen=True)
class Page:
    """A page by the name the report gives it; an empty person is a visitor."""

    name: str
    person: str
    address: str


def _biggest_school() -> uuid.UUID:
    """The school with the most pieces of equipment."""
    return db.session.scalars(
        sa.select(Equipment.school_id)
        .group_by(Equipment.school_id)
        .order_by(sa.func.count().desc(), Equipment.school_id)
    ).first() or uuid.UUID(int=0)


def _draft(school: School) -> tuple[uuid.UUID, str, int]:
    """A full inspection of the school as the inspector just began it, and its biggest area with the number of its rows."""
    inspection = starting.start(
        viewer("inspector"), school=school, tier="full", second_id=person("inspector2").id, accompanying="白玛"
    )
    db.session.commit()
    current = sheet.load(viewer("inspector"), inspection.id)
    assert current is not None
    area = max(current.areas, key=lambda one: len(one.rows))
    return inspection.id, area.key, len(area.rows)


def signed_inspection() -> Inspection:
    """The signed inspection with the longest record."""
    return db.session.scalars(
        sa.select(Inspection)
        .where(Inspection.state == InspectionState.SIGNED, Inspection.kind == InspectionKind.INSPECTION)
        .order_by(sa.func.length(Inspection.record).desc(), Inspection.id)
    ).first() or _lacking("signed inspection")


def _paper() -> IssuedDocument:
    """A paper whose PDF the worker has stored."""
    issued = sa.select(IssuedDocument).where(IssuedDocument.state == DocumentState.ISSUED).limit(1)
    while (document := db.session.scalars(issued).first()) is None and jobs.run_one():
        pass
    return document or _lacking("issued paper")


def _one(table: Any, *where: Any) -> uuid.UUID:
    found: uuid.UUID | None = db.session.scalars(sa.select(table.id).where(*where).order_by(table.id).limit(1)).first()
    return found or _lacking(table.__tablename__)


def _lacking(what: str) -> Any:
    raise SystemExit(f"the demo district has no {what}; make it bigger with --schools")


def pages() -> Iterator[Page]:
    """Every page of the report. Begins a draft and has one paper made, so that all of them are there."""
    for role in ROLES:
        yield Page(f"home of {role}", role, "/")
    yield from _registers()
    yield from _inspecting()
    yield from _afterwards()
    yield from _office()


def _registers() -> Iterator[Page]:
    big = _biggest_school()
    piece = _one(Equipment, Equipment.school_id == big)
    yield Page("board", "leader", "/board")
    yield Page("schools", "inspector", "/schools")
    yield Page("schools, search by name", "inspector", "/schools?q=小学")
    yield Page("schools, search by initials", "inspector", "/schools?q=xx")
    yield Page("schools without a visit", "leader", "/schools?unvisited=1")
    yield Page("school", "inspector", f"/schools/{big}")
    yield Page("school's grounds", "inspector", f"/schools/{big}/grounds")
    yield Page("school's history", "inspector", f"/schools/{big}/history")
    yield Page("equipment", "inspector", "/equipment")
    yield Page("equipment of a school", "inspector", f"/equipment?school={big}")
    yield Page("piece", "inspector", f"/equipment/{piece}")
    yield Page("forecast", "leader", "/equipment/forecast")


def _inspecting() -> Iterator[Page]:
    school = db.session.get_one(School, _biggest_school())
    draft, area, rows = _draft(school)
    record = signed_inspection().id
    yield Page("visits", "inspector", "/visits")
    yield Page("inspections", "inspector", "/inspections")
    yield Page("inspection, begin", "inspector", f"/inspections/new?school={school.id}")
    yield Page(f"filling, area of {rows} rows", "inspector", f"/inspections/{draft}?area={area}")
    yield Page("review", "inspector", f"/inspections/{draft}/review")
    yield Page("signed record", "inspector", f"/inspections/{record}/record")


def _afterwards() -> Iterator[Page]:
    own = next(iter(viewer("school").school_ids))
    owned = sa.select(Finding.id).where(Finding.school_id == own).limit(1)
    yield Page("findings", "inspector", "/findings")
    yield Page("finding", "inspector", f"/findings/{_one(Finding, Finding.closed_on.is_(None))}")
    yield Page("portal", "school", "/portal")
    if (finding := db.session.scalars(owned).first()) is not None:
        yield Page("portal, finding", "school", f"/portal/findings/{finding}")
    yield Page("drills", "inspector", "/drills")
    yield Page("drill", "inspector", f"/drills/{_one(Drill)}")
    yield Page("trainings", "inspector", "/trainings")
    yield Page("training", "inspector", f"/trainings/{_one(Training)}")


def _office() -> Iterator[Page]:
    paper = _paper()
    code = db.session.scalars(sa.select(Calendar.code).where(Calendar.layer == CalendarLayer.NATIONAL)).first()
    pack = db.session.scalars(sa.select(PackVersion).order_by(PackVersion.code).limit(1)).one()
    yield Page("documents", "office", "/documents")
    yield Page("document", "office", f"/documents/{paper.id}")
    yield Page("document, PDF", "office", f"/documents/{paper.id}.pdf")
    yield Page("verify", "", "/verify")
    yield Page("verify, by code", "", f"/verify/{paper.check_code}")
    yield Page("calendars", "office", "/admin/calendars")
    yield Page("calendar year", "office", f"/admin/calendars/{code}/{clock.today().year}")
    yield Page("packs", "office", "/admin/packs")
    yield Page("pack, its items", "office", f"/admin/packs/{pack.code}/{pack.version}")
    yield Page("people", "admin", "/admin/people")
    yield Page("audit", "admin", "/admin/audit")
    yield Page("sign-in", "", "/sign-in")


def _measured(client: FlaskClient, page: Page, engine: Engine, rounds: int) -> dict[str, Any]:
    def get() -> object:
        return client.get(page.address, follow_redirects=True).data

    times = timed(get, rounds=rounds)
    with statements(engine) as sent:
        answer = client.get(page.address, follow_redirects=True)
    return {
        "person": page.person or "visitor",
        "address": page.address,
        "status": answer.status_code,
        "bytes": len(answer.data),
        "queries": len(sent),
        **times.figures(),
    }


def measure(app: Flask, *, rounds: int) -> dict[str, Any]:
    """Each page once cold, then warm; then once more with its statements counted."""
    with app.app_context():
        wanted, engine = list(pages()), db.engine
        db.session.remove()
    people = {name: browser(app, name) for name in {page.person for page in wanted}}
    return {page.name: _measured(people[page.person], page, engine, rounds) for page in wanted}
