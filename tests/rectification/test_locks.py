"""Two acts at the same instant wait for each other and both succeed: rows are held in one order everywhere."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import Evidence, Finding, RecheckOutcome
from app.rectification.models.orders import Extension, Order, OrderItem
from app.rectification.rules.machine import OrderState
from app.rectification.service import extending, findings, issuing, steps
from app.rectification.service.findings import InspectionFacts, RecheckReading
from tests.cast import Cast
from tests.factories import orders
from tests.factories import rectification as make

PATIENCE = 30


@pytest.fixture
def on_a_server(app: Flask) -> None:
    """Rows are held by PostgreSQL only; SQLite has one writer at a time."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has one writer at a time")


def _together(app: Flask, *acts: Callable[[], None]) -> None:
    """Each act in a thread and transaction of its own; an error of any is raised here."""

    def work(act: Callable[[], None]) -> None:
        with app.app_context():
            try:
                act()
                db.session.commit()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(work, act) for act in acts]:
            done.result(PATIENCE * 2)
    db.session.rollback()


def waiting(app: Flask, many: int = 1) -> bool:
    """Whether so many wait for a row, seen by the server itself."""
    with db.engine.connect() as connection:
        for _turn in range(PATIENCE * 20):
            asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            if (connection.execute(sa.text(asked)).scalar() or 0) >= many:
                return True
            connection.rollback()
            threading.Event().wait(0.05)
    return False


def _recheck(cast: Cast, *ids: uuid.UUID, outcome: RecheckOutcome = RecheckOutcome.CORRECTED) -> Callable[[], None]:
    row = make.inspection(cast)
    facts = InspectionFacts(
        id=row.id, school_id=row.school_id, brigade_id=row.brigade_id, seen_at=row.started_at,
        officer_ids=(cast.people["ines"], cast.people["ivo"]),
    )  # fmt: skip
    readings = [RecheckReading(finding_id=key, outcome=outcome) for key in ids]
    return lambda: findings.apply_recheck(cast.viewer("ines"), inspection=facts, results=readings) and None


def _ids(order: Order) -> list[uuid.UUID]:
    return list(db.session.scalars(sa.select(OrderItem.finding_id).where(OrderItem.order_id == order.id)))


@pytest.mark.usefixtures("on_a_server")
def test_more_time_is_granted_while_a_recheck_of_the_same_finding_is_signed(app: Flask, cast: Cast) -> None:
    order = orders.served(cast, count=1, deadline=clock.today() + timedelta(days=5))
    (key,) = _ids(order)
    finding = db.session.get_one(Finding, key)
    asked = extending.ask(
        cast.viewer("pema"), order, finding, wanted=clock.today() + timedelta(days=9), reason="配件未到"
    )
    recheck = _recheck(cast, key)
    db.session.commit()
    order_id, asked_id, held = order.id, asked.id, threading.Event()

    def grant() -> None:
        steps.lock(order_id)
        held.set()
        assert waiting(app)
        extending.decide(cast.viewer("lea"), db.session.get_one(Extension, asked_id), granted=True)

    def sign() -> None:
        held.wait(PATIENCE)
        recheck()

    _together(app, grant, sign)
    finding = db.session.get_one(Finding, key)
    assert finding.deadline == clock.today() + timedelta(days=9)
    assert finding.closed_on is not None


@pytest.mark.usefixtures("on_a_server")
def test_two_who_send_evidence_of_one_finding_are_both_heard(app: Flask, cast: Cast) -> None:
    key, sender, sent = make.finding(cast).id, cast.people["pema"], clock.now()
    db.session.commit()
    held = threading.Event()

    def late() -> None:
        db.session.add(Evidence(finding_id=key, sent_by_id=sender, sent_at=sent))
        db.session.flush()
        held.set()
        assert waiting(app)

    def early() -> None:
        held.wait(PATIENCE)
        db.session.add(Evidence(finding_id=key, sent_by_id=sender, sent_at=sent - timedelta(hours=1)))
        db.session.flush()

    _together(app, late, early)
    assert db.session.get_one(Finding, key).evidence_at == sent


@pytest.mark.usefixtures("on_a_server")
def test_a_second_order_is_issued_while_a_recheck_of_its_findings_is_signed(app: Flask, cast: Cast) -> None:
    first = orders.served(cast, count=2)
    ids = _ids(first)
    failed = _recheck(cast, *ids, outcome=RecheckOutcome.NOT_CORRECTED)
    failed()
    second = orders.approved(cast, findings=[db.session.get_one(Finding, key) for key in ids])
    recheck = _recheck(cast, *ids)
    db.session.commit()
    second_id, first_id, held = second.id, first.id, threading.Event()

    def issue() -> None:
        order = steps.lock(second_id)
        held.set()
        assert waiting(app)
        issuing.issue(cast.viewer("ines"), order)

    def sign() -> None:
        held.wait(PATIENCE)
        recheck()

    _together(app, issue, sign)
    states = {key: db.session.get_one(Order, key).state for key in (first_id, second_id)}
    assert set(states.values()) == {OrderState.CLOSED}, "both orders are settled, whoever came first"


@pytest.mark.usefixtures("on_a_server")
def test_two_rechecks_of_two_items_of_one_order_close_it_between_them(app: Flask, cast: Cast) -> None:
    order = orders.served(cast, count=2)
    one, other = _ids(order)
    both = [_recheck(cast, one), _recheck(cast, other)]
    db.session.commit()
    order_id, ready = order.id, threading.Barrier(2)

    def with_barrier(act: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            ready.wait(PATIENCE)
            act()

        return run

    _together(app, *(with_barrier(act) for act in both))
    assert db.session.get_one(Order, order_id).state is OrderState.CLOSED
