"""The brigade's plan: planned, counted from facts, done, late, cancelled; who may, twice, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.measures import queries
from app.measures.models import Measure
from app.measures.rules import MeasureKind, MeasureState, days_of, state_of
from app.planning.models import Visit, VisitState
from app.schools.models import School, SchoolKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills, teams, trainings
from tests.factories import measures as make

TODAY = clock.today()
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due_on", "done_on", "cancelled", "state"),
    [
        (DAY, None, False, MeasureState.PLANNED),
        (DAY - timedelta(days=1), None, False, MeasureState.LATE),
        (DAY, DAY, False, MeasureState.DONE),
        (DAY, DAY + timedelta(days=1), False, MeasureState.DONE_LATE),
        (DAY - timedelta(days=1), None, True, MeasureState.CANCELLED),
    ],
)
def test_how_a_measure_stands(due_on: date, done_on: date | None, cancelled: bool, state: MeasureState) -> None:
    assert state_of(due_on, done_on=done_on, is_cancelled=cancelled, today=DAY) is state


def test_a_quarter_has_its_three_months() -> None:
    assert days_of(2026, 1) == (date(2026, 1, 1), date(2026, 3, 31))
    assert days_of(2028, 4) == (date(2028, 10, 1), date(2028, 12, 31))
    assert days_of(2026, None) == (date(2026, 1, 1), date(2026, 12, 31))


def _filled(cast: Cast, **more: Any) -> dict[str, Any]:
    said = {
        "key": "01a20000-0000-7000-8000-00000000000a", "year": str(TODAY.year), "quarter": "", "title": "冬季夜间检查",
        "kind": "visits", "target": "20", "due_on": f"{TODAY.year}-12-20", "answers": str(cast.people["ines"]), "team": "",
    }  # fmt: skip
    return said | more


@pytest.mark.parametrize("name", ["lea", "olga"])
def test_a_measure_is_planned_once_and_listed(cast: Cast, as_person: SignInAs, name: str) -> None:
    browser = as_person(name)
    for _twice in range(2):
        assert browser.post("/measures/new", data=_filled(cast)).status_code == 302
    row = db.session.scalars(sa.select(Measure)).one()
    assert (row.brigade_id, row.target, row.answers_id) == (cast.brigade_id, 20, cast.people["ines"])
    assert "冬季夜间检查" in as_person("ines").get("/measures").text
    assert "大队工作计划" in as_person("ines").get("/duties").text
    assert "冬季夜间检查" not in as_person("oskar").get("/measures").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "请写明措施"),
        ({"quarter": "1"}, "要在计划的年度或季度之内"),
        ({"answers": ""}, "请选择负责人"),
        ({"target": "0"}, "请填 1 以上"),
        ({"due_on": ""}, "请填写完成期限"),
    ],
)
def test_what_cannot_be_planned_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("lea").post("/measures/new", data=_filled(cast) | change)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert db.session.scalars(sa.select(Measure)).all() == []


def test_who_may(cast: Cast, as_person: SignInAs) -> None:
    row = make.measure(cast)
    db.session.commit()
    address, done = f"/measures/{row.id}", {"words": "做完", "done_on": TODAY.isoformat()}
    for name, status in (("ivo", 403), ("oskar", 404), ("pema", 403), ("beate", 403), ("dora", 403)):
        assert as_person(name).post(f"{address}/done", data=done).status_code == status, name
    assert as_person("ines").post(f"{address}/cancel", data={"reason": "x"}).status_code == 403
    assert as_person("ines").get("/measures/new").status_code == 403
    assert as_person("pema").get("/measures").status_code == 403


def test_it_is_done_with_words_and_late_only_with_the_reason(cast: Cast, as_person: SignInAs) -> None:
    row = make.measure(cast, due_on=TODAY - timedelta(days=5))
    db.session.commit()
    browser, address = as_person("ines"), f"/measures/{row.id}"
    assert "逾期未完成" in browser.get(address).text
    done = {"words": "八所学校宿管培训，签到表在档", "done_on": TODAY.isoformat()}
    refused = browser.post(f"{address}/done", data=done)
    assert (refused.status_code, "逾期完成须写明原因" in refused.text) == (422, True)
    assert browser.post(f"{address}/done", data=done | {"words": " "}).status_code == 422
    for words in ("八所学校宿管培训，签到表在档", "另一句"):
        browser.post(f"{address}/done", data=done | {"words": words, "late_reason": "大雪停课"})
    assert (row.done_words, row.state) == ("八所学校宿管培训，签到表在档", MeasureState.DONE_LATE)
    assert as_person("lea").post(f"{address}/cancel", data={"reason": "不做了"}).status_code == 422


def test_it_is_cancelled_with_a_reason(cast: Cast, as_person: SignInAs) -> None:
    row = make.measure(cast)
    db.session.commit()
    browser, address = as_person("lea"), f"/measures/{row.id}/cancel"
    assert browser.post(address, data={"reason": ""}).status_code == 422
    for reason in ("并入明年", "别的"):
        browser.post(address, data={"reason": reason})
    assert (row.cancelled_reason, row.state) == ("并入明年", MeasureState.CANCELLED)
    assert "并入明年" in browser.get("/measures").text


def _at(day: date) -> Any:
    return clock.start_of(day) + timedelta(hours=9)


def test_the_facts_of_its_days_and_schools_are_counted(cast: Cast, as_person: SignInAs, count_queries: Any) -> None:
    db.session.get_one(School, cast.ottos_school_id).kind = SchoolKind.KINDERGARTEN
    for school_id, day in (
        (cast.school_id, date(2026, 11, 2)), (cast.ottos_school_id, date(2026, 11, 3)), (cast.school_id, date(2026, 9, 30)),
    ):  # fmt: skip
        trainings.training(cast, school_id=school_id, held_at=_at(day))
    drills.drill(cast, school_id=cast.school_id, held_at=_at(date(2026, 1, 1)))
    db.session.add(
        Visit(
            school_id=cast.school_id, brigade_id=cast.brigade_id, planned_on=DAY, lead_id=cast.people["ines"],
            state=VisitState.DONE, done_at=_at(date(2026, 11, 20)),
        )
    )  # fmt: skip
    team = teams.team(cast, "第一组", "ines")
    teams.has(cast, team, cast.school_id)
    autumn: dict[str, Any] = {"quarter": 4, "year": 2026}
    wanted = {
        "全年": ({"year": 2026}, 3),
        "秋": (autumn, 2),
        "园": (autumn | {"school_kinds": ["kindergarten"]}, 1),
        "组": (autumn | {"team_id": team.id}, 1),
        "练": ({"year": 2026, "kind": MeasureKind.DRILLS}, 1),
        "行": ({"year": 2026, "kind": MeasureKind.VISITS}, 1),
        "查": ({"year": 2026, "kind": MeasureKind.INSPECTIONS}, 0),
        "他": ({"year": 2026, "kind": MeasureKind.OTHER}, None),
    }
    for title, (more, _number) in wanted.items():
        make.measure(cast, title=title, **more)
    db.session.commit()

    found = {line.measure.title: line.done for line in queries.lines(cast.viewer("lea"), 2026)}
    assert found == {title: number for title, (_more, number) in wanted.items()}
    db.session.commit()
    browser = as_person("lea")
    browser.get("/measures?year=2026")
    db.session.commit()
    with count_queries() as counted:
        browser.get("/measures?year=2026")
    assert len(counted.statements) <= 9
