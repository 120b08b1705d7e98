"""An order that was filled in by hand on a pre-printed sheet where there was no network, and entered afterwards."""

from __future__ import annotations

import json

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.orders import Order
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from app.rectification.service import drafting, issuing, serving
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders

DAYS = 3
SHEET = "YJ-2026-0417"


def entered(cast: Cast, number: str = SHEET, *, kind: OrderKind = OrderKind.IMMEDIATE) -> Order:
    """A draft of a visit three days ago, with the number of the sheet."""
    order = orders.draft(cast, kind=kind, on=orders.in_days(-DAYS), count=1)
    drafting.edit(cast.viewer("ines"), order, deadlines={}, pad_number=number)
    return order


def issued(cast: Cast, order: Order) -> Order:
    drafting.submit(cast.viewer("ines"), order)
    issuing.issue(cast.viewer("ines"), order)
    return order


@pytest.mark.one_database
def test_the_sheets_number_stays_beside_ours_and_the_paper_bears_the_day_of_the_visit(cast: Cast) -> None:
    order = issued(cast, entered(cast))
    day = orders.in_days(-DAYS)
    assert (order.pad_number, order.issued_on, order.visited_on) == (SHEET, day, day)
    assert order.number not in ("", SHEET)
    printed = json.loads(orders.paper(order).context)["data"]
    assert (printed["pad_number"], printed["issued_on"]) == (SHEET, day.isoformat())
    # It was handed over then and there, which an order of today could not say.
    at = clock.now() - (clock.today() - day)
    serving.serve(cast.viewer("ines"), order, orders.by_hand(at=at))
    assert (order.state, order.served_on) == (OrderState.SERVED, day)


@pytest.mark.one_database
def test_an_order_without_a_sheet_bears_the_day_of_its_number(cast: Cast) -> None:
    order = issued(cast, entered(cast, "  "))
    assert (order.pad_number, order.issued_on) == ("", clock.today())
    limited = entered(cast, kind=OrderKind.LIMITED)
    assert limited.pad_number == "", "only what is served on the spot is filled in by hand"


@pytest.mark.one_database
def test_one_sheet_is_one_order_but_a_void_one_gives_it_free(cast: Cast) -> None:
    first = entered(cast)
    drafting.edit(cast.viewer("ines"), first, deadlines={}, pad_number=SHEET)  # the same once more
    drafting.edit(cast.viewer("ines"), first, deadlines={})
    assert first.pad_number == SHEET, "what was not asked stays"
    with pytest.raises(DomainError, match="另一份文书") as refused:
        entered(cast, "ＹＪ-2026-0417 ")
    assert refused.value.field == "pad_number"
    drafting.discard(cast.viewer("ines"), first, reason="写错")
    assert entered(cast).pad_number == SHEET


@pytest.mark.one_database
def test_the_page_takes_the_sheets_number_shows_it_and_finds_the_order_by_it(cast: Cast, as_person: SignInAs) -> None:
    order = orders.draft(cast, kind=OrderKind.IMMEDIATE, count=1)
    limited = orders.draft(cast, count=1)
    db.session.commit()
    ines = as_person("ines")
    assert "文书本编号" not in ines.page(f"/orders/{limited.id}").main
    ines.send(ines.page(f"/orders/{order.id}"), {"pad_number": SHEET}, button="保存草稿")
    assert SHEET in ines.page(f"/orders/{order.id}").main
    assert f"/orders/{order.id}" in ines.get(f"/orders?q={SHEET}").text
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).pad_number == SHEET


@pytest.mark.one_database
def test_nobody_else_enters_a_sheet(cast: Cast, as_person: SignInAs) -> None:
    order = orders.draft(cast, kind=OrderKind.IMMEDIATE, count=1)
    db.session.commit()
    for person in ("pema", "oskar"):
        answer = as_person(person).post(f"/orders/{order.id}/edit", data={"pad_number": SHEET})
        assert answer.status_code in (403, 404)
    db.session.expire_all()
    assert db.session.get_one(Order, order.id).pad_number == ""
