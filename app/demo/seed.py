"""Making the demo district, from its units to its last signed record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

import sqlalchemy as sa
from flask import current_app

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.service import hash_password
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.demo import complaints
from app.demo import district as districts
from app.demo.cases import Case
from app.demo.district import District
from app.demo.drills import plan_drills
from app.demo.duties import enter_terms, keep_duties, name_holders
from app.demo.filing import write_orders
from app.demo.handbooks import fill_posts
from app.demo.history import Historian, Past
from app.demo.logs import Logbook
from app.demo.measures import plan_measures
from app.demo.patrols import keep_patrols
from app.demo.questions import ask_and_answer
from app.demo.studio import Studio
from app.demo.tasks import send_tasks
from app.demo.teams import settle_teams
from app.demo.writing import Progress, Writer
from app.demo.years import write_history
from app.inspections import papers
from app.inspections.models import Inspection, InspectionKind
from app.organisations import brigades
from app.organisations.service import load_areas
from app.rectification.models.latest import keep_all_latest
from app.rectification.models.orders import Order
from app.rectification.service import links, looks
from app.schools.models import School
from app.schools.service.register import reindex_all

#: Of how many schools the last record is issued as a paper; the worker makes them.
PAPERS = 5


def settle(writer: Writer, *, schools: int, today: date, since: date, password: str, progress: Progress) -> District:
    """Units, people, schools, buildings and equipment, without a past. Raises DomainError when schools are there already."""
    if db.session.scalar(sa.select(sa.func.count()).select_from(School)):
        raise DomainError("the database already holds schools; the demo district wants an empty one")
    brigades.mark_as_demo()
    load_areas()
    hashed = hash_password(password)
    district = districts.found(writer, password_hash=hashed, since=since, inspectors=max(4, schools // 60))
    enter_terms(writer, first=since.year, last=today.year)
    districts.settle_schools(
        writer, district, count=schools, today=today, since=since, password_hash=hashed, progress=progress
    )
    reindex_all()
    return district


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """How many rows each table got, and the address of one order for who has no account (empty: no order is open)."""

    written: dict[str, int]
    link: str


def seed(*, schools: int, years: int, number: int, password: str, progress: Progress) -> Seeded:
    """Fill an empty database with a district and its past. Commits each part.

    The same `number` makes the same district on the same day. Raises DomainError when the database holds schools already.
    """
    today = clock.today()
    since = date(today.year - years, today.month, 1)
    writer = Writer(Random(number))
    district = settle(writer, schools=schools, today=today, since=since, password=password, progress=progress)
    db.session.commit()
    studio = Studio(writer)
    historian = Historian(writer, studio, district, today=today)
    past = write_history(writer, historian, district, today=today, years=years, progress=progress)
    _keep_logs(writer, studio, district, today=today, since=since, progress=progress)
    keep_all_latest(db.session())
    db.session.commit()
    cases = write_orders(writer, studio, historian, district, past, progress=progress)
    writer.written["issued_document"] += _issue_papers(district, past)
    writer.written["complaint"] = complaints.take_in(district)
    looks.plan_rechecks()
    keep_duties(writer, district, today=today, since=since)
    plan_drills(district)
    name_holders(writer, district, today=today)
    settle_teams(district)
    plan_measures(district)
    send_tasks(district)
    keep_patrols(writer, district)
    ask_and_answer(district)
    fill_posts(district, today=today)
    db.session.commit()
    return Seeded(written=writer.written, link=_link(district, cases))


def _link(district: District, cases: list[Case]) -> str:
    """A link as a school without an account gets it: to an order that its school is working on. Commits."""
    case = next((case for case in cases if case.is_open and case.served_at), None)
    if case is None:
        return ""
    viewer = accounts.viewer_for(db.session.get_one(Person, district.people["inspector"]))
    _made, token = links.make(viewer, db.session.get_one(Order, case.id))
    db.session.commit()
    return f"{current_app.config['SETTINGS'].base_url}/p/{token}"


def _keep_logs(
    writer: Writer, studio: Studio, district: District, *, today: date, since: date, progress: Progress
) -> None:
    logbook = Logbook(writer, studio, district, today=today, since=since)
    for number, row in enumerate(district.schools):
        logbook.write(row)
        if number % 50 == 49:
            writer.flush()
        progress(number + 1, len(district.schools), "")
    logbook.plan_this_week()
    writer.flush()


def _issue_papers(district: District, past: list[Past]) -> int:
    """Give the last record of a few schools its number; the worker makes the papers."""
    viewer = accounts.viewer_for(db.session.get_one(Person, district.people["inspector"]))
    last = [[i for i in one.inspections if i.kind is InspectionKind.INSPECTION] for one in past]
    issued = 0
    for inspections in [found for found in last if found][:PAPERS]:
        papers.issue_once(viewer, db.session.get_one(Inspection, inspections[-1].id), lang="zh_Hans_CN")
        issued += 1
    return issued
