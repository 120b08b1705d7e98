"""The page of the weekly half day: the year in weeks, what lies ahead, officers and schools; who may see it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.extensions import db
from app.trainings.models import Audience
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings
from tests.factories.schools import school as another_school

TODAY = clock.today()


def _half_day(cast: Cast, day: date, *, held: bool = True, **more: Any) -> None:
    at = clock.start_of(day) + timedelta(hours=9)
    by = {"made_by_id": cast.people["ines"], "audience": Audience.PUPILS, "topics": "逃生常识"}
    session = trainings.session(cast, starts_at=at, is_half_day=True, **by | more)
    if held:
        trainings.training(
            cast, session_id=session.id, held_at=at, school_id=session.school_id, audience=Audience.PUPILS, attended=300
        )
    db.session.commit()


def _page(as_person: SignInAs, name: str = "lea", year: int = TODAY.year) -> str:
    return as_person(name).get(f"/trainings/half-days?year={year}").get_data(as_text=True)


def _weeks(page: str) -> dict[int, str]:
    return {int(number): state for state, number in re.findall(r'data-status="(\w+)"><b>第(\d+)周', page)}


def test_weeks_with_and_without_their_half_day_are_told_apart(cast: Cast, as_person: SignInAs) -> None:
    _half_day(cast, date(2026, 11, 4))
    _half_day(cast, date(2026, 11, 18), held=False)
    _half_day(cast, date(2026, 11, 30), held=False)
    _half_day(cast, date(2026, 12, 9), held=False, called_off_at=clock.now(), called_off_reason="放假")
    page = _page(as_person)
    found = _weeks(page)
    assert [found[n] for n in (44, 45, 46, 47, 49, 50)] == ["off", "held", "lacking", "to_log", "planned", "free"]
    assert "到今天应开展 3 周" in page
    row = page[page.index('id="officers"') :]
    assert re.findall(r'cell-value">(\d+)<', row)[:3] == ["1", "2", "300"]


def test_schools_that_had_none_come_first_and_lead_to_planning_one(cast: Cast, as_person: SignInAs) -> None:
    other = another_school(cast, name="示范区第九小学")
    _half_day(cast, date(2026, 11, 4))
    page = _page(as_person)
    schools = page[page.index('id="schools"') :]
    assert schools.index("示范区第九小学") < schools.index("示范区第一小学")
    assert "邻区第一小学" not in schools
    address = f"/trainings/sessions/new?school={other.id}&amp;half_day=1"
    assert address in schools
    form = as_person("lea").get(address.replace("&amp;", "&")).get_data(as_text=True)
    assert re.search(r'<input checked[^>]*name="is_half_day"|name="is_half_day"[^>]*checked', form)


def test_without_any_the_page_says_how_to_begin(cast: Cast, as_person: SignInAs) -> None:
    page = _page(as_person)
    assert "这一年没有半日宣传" in page
    assert "没有安排" in page
    assert "lacking" not in _weeks(page).values()
    assert "/trainings/half-days" in as_person("lea").get("/trainings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "status"), [("lea", 200), ("ines", 200), ("stan", 200), ("pema", 403), ("beate", 403), ("otto", 403)]
)
def test_only_the_brigade_sees_it(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get("/trainings/half-days").status_code == status


def test_it_sends_as_many_statements_for_many_as_for_one(cast: Cast, as_person: SignInAs, count_queries: Any) -> None:
    _half_day(cast, date(2026, 11, 4))
    lea = as_person("lea")
    lea.get("/trainings/half-days")
    with count_queries() as few:
        lea.get("/trainings/half-days")
    for n in range(5):
        _half_day(cast, date(2026, 11, 9 + n), held=n % 2 == 0)
    lea.get("/trainings/half-days")
    with count_queries() as many:
        lea.get("/trainings/half-days")
    assert many.number == few.number <= 15
