"""Logging drills, the list, the page, photos, withdrawal, the paper."""

from __future__ import annotations

import html
import io
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import Drill, DrillKind
from app.fieldwork.models import Photo
from app.schools.models import Place, PlaceKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make
from tests.factories.pictures import picture

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


def test_the_same_form_twice_logs_once(cast: Cast, as_person: SignInAs) -> None:
    key, pema = str(uuid.uuid4()), as_person("pema")
    for _ in range(2):
        answer = pema.post(f"/drills/new?school={cast.school_id}", data=FILLED | {"key": key})
        assert answer.status_code == 302
    assert _count() == 1


def test_photos_come_along_and_later(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    sent = FILLED | {"photos": [(io.BytesIO(picture(seed=1)), "a.jpg"), (io.BytesIO(picture(seed=2)), "b.jpg")]}
    address = pema.post(f"/drills/new?school={cast.school_id}", data=sent).headers["Location"]
    for _ in range(2):  # the same picture twice is one
        assert (
            pema.post(f"{address}/photos", data={"photos": [(io.BytesIO(picture(seed=3)), "c.jpg")]}).status_code == 302
        )
    photos = db.session.scalars(sa.select(Photo.id)).all()
    assert len(photos) == 3
    assert as_person("otto").get(f"/photos/{photos[0]}").status_code == 404


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


def test_a_broken_photo_keeps_nothing(cast: Cast, as_person: SignInAs) -> None:
    sent = FILLED | {"photos": [(io.BytesIO(b"text"), "a.jpg")]}
    answer = as_person("pema").post(f"/drills/new?school={cast.school_id}", data=sent)
    assert answer.status_code == 422
    assert "不是 JPEG" in answer.get_data(as_text=True)
    assert (_count(), db.session.scalar(sa.select(sa.func.count(Photo.id)))) == (0, 0)


def test_another_school_is_not_there(cast: Cast, as_person: SignInAs) -> None:
    address = f"/drills/{make.drill(cast).id}"
    db.session.commit()
    for name in ("otto", "oskar", "otilia"):
        browser = as_person(name)
        assert browser.get(address).status_code == 404
        assert browser.post(f"/drills/new?school={cast.school_id}", data=FILLED).status_code == 404
        assert browser.post(f"{address}/withdraw", data={"reason": "x"}).status_code == 404
        assert "600" not in browser.get("/drills").get_data(as_text=True)


@pytest.mark.parametrize("name", ["beate", "dora"])
def test_readers_read_only(cast: Cast, as_person: SignInAs, name: str) -> None:
    address = f"/drills/{make.drill(cast).id}"
    db.session.commit()
    browser = as_person(name)
    assert browser.get(address).status_code == 200
    assert "登记演练" not in browser.get("/drills").get_data(as_text=True)
    for path in ("/drills/new?school=" + str(cast.school_id), f"{address}/withdraw", f"{address}/issue"):
        assert browser.post(path, data=FILLED | {"reason": "x"}).status_code == 403


def test_withdrawn_counts_no_more_and_is_kept(cast: Cast, as_person: SignInAs) -> None:
    address = f"/drills/{make.drill(cast).id}"
    db.session.commit()
    pema = as_person("pema")
    assert pema.post(f"{address}/withdraw", data={"reason": "  "}).status_code == 422
    assert "重复登记" in pema.post(f"{address}/withdraw", data={"reason": "重复登记"}, follow_redirects=True).text
    assert pema.post(f"{address}/withdraw", data={"reason": "再次"}).status_code == 409
    assert address not in pema.get("/drills").text
    assert address in pema.get("/drills?withdrawn=y").text


def test_a_school_does_not_withdraw_what_the_brigade_logged(cast: Cast, as_person: SignInAs) -> None:
    address = f"/drills/{make.drill(cast, logged_by_id=cast.people['ines']).id}"
    db.session.commit()
    assert as_person("pema").post(f"{address}/withdraw", data={"reason": "x"}).status_code == 409
    assert as_person("lea").post(f"{address}/withdraw", data={"reason": "误录"}).status_code == 302


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
    assert page.count("</th></tr>") >= 0
    assert page.count('href="/drills/') - page.count('href="/drills/new') == seen


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


def test_the_paper_is_issued_once_with_number_and_stored(cast: Cast, as_person: SignInAs) -> None:
    drill = make.drill(cast, problems="西侧楼梯拥挤")
    address = f"/drills/{drill.id}"
    db.session.commit()
    ines = as_person("ines")
    first = ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"]
    assert ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"] == first
    assert jobs.run_all() == 1
    paper = db.session.scalars(sa.select(IssuedDocument)).one()
    assert (paper.state, paper.kind, paper.subject_id) == (DocumentState.ISSUED, "drill_record", drill.id)
    assert paper.number.startswith("示消演记字〔")
    assert paper.number in as_person("pema").get(address).text


def test_the_preview_has_no_number(cast: Cast, as_person: SignInAs) -> None:
    address = f"/drills/{make.drill(cast).id}"
    db.session.commit()
    answer = as_person("pema").post(f"{address}/preview", data={"language": "en"})
    assert answer.status_code == 302
    assert jobs.run_all() == 1
    assert as_person("pema").post(f"{address}/issue", data={}).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0


def test_list_and_page_cost_the_same_however_many(cast: Cast, as_person: SignInAs, count_queries) -> None:
    lea, numbers = as_person("lea"), []
    for n in (3, 40):
        drills = [make.drill(cast) for _ in range(n)]
        address = f"/drills/{drills[0].id}"
        db.session.commit()
        counted_now = []
        for path in ("/drills", address):
            with count_queries() as counted:
                assert lea.get(path).status_code == 200
            counted_now.append(counted.number)
        numbers.append(counted_now)
    assert numbers[0] == numbers[1]
    assert max(numbers[1]) <= 15


def test_the_next_page_of_the_list_holds_the_rest(cast: Cast, as_person: SignInAs) -> None:
    for _ in range(52):
        make.drill(cast)
    db.session.commit()
    lea, address = as_person("lea"), "/drills/[0-9a-f]{8}-"
    first = lea.get("/drills").get_data(as_text=True)
    following = re.search(r'href="(/drills\?[^"]*page=[^"]+)"', first)
    assert following
    second = lea.get(html.unescape(following[1])).get_data(as_text=True)
    assert (len(re.findall(f'href="{address}', first)), len(re.findall(f'href="{address}', second))) == (50, 2)
