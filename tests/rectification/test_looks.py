"""Visits that the program plans by itself: re-checks that are due, half way through long work, back after a closure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.core import clock
from app.core.extensions import db
from app.notifications.models import Outbox
from app.organisations.models import Brigade
from app.planning import service as planning
from app.planning.models import Visit, VisitKind, VisitState
from app.rectification.models.findings import Finding, RecheckOutcome, Severity
from app.rectification.models.looks import PlannedLook
from app.rectification.rules import looks as rules
from app.rectification.service import closing, drafting, evidence, looks
from app.rectification.service import findings as service
from app.rectification.service.findings import RecheckReading
from app.regulations.rules.calendars import Calendar
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
from tests.factories import rectification as make

WEEK = Calendar(layers=())
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


def visits(kind: VisitKind) -> list[Visit]:
    return list(db.session.scalars(sa.select(Visit).where(Visit.kind == kind).order_by(Visit.made_at, Visit.id)))


def looked_at(visit: Visit) -> set[object]:
    return set(db.session.scalars(sa.select(PlannedLook.finding_id).where(PlannedLook.visit_id == visit.id)))


def late(cast: Cast, **more: object) -> Finding:
    """Due yesterday."""
    day = clock.today()
    return make.finding(
        cast,
        **{"found_on": day - timedelta(days=10), "deadline": day - timedelta(days=1)} | more,  # type: ignore[arg-type]
    )


# rules ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "today", "day"),
    [
        (date(2026, 11, 25), FRIDAY, MONDAY),
        (FRIDAY, date(2026, 11, 19), FRIDAY),
        (MONDAY, MONDAY, MONDAY),
        (date(2026, 11, 18), date(2026, 11, 21), MONDAY),
    ],
)
def test_a_recheck_is_proposed_for_the_next_working_day_within_its_clock(due: date, today: date, day: date) -> None:
    assert rules.recheck_day(due, today, WEEK) == day


def test_half_way_is_only_for_long_work_and_before_its_end() -> None:
    found, end = date(2026, 9, 1), date(2026, 11, 30)

    def day(today: date, days: int = 60, deadline: date = end) -> date | None:
        return rules.midterm_day(found, deadline, today, from_days=days, calendar=WEEK)

    assert day(found) == date(2026, 10, 16)
    assert day(found, days=91) is None
    assert day(date(2026, 11, 10)) == date(2026, 11, 10)
    assert day(end) is None


def test_the_look_back_has_a_window() -> None:
    closed = date(2026, 9, 1)

    def day(today: date) -> date | None:
        return rules.look_back_day(closed, today, from_days=30, to_days=90, calendar=WEEK)

    assert day(closed) == date(2026, 10, 1)
    assert day(date(2026, 11, 1)) == date(2026, 11, 2)
    assert day(date(2026, 12, 1)) is None


# re-checks ------------------------------------------------------------------------------------------------------------


def test_one_visit_is_planned_for_all_that_is_due_at_a_school(cast: Cast) -> None:
    first, second = late(cast), late(cast, item_code="EXI-02")
    late(cast, school_id=cast.ottos_school_id)
    make.finding(cast, item_code="EXI-03")
    looks.plan_rechecks()
    own = [v for v in visits(VisitKind.RECHECK) if v.school_id == cast.school_id]
    assert len(visits(VisitKind.RECHECK)) == 2
    assert [looked_at(v) for v in own] == [{first.id, second.id}]
    assert {own[0].lead_id, own[0].second_id} == {cast.people["ines"], cast.people["ivo"]}
    assert own[0].planned_on >= clock.today()


def test_planning_again_plans_nothing_again(cast: Cast) -> None:
    late(cast)
    for _again in range(3):
        looks.go_round()
    assert len(visits(VisitKind.RECHECK)) == 1
    later = late(cast, item_code="EXI-02")
    looks.go_round()
    assert later.id in looked_at(visits(VisitKind.RECHECK)[0])
    assert len(visits(VisitKind.RECHECK)) == 1


def test_a_visit_that_was_cancelled_is_not_planned_again_for_the_same(cast: Cast) -> None:
    late(cast)
    looks.go_round()
    planning.cancel(cast.viewer("ines"), visits(VisitKind.RECHECK)[0], reason="并入其他检查")
    looks.go_round()
    assert len(visits(VisitKind.RECHECK)) == 1


def test_an_application_plans_the_recheck_at_once_for_the_officers_of_the_order(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    order.second_id = cast.people["lea"]
    finding = drafting.items_of(order)[0][1]
    evidence.send_evidence(cast.viewer("pema"), finding=finding, note="已改好", asks_recheck=True)
    [visit] = visits(VisitKind.RECHECK)
    assert {visit.lead_id, visit.second_id} <= {cast.people[name] for name in ("ines", "ivo", "lea")}
    look = db.session.scalars(sa.select(PlannedLook)).one()
    assert visit.planned_on <= look.due_on
    assert look.due_on <= clock.today() + timedelta(days=14)


def test_somebody_who_has_left_is_not_sent(cast: Cast) -> None:
    for name in ("ines", "ivo"):
        cast.person(name).active = False
    late(cast)
    looks.go_round()
    assert [v.lead_id for v in visits(VisitKind.RECHECK)] == [cast.people["lea"]]


def recheck(cast: Cast, finding: Finding, outcome: RecheckOutcome) -> None:
    row = make.inspection(cast, school_id=finding.school_id)
    readings = [RecheckReading(finding_id=finding.id, outcome=outcome)]
    service.apply_recheck(cast.viewer("ines"), inspection=make.facts(cast, row), results=readings)


def test_what_was_seen_on_another_visit_is_taken_out_of_the_plan(cast: Cast) -> None:
    finding = late(cast)
    looks.go_round()
    recheck(cast, finding, RecheckOutcome.CORRECTED)
    looks.go_round()
    [visit] = visits(VisitKind.RECHECK)
    assert (visit.state, bool(visit.cancelled_reason)) == (VisitState.CANCELLED, True)


def test_what_a_person_planned_stays_in_the_plan(cast: Cast) -> None:
    finding = late(cast)
    own = planning.plan(
        cast.viewer("ines"),
        school=cast.school,
        planned_on=clock.today() + timedelta(days=2),
        lead_id=cast.people["ines"],
        kind=VisitKind.RECHECK,
    )
    looks.go_round()
    assert looked_at(own) == {finding.id}
    recheck(cast, finding, RecheckOutcome.CORRECTED)
    looks.go_round()
    assert own.state is VisitState.PLANNED


# half way and back ----------------------------------------------------------------------------------------------------


def test_long_work_is_looked_at_half_way_once_and_not_after_it_is_done(cast: Cast) -> None:
    long = make.finding(cast, deadline=clock.today() + timedelta(days=60))
    make.finding(cast, item_code="EXI-02", deadline=clock.today() + timedelta(days=59))
    looks.go_round()
    looks.go_round()
    [visit] = visits(VisitKind.MIDTERM)
    assert looked_at(visit) == {long.id}
    assert clock.today() + timedelta(days=30) <= visit.planned_on < clock.today() + timedelta(days=60)
    recheck(cast, long, RecheckOutcome.CORRECTED)
    looks.go_round()
    assert visit.state is VisitState.CANCELLED


def test_the_brigade_sets_which_work_is_long(cast: Cast) -> None:
    db.session.get_one(Brigade, cast.brigade_id).settings = {"midterm_from_days": 20}
    make.finding(cast, deadline=clock.today() + timedelta(days=25))
    looks.go_round()
    assert len(visits(VisitKind.MIDTERM)) == 1


def test_a_critical_closure_is_looked_back_at_within_its_window_and_once(cast: Cast) -> None:
    grave = make.finding(cast, severity=Severity.CRITICAL)
    light = make.finding(cast, item_code="EXI-02")
    for finding in (grave, light):
        recheck(cast, finding, RecheckOutcome.CORRECTED)
    looks.go_round()
    looks.go_round()
    [visit] = visits(VisitKind.LOOK_BACK)
    assert looked_at(visit) == {grave.id}
    assert 30 <= (visit.planned_on - clock.today()).days <= 90


def test_a_closure_that_was_false_is_looked_back_at_after_the_next_one_only(cast: Cast) -> None:
    grave = make.finding(cast, severity=Severity.CRITICAL)
    recheck(cast, grave, RecheckOutcome.CORRECTED)
    looks.go_round()
    closing.reopen(cast.viewer("lea"), grave, reason="现场仍上锁")
    looks.go_round()
    assert [v.state for v in visits(VisitKind.LOOK_BACK)] == [VisitState.CANCELLED]
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        recheck(cast, grave, RecheckOutcome.CORRECTED)
        looks.go_round()
    assert [v.state for v in visits(VisitKind.LOOK_BACK)] == [VisitState.CANCELLED, VisitState.PLANNED]


# pages ----------------------------------------------------------------------------------------------------------------


def test_the_visit_says_what_is_to_be_looked_at_and_leads_to_the_recheck(cast: Cast, as_person: SignInAs) -> None:
    finding = late(cast)
    looks.go_round()
    [visit] = visits(VisitKind.RECHECK)
    db.session.commit()
    ines = as_person("ines")
    page = ines.get(f"/visits/{visit.id}").get_data(as_text=True)
    assert finding.text in page
    assert f"/inspections/recheck?school={cast.school_id}&amp;visit={visit.id}" in page
    start = ines.get(f"/inspections/recheck?school={cast.school_id}&visit={visit.id}").get_data(as_text=True)
    assert f'selected value="{visit.id}"' in start
    assert "复查" in ines.get("/visits").get_data(as_text=True)


def test_a_recheck_offers_what_waits_first_then_what_is_on_an_order_then_the_rest(
    cast: Cast, as_person: SignInAs
) -> None:
    plain = make.finding(cast, item_code="EXI-09", text="其余问题")
    order = orders.served(cast, count=1)
    ordered = drafting.items_of(order)[0][1]
    waiting = late(cast, item_code="EXI-08", text="到期问题")
    db.session.commit()
    page = as_person("ines").get(f"/inspections/recheck?school={cast.school_id}").get_data(as_text=True)
    places = [page.index(f'value="{finding.id}"') for finding in (waiting, ordered, plain)]
    assert places == sorted(places)
    assert order.number in page


# messages -------------------------------------------------------------------------------------------------------------


def told() -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == "visit_planned").order_by(Outbox.made_at)))


def test_the_officers_are_told_once_of_a_visit_that_was_planned_for_them(cast: Cast) -> None:
    late(cast)
    for _time in range(2):
        looks.plan_rechecks()
    (visit,) = visits(VisitKind.RECHECK)
    (message,) = told()
    assert set(message.person_ids) == {str(one) for one in (visit.lead_id, visit.second_id) if one}
    assert (message.data["day"], message.data["kind"]) == (visit.planned_on.isoformat(), "recheck")
    assert message.subject_id == str(visit.id)
    assert message.urgent is ((visit.planned_on - clock.today()).days <= looks.SOON_DAYS)


def test_a_look_back_far_ahead_is_told_in_the_digest_and_a_day_brought_forward_is_told_again(cast: Cast) -> None:
    make.finding(
        cast, severity=Severity.CRITICAL, found_on=clock.today() - timedelta(days=2),
        deadline=clock.today() + timedelta(days=90),
    )  # fmt: skip
    looks.plan_midterms()
    (message,) = told()
    assert (message.data["kind"], message.urgent) == ("midterm", False)
    (visit,) = visits(VisitKind.MIDTERM)
    visit.planned_on += timedelta(days=1)
    looks._tell(cast.school, visit)
    assert len(told()) == 2


def test_what_a_person_planned_is_told_by_nobody(cast: Cast) -> None:
    planning.plan(
        cast.viewer("lea"), school=cast.school, planned_on=clock.today(), lead_id=cast.people["ines"], second_id=None
    )
    late(cast)
    looks.plan_rechecks()
    assert all(message.subject_id == str(visits(VisitKind.RECHECK)[0].id) for message in told())
