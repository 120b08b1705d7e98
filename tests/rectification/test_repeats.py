"""Faults that come back, and what may follow when a re-check fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.findings import Finding, RecheckOutcome, Severity
from app.rectification.models.orders import OrderEvent
from app.rectification.queries import findings as queries
from app.rectification.queries import repeats
from app.rectification.service import drafting, escalating
from app.rectification.service import findings as service
from app.rectification.service.findings import RecheckReading
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
from tests.factories import rectification as make


def before(cast: Cast, days: int, **more: object) -> Finding:
    return make.finding(cast, found_on=clock.today() - timedelta(days=days), **more)  # type: ignore[arg-type]


CASES = [
    ("the same place in words", 100, {}, True),
    ("a year ago", 365, {}, True),
    ("longer ago", 366, {}, False),
    ("another place", 100, {"place_label": "教学楼"}, False),
    ("another item", 100, {"item_code": "EXI-02"}, False),
    ("another piece", 100, {"target_id": "x"}, False),
]


@pytest.mark.parametrize(("days", "more", "repeated"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_same_item_at_the_same_place_within_a_year_is_a_repeat(
    cast: Cast, days: int, more: dict[str, object], repeated: bool
) -> None:
    old, new = before(cast, days, **more), make.finding(cast)
    assert [f.id for f in repeats.earlier(new)] == ([old.id] if repeated else [])
    assert repeats.earlier(old) == []


def test_another_schools_and_withdrawn_ones_are_no_repeats(cast: Cast) -> None:
    before(cast, 10, school_id=cast.ottos_school_id)
    service.withdraw(cast.viewer("lea"), finding=before(cast, 20), reason="误录")
    assert repeats.earlier(make.finding(cast)) == []


def test_the_same_piece_is_the_same_place_whatever_it_is_called(cast: Cast) -> None:
    old = before(cast, 30, target_id="p1", place_label="一层")
    new = make.finding(cast, target_id="p1", place_label="一楼走廊")
    assert [f.id for f in repeats.earlier(new)] == [old.id]
    assert repeats.known_faults(cast.school_id, without=new.inspection_id) == {("EXI-01", "p1"): old.found_on}


def test_finding_and_order_show_the_repeat(cast: Cast, as_person: SignInAs) -> None:
    old = before(cast, 40)
    order = orders.served(cast, findings=[make.finding(cast)])
    finding = drafting.items_of(order)[0][1]
    [(_item, line, _holder)] = queries.lines_of_order(cast.viewer("ines"), order.id)
    assert line.repeated == old.found_on
    db.session.commit()
    ines = as_person("ines")
    for page in (f"/findings/{finding.id}", f"/orders/{order.id}"):
        assert "同一部位十二个月内再次出现" in ines.get(page).get_data(as_text=True)


def failed_twice(cast: Cast) -> tuple[object, Finding]:
    order = orders.served(cast, findings=[make.finding(cast, severity=Severity.CRITICAL)])
    finding = drafting.items_of(order)[0][1]
    for hours in (2, 1):
        row = make.inspection(cast, school_id=order.school_id, started_at=clock.now() - timedelta(hours=hours))
        readings = [RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.NOT_CORRECTED)]
        service.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, row), results=readings)
    return order, finding


def test_a_failed_recheck_offers_each_next_step_with_its_button(cast: Cast, as_person: SignInAs) -> None:
    order, finding = failed_twice(cast)
    db.session.commit()
    page = as_person("ines").get(f"/orders/{order.id}").get_data(as_text=True)  # type: ignore[attr-defined]
    for address in (
        f"/orders/new?school={finding.school_id}&amp;finding={finding.id}",
        f"/findings/{finding.id}/penalty",
        f"/sealings/new?school={finding.school_id}",
        f"/major/new?school={finding.school_id}&amp;finding={finding.id}",
        f"/orders/{order.id}/escalate",  # type: ignore[attr-defined]
    ):
        assert address in page


def test_a_higher_level_is_asked_with_its_name_and_the_reason(cast: Cast, as_person: SignInAs) -> None:
    order, finding = failed_twice(cast)
    ines, said = cast.viewer("ines"), {"to": "示范市消防救援支队", "reason": "两次复查未改"}
    for missing in ("to", "reason"):
        with pytest.raises(DomainError):
            escalating.escalate(ines, order, finding_id=finding.id, **(said | {missing: " "}))  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="没有这个"):
        escalating.escalate(ines, order, finding_id=make.finding(cast).id, **said)  # type: ignore[arg-type]
    for name in ("pema", "olga", "oskar", "dora"):
        with pytest.raises(NotYours):
            escalating.escalate(cast.viewer(name), order, finding_id=finding.id, **said)  # type: ignore[arg-type]
    db.session.commit()
    browser = as_person("ines")
    address = f"/orders/{order.id}/escalate"  # type: ignore[attr-defined]
    assert browser.post(address, data={"finding": str(finding.id), "to": "", "reason": "x"}).status_code == 422
    assert browser.post(address, data={"finding": str(finding.id), **said}).status_code == 302
    event = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "escalate")).one()
    assert (event.finding_id, event.detail) == (finding.id, said | {"level": "detachment"})


def test_a_finished_order_is_not_escalated(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    service.withdraw(cast.viewer("lea"), finding=drafting.items_of(order)[0][1], reason="误录")
    with pytest.raises(DomainError, match="不在执行中"):
        escalating.escalate(cast.viewer("ines"), order, finding_id=None, to="支队", reason="x")
