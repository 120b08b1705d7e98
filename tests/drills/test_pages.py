"""What is said of drills alone; what they share with the other log is in tests/logbook."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillKind
from app.schools.models import Place, PlaceKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make

TODAY = clock.today()
FILLED = {
    "kind": "evacuation",
    "day": TODAY.isoformat(),
    "time": "00:01",
    "first_out": "0:22",
    "last_out": "1分54秒",
    "counted": "3:10",
    "expected": "６２０",
    "present": "600",
    "accounted": "599",
    "led_by": "白玛",
    "problems": "西侧楼梯拥挤",
}


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Drill.id))) or 0


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "stan", "lea", "olga"])
def test_school_and_brigade_log_a_drill(cast: Cast, as_person: SignInAs, name: str) -> None:
    house = make.building(cast)
    db.session.commit()
    answer = as_person(name).post(
        f"/drills/new?school={cast.school_id}", data=FILLED | {"building": str(house.id)}, follow_redirects=True
    )
    page = answer.get_data(as_text=True)
    assert "1 人未清点到" in page
    assert "达到目标 2:00" in page
    drill = db.session.scalars(sa.select(Drill)).one()
    assert (drill.first_out_s, drill.last_out_s, drill.counted_s) == (22, 114, 190)
    assert (drill.expected, drill.present, drill.accounted) == (620, 600, 599)
    assert clock.day_of(drill.held_at) == TODAY
    assert drill.logged_by_id == cast.people[name]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "dance"}, "Not a valid choice"),
        ({"day": ""}, "请填写演练日期"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "日期不能晚于"),
        ({"time": "25:00"}, "Not a valid time"),
        ({"last_out": "105"}, "请按“分:秒”填写"),
        ({"last_out": "0:10"}, "最后一人离开的时间不能早于第一人离开"),
        ({"counted": "1:00"}, "清点完毕的时间不能早于最后一人离开"),
        ({"accounted": ""}, "请填写集合点清点到的人数"),
        ({"accounted": "-1"}, "人数应在 0 到 100000 之间"),
        ({"expected": "100001"}, "人数应在 0 到 100000 之间"),
        ({"building": str(uuid.uuid4())}, "Not a valid choice"),
        ({"led_by": "长" * 81}, "80"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("pema").post(f"/drills/new?school={cast.school_id}", data=FILLED | change)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "error-summary" in page
    assert said in page or "Not a valid" in said
    assert _count() == 0


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", 3),
        ("kind=night", 1),
        ("q=第二小学", 1),
        (f"since={TODAY}", 2),
        (f"until={TODAY - timedelta(days=1)}", 1),
        ("since=nonsense&kind=nonsense", 3),
    ],
)
def test_the_list_is_filtered(cast: Cast, as_person: SignInAs, query: str, seen: int) -> None:
    make.drill(cast)
    make.drill(cast, kind=DrillKind.NIGHT, held_at=clock.now() - timedelta(days=40))
    make.drill(cast, school_id=cast.ottos_school_id)
    db.session.commit()
    page = as_person("lea").get(f"/drills?{query}").text
    assert len(set(re.findall(r'href="/drills/([0-9a-f-]{36})"', page))) == seen


def test_stairs_tell_when_a_drill_was_too_fast(cast: Cast, as_person: SignInAs) -> None:
    house = make.building(cast, floors_above=5)
    for _ in range(2):
        db.session.add(
            Place(school_id=cast.school_id, building_id=house.id, kind=PlaceKind.STAIR, name="楼梯", width_m=1.2)
        )
    address = f"/drills/{make.drill(cast, building_id=house.id, present=320, accounted=320, last_out_s=60).id}"
    db.session.commit()
    page = as_person("pema").get(address).text
    assert "用时短于按楼梯宽度估算的时间" in page
    assert "2:09" in page  # 320 people through four lanes of 37 a minute
    assert "这座建筑由学校自定目标" in page


def test_what_became_known_later_is_added_once_and_what_was_written_stands(cast: Cast, as_person: SignInAs) -> None:
    drill = make.drill(cast, notes="雨天")
    db.session.commit()
    client = as_person("pema")
    page = client.page(f"/drills/{drill.id}")
    for _time in range(2):
        client.send(page, {"text": "一名学生当日请假，已核实"}, button="补记")
    assert drill.notes.startswith("雨天\n")
    assert drill.notes.endswith("补记：一名学生当日请假，已核实")
    assert drill.notes.count("补记") == 1


@pytest.mark.parametrize(("name", "status"), [("dora", 403), ("oskar", 404), ("otto", 404)])
def test_who_may_not_add_to_a_drill(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    drill = make.drill(cast)
    db.session.commit()
    assert as_person(name).post(f"/drills/{drill.id}/note", data={"text": "x"}).status_code == status


def test_an_empty_note_is_refused(cast: Cast, as_person: SignInAs) -> None:
    drill = make.drill(cast)
    db.session.commit()
    answer = as_person("pema").post(f"/drills/{drill.id}/note", data={"text": " "})
    assert answer.status_code == 422
    assert "请写明要补记的内容" in answer.text
