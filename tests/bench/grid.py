"""The grid of a district: schools × twelve months × all duties, with a year and more of drills, trainings and checks, every rule taken on."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillKind
from app.duties.models import DutyAdoption, DutyRecord
from app.duties.queries import facts
from app.duties.rules.counting import Standing, Tally
from app.duties.rules.duties import Source
from app.duties.words import LOOKS
from app.schools.models import School, SchoolKind
from app.schools.service.register import index_schools
from app.trainings.models import Audience, Training, TrainingForm
from tests.bench.district import browser, person, viewer
from tests.bench.pages import Page, _measured
from tests.duties import again

#: What the schools of the grid are called; a search for it shows them and no others.
NAMED = "方格"
KINDS = (SchoolKind.PRIMARY, SchoolKind.KINDERGARTEN, SchoolKind.NINE_YEAR, SchoolKind.SENIOR)
DAYS = 450


def make(app: Flask, *, schools: int, seed: int) -> dict[str, int]:
    """Write the schools and what they did, unless they are there."""
    with app.app_context():
        known = db.session.scalar(sa.select(sa.func.count()).where(School.name.startswith(NAMED))) or 0
        if not known:
            _write(schools, Random(seed))
            db.session.commit()
        ids = sa.select(School.id).where(School.name.startswith(NAMED))
        counted = {
            table.__tablename__: db.session.scalar(
                sa.select(sa.func.count()).select_from(table).where(table.school_id.in_(ids))
            ) or 0
            for table in (Drill, Training, DutyRecord)
        }  # fmt: skip
        db.session.remove()
    return {"schools": known or schools, **counted}


def _write(schools: int, random: Random) -> None:
    leader = person("leader")
    brigade = viewer("leader").own_brigade_id
    area = db.session.scalars(sa.select(School.area_code).limit(1)).one()
    began = clock.start_of(clock.today() - timedelta(days=2 * DAYS))
    duties = facts.duties_in_force()
    checks = [d.code for d in duties if d.source in (Source.SELF_CHECK, Source.REPORT) and d.has_periods]
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for number in range(schools):
        name = f"{NAMED}第{number + 1:03d}学校"
        school = uuid.UUID(int=random.getrandbits(128), version=4)
        rows[School].append(
            {"id": school, "name": name, "sort_name": name, "identity": name, "kind": KINDS[number % len(KINDS)],
             "is_boarding": number % 5 == 0, "is_key_unit": number % 7 == 0, "brigade_id": brigade, "area_code": area, "made_at": began}
        )  # fmt: skip
        _deeds(rows, school, checks, leader.id, random)
    for code in (d.code for d in duties if d.only_informs):
        rows[DutyAdoption].append(
            {"brigade_id": brigade, "duty": code, "since": clock.day_of(began), "by_id": leader.id}
        )
    taken = set(db.session.scalars(sa.select(DutyAdoption.duty).where(DutyAdoption.brigade_id == brigade)))
    rows[DutyAdoption] = [row for row in rows[DutyAdoption] if row["duty"] not in taken]
    for table, several in rows.items():
        if several:
            db.session.execute(sa.insert(table), several)
    index_schools(db.session.scalars(sa.select(School).where(School.name.startswith(NAMED))).all())


def _at(random: Random, back: int) -> datetime:
    day = clock.today() - timedelta(days=back)
    return datetime.combine(day, time(random.randrange(1, 8)), UTC)


def _deeds(rows: Any, school: uuid.UUID, checks: list[str], by: uuid.UUID, random: Random) -> None:
    """A drill in most months, a training in some, each check now and then; now and then entered much later."""
    for back in range(1, DAYS, 30):
        if random.random() < 0.8:
            held = _at(random, back + random.randrange(20))
            kind = random.choice((DrillKind.EVACUATION, DrillKind.FIRE_PLAN, DrillKind.NIGHT, DrillKind.EARTHQUAKE))
            late = timedelta(days=random.choice((0, 0, 0, 40)))
            rows[Drill].append(
                {"school_id": school, "kind": kind, "held_at": held, "logged_at": held + late, "logged_by_id": by}
            )
        if random.random() < 0.3:
            held = _at(random, back + random.randrange(20))
            rows[Training].append(
                {"school_id": school, "audience": random.choice(list(Audience)), "form": TrainingForm.LECTURE, "held_at": held,
                 "hours": Decimal(random.choice((1, 2))), "attended": 20, "topics": "消防安全", "logged_at": held, "logged_by_id": by}
            )  # fmt: skip
        for code in checks:
            if random.random() < 0.4:
                held = _at(random, back + random.randrange(25))
                rows[DutyRecord].append(
                    {"school_id": school, "duty": code, "held_at": held, "logged_at": held, "logged_by_id": by}
                )


def measure(app: Flask, *, rounds: int) -> dict[str, Any]:
    """The grid of this year and of the last, warm; how many cells were shown, and how many are not what the facts say."""
    client, year = browser(app, "leader"), _today(app).year
    with app.app_context():
        engine = db.engine
    found: dict[str, Any] = {}
    for asked in (year, year - 1):
        page = Page(f"grid of {asked}", "leader", f"/duties?q={NAMED}&year={asked}")
        found[page.name] = _measured(client, page, engine, rounds)
        shown = _all_pages(client, page.address)
        said = recomputed(app, asked)
        found[page.name] |= {
            "cells": sum(len(row) for row in shown.values()),
            "wrong": sum(
                one != other for name, row in said.items() for one, other in zip(row, shown[name], strict=True)
            ),
        }
    return found


def _all_pages(client: FlaskClient, address: str) -> dict[str, list[Shown]]:
    """The cells of all pages of the list."""
    found: dict[str, list[Shown]] = {}
    while address:
        text = client.get(address).get_data(as_text=True)
        found |= cells(text)
        address = next(iter(html.fromstring(text).xpath("//a[@rel='next']/@href")), "")
    return found


def _today(app: Flask) -> date:
    with app.app_context():
        return clock.today()


#: A cell as it is compared: its look, then met and owed where figures stand.
Shown = tuple[str, str]


def cells(page: str) -> dict[str, list[Shown]]:
    """What the page shows: school → twelve cells."""
    found = {}
    for row in html.fromstring(page).xpath(
        "//table[contains(@class, 'duty-grid')]/tbody/tr[not(contains(@class, 'is-sum'))]"
    ):
        texts = [
            (cell.get("class", ""), "".join(re.findall(r"\d+/\d+", cell.xpath("string(span[1])"))))
            for cell in row.xpath("td")
        ]
        found[row.xpath("string(th)").strip()] = texts
    return found


def recomputed(app: Flask, year: int) -> dict[str, list[Shown]]:
    """The same from the facts, school by school and deed by deed, without what the grid keeps or shares between schools."""
    with app.app_context():
        query = sa.select(School).where(School.name.startswith(NAMED))
        found = {
            school.name: [_shown(month) for month in again.months_of(school, year)["", False]]
            for school in db.session.scalars(query)
        }
        db.session.remove()
    return found


def _shown(sums: Tally) -> Shown:
    worst = sums.worst
    if worst is None:
        return "is-none", ""
    figures = "" if worst is Standing.AHEAD else f"{sums.met}/{sums.owed + sums.ahead}"
    return f"is-{LOOKS[worst]}", figures
