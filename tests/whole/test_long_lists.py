"""Long lists choose by key and read late: page by page they are what the whole list is, in the same order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.inspections import queries as inspections
from app.inspections.models import Inspection, InspectionState
from app.rectification.models.findings import RecheckOutcome, Severity
from app.rectification.models.orders import Order, OrderKind, OrderState
from app.rectification.queries import clocks, findings, orders
from app.rectification.rules.findings import Colour, Thresholds, awaits_recheck, recheck_due
from app.regulations.queries import workdays_of
from tests.cast import Cast
from tests.factories import rectification as make

NEAR = Thresholds()


@pytest.fixture
def busy(app: Flask, cast: Cast) -> Cast:
    """Three dozen findings of two schools in every state, late and not, sent in, returned, looked at again, closed."""
    today = clock.today()
    for n in range(36):
        found = today - timedelta(days=30 + n % 7)
        finding = make.finding(
            cast, school_id=cast.ottos_school_id if n % 3 == 0 else cast.school_id, found_on=found, item_code=f"X-{n:02d}",
            deadline=today + timedelta(days=n % 5 * 9 - 20), severity=list(Severity)[n % 3],
        )  # fmt: skip
        if n % 4 == 0:
            back = make.at(today - timedelta(days=2)) if n % 8 == 0 else None
            make.evidence(
                cast, finding, sent_at=make.at(today - timedelta(days=9)), asks_recheck=n % 3 == 1, returned_at=back
            )
        if n % 6 == 0:
            make.recheck(cast, finding, on=today - timedelta(days=n % 4 * 5), outcome=RecheckOutcome.PARTLY)
        if n % 9 == 0:
            finding.closed_on, finding.closed_how, finding.closed_reason = today, "withdrawn", "误录"
    db.session.flush()
    return cast


def walked(listing: Callable[[str | None], Any]) -> list[Any]:
    """The rows of every page, the last page gone back from as well."""
    rows, key, before = [], None, None
    while True:
        page = listing(key)
        if before is not None:
            back = listing(page.previous_key)
            assert [repr(row) for row in back.rows] == [repr(row) for row in before]
        rows, before = [*rows, *page.rows], page.rows
        if page.next_key is None:
            return rows
        key = page.next_key


@pytest.mark.parametrize("sort", list(findings.SORTS))
@pytest.mark.parametrize("state", ["unsettled", "awaiting", "near", "overdue", "closed", ""])
def test_the_pages_of_findings_are_the_whole_list(busy: Cast, sort: str, state: str) -> None:
    ines, choice = busy.viewer("ines"), findings.Choice(state=state, sort=sort)
    pages = walked(lambda key: findings.listing(ines, choice, key=key, size=5))
    assert pages == findings.everything(ines, choice, most=1000)
    assert len(pages) == findings.count(ines, choice)


@pytest.mark.parametrize("colour", list(Colour))
def test_the_pages_of_a_colour_hold_what_has_it(busy: Cast, colour: Colour) -> None:
    ines = busy.viewer("ines")
    every = findings.everything(ines, findings.Choice(), most=1000)
    pages = walked(lambda key: findings.listing(ines, findings.Choice(colour=colour.value), key=key, size=5))
    assert pages == [line for line in every if line.standing.colour is colour]


@pytest.fixture
def ordered(busy: Cast) -> Cast:
    """Two dozen orders of the two schools on their way, by different officers, some of them on one day."""
    today = clock.today()
    for n in range(24):
        state = [OrderState.DRAFT, OrderState.LEGAL_REVIEW, OrderState.APPROVAL, OrderState.SERVED][n % 4]
        given = state is OrderState.SERVED
        order = Order(
            school_id=busy.school_id if n % 3 else busy.ottos_school_id, brigade_id=busy.brigade_id,
            kind=OrderKind.IMMEDIATE if n % 5 == 0 else OrderKind.LIMITED, state=state, lead_id=busy.people["ivo" if n % 2 else "ines"],
            visited_on=today - timedelta(days=n % 6), drafted_at=make.at(today - timedelta(days=n % 6)),
            next_deadline=today + timedelta(days=n % 5 * 3 - 4) if given else None, number=f"消限〔2026〕{n}号" if given else "",
            issued_on=today if given else None, served_on=today if given else None, imported=given,
        )  # fmt: skip
        db.session.add(order)
    db.session.flush()
    return busy


@pytest.mark.parametrize("sort", list(orders.SORTS))
@pytest.mark.parametrize("search", ["", "第一", "限"])
def test_the_pages_of_orders_are_the_whole_list(ordered: Cast, sort: str, search: str) -> None:
    ines, choice = ordered.viewer("ines"), orders.Choice(sort=sort, search=search)
    pages = walked(lambda key: orders.listing(ines, choice, thresholds=NEAR, key=key, size=5))
    assert pages == orders.everything(ines, choice, thresholds=NEAR, most=1000)
    assert pages


@pytest.mark.parametrize("state", [None, InspectionState.SIGNED])
def test_the_pages_of_inspections_are_the_whole_list_what_waits_first(
    busy: Cast, state: InspectionState | None
) -> None:
    for n in range(7):
        row = make.inspection(busy, on=clock.today() - timedelta(days=n % 3))
        row.state = [InspectionState.SIGNING, InspectionState.DRAFT][n % 2]
    db.session.flush()
    every = db.session.scalars(sa.select(Inspection)).all()
    waiting = (InspectionState.DRAFT, InspectionState.SIGNING)
    wanted = [row for row in every if state in (None, row.state)]
    wanted.sort(key=lambda row: (row.started_at, row.id), reverse=True)
    wanted.sort(key=lambda row: row.state not in waiting)
    for size in (3, 50):
        pages = walked(lambda key, size=size: inspections.listing(busy.viewer("ines"), state=state, key=key, size=size))
        assert [line.inspection.id for line in pages] == [row.id for row in wanted]


def test_the_page_of_clocks_counts_each_as_if_it_were_alone(ordered: Cast) -> None:
    lea, today = ordered.viewer("lea"), clock.today()
    found = clocks.running(lea, own=False)
    for line in found.lines:
        assert line.due == line.placed.due(workdays_of(line.placed.area_code))
    due: dict[tuple[Any, Any], int] = {}
    for finding in findings.everything(lea, findings.Choice(state=""), most=1000):
        if awaits_recheck(finding.facts, today):
            reckoned = recheck_due(finding.facts, workdays_of(finding.area_code))
            assert reckoned is not None
            place = (finding.school_name, reckoned.day)
            due[place] = due.get(place, 0) + 1
    told: dict[tuple[Any, Any], int] = {}
    for line in found.lines:
        if "项待复查" in line.placed.clock.label:
            place = (line.placed.school, line.due.day)
            told[place] = told.get(place, 0) + int(line.placed.clock.label.partition("：")[2].split()[0])
    assert told == due
    assert found.all == len(found.lines) == found.total
    assert sum("通知书" in line.placed.clock.label for line in found.lines) == 18
