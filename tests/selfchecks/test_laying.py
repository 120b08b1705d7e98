"""Laying out points and routes, their labels and sheets on paper, and entering a sheet afterwards."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.core.files import files
from app.duties.models import DutyRecord
from app.equipment.rules import tags
from app.schools.models import Building
from app.selfchecks.models import OwnTodo, PatrolPoint, PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.rules.rounds import Origin, RouteKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import selfchecks as make

KEY = "01a20000-0000-7000-8000-0000000000b1"
POINT = {"key": KEY, "name": "宿舍楼东楼梯", "look_at": "防火门关好", "at": ""}


def _count(table: type[object]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _points(cast: Cast, *names: str) -> list[PatrolPoint]:
    found = [make.point(cast.school_id, cast.people["pema"], name) for name in names]
    db.session.commit()
    return found


def test_a_point_is_laid_out_once_with_a_code_of_its_own(cast: Cast, as_person: SignInAs) -> None:
    building = Building(school_id=cast.school_id, name="宿舍楼")
    db.session.add(building)
    db.session.commit()
    phone = as_person("pema")
    for _twice in range(2):
        answer = phone.post(f"/schools/{cast.school_id}/patrols/points", data=POINT | {"at": str(building.id)})
    assert answer.status_code == 302
    row = db.session.scalars(sa.select(PatrolPoint)).one()
    assert (row.name, row.where, row.building_id, row.place_id) == ("宿舍楼东楼梯", "宿舍楼", building.id, None)
    assert tags.read(row.code) == row.code
    page = phone.get(f"/patrols/points/{row.id}").page  # type: ignore[attr-defined]
    phone.send(page, {"name": "东楼梯 1 层"}, button="保存")
    db.session.refresh(row)
    assert (row.name, row.building_id) == ("东楼梯 1 层", building.id)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "said"),
    [({"name": ""}, "请填写巡查点的名称"), ({"name": "长" * 81}, "不超过 80 字"), ({"name": "西楼梯"}, "已经有同名的巡查点"), ({"at": str(uuid.uuid4())}, "error-summary")],
)  # fmt: skip
def test_a_point_that_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    _points(cast, "西楼梯")
    answer = as_person("pema").post(f"/schools/{cast.school_id}/patrols/points", data=POINT | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert _count(PatrolPoint) == 1


def test_a_route_goes_by_the_numbers_and_rounds_of_the_past_keep_theirs(cast: Cast, as_person: SignInAs) -> None:
    east, west, store = _points(cast, "东楼梯", "西楼梯", "库房")
    phone = as_person("pema")
    page = phone.get(f"/schools/{cast.school_id}/patrols/routes").page  # type: ignore[attr-defined]
    numbers = {f"n_{east.id.hex}": "2", f"n_{west.id.hex}": "１", f"n_{store.id.hex}": ""}
    phone.send(page, {"kind": "night", "name": "宿舍夜巡", **numbers}, button="保存")
    route = db.session.scalars(sa.select(PatrolRoute)).one()
    assert (route.kind, route.stops) == (RouteKind.NIGHT, [str(west.id), str(east.id)])
    walked = make.round_on(route, cast.people["pema"])
    db.session.commit()
    page = phone.get(f"/patrols/routes/{route.id}").page  # type: ignore[attr-defined]
    phone.send(page, {f"n_{store.id.hex}": "3"}, button="保存")
    phone.post(f"/patrols/points/{west.id}/retire")
    db.session.expire_all()
    assert route.stops == [str(east.id), str(store.id)]
    assert [stop.name for stop in walked.all_stops] == ["西楼梯", "东楼梯"]
    phone.post(f"/patrols/routes/{route.id}/retire")
    db.session.expire_all()
    assert route.retired_at is not None
    assert phone.post(f"/patrols/routes/{route.id}/start", data={"done_by": "多吉"}).status_code == 302  # goes along


def test_a_route_without_points_is_refused(cast: Cast, as_person: SignInAs) -> None:
    (east,) = _points(cast, "东楼梯")
    sent = {"kind": "daily", "name": "每日", f"n_{east.id.hex}": ""}
    answer = as_person("pema").post(f"/schools/{cast.school_id}/patrols/routes", data=sent)
    assert answer.status_code == 422
    assert "请至少选一个巡查点" in answer.text


@pytest.mark.parametrize(("name", "status"), [("ines", 403), ("beate", 403), ("otto", 404)])
def test_only_the_school_lays_out(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    (east,) = _points(cast, "东楼梯")
    route = make.route(cast.school_id, cast.people["pema"], [east])
    db.session.commit()
    browser = as_person(name)
    for address in (
        f"/schools/{cast.school_id}/patrols/points", f"/schools/{cast.school_id}/patrols/routes", f"/patrols/points/{east.id}",
        f"/patrols/points/{east.id}/retire", f"/patrols/routes/{route.id}", f"/patrols/routes/{route.id}/retire",
        f"/patrols/routes/{route.id}/paper", f"/patrols/routes/{route.id}/sheet", f"/schools/{cast.school_id}/patrols/labels",
    ):  # fmt: skip
        assert browser.post(address, data=POINT).status_code == status, address
    db.session.expire_all()
    assert (east.retired_at, route.retired_at, _count(PatrolPoint)) == (None, None, 1)


def test_labels_and_the_sheet_are_printed_for_who_asked(cast: Cast, as_person: SignInAs) -> None:
    east, west = _points(cast, "东楼梯", "西楼梯")
    route = make.route(cast.school_id, cast.people["pema"], [east, west])
    db.session.commit()
    phone = as_person("pema")
    places = [
        phone.post(address).location
        for address in (f"/schools/{cast.school_id}/patrols/labels", f"/patrols/routes/{route.id}/sheet")
    ]
    assert "正在生成" in phone.get(places[0]).text
    jobs.run_all()
    for place in places:
        assert "已生成，共 1 页" in phone.get(place).text
        assert phone.get(f"{place}.pdf").data.startswith(b"%PDF-")
        assert as_person("sonam").get(f"{place}.pdf").status_code == 404
    assert files() is not None


PAPER = {"key": KEY, "day": clock.today().isoformat(), "began": "00:05", "done_by": "多吉", "reason": ""}


def _paper(route: PatrolRoute, **points: str) -> dict[str, str]:
    fields = {f"r_{uuid.UUID(p).hex}": "fine" for p in route.stops}
    return PAPER | fields | points


def test_a_sheet_entered_afterwards_keeps_the_times_it_says_and_is_marked(cast: Cast, as_person: SignInAs) -> None:
    east, west = _points(cast, "东楼梯", "西楼梯")
    route = make.route(cast.school_id, cast.people["pema"], [east, west])
    db.session.commit()
    more = {f"t_{east.id.hex}": "00:10", f"r_{west.id.hex}": "fault", f"x_{west.id.hex}": "灯不亮"}
    phone = as_person("pema")
    for _twice in range(2):
        page = phone.post(f"/patrols/routes/{route.id}/paper", data=_paper(route, **more), follow_redirects=True).text
    assert "按纸质记录补录" in page
    assert "纸质记录没有写时间" in page
    walked = db.session.scalars(sa.select(PatrolRound)).one()
    began = datetime.combine(clock.today(), datetime.min.time(), clock.ZONE) + timedelta(minutes=5)
    assert (walked.from_paper, walked.started_at) == (True, began)
    seen = {one.point_id: one for one in db.session.scalars(sa.select(PatrolSeen))}
    assert seen[east.id].seen_at == began + timedelta(minutes=5)
    assert (seen[west.id].seen_at, seen[west.id].origin, seen[west.id].fine) == (None, Origin.PAPER, False)
    record = db.session.scalars(sa.select(DutyRecord)).one()
    assert (record.held_at, record.found_faults) == (began, True)
    assert db.session.scalars(sa.select(OwnTodo.text)).all() == ["灯不亮"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"began": "23:59"}, "时间不能晚于现在"), ({"day": "2001-01-01"}, "以前不在可查看的年度内"), ({"done_by": ""}, "请填写巡查人"),
        ({"r": "missed"}, "请至少填写一个巡查点"), ({"r": "fault"}, "发现问题时请写明是什么问题"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    (east,) = _points(cast, "东楼梯")
    route = make.route(cast.school_id, cast.people["pema"], [east])
    db.session.commit()
    change = {f"r_{east.id.hex}" if name == "r" else name: value for name, value in change.items()}
    answer = as_person("pema").post(f"/patrols/routes/{route.id}/paper", data=_paper(route) | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert (_count(PatrolRound), _count(DutyRecord)) == (0, 0)


def test_a_sheet_with_points_missed_wants_the_reason_and_fulfils_nothing(cast: Cast, as_person: SignInAs) -> None:
    east, west = _points(cast, "东楼梯", "西楼梯")
    route = make.route(cast.school_id, cast.people["pema"], [east, west])
    db.session.commit()
    sent = _paper(route, **{f"r_{west.id.hex}": "missed"})
    phone = as_person("pema")
    assert phone.post(f"/patrols/routes/{route.id}/paper", data=sent).status_code == 422
    assert phone.post(f"/patrols/routes/{route.id}/paper", data=sent | {"reason": "门锁着"}).status_code == 302
    assert (_count(PatrolRound), _count(DutyRecord)) == (1, 0)
