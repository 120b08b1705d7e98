"""The leader's sample of what was struck off: the draw, the second look, and what follows from a false closure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.organisations.models import Brigade
from app.rectification.models.findings import Finding, RecheckOutcome
from app.rectification.models.looks import ClosureSample, SampledClosure
from app.rectification.models.orders import Order
from app.rectification.rules import sampling as rules
from app.rectification.rules.machine import OrderState
from app.rectification.service import approving, drafting, sampling
from app.rectification.service import findings as service
from app.rectification.service.findings import RecheckReading
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
from tests.factories import rectification as make
from tests.factories.pictures import picture


def last_month() -> date:
    return rules.months_before(clock.today(), 1)[0]


def struck_off(cast: Cast, *, count: int = 1, second: str = "ivo", **more: object) -> list[Finding]:
    """Struck off on the tenth of last month by Ines and somebody."""
    day = last_month() + timedelta(days=9)
    row = make.inspection(cast, on=day - timedelta(days=5), **more)  # type: ignore[arg-type]
    found = [make.finding(cast, row=row, item_code=f"EXI-{n:02}", found_on=day) for n in range(count)]
    again = make.inspection(cast, on=day, second_id=cast.people[second])
    facts = make.facts(cast, again)
    readings = [RecheckReading(finding_id=f.id, outcome=RecheckOutcome.CORRECTED) for f in found]
    service.apply_recheck(cast.viewer("ines"), inspection=facts, results=readings)
    return found


def sampled(sample: ClosureSample) -> list[SampledClosure]:
    query = sa.select(SampledClosure).where(SampledClosure.sample_id == sample.id).order_by(SampledClosure.position)
    return list(db.session.scalars(query))


def drawn(cast: Cast, **more: object) -> SampledClosure:
    struck_off(cast, **more)  # type: ignore[arg-type]
    return sampled(sampling.draw(cast.viewer("lea"), month=last_month()))[0]


# the draw -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pool", "percent", "count"), [(0, 5, 0), (1, 5, 1), (20, 5, 1), (21, 5, 2), (100, 10, 10), (7, 0, 0), (3, 100, 3)]
)
def test_so_many_per_cent_rounded_up_are_drawn(pool: int, percent: int, count: int) -> None:
    names = [f"f{n}" for n in range(pool)]
    first = rules.draw(names, percent=percent, seed="a")
    assert len(first) == len(set(first)) == count
    assert rules.draw(list(reversed(names)), percent=percent, seed="a") == first


def test_another_seed_draws_others() -> None:
    names = [f"f{n}" for n in range(1000)]
    assert rules.draw(names, percent=5, seed="a") != rules.draw(names, percent=5, seed="b")


def test_the_draw_is_kept_and_anybody_can_draw_it_again(cast: Cast) -> None:
    db.session.get_one(Brigade, cast.brigade_id).settings = {"sample_percent": 50}
    found = struck_off(cast, count=5)
    sample = sampling.draw(cast.viewer("lea"), month=last_month())
    assert set(sample.pool) == {str(f.id) for f in found}
    chosen = [str(one.finding_id) for one in sampled(sample)]
    assert chosen == rules.draw(sample.pool, percent=50, seed=sample.seed)
    assert len(chosen) == 3
    assert sampling.draw(cast.viewer("lea"), month=last_month()).id == sample.id


def test_a_month_that_runs_or_is_empty_is_not_drawn(cast: Cast) -> None:
    with pytest.raises(DomainError, match="还没有结束"):
        sampling.draw(cast.viewer("lea"), month=clock.today())
    with pytest.raises(DomainError, match="没有复查销号"):
        sampling.draw(cast.viewer("lea"), month=last_month())


@pytest.mark.parametrize("name", ["ines", "ivo", "olga", "stan", "pema", "beate", "dora", "oskar"])
def test_only_the_leader_samples(cast: Cast, name: str) -> None:
    one = drawn(cast)
    with pytest.raises(NotYours):
        sampling.check(cast.viewer(name), one, is_true=True)
    with pytest.raises(NotYours):
        sampling.draw(cast.viewer(name), month=last_month())


# the second look ------------------------------------------------------------------------------------------------------


def test_a_true_closure_stays_with_its_photo(cast: Cast) -> None:
    one = drawn(cast)
    sampling.check(cast.viewer("lea"), one, is_true=True, remark="现场完好", photos=[("a.jpg", picture())])
    sampling.check(cast.viewer("lea"), one, is_true=True)
    assert db.session.get_one(Finding, one.finding_id).closed_on is not None
    assert db.session.scalars(sa.select(Photo.place)).all() == [str(one.id)]
    with pytest.raises(DomainError, match="已经核实过"):
        sampling.check(cast.viewer("lea"), one, is_true=False, remark="不实")


def test_a_false_closure_opens_the_finding_and_its_order_again(cast: Cast) -> None:
    order = orders.served(cast, count=1, on=last_month())
    finding = drafting.items_of(order)[0][1]
    again = make.inspection(cast, on=last_month() + timedelta(days=3))
    reading = RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.CORRECTED)
    service.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, again), results=[reading])
    assert db.session.get_one(Order, order.id).state is OrderState.CLOSED
    [one] = sampled(sampling.draw(cast.viewer("lea"), month=last_month()))
    with pytest.raises(DomainError, match="不实的情况"):
        sampling.check(cast.viewer("lea"), one, is_true=False, remark=" ")
    sampling.check(cast.viewer("lea"), one, is_true=False, remark="仍然上锁")
    assert (finding.closed_on, order.state) == (None, OrderState.SERVED)


def test_who_struck_it_off_never_samples_it_but_a_deputy_does(cast: Cast) -> None:
    one = drawn(cast, second="lea")
    with pytest.raises(NotYours, match="自己的销号"):
        sampling.check(cast.viewer("lea"), one, is_true=True)
    approving.name_deputy(cast.viewer("lea"), person_id=cast.people["olga"], from_on=clock.today(), to_on=clock.today())
    sampling.check(cast.viewer("olga"), one, is_true=False, remark="仍然上锁")
    assert db.session.get_one(Finding, one.finding_id).closed_on is None


# the page -------------------------------------------------------------------------------------------------------------


def test_the_leader_draws_and_answers_on_the_page(cast: Cast, as_person: SignInAs) -> None:
    struck_off(cast)
    db.session.commit()
    lea, month = as_person("lea"), f"{last_month():%Y-%m}"
    assert "抽取" in lea.get("/closures").get_data(as_text=True)
    assert lea.post("/closures", data={"month": month}).status_code == 302
    one = db.session.scalars(sa.select(SampledClosure)).one()
    wrong = lea.post(f"/closures/{one.id}", data={"s1-answer": "false"})
    assert wrong.status_code == 422
    assert "请写明不实的情况" in wrong.get_data(as_text=True)
    assert lea.post(f"/closures/{one.id}", data={"s1-answer": "true"}).status_code == 302
    assert "属实" in lea.get(f"/closures?month={month}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "status"), [("pema", 403), ("dora", 403), ("beate", 403), ("stan", 403), ("ines", 200)]
)
def test_the_page_is_the_brigades(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    struck_off(cast)
    db.session.commit()
    person = as_person(name)
    assert person.get("/closures").status_code == status
    assert person.post("/closures", data={"month": f"{last_month():%Y-%m}"}).status_code == 403


def test_another_brigade_neither_sees_nor_answers(cast: Cast, as_person: SignInAs) -> None:
    one = drawn(cast)
    db.session.commit()
    assert as_person("oskar").post(f"/closures/{one.id}", data={"s1-answer": "true"}).status_code == 404
