"""A school's home: what it shows, sending photos, and that nobody else's is there."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import ClosedHow, Evidence, Finding
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import rectification as make
from tests.factories.pictures import bomb, picture

TODAY = clock.today()


def _address(finding: Finding) -> str:
    address = f"/portal/findings/{finding.id}"
    db.session.commit()
    return address


def _photo(seed: int = 0, name: str = "a.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(seed=seed)), name


def test_a_school_sees_what_to_do_by_when(cast: Cast, as_person: SignInAs) -> None:
    make.finding(cast, deadline=TODAY + timedelta(days=2))
    make.finding(cast, school_id=cast.ottos_school_id, text="别校的问题")
    db.session.commit()
    page = as_person("pema").get("/portal").get_data(as_text=True)
    for said in (
        "疏散门上锁",
        "宿舍楼二层西侧",
        "拆除挂锁，换成推杆式逃生锁",
        "还剩 2 天",
        "上传整改照片",
        "登记一次演练",
    ):
        assert said in page
    assert "星期" in page
    assert "别校的问题" not in page


def test_the_page_sorts_into_to_do_sent_and_done(cast: Cast, as_person: SignInAs) -> None:
    make.finding(cast, text="还没改")
    make.evidence(cast, make.finding(cast, text="发过照片"), asks_recheck=True)
    make.finding(
        cast, text="早已改好", closed_on=TODAY, closed_how=ClosedHow.RECHECK, recheck_id=make.inspection(cast).id
    )
    db.session.commit()
    page = as_person("sonam").get("/portal").get_data(as_text=True)
    assert page.index("还没改") < page.index("已报送，等待复查") < page.index("发过照片") < page.index("早已改好")
    assert "复查应于" in page


def test_a_school_without_findings_is_told_so(as_person: SignInAs) -> None:
    assert "没有需要整改的问题" in as_person("pema").get("/portal").get_data(as_text=True)


def test_several_photos_and_a_note_are_kept_and_the_finding_stays_open(cast: Cast, as_person: SignInAs) -> None:
    finding = make.finding(cast)
    answer = as_person("pema").post(
        _address(finding),
        data={"photos": [_photo(1), _photo(2, "b.jpg")], "note": "已换锁", "asks_recheck": "y"},
        follow_redirects=True,
    )
    assert "已报送" in answer.get_data(as_text=True)
    sent = db.session.scalars(sa.select(Evidence)).one()
    assert (sent.note, sent.asks_recheck, sent.sent_by_id) == ("已换锁", True, cast.people["pema"])
    photos = db.session.scalars(sa.select(Photo)).all()
    assert {(p.target_kind, p.target_id, p.place) for p in photos} == {
        (TargetKind.FINDING, sent.finding_id, str(sent.id))
    }
    assert len(photos) == 2
    assert db.session.scalars(sa.select(Finding.closed_on)).all() == [None]


def test_the_photos_are_seen_by_the_school_and_its_brigade_only(cast: Cast, as_person: SignInAs) -> None:
    finding = make.finding(cast)
    as_person("pema").post(_address(finding), data={"photos": [_photo()]})
    address = f"/photos/{db.session.scalars(sa.select(Photo.id)).one()}"
    seen = {name: as_person(name).get(address).status_code for name in ("pema", "ines", "beate", "otto", "oskar")}
    assert seen == {"pema": 200, "ines": 200, "beate": 200, "otto": 404, "oskar": 404}


def test_sending_the_same_form_twice_keeps_it_once(cast: Cast, as_person: SignInAs) -> None:
    address, key, pema = _address(make.finding(cast)), str(uuid.uuid4()), as_person("pema")
    for _ in range(2):
        assert pema.post(address, data={"photos": [_photo()], "key": key}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 1


def test_one_bad_photo_does_not_hold_up_the_good_ones(cast: Cast, as_person: SignInAs) -> None:
    address, pema = _address(make.finding(cast)), as_person("pema")
    sent = {"photos": [_photo(1), (io.BytesIO(b"not a photo"), "坏.jpg"), _photo(2, "b.jpg")], "note": "已换锁"}
    page = pema.post(address, data=sent, follow_redirects=True).get_data(as_text=True)
    assert "已报送" in page
    assert "照片“坏.jpg”没有保存：内容不是 JPEG" in page
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 2
    assert db.session.scalars(sa.select(Evidence.note)).all() == ["已换锁"]


def test_when_no_photo_is_good_nothing_is_kept_and_each_is_named(cast: Cast, as_person: SignInAs) -> None:
    sent = {"photos": [(io.BytesIO(b"x"), "甲.jpg"), (io.BytesIO(b""), "乙.jpg")], "note": "已换锁"}
    answer = as_person("pema").post(_address(make.finding(cast)), data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "甲.jpg" in page
    assert "乙.jpg" in page
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "请上传整改照片"),
        ({"note": "   "}, "请上传整改照片"),
        ({"note": "长" * 1001}, "不超过 1000 字"),
        ({"photos": [(b"not a photo", "a.jpg")]}, "不是 JPEG"),
        ({"photos": [(b"", "a.jpg")]}, "文件是空的"),
        ({"photos": [(bomb(), "a.png")]}, "像素过多"),
        ({"photos": [(picture(seed=n), f"{n}.jpg") for n in range(10)]}, "最多上传 9 张"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    cast: Cast, as_person: SignInAs, data: dict[str, object], said: str
) -> None:
    photos = data.get("photos", [])
    assert isinstance(photos, list)
    sent = data | {"photos": [(io.BytesIO(content), name) for content, name in photos]}
    answer = as_person("pema").post(_address(make.finding(cast)), data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0


def test_another_schools_finding_is_not_there(cast: Cast, as_person: SignInAs) -> None:
    address = _address(make.finding(cast))
    for name in ("otto", "otilia"):
        assert as_person(name).get(address).status_code == 404
        assert as_person(name).post(address, data={"note": "x"}).status_code == 404
    assert as_person("otto").get(f"/portal?school={cast.school_id}").status_code == 404


def test_the_brigade_does_not_send_for_the_school(cast: Cast, as_person: SignInAs) -> None:
    address = _address(make.finding(cast))
    for name in ("ines", "lea", "beate", "ada"):
        assert as_person(name).get(address).status_code == 403
        assert as_person(name).post(address, data={"note": "x"}).status_code == 403
        assert as_person(name).get("/portal").status_code == 403


def test_a_closed_finding_takes_nothing_more(cast: Cast, as_person: SignInAs) -> None:
    finding = make.finding(cast, closed_on=TODAY, closed_how=ClosedHow.WITHDRAWN, closed_reason="误录")
    address = _address(finding)
    assert "提交整改照片" not in as_person("pema").get(address).get_data(as_text=True)
    assert as_person("pema").post(address, data={"note": "x"}).status_code == 422


def test_home_costs_the_same_however_many_findings(cast: Cast, as_person: SignInAs, count_queries) -> None:
    pema, numbers = as_person("pema"), []
    for n in (3, 60):
        row = make.inspection(cast)
        for k in range(n):
            make.evidence(cast, make.finding(cast, row=row, item_code=f"N-{k}"), asks_recheck=True)
            make.finding(cast, row=row, item_code=f"M-{k}")
        db.session.commit()
        assert pema.get("/portal").status_code == 200  # reads the checklist once for the process
        with count_queries() as counted:
            assert pema.get("/portal").status_code == 200
        numbers.append(counted.number)
    assert numbers[0] == numbers[1] <= 15
