"""Complaints on the brigade's side: taken in, decided, checked, answered, filed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.inspections.models import Inspection, InspectionForm
from app.inspections.service import starting
from app.notifications.models import Outbox
from app.planning import reminders
from app.planning import service as visits
from app.planning.models import Visit, VisitKind
from app.planning.models.complaints import Complaint
from app.planning.queries import complaints as queries
from app.planning.rules.complaints import ComplaintKind, ComplaintState, Intake, Outcome, ReplyChannel
from app.planning.service import complaints as service
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import complaints as factory

TAKEN = {
    "kind": "lane", "text": "消防车通道停满了车", "intake": "office", "office": "12345 热线", "office_number": "转2026-771",
    "place": "南门",
}  # fmt: skip


def anew(complaint: Complaint) -> Complaint:
    """The complaint as it is kept now."""
    db.session.rollback()
    return db.session.get_one(Complaint, complaint.id, populate_existing=True)


def test_a_complaint_from_another_office_is_taken_in_with_its_number(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    page = client.page(f"/complaints/new?school={cast.school_id}")
    shown = client.send(page, TAKEN, button="登记投诉")
    assert "12345 热线 转2026-771" in shown.page.main
    kept = db.session.query(Complaint).one()
    assert (kept.intake, kept.kind, kept.state, kept.school_id, kept.is_named) == (
        Intake.OFFICE, ComplaintKind.LANE, ComplaintState.RECEIVED, cast.school_id, False,
    )  # fmt: skip
    assert kept.number == f"{clock.today().year}-0001"
    assert (
        db.session.scalar(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "complaint"))
        == "complaint_receive"
    )


def test_sent_twice_it_is_taken_in_once(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    page = client.page(f"/complaints/new?school={cast.school_id}")
    for _time in range(2):
        assert client.send(page, TAKEN, button="登记投诉").status_code == 200
    assert db.session.query(Complaint).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"office": ""}, {"kind": None}, {"on": "2020-01-01"}, {"on": "2099-01-01"}, {"at": "25:00"}],
)
def test_what_cannot_be_is_not_taken_in(cast: Cast, as_person: SignInAs, wrong: dict[str, str | None]) -> None:
    client = as_person("olga")
    page = client.page(f"/complaints/new?school={cast.school_id}")
    answer = client.send(page, {**TAKEN, **wrong}, button="登记投诉")
    assert answer.status_code == 422
    assert answer.page.errors
    assert db.session.query(Complaint).count() == 0


def test_a_school_that_the_caller_only_described_is_named_later(cast: Cast, as_person: SignInAs) -> None:
    from app.schools.service import index_schools

    index_schools([cast.school])
    db.session.commit()
    client = as_person("olga")
    page = client.page("/complaints/new")
    shown = client.send(page, {**TAKEN, "about": "示范区第一小学"}, button="登记投诉").page
    assert "安排核查" not in [f.action for f in shown.forms()]
    finder = client.page(shown.link("指明学校"))
    client.send(finder, button="就是“示范区第一小学”")
    kept = db.session.query(Complaint).one()
    assert kept.school_id == cast.school_id


def test_the_way_of_a_complaint_from_the_office_to_the_reply(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.at_pemas(cast)
    address = f"/complaints/{complaint.id}"
    olga, ines = as_person("olga"), as_person("ines")
    olga.send(olga.page(address), {"kind": "blocked"}, button="受理", form="accept")
    planned = ines.send(ines.page(address), {"lead_id": str(cast.people["ines"])}, button="列入计划")
    assert "开始核查" in planned.page.main
    visit = db.session.query(Visit).one()
    assert (visit.kind, visit.school_id) == (VisitKind.COMPLAINT, cast.school_id)
    start = ines.page(planned.page.link("开始核查"))
    ines.send(start, {"second_id": str(cast.people["ivo"])}, button="开始检查")
    inspection = db.session.query(Inspection).one()
    assert inspection.form is InspectionForm.COMPLAINT
    assert f"/inspections/{inspection.id}" in ines.page(address).links
    replied = olga.send(
        olga.page(address),
        {"outcome": "confirmed", "text": "门已打开，学校已整改", "channel": "phone"},
        button="登记答复",
    )
    assert "门已打开，学校已整改" in replied.page.main
    olga.send(olga.page(address), button="办结")
    kept = anew(complaint)
    assert (kept.state, kept.outcome, kept.reply_channel) == (
        ComplaintState.CLOSED, Outcome.CONFIRMED, ReplyChannel.PHONE,
    )  # fmt: skip
    acts = [event.act for event in queries.events_of(complaint.id)]
    assert acts == ["close", "reply", "arrive", "plan", "accept", "receive"]


def test_a_visit_for_a_complaint_that_is_cancelled_waits_for_another(cast: Cast) -> None:
    complaint = factory.planned(cast)
    visits.cancel(cast.viewer("ines"), db.session.get_one(Visit, complaint.visit_id), reason="大雪封路")
    db.session.commit()
    kept = anew(complaint)
    assert (kept.state, kept.visit_id) == (ComplaintState.ACCEPTED, None)


def test_officers_who_went_at_once_name_the_visit_afterwards(cast: Cast) -> None:
    complaint = factory.accepted(cast, at=clock.now() - timedelta(hours=3))
    begun = starting.start(cast.viewer("ines"), school=cast.school, second_id=cast.people["ivo"])
    visit = db.session.get_one(Visit, begun.visit_id)
    service.was_checked_at(cast.viewer("ines"), complaint, visit)
    db.session.commit()
    kept = anew(complaint)
    assert (kept.state, kept.visited_at) == (ComplaintState.VISITED, visit.started_at)


def test_a_visit_before_the_complaint_came_in_or_to_another_school_is_no_check_of_it(cast: Cast) -> None:
    begun = starting.start(cast.viewer("ines"), school=cast.school, second_id=cast.people["ivo"])
    visit = db.session.get_one(Visit, begun.visit_id)
    complaint = factory.accepted(cast)
    complaint.received_at = clock.now()
    with pytest.raises(DomainError, match="之前"):
        service.was_checked_at(cast.viewer("ines"), complaint, visit)
    complaint.school_id = cast.ottos_school_id
    with pytest.raises(DomainError, match="这所学校"):
        service.was_checked_at(cast.viewer("ines"), complaint, visit)


def test_paper_filled_in_earlier_stops_the_clock_when_the_officers_were_there(cast: Cast) -> None:
    complaint = factory.planned(cast, at=clock.now() - timedelta(days=3))
    visit = db.session.get_one(Visit, complaint.visit_id)
    day = clock.today() - timedelta(days=1)
    starting.start(cast.viewer("ines"), school=cast.school, second_id=cast.people["ivo"], visit=visit, paper_day=day)
    db.session.commit()
    visited = anew(complaint).visited_at
    assert visited is not None
    assert clock.day_of(visited) == day


@pytest.mark.parametrize(("act", "state"), [("transfer", "transferred"), ("reject", "rejected")])
def test_what_is_not_ours_is_handed_on_or_refused_with_a_reason_and_answered(
    cast: Cast, as_person: SignInAs, act: str, state: str
) -> None:
    complaint = factory.at_pemas(cast)
    client, address = as_person("olga"), f"/complaints/{complaint.id}"
    empty = client.post(f"{address}/{act}", data={})
    assert empty.status_code == 422
    client.post(f"{address}/{act}", data={"to": "住建局", "reason": "不属于消防安全"})
    assert anew(complaint).state == ComplaintState(state)
    client.send(client.page(address), {"text": "已告知由住建局办理", "channel": "phone"}, button="登记答复")
    assert anew(complaint).state is ComplaintState.REPLIED


def test_a_complaint_is_taken_back_and_its_clock_ran_on(cast: Cast) -> None:
    complaint = factory.at_pemas(cast, at=clock.now() - timedelta(days=2))
    service.reject(cast.viewer("olga"), complaint, reason="不属于")
    service.retake(cast.viewer("olga"), complaint, reason="核实后属于")
    db.session.commit()
    line = queries.line(cast.viewer("olga"), complaint.id)
    assert line is not None
    assert (line.runs, line.is_late, line.complaint.outcome) == (True, True, None)


def test_linked_complaints_share_a_visit_and_stay_two(cast: Cast) -> None:
    first, second = factory.accepted(cast), factory.at_pemas(cast, text="楼梯间锁了")
    olga = cast.viewer("olga")
    service.accept(olga, second, kind=second.kind)
    service.link(olga, second, first)
    service.link(olga, second, first)
    visit = service.plan(
        cast.viewer("ines"), first, school=cast.school, planned_on=clock.today(), lead_id=cast.people["ines"], second_id=None
    )  # fmt: skip
    visits.start(cast.viewer("ines"), school=cast.school, lead_id=cast.people["ines"], second_id=None, visit=visit)
    db.session.commit()
    assert [anew(c).state for c in (first, second)] == [ComplaintState.VISITED, ComplaintState.VISITED]
    service.reply(olga, first, text="已整改", on=clock.today(), channel=ReplyChannel.PHONE, outcome=Outcome.CONFIRMED)
    assert anew(second).state is ComplaintState.VISITED


def test_a_complaint_linked_to_one_already_checked_follows_it_only_when_it_came_before(cast: Cast) -> None:
    first = factory.planned(cast, at=clock.now() - timedelta(hours=2))
    before = factory.at_pemas(cast, at=clock.now() - timedelta(hours=1))
    visit = db.session.get_one(Visit, first.visit_id)
    visits.start(cast.viewer("ines"), school=cast.school, lead_id=cast.people["ines"], second_id=None, visit=visit)
    after = factory.at_pemas(cast)
    for one in (before, after):
        service.link(cast.viewer("olga"), one, first)
    db.session.commit()
    assert (anew(before).state, anew(after).state) == (ComplaintState.VISITED, ComplaintState.RECEIVED)


def test_complaints_of_two_schools_are_not_linked_nor_one_with_itself(cast: Cast) -> None:
    first = factory.at_pemas(cast)
    other = factory.received(db.session.get_one(type(cast.school), cast.ottos_school_id))
    for pair in ((first, other), (first, first)):
        with pytest.raises(DomainError):
            service.link(cast.viewer("olga"), *pair)


def test_a_step_out_of_turn_is_refused_and_doing_one_twice_changes_nothing(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.accepted(cast)
    client = as_person("olga")
    again = client.post(f"/complaints/{complaint.id}/accept", data={"kind": "other"})
    early = client.post(
        f"/complaints/{complaint.id}/reply", data={"text": "x", "channel": "phone", "on": clock.today()}
    )
    assert (again.status_code, early.status_code) == (422, 422)
    kept = anew(complaint)
    assert (kept.state, kept.kind) == (ComplaintState.ACCEPTED, ComplaintKind.BLOCKED)


@pytest.mark.parametrize("day", [-40, 1])
def test_a_reply_lies_between_the_complaint_and_today(cast: Cast, day: int) -> None:
    complaint = factory.at_pemas(cast)
    service.reject(cast.viewer("olga"), complaint, reason="不属于")
    with pytest.raises(DomainError):
        service.reply(
            cast.viewer("olga"), complaint, text="x", on=clock.today() + timedelta(days=day), channel=ReplyChannel.PHONE
        )


def test_what_is_late_alarms_on_the_list_on_its_page_and_at_home(cast: Cast, as_person: SignInAs) -> None:
    late = factory.at_pemas(cast, at=clock.now() - timedelta(hours=25))
    fresh = factory.at_pemas(cast, text="另一处")
    client = as_person("lea")
    listed = client.page("/complaints?late=y").main
    assert late.number in listed
    assert fresh.number not in listed
    assert "已超过到场核查的时限" in client.page(f"/complaints/{late.id}").main
    assert "投诉超时" in client.page("/").main


def test_the_list_finds_by_number_words_school_and_state(cast: Cast, as_person: SignInAs) -> None:
    one = factory.at_pemas(cast, text="消火栓没有水", kind=ComplaintKind.EQUIPMENT)
    other = factory.accepted(cast)
    client = as_person("ines")
    for asked, found in (
        (f"q={one.number}", one), ("q=消火栓", one), ("state=accepted", other), ("kind=blocked", other), ("kind=equipment", one),
    ):  # fmt: skip
        main = client.page(f"/complaints?{asked}").main
        assert found.number in main
        assert (other if found is one else one).number not in main
    assert "没有符合条件的投诉" in client.page("/complaints?q=%25").main
    assert "没有符合条件" in client.page("/complaints?intake=letter").main
    assert "还没有" not in client.page(f"/complaints?all=1&school={cast.school_id}").main


def test_a_list_of_sixty_is_paged_by_key_and_needs_few_queries(cast: Cast, as_person: SignInAs, count_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(55):
        factory.received(cast.school, at=clock.now() - timedelta(minutes=n), text=f"第{n}件")
    db.session.commit()
    client = as_person("ines")
    with count_queries() as counted:
        first = client.page("/complaints")
    assert counted.number <= 12
    second = client.page(first.link("下一页"))
    assert len(set(first.links) & set(second.links) & {x for x in first.links if x.startswith("/complaints/0")}) == 0
    with count_queries() as counted:
        client.page("/")
    assert counted.number <= 15


def test_the_counts_are_figures_by_month_kind_and_outcome(cast: Cast, as_person: SignInAs) -> None:
    factory.at_pemas(cast)
    done = factory.at_pemas(cast, kind=ComplaintKind.LANE)
    service.reject(cast.viewer("olga"), done, reason="不属于")
    db.session.commit()
    page = as_person("dora").page("/complaints/counts").main
    assert "全年收到 2" in page
    assert "尚无结果 1" in page
    assert factory.CALLER.name not in page
    tally = queries.counted(cast.viewer("dora"), clock.today().year)
    assert {(row.month, row.number) for row in tally} == {(clock.today().month, 1)}


def test_its_clock_stands_on_the_page_of_clocks_for_who_goes_or_else_for_the_brigade(
    cast: Cast, as_person: SignInAs
) -> None:
    waiting, going = factory.at_pemas(cast), factory.planned(cast)
    own = as_person("ines").page("/clocks").main
    assert waiting.number in own
    assert going.number in own
    olgas = as_person("olga").page("/clocks").main
    assert waiting.number in olgas
    assert going.number not in olgas
    assert waiting.number not in as_person("stan").page("/clocks?whose=all").main


def test_the_brigade_is_told_of_a_complaint_and_reminded_but_never_who_made_it(cast: Cast) -> None:
    complaint = factory.at_pemas(cast)
    told = db.session.scalars(sa.select(Outbox)).one()
    assert (told.event, told.urgent, told.data["number"]) == ("complaint_new", True, complaint.number)
    due = clock.day_of(complaint.received_at) + timedelta(days=1)
    for day, some in (
        (due - timedelta(days=2), 0),
        (due - timedelta(days=1), 1),
        (due, 1),
        (due + timedelta(days=2), 0),
    ):
        assert len(list(reminders.of_complaints(day))) == some
    said = str([told.data, *reminders.of_complaints(due)])
    assert not any(secret in said for secret in (factory.CALLER.name, factory.CALLER.phone, complaint.text))
    service.reject(cast.viewer("olga"), complaint, reason="不属于")
    assert list(reminders.of_complaints(due)) == []


def test_a_year_whose_holidays_are_not_entered_is_said(
    cast: Cast, as_person: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 3, 3, 4, tzinfo=UTC))
    complaint = factory.at_pemas(cast, kind=ComplaintKind.LANE)
    assert "未录入放假安排" in as_person("olga").page(f"/complaints/{complaint.id}").main


@pytest.mark.parametrize(
    ("name", "see", "count"),
    [("ines", 200, 200), ("lea", 200, 200), ("olga", 200, 200), ("stan", 403, 403), ("dora", 403, 200), ("ada", 403, 403),
     ("beate", 403, 403), ("pema", 403, 403), ("otto", 403, 403), ("oskar", 404, 200), ("otilia", 403, 403)],
)  # fmt: skip
def test_who_sees_complaints(cast: Cast, as_person: SignInAs, name: str, see: int, count: int) -> None:
    complaint = factory.at_pemas(cast)
    client = as_person(name)
    for address in (f"/complaints/{complaint.id}", f"/complaints/{complaint.id}/photos/0.jpg"):
        assert client.get(address).status_code == see
    assert client.post(f"/complaints/{complaint.id}/accept", data={"kind": "lane"}).status_code == (
        302 if see == 200 else see
    )
    assert client.get("/complaints/counts").status_code == count
    if see != 200 and count == 200:
        assert "全年收到 " + ("1" if name == "dora" else "0") in client.page("/complaints/counts").main


def test_a_brigade_takes_in_nothing_about_a_school_of_another(cast: Cast, as_person: SignInAs) -> None:
    assert as_person("oskar").get(f"/complaints/new?school={cast.school_id}").status_code == 404
    assert as_person("oskar").get(f"/complaints/wall?school={cast.school_id}").status_code == 404
