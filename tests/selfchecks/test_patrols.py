"""Patrols on the phone: begin, tick by label, code or tap, faults, the end; who may, what it wrote, twice, other schools."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.duties.models import DutyChange, DutyRecord
from app.fieldwork.models import Photo
from app.rectification.models.findings import Finding
from app.selfchecks.models import OwnTodo, PatrolPoint, PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.rules.rounds import Origin, RouteKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories import selfchecks as make

KEY = "01a20000-0000-7000-8000-0000000000a1"
BEGIN = {"key": KEY, "done_by": "多吉", "device_at": ""}
FAULT = {"result": "fault", "text": "防火门被顶开"}


@dataclass
class Laid:
    """A route with two points at Pema's school."""

    cast: Cast
    east: PatrolPoint
    west: PatrolPoint
    route: PatrolRoute

    @property
    def start(self) -> str:
        return f"/patrols/routes/{self.route.id}/start"


@pytest.fixture
def laid(cast: Cast) -> Laid:
    """It is laid out."""
    db.session.execute(sa.text("UPDATE school SET made_at = made_at"))
    by = cast.people["pema"]
    east, west = (make.point(cast.school_id, by, name) for name in ("东楼梯", "西楼梯"))
    route = make.route(cast.school_id, by, [east, west])
    db.session.commit()
    return Laid(cast, east, west, route)


def _round() -> PatrolRound:
    return db.session.scalars(sa.select(PatrolRound)).one()


def _begun(laid: Laid, **more: object) -> str:
    row = make.round_on(laid.route, laid.cast.people["pema"], **more)
    db.session.commit()
    return f"/patrols/{row.id}"


def _seen(point: PatrolPoint) -> PatrolSeen:
    return db.session.scalars(sa.select(PatrolSeen).where(PatrolSeen.point_id == point.id)).one()


def _count(table: type[object]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.parametrize("name", ["pema", "sonam"])
def test_a_round_walked_to_its_end_fulfils_the_day(laid: Laid, as_person: SignInAs, name: str) -> None:
    phone = as_person(name)
    db.session.execute(sa.delete(DutyChange))
    db.session.commit()
    page = phone.post(laid.start, data=BEGIN, follow_redirects=True).text
    assert "东楼梯" in page
    row = _round()
    for point in (laid.east, laid.west):
        phone.post(f"/patrols/{row.id}/points/{point.id}", data={"result": "fine"})
    page = phone.post(f"/patrols/{row.id}/finish", follow_redirects=True).text
    assert "全部走到" in page
    record = db.session.scalars(sa.select(DutyRecord)).one()
    assert (record.id, record.duty, record.done_by, record.found_faults) == (row.id, "patrol_daily", "多吉", False)
    assert (record.held_at, record.logged_by_id) == (_round().started_at, laid.cast.people[name])
    assert _count(DutyChange) == 1
    assert (_round().record_id, _round().missed_reason) == (row.id, "")


@pytest.mark.parametrize(("kind", "duty"), [(RouteKind.NIGHT, "patrol_night"), (RouteKind.KEY, "patrol_key_places")])
def test_each_kind_of_route_fulfils_its_own_duty(laid: Laid, as_person: SignInAs, kind: RouteKind, duty: str) -> None:
    laid.route.kind, laid.route.stops = kind, [str(laid.east.id)]
    address = _begun(laid)
    phone = as_person("pema")
    phone.post(f"{address}/points/{laid.east.id}", data={"result": "fine"})
    phone.post(f"{address}/finish")
    assert db.session.scalars(sa.select(DutyRecord.duty)).all() == [duty]


def test_the_button_pressed_twice_begins_one_round_and_a_second_person_goes_along(
    laid: Laid, as_person: SignInAs
) -> None:
    for name, key in (("pema", KEY), ("pema", KEY), ("sonam", str(uuid.uuid4()))):
        assert as_person(name).post(laid.start, data=BEGIN | {"key": key}).status_code == 302
    assert _round().started_by_id == laid.cast.people["pema"]


def test_who_was_there_is_kept_as_scanned_typed_or_only_tapped(laid: Laid, as_person: SignInAs) -> None:
    third = make.point(laid.cast.school_id, laid.cast.people["pema"], "厨房")
    laid.route.stops = [*laid.route.stops, str(third.id)]
    address, phone = _begun(laid), as_person("pema")
    page = phone.get(f"/w/{laid.east.code}", follow_redirects=True)
    phone.send(page.page, button="看过，正常")
    page = phone.post(f"{address}/code", data={"code": laid.west.code.lower()}, follow_redirects=True)
    phone.send(page.page, button="看过，正常")
    # Who says "scanned" without the label's code has only tapped.
    phone.post(f"{address}/points/{third.id}", data={"result": "fine", "scanned": "1", "code": laid.west.code})
    assert [_seen(p).origin for p in (laid.east, laid.west, third)] == [Origin.SCAN, Origin.TYPE, Origin.TAP]


def test_a_point_ticked_twice_keeps_its_first_moment(laid: Laid, as_person: SignInAs) -> None:
    address, phone = _begun(laid), as_person("pema")
    told = (clock.now() - timedelta(minutes=3)).isoformat()
    phone.post(f"{address}/points/{laid.east.id}", data={"result": "fine", "device_at": told})
    first = (_seen(laid.east).seen_at, _seen(laid.east).device_at)
    phone.post(f"{address}/points/{laid.east.id}", data={"result": "fine"})
    assert (_seen(laid.east).seen_at, _seen(laid.east).device_at) == first
    assert first[1] is not None


def test_a_fault_becomes_the_schools_own_to_do_and_no_finding(laid: Laid, as_person: SignInAs) -> None:
    address, phone = _begun(laid), as_person("pema")
    photo = {"photos": (io.BytesIO(pictures.picture()), "door.jpg")}
    for _twice in range(2):
        phone.post(f"{address}/points/{laid.east.id}", data=FAULT)
    phone.post(f"{address}/points/{laid.west.id}", data=FAULT | {"text": "灯不亮"} | photo)
    phone.post(f"{address}/finish")
    found = db.session.scalars(sa.select(OwnTodo).order_by(OwnTodo.text)).all()
    assert [one.text for one in found] == ["灯不亮", "防火门被顶开"]
    assert _count(Finding) == 0
    record = db.session.scalars(sa.select(DutyRecord)).one()
    assert record.found_faults
    assert "防火门被顶开" in record.notes
    taken = db.session.scalars(sa.select(Photo)).one()
    assert taken.target_id == record.id
    assert as_person("ines").get(f"/photos/{taken.id}").status_code == 200
    assert as_person("otto").get(f"/photos/{taken.id}").status_code == 404
    page = phone.get(f"/schools/{laid.cast.school_id}/patrols").text
    assert "防火门被顶开" in page


def test_a_fault_is_not_taken_back_by_a_later_tap(laid: Laid, as_person: SignInAs) -> None:
    address, phone = _begun(laid), as_person("pema")
    for said in (FAULT, {"result": "fine"}):
        phone.post(f"{address}/points/{laid.east.id}", data=said)
    assert (_seen(laid.east).fine, _seen(laid.east).text) == (False, "防火门被顶开")


def test_a_round_that_missed_points_says_which_and_fulfils_nothing(laid: Laid, as_person: SignInAs) -> None:
    address, phone = _begun(laid), as_person("pema")
    phone.post(f"{address}/points/{laid.east.id}", data={"result": "fine"})
    refused = phone.post(f"{address}/finish", data={"reason": ""})
    assert refused.status_code == 422
    assert "还有 1 个点没有巡查" in refused.text
    page = phone.post(f"{address}/finish", data={"reason": "西楼在施工"}, follow_redirects=True).text
    assert "没有走到的点" in page
    assert "西楼在施工" in page
    assert (_count(DutyRecord), _round().record_id) == (0, None)
    assert "没有走到：西楼梯（西楼在施工）" in phone.get(f"/schools/{laid.cast.school_id}/patrols").text


def test_a_round_left_open_takes_nothing_more_and_says_what_was_missed(laid: Laid, as_person: SignInAs) -> None:
    address, phone = _begun(laid, started_at=clock.now() - timedelta(hours=5)), as_person("pema")
    assert phone.post(f"{address}/points/{laid.east.id}", data={"result": "fine"}).status_code == 422
    assert "这次巡查没有结束" in phone.get(address).text
    phone.post(laid.start, data=BEGIN)
    assert _count(PatrolRound) == 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("points/{east}", {"result": "fault", "text": " "}, "发现问题时请写明"),
        ("points/{east}", FAULT | {"text": "长" * 501}, "不超过 500 字"),
        ("code", {"code": "ABC"}, "标签编号是 7 位"),
        ("code", {"code": "{foreign}"}, "不是本校巡查点的标签"),
        ("code", {"code": "{off}"}, "不在这条路线上"),
        ("code", {"code": ""}, "请输入标签上的编号"),
    ],
)
def test_what_cannot_be_is_refused(laid: Laid, as_person: SignInAs, path: str, data: dict[str, str], said: str) -> None:
    foreign = make.point(laid.cast.ottos_school_id, laid.cast.people["otto"])
    off = make.point(laid.cast.school_id, laid.cast.people["pema"], "库房")
    address = _begun(laid)
    values = {"east": laid.east.id, "foreign": foreign.code, "off": off.code}
    sent = {name: value.format(**values) if "{" in value else value for name, value in data.items()}
    answer = as_person("pema").post(f"{address}/{path.format(**values)}", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert _count(PatrolSeen) == 0


@pytest.mark.parametrize(
    ("name", "status"), [("ines", 403), ("lea", 403), ("beate", 403), ("otto", 404), ("otilia", 403)]
)
def test_only_the_schools_own_people_walk(laid: Laid, as_person: SignInAs, name: str, status: int) -> None:
    address, browser = _begun(laid), as_person(name)
    acts = (laid.start, f"{address}/points/{laid.east.id}", f"{address}/finish", f"{address}/code")
    status = 404 if name == "otilia" else status
    assert {browser.post(one, data=BEGIN | {"result": "fine"}).status_code for one in acts} == {status}
    assert (_count(PatrolRound), _count(PatrolSeen), _round().finished_at) == (1, 0, None)


def test_the_brigade_sees_and_another_school_does_not(laid: Laid, as_person: SignInAs) -> None:
    address = _begun(laid)
    for name, status in (("ines", 200), ("beate", 200), ("otto", 404), ("oskar", 404)):
        browser = as_person(name)
        assert browser.get(address).status_code == status
        assert browser.get(f"/schools/{laid.cast.school_id}/patrols").status_code == status
        assert browser.get(f"/w/{laid.east.code}").status_code == status


def test_a_label_leads_to_a_beginning_where_nobody_walks(laid: Laid, as_person: SignInAs) -> None:
    phone = as_person("pema")
    page = phone.get(f"/w/{laid.west.code}").page  # type: ignore[attr-defined]
    page = phone.send(page, button="开始巡查，从这个点记起").page  # type: ignore[attr-defined]
    phone.send(page, button="看过，正常")
    assert _seen(laid.west).origin is Origin.SCAN
    assert phone.get("/w/AAAAAAA").status_code == 404


def test_a_to_do_is_closed_once_with_words(laid: Laid, as_person: SignInAs) -> None:
    todo = make.todo(make.round_on(laid.route, laid.cast.people["pema"]))
    db.session.commit()
    address, phone = f"/todos/{todo.id}/done", as_person("sonam")
    assert phone.post(address, data={"note": " "}).status_code == 422
    for note in ("已取走垫块", "又说一遍"):
        phone.post(address, data={"note": note})
    db.session.refresh(todo)
    assert (todo.done_note, todo.done_by_id) == ("已取走垫块", laid.cast.people["sonam"])
    assert as_person("otto").post(address, data={"note": "x"}).status_code == 404
    assert as_person("ines").post(address, data={"note": "x"}).status_code == 403


def test_the_pages_ask_the_same_few_questions_however_many_rounds(
    laid: Laid, as_person: SignInAs, count_queries: object
) -> None:
    laid.cast.school.is_boarding, laid.route.made_at = True, clock.now() - timedelta(days=9)
    laid.route.kind = RouteKind.NIGHT
    for hours in range(6):
        _begun(laid, started_at=clock.now() - timedelta(hours=9 * hours))
    phone = as_person("pema")
    with count_queries() as counted:  # type: ignore[operator]
        page = phone.get(f"/schools/{laid.cast.school_id}/patrols").text
    assert "夜间巡查的间隔" in page
    assert counted.number <= 15, "\n".join(counted.statements)
