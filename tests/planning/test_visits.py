"""Planning visits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.planning import service
from app.planning.models import Visit, VisitState
from tests.cast import Cast
from tests.conftest import SignInAs


def plan(cast: Cast, **more: object) -> Visit:
    """A visit of Ines and Ivo tomorrow."""
    visit = service.plan(
        cast.viewer("lea"),
        **{
            "school": cast.school, "planned_on": clock.today() + timedelta(days=1), "lead_id": cast.people["ines"],
            "second_id": cast.people["ivo"],
        } | more,
    )  # fmt: skip
    db.session.commit()
    return visit


def test_a_visit_is_planned_and_listed_for_its_officers(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("lea")
    page = client.page(f"/visits/new?school={cast.school_id}")
    day = (clock.today() + timedelta(days=3)).isoformat()
    values = {"planned_on": day, "lead_id": str(cast.people["ines"]), "purpose": "秋季检查"}
    assert client.send(page, values, button="列入计划").status_code == 200
    assert db.session.query(Visit).one().purpose == "秋季检查"
    assert "秋季检查" in as_person("ines").page("/visits?mine=1").main
    assert "秋季检查" not in as_person("ivo").page("/visits?mine=1").main
    assert "秋季检查" in as_person("ivo").page("/visits").main


def test_pressing_twice_plans_once(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("lea")
    page = client.page(f"/visits/new?school={cast.school_id}")
    for _time in range(2):
        client.send(
            page, {"planned_on": clock.today().isoformat(), "lead_id": str(cast.people["ines"])}, button="列入计划"
        )
    assert db.session.query(Visit).count() == 1


def test_going_back_and_sending_again_does_not_plan_it_twice(cast: Cast, as_person: SignInAs) -> None:
    client, address = as_person("lea"), f"/visits/new?school={cast.school_id}"
    values = {"planned_on": clock.today().isoformat(), "lead_id": str(cast.people["ines"]), "purpose": "秋季检查"}
    client.send(client.page(address), values, button="列入计划")
    again = client.send(client.page(address), values, button="列入计划")
    assert "已经在计划里" in again.text
    other = client.send(client.page(address), values | {"purpose": "夜查"}, button="列入计划")
    assert other.status_code == 200
    assert db.session.query(Visit).count() == 2


@pytest.mark.parametrize(
    "more", [{"second_id": "ines"}, {"lead_id": "stan"}, {"lead_id": "oskar"}, {"second_id": "pema"}]
)
def test_only_two_different_inspectors_of_the_brigade_go(cast: Cast, more: dict[str, str]) -> None:
    with pytest.raises(DomainError):
        plan(cast, **{key: cast.people[name] for key, name in more.items()})


def test_the_past_is_not_planned(cast: Cast, as_person: SignInAs) -> None:
    with pytest.raises(DomainError):
        plan(cast, planned_on=clock.today() - timedelta(days=1))
    client = as_person("lea")
    page = client.page(f"/visits/new?school={cast.school_id}")
    answer = client.send(page, {"planned_on": "2020-01-01"}, button="列入计划")
    assert answer.status_code == 422
    answer = client.send(page, {"planned_on": "2126-01-01"}, button="列入计划")
    assert answer.status_code == 422
    assert "计划日期太远，请核对年份。" in answer.text
    assert plan(cast, planned_on=clock.today() + timedelta(days=731)).id


def test_a_visit_is_cancelled_with_a_reason_and_stays(cast: Cast, as_person: SignInAs) -> None:
    visit = plan(cast)
    client = as_person("ines")
    page = client.page(f"/visits/{visit.id}")
    assert client.send(page, {"reason": ""}, form="reason", button="取消出行").status_code == 422
    client.send(page, {"reason": "大雪封路"}, form="reason", button="取消出行")
    db.session.expire_all()
    assert (visit.state, visit.cancelled_reason) == (VisitState.CANCELLED, "大雪封路")
    assert "大雪封路" in client.page(f"/visits/{visit.id}").main


def test_what_has_begun_is_not_cancelled(cast: Cast) -> None:
    visit = plan(cast)
    service.start(cast.viewer("ines"), school=cast.school, lead_id=cast.people["ines"], second_id=None, visit=visit)
    with pytest.raises(DomainError):
        service.cancel(cast.viewer("ines"), visit, reason="x")


@pytest.mark.parametrize(
    ("name", "see", "new"),
    [("ines", 200, 200), ("stan", 200, 403), ("olga", 200, 403), ("dora", 200, 403), ("beate", 404, 403), ("pema", 403, 403),
     ("oskar", 404, 404)],
)  # fmt: skip
def test_who_sees_and_who_plans(cast: Cast, as_person: SignInAs, name: str, see: int, new: int) -> None:
    visit = plan(cast)
    client = as_person(name)
    assert client.get(f"/visits/{visit.id}").status_code == see
    assert client.get(f"/visits/new?school={cast.school_id}").status_code == new


def test_a_coming_visit_stands_on_the_schools_page(cast: Cast, as_person: SignInAs) -> None:
    plan(cast, purpose="消防讲座")
    assert "消防讲座" in as_person("ines").page(f"/schools/{cast.school_id}").main
    assert "消防讲座" not in as_person("pema").page(f"/schools/{cast.school_id}").main
