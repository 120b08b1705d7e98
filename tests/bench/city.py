"""A city: thousands of schools of one brigade, years of orders; what its lists, boards and ledgers cost."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.rectification.models.findings import Evidence, Finding, RecheckResult
from app.rectification.models.orders import Order, OrderEvent, OrderItem, ServiceAttempt
from app.rectification.rules.findings import ClosedHow, Handling, RecheckOutcome, Severity
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind, ServiceMethod
from app.regulations.models import PackVersion
from app.schools.models import School, SchoolKind
from tests.bench import life
from tests.bench.district import browser, person, viewer
from tests.bench.filling import fill
from tests.bench.pages import Page, _measured

YEARS = 6
#: So many schools are made up and written at a time: a whole city would need gigabytes.
BATCH = 250
MODELS = (
    School, Inspection, IssuedDocument, Order, Finding, OrderItem, OrderEvent, ServiceAttempt, Evidence, RecheckResult, *life.MODELS,
)  # fmt: skip
_FAULTS = (
    ("EXI-01", "exit_route", "疏散门上锁"),
    ("EXT-09", "extinguisher", "灭火器压力不足"),
    ("EML-02", "emergency_lighting", "应急照明灯不亮"),
)
_SYLLABLES = "河谷云岭雪松林海晨曦金峰银湖青石白塔红旗新村安定兴隆"


@dataclass
class City:
    """Everything that was made up, table by table."""

    schools: int
    orders: int
    seed: int
    today: date = field(default_factory=clock.today)
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.brigade_id = viewer("leader").own_brigade_id
        self.area = db.session.scalars(sa.select(School.area_code).limit(1)).one()
        self.pack_id = db.session.scalars(sa.select(PackVersion.id).limit(1)).one()
        self.officers = [person("inspector").id, person("inspector2").id]
        self.sender = person("school").id
        self.begin()

    def begin(self) -> None:
        """Forget what was made up; it is written."""
        self.rows = {model: [] for model in MODELS}

    def new_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def add(self, model: Any, **row: Any) -> uuid.UUID:
        row.setdefault("id", self.new_id())
        self.rows[model].append(row)
        made: uuid.UUID = row["id"]
        return made

    def batches(self) -> Iterator[dict[Any, list[dict[str, Any]]]]:
        """All schools with their share of everything, so many at a time, table by table."""
        for number in range(self.schools):
            self._school(number)
            if (number + 1) % BATCH == 0 or number + 1 == self.schools:
                yield self.rows
                self.begin()

    def _school(self, number: int) -> None:
        """A school with its share of the orders, spread over the years, the last ones still under way."""
        name, each = (
            f"{''.join(self.random.sample(_SYLLABLES, 3))}第{number + 1}小学",
            max(1, self.orders // self.schools),
        )
        school = self.add(
            School, name=name, sort_name=name, identity=name, kind=SchoolKind.PRIMARY, brigade_id=self.brigade_id, area_code=self.area, pupils=400,
            last_visited_on=self.today - timedelta(days=self.random.randrange(500)), responsible_person="白玛",
        )  # fmt: skip
        for n in range(each):
            back = int((each - n - 1 + self.random.random()) * YEARS * 365 / each)
            self._order(school, name, self.today - timedelta(days=back + 1))
        life.add(self, school, name, number)

    def _order(self, school: uuid.UUID, name: str, day: date) -> None:
        at, age = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=3), (self.today - day).days
        inspection = self._inspection(school, at)
        state = self._state(age)
        given = state in (OrderState.ISSUED, OrderState.SERVED, OrderState.CLOSED)
        order, number = self.new_id(), next(self.serial)
        paper = self._paper(school, name, order, at, number) if given else None
        deadline = day + timedelta(days=self.random.choice((7, 15, 30, 60)))
        if state is OrderState.SERVED and deadline < self.today and self.random.random() < 0.6:
            deadline = self.today + timedelta(days=self.random.randrange(1, 40))
        closed = (
            min(deadline + timedelta(days=self.random.randrange(-5, 6)), self.today)
            if state is OrderState.CLOSED
            else None
        )
        closed = max(closed, day) if closed else None
        for position in range(1, self.random.choice((1, 2, 2)) + 1):
            self._item(school, inspection, order, position, day, deadline, closed, given=given)
        self.add(
            Order, id=order, school_id=school, brigade_id=self.brigade_id, inspection_id=inspection, kind=OrderKind.LIMITED, state=state,
            lead_id=self.officers[0], second_id=self.officers[1], visited_on=day, number=f"示消限字〔{day.year}〕第{number:06d}号" if given else "",
            document_id=paper, drafted_at=at, drafted_by_id=self.officers[0], issued_on=day if given else None,
            served_on=day if state in (OrderState.SERVED, OrderState.CLOSED) else None, closed_on=closed,
            next_deadline=deadline if state not in (OrderState.CLOSED, OrderState.VOID) else None,
            void_reason="重复" if state is OrderState.VOID else "",
        )  # fmt: skip
        for n, act in enumerate(("draft", "issue", "serve") if given else ("draft",)):
            self.add(
                OrderEvent, order_id=order, at=at + timedelta(hours=n), by_id=self.officers[0], by_name="尼玛", act=act
            )
        if state in (OrderState.SERVED, OrderState.CLOSED):
            self.add(
                ServiceAttempt, order_id=order, method=ServiceMethod.HAND, at=at, to_name="白玛", by_id=self.officers[0], confirmed_at=at
            )  # fmt: skip

    def _state(self, age: int) -> OrderState:
        if age > 120:
            return OrderState.CLOSED if self.random.random() < 0.99 else OrderState.VOID
        return self.random.choices(
            (OrderState.CLOSED, OrderState.SERVED, OrderState.ISSUED, OrderState.DRAFT, OrderState.LEGAL_REVIEW), (30, 58, 4, 4, 4)
        )[0]  # fmt: skip

    def _inspection(
        self, school: uuid.UUID, at: datetime, kind: InspectionKind = InspectionKind.INSPECTION
    ) -> uuid.UUID:
        return self.add(
            Inspection, kind=kind, school_id=school, brigade_id=self.brigade_id, pack_version_id=self.pack_id, state=InspectionState.SIGNED,
            lead_id=self.officers[0], second_id=self.officers[1], started_at=at, finished_at=at, signed_at=at, record="{}",
            record_sha256="0" * 64, passed=60, failed=2,
        )  # fmt: skip

    def _paper(self, school: uuid.UUID, name: str, order: uuid.UUID, at: datetime, number: int) -> uuid.UUID:
        return self.add(
            IssuedDocument, kind="order_limited", brigade_id=self.brigade_id, year=at.year, serial=1_000_000 + number, number=f"示消限字第{number:06d}号",
            language="zh_Hans_CN", title="责令限期改正通知书", school_id=school, school_name=name, subject_kind="order", subject_id=order,
            check_code=f"CITY{number:08d}", context="{}", context_sha256="0" * 64, template_revision="0", state=DocumentState.ISSUED,
            file_sha256="0" * 64, made_at=at, issued_at=at,
        )  # fmt: skip

    def _item(
        self, school: uuid.UUID, inspection: uuid.UUID, order: uuid.UUID, position: int, day: date, deadline: date, closed: date | None, *,
        given: bool,
    ) -> None:  # fmt: skip
        code, category, text = self.random.choice(_FAULTS)
        finding, recheck = self.new_id(), None
        if closed:
            seen = datetime.combine(closed, datetime.min.time(), UTC) + timedelta(hours=4)
            recheck = self._inspection(school, seen, InspectionKind.RECHECK)
            self.add(
                RecheckResult, inspection_id=recheck, finding_id=finding, outcome=RecheckOutcome.CORRECTED, seen_on=closed, seen_at=seen
            )  # fmt: skip
        self.add(
            Finding, id=finding, school_id=school, brigade_id=self.brigade_id, inspection_id=inspection, item_code=code, target_id=str(position),
            place_label="宿舍楼二层", category=category, text=text, measure="立即改正", severity=Severity.MAJOR, handling=Handling.ORDER_LIMITED,
            found_on=day, deadline=deadline, closed_on=closed, closed_how=ClosedHow.RECHECK if closed else None, recheck_id=recheck,
        )  # fmt: skip
        self.add(OrderItem, order_id=order, finding_id=finding, position=position, deadline=deadline)
        if given and self.random.random() < 0.5:
            sent = datetime.combine(min(deadline, self.today - timedelta(days=1)), datetime.min.time(), UTC)
            self.add(
                Evidence,
                finding_id=finding,
                sent_at=sent,
                sent_by_id=self.sender,
                note="已改",
                asks_recheck=self.random.random() < 0.3,
            )


def make(app: Flask, *, schools: int, orders: int, seed: int) -> dict[str, Any]:
    """Build the city and write it past the models, in one transaction, keys unchecked."""
    began, counts = time.perf_counter(), Counter[str]()
    with app.app_context():
        city = City(schools, orders, seed)
        db.session.remove()
        connection: Any = db.engine.raw_connection()
        try:
            raw = connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("BEGIN IMMEDIATE")
            for rows in city.batches():
                counts.update({model.__tablename__: fill(raw, model, some) for model, some in rows.items()})
            raw.execute("COMMIT")
            raw.execute("PRAGMA foreign_keys=ON")
        finally:
            connection.close()
    return {**counts, "building_s": round(time.perf_counter() - began, 1)}


def pages(app: Flask) -> Iterator[Page]:
    """The pages that could grow with the city."""
    with app.app_context():
        busy = db.session.execute(
            sa.select(Order.school_id, sa.func.max(Order.id)).where(Order.state == OrderState.SERVED).group_by(Order.school_id).limit(1)
        ).one()  # fmt: skip
        school, order, officer = busy[0], busy[1], person("inspector").id
        db.session.remove()
    for role in ("leader", "inspector", "office", "bureau", "detachment"):
        yield Page(f"home of {role}", role, "/")
    yield Page("board", "leader", "/board")
    yield Page("board, red", "leader", "/board?colour=red")
    yield Page("board, green", "leader", "/board?colour=green")
    yield Page("statistics", "leader", "/statistics")
    yield from _of_orders(order, school, officer)
    yield from _of_schools(school)


def _of_orders(order: object, school: object, officer: object) -> Iterator[Page]:
    yield Page("orders", "leader", "/orders")
    yield Page("orders, red", "leader", "/orders?colour=red")
    yield Page("orders, all, newest", "leader", "/orders?state=&sort=newest")
    yield Page("orders, by school", "leader", "/orders?sort=school")
    yield Page("orders, search", "leader", "/orders?state=&q=河谷")
    yield Page("orders, closed, not archived", "office", "/orders?state=unarchived&sort=newest")
    yield Page("orders of an officer", "leader", f"/orders?inspector={officer}")
    yield Page("orders of a school", "leader", f"/orders?state=&school={school}")
    yield Page("case file", "inspector", f"/orders/{order}")
    yield Page("findings", "inspector", "/findings")
    yield Page("findings, red", "inspector", "/findings?colour=red")
    yield Page("findings, yellow", "inspector", "/findings?colour=yellow")
    yield Page("findings, all, newest", "inspector", "/findings?state=&sort=found")
    yield Page("findings, by school", "inspector", "/findings?sort=school")
    yield Page("findings, search", "inspector", "/findings?q=河谷")
    yield Page("re-checks", "inspector", "/findings?state=awaiting")
    yield Page("clocks", "inspector", "/clocks")
    yield Page("clocks of the brigade", "leader", "/clocks?whose=all")
    yield Page("closures", "leader", "/closures")


def _of_schools(school: object) -> Iterator[Page]:
    yield Page("schools", "leader", "/schools")
    yield Page("schools without a visit", "leader", "/schools?unvisited=1")
    yield Page("schools, search by name", "leader", "/schools?q=河谷")
    yield Page("schools, search by initials", "leader", "/schools?q=hg")
    yield Page("school", "inspector", f"/schools/{school}")
    yield Page("ledger", "inspector", f"/schools/{school}/ledger")
    yield Page("visits", "inspector", "/visits")
    yield Page("visits, past", "leader", "/visits?past=1")
    yield Page("inspections", "inspector", "/inspections")
    yield Page("complaints", "leader", "/complaints")
    yield Page("complaints, all", "leader", "/complaints?all=1")
    yield Page("complaints, late", "leader", "/complaints?late=1")
    yield Page("complaints, counts", "leader", "/complaints/counts")
    yield Page("equipment", "inspector", "/equipment")
    yield Page("equipment, due now", "inspector", "/equipment?due=now")
    yield Page("drills", "leader", "/drills")
    yield Page("trainings", "leader", "/trainings")
    yield Page("documents", "office", "/documents")


def measure(app: Flask, *, rounds: int) -> dict[str, Any]:
    """Each page once cold, then warm, then with its statements counted."""
    wanted = list(pages(app))
    people = {name: browser(app, name) for name in {page.person for page in wanted}}
    with app.app_context():
        engine = db.engine
    return {page.name: _measured(people[page.person], page, engine, rounds) for page in wanted}
