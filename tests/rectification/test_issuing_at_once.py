"""Sixteen people issue at the same moment: numbers run 1, 2, 3 …, none left out, none twice, on either database."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.orders import Order
from app.rectification.rules.machine import OrderState
from app.rectification.service import issuing, steps
from tests.cast import Cast
from tests.factories import orders
from tests.factories import rectification as make
from tests.factories.random_acts import check_numbers

ISSUERS = 16
EACH = 3


def test_sixteen_issuers_at_once_leave_no_gap_and_no_double(app: Flask, cast: Cast) -> None:
    ids = []
    for number in range(ISSUERS * EACH):
        row = make.inspection(cast, school_id=cast.school_id if number % 2 else cast.ottos_school_id)
        ids.append(orders.approved(cast, findings=[make.finding(cast, row=row)]).id)
    db.session.commit()
    ready = threading.Barrier(ISSUERS)

    def issue(key: uuid.UUID, *, gives_up: bool) -> None:
        order = steps.lock(key)
        issuing.issue(cast.viewer("ines"), order)
        if gives_up:
            db.session.rollback()  # the machine fails after the number was given
        else:
            db.session.commit()

    def work(number: int) -> list[str]:
        with app.app_context():
            try:
                ready.wait(30)
                own = ids[number * EACH : (number + 1) * EACH]
                for key in own:
                    issue(key, gives_up=True)
                    issue(key, gives_up=False)
                issue(ids[(number + 1) % ISSUERS * EACH], gives_up=False)  # a neighbour's, who issues it too
                return [db.session.get_one(Order, key).number for key in own]
            finally:
                db.session.remove()

    with ThreadPoolExecutor(ISSUERS) as pool:
        given = [number for numbers in pool.map(work, range(ISSUERS)) for number in numbers]

    db.session.expire_all()
    assert len(given) == len(set(given)) == ISSUERS * EACH
    assert Counter(db.session.scalars(sa.select(Order.state))) == {OrderState.ISSUED: ISSUERS * EACH}
    papers = db.session.scalars(sa.select(IssuedDocument.serial).order_by(IssuedDocument.serial)).all()
    assert papers == list(range(1, ISSUERS * EACH + 1))
    check_numbers()
