"""Calendars elsewhere: an address is made, read, revoked; what stands in it and what never does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from icalendar import Calendar, Component

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.drills.rules.plans import PlanState
from app.planning.models import DayPart, VisitKind
from app.workcalendar import service
from app.workcalendar.models import CalendarFeed
from app.workcalendar.views.feeds import GUESSES
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills, rectification, tasks, trainings
from tests.workcalendar.test_pages import MONDAY, visit


def made(cast: Cast, name: str, *, of_school: bool = False) -> str:
    """An address, without the house it is at."""
    _feed, token = service.make(cast.viewer(name), school=cast.school if of_school else None)
    db.session.commit()
    return f"/calendar/feed/{token}.ics"


def events(client: FlaskClient, address: str) -> dict[str, Component]:
    """The events by their summaries."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.fixture
def full(cast: Cast) -> Cast:
    """A week with one of each, and a visit for a complaint."""
    visit(cast, purpose="秋季检查", part=DayPart.MORNING)
    visit(cast, days=2, kind=VisitKind.COMPLAINT, purpose="家长王某投诉")
    visit(cast, days=3, lead="ivo", purpose="别人的")
    drills.plan(
        cast, planned_at=clock.start_of(MONDAY + timedelta(days=1)) + timedelta(hours=9), state=PlanState.SUBMITTED
    )
    trainings.session(cast)
    tasks.at(tasks.task(cast, due_on=MONDAY + timedelta(days=3)), cast.school_id)
    rectification.finding(cast, deadline=MONDAY + timedelta(days=2))
    db.session.commit()
    return cast


def test_an_address_is_made_shown_once_and_revoked(cast: Cast, as_person: SignInAs, client: FlaskClient) -> None:
    pema = as_person("pema")
    shown = pema.send(pema.page("/calendar/feeds"), {}, button="生成日历地址")
    (address,) = shown.page.all("//input[@id='address']/@value")
    path = address[address.index("/calendar/feed/") :]
    kept = db.session.scalars(sa.select(CalendarFeed)).one()
    assert kept.token_sha256 not in address
    assert path.split("/")[-1].removesuffix(".ics") not in str(vars(kept))
    assert not pema.page("/calendar/feeds").all("//input[@id='address']")
    assert client.get(path).status_code == 200
    for _time in range(2):
        assert pema.post(f"/calendar/feeds/{kept.id}/revoke").status_code == 302
    assert client.get(path).status_code == 404
    acts = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "calendar_feed")).all()
    assert sorted(acts) == ["make_feed", "revoke_feed"]


def test_a_school_reads_its_own_days_and_no_visits(full: Cast, client: FlaskClient) -> None:
    for address in (made(full, "pema"), made(full, "pema", of_school=True), made(full, "ines", of_school=True)):
        found = events(client, address)
        assert set(found) == {
            "应急疏散演练 示范区第一小学", "培训：食堂人员 示范区第一小学", "任务到期：开学前消防自查 示范区第一小学", "整改到期 1 项 示范区第一小学",
        }  # fmt: skip


def test_what_is_timed_has_the_schools_zone_and_what_is_due_takes_the_day(full: Cast, client: FlaskClient) -> None:
    address = made(full, "pema")
    found = events(client, address)
    text = client.get(address).get_data(as_text=True)
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Asia/Shanghai:20261124T090000" in text
    training = found["培训：食堂人员 示范区第一小学"]
    assert training.end - training.start == timedelta(minutes=68)
    deadline = found["整改到期 1 项 示范区第一小学"]
    assert (deadline.start, deadline.end) == (date(2026, 11, 25), date(2026, 11, 26))
    drill = found["应急疏散演练 示范区第一小学"]
    assert (drill["status"], "待大队审核" in drill["description"]) == ("TENTATIVE", True)
    assert f"/drills/plans/{str(drill['uid'])[6:42]}" in drill["url"]
    again = events(client, address)
    assert {str(one["uid"]) for one in again.values()} == {str(one["uid"]) for one in found.values()}


def test_an_officer_reads_their_own_visits_and_nothing_of_complaints(full: Cast, client: FlaskClient) -> None:
    trainings.session(full, made_by_id=full.people["ines"], is_half_day=True)
    trainings.session(full, made_by_id=full.people["ivo"], is_half_day=True)
    db.session.commit()
    address = made(full, "ines")
    wanted = {"上午 检查 示范区第一小学", "检查 示范区第一小学", "半日宣传：食堂人员 示范区第一小学"}
    assert set(events(client, address)) == wanted
    text = Calendar.from_ical(client.get(address).data).to_ical().decode().replace("\r\n ", "")
    assert "秋季检查" in text
    for secret in ("投诉", "王某", "别人的", "尼玛、"):
        assert secret not in text


def test_others_read_the_drills_and_trainings_they_may_see(full: Cast, client: FlaskClient) -> None:
    for name, number in (("stan", 2), ("beate", 2), ("otto", 0), ("oskar", 0)):
        assert len(events(client, made(full, name))) == number


def test_english_is_asked_for_in_the_address(full: Cast, client: FlaskClient) -> None:
    found = events(client, made(full, "pema") + "?lang=en")
    assert "1 correction due Shifan District No. 1 Primary School" in found


def test_who_has_left_reads_nothing_more(full: Cast, client: FlaskClient) -> None:
    own, of_school = made(full, "sonam"), made(full, "sonam", of_school=True)
    assert client.get(of_school).status_code == 200
    full.person("sonam").memberships[0].ended_at = clock.now()
    db.session.commit()
    assert [client.get(address).status_code for address in (own, of_school)] == [404, 404]
    pemas = made(full, "pema")
    full.person("pema").active = False
    db.session.commit()
    assert client.get(pemas).status_code == 404


def test_guessing_is_slow(cast: Cast, client: FlaskClient) -> None:
    good = made(cast, "pema")
    told = [client.get(f"/calendar/feed/guess-{n}.ics").status_code for n in range(GUESSES + 1)]
    assert (set(told[:-1]), told[-1]) == ({404}, 429)
    assert client.get(good).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"), [("pema", 200), ("ines", 200), ("olga", 200), ("otto", 404), ("oskar", 404), ("beate", 403), ("ada", 403)]
)  # fmt: skip
def test_who_may_make_an_address_for_a_school(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get(f"/calendar/feeds?school={cast.school_id}").status_code == status
    sent = as_person(name).post("/calendar/feeds", data={"school": str(cast.school_id)}).status_code
    assert sent == (302 if status == 200 else status)
    assert db.session.query(CalendarFeed).count() == (1 if status == 200 else 0)


def test_nobody_revokes_what_is_not_theirs(cast: Cast, as_person: SignInAs, client: FlaskClient) -> None:
    own, of_school = made(cast, "pema"), made(cast, "pema", of_school=True)
    ids = {row.school_id is None: row.id for row in db.session.scalars(sa.select(CalendarFeed))}
    for name, is_own in (("sonam", True), ("ines", True), ("otto", False), ("beate", False), ("oskar", False)):
        assert as_person(name).post(f"/calendar/feeds/{ids[is_own]}/revoke").status_code == 404
    assert client.get(own).status_code == client.get(of_school).status_code == 200
    assert as_person("sonam").post(f"/calendar/feeds/{ids[False]}/revoke").status_code == 302
    assert client.get(of_school).status_code == 404


def test_there_are_five_at_most(cast: Cast, as_person: SignInAs) -> None:
    for _time in range(5):
        made(cast, "pema")
    answer = as_person("pema").post("/calendar/feeds")
    assert answer.status_code == 422
    assert "最多同时有 5 个" in answer.get_data(as_text=True)


def test_a_feed_sends_few_statements(full: Cast, client: FlaskClient, count_queries: Any) -> None:
    address = made(full, "pema", of_school=True)
    client.get(address)
    with count_queries() as counted:
        client.get(address)
    assert counted.number <= 10
