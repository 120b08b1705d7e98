"""States, colours and clocks of findings as tables."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core import clock
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import Colour, Facts, RecheckOutcome, State, Why
from app.regulations.rules.calendars import Calendar, DayLayer, Layer, MarkedDay
from tests.factories.rectification import at

FOUND, DUE = date(2026, 11, 1), date(2026, 11, 21)  # a period of twenty days


@pytest.mark.parametrize(
    ("today", "state", "colour", "why", "days"),
    [
        (date(2026, 11, 1), State.OPEN, Colour.GREEN, Why.IN_TIME, 20),
        (date(2026, 11, 14), State.OPEN, Colour.GREEN, Why.IN_TIME, 7),
        (date(2026, 11, 15), State.DUE_SOON, Colour.YELLOW, Why.NEAR, 6),  # 30 % of twenty days
        (date(2026, 11, 18), State.DUE_SOON, Colour.YELLOW, Why.NEAR, 3),
        (date(2026, 11, 21), State.DUE_SOON, Colour.YELLOW, Why.LAST_DAY, 0),
        (date(2026, 11, 22), State.OVERDUE, Colour.RED, Why.OVERDUE, -1),
        (date(2027, 3, 1), State.OVERDUE, Colour.RED, Why.OVERDUE, -100),
    ],
)
def test_an_open_finding_warns_before_it_is_late(
    today: date, state: State, colour: Colour, why: Why, days: int
) -> None:
    standing = rules.standing_of(Facts(found_on=FOUND, deadline=DUE), today)
    assert (standing.state, standing.colour, standing.why, standing.days) == (state, colour, why, days)


def test_a_short_period_is_yellow_from_three_days_on() -> None:
    facts = Facts(found_on=date(2026, 2, 24), deadline=date(2026, 3, 3))
    assert rules.state_of(facts, date(2026, 2, 27)) == State.OPEN
    assert rules.state_of(facts, date(2026, 2, 28)) == State.DUE_SOON


def test_late_begins_at_midnight_in_shanghai() -> None:
    facts = Facts(found_on=FOUND, deadline=DUE)
    before, after = datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert not rules.is_overdue(facts, clock.day_of(before))
    assert rules.is_overdue(facts, clock.day_of(after))


def test_a_weekend_does_not_put_off_the_school() -> None:
    friday = date(2026, 2, 27)
    assert rules.is_overdue(Facts(found_on=FOUND, deadline=friday), friday + timedelta(days=1))


def test_evidence_is_shown_but_does_not_stop_the_clock() -> None:
    sent = Facts(found_on=FOUND, deadline=DUE, evidence_at=at(date(2026, 11, 5)))
    assert rules.state_of(sent, date(2026, 11, 6)) == State.EVIDENCE_SENT
    assert rules.standing_of(sent, date(2026, 11, 20)).colour == Colour.YELLOW
    assert rules.state_of(sent, date(2026, 11, 22)) == State.OVERDUE


def test_a_failed_recheck_is_yellow_until_the_school_sends_again() -> None:
    failed = Facts(
        found_on=FOUND, deadline=DUE, evidence_at=at(date(2026, 11, 3)), rechecked_at=at(date(2026, 11, 4)),
        outcome=RecheckOutcome.PARTLY,
    )  # fmt: skip
    again = Facts(
        found_on=FOUND, deadline=DUE, evidence_at=at(date(2026, 11, 5)), rechecked_at=at(date(2026, 11, 4)),
        outcome=RecheckOutcome.PARTLY,
    )  # fmt: skip
    assert rules.standing_of(failed, date(2026, 11, 5)).why == Why.NOT_ACCEPTED
    assert rules.standing_of(failed, date(2026, 11, 5)).state == State.OPEN
    assert rules.standing_of(again, date(2026, 11, 5)).colour == Colour.GREEN
    assert rules.standing_of(again, date(2026, 11, 5)).state == State.EVIDENCE_SENT


def test_closed_is_green_however_late() -> None:
    closed = Facts(found_on=FOUND, deadline=DUE, closed_on=date(2026, 12, 24))
    standing = rules.standing_of(closed, date(2027, 1, 1))
    assert (standing.state, standing.colour, standing.why) == (State.CLOSED, Colour.GREEN, Why.CLOSED)


def test_without_a_date_nothing_is_late() -> None:
    standing = rules.standing_of(Facts(found_on=FOUND), date(2030, 1, 1))
    assert (standing.state, standing.why, standing.days) == (State.OPEN, Why.NO_DEADLINE, None)


def test_a_school_has_the_colour_of_its_worst_finding() -> None:
    assert rules.worst([Colour.GREEN, Colour.RED, Colour.YELLOW]) == Colour.RED
    assert rules.worst([]) == Colour.GREEN


@pytest.mark.parametrize(
    ("applied", "rechecked", "start"),
    [
        (None, None, DUE),
        (date(2026, 11, 10), None, date(2026, 11, 10)),  # done early
        (date(2026, 11, 25), None, DUE),  # the deadline came first
        (None, date(2026, 11, 10), DUE),  # looked at early, fault still there: the deadline still counts
        (None, date(2026, 11, 23), None),  # looked at after the deadline
        (date(2026, 11, 26), date(2026, 11, 23), date(2026, 11, 26)),  # asked again afterwards
    ],
)
def test_the_recheck_clock_counts_from_the_request_or_the_deadline(
    applied: date | None, rechecked: date | None, start: date | None
) -> None:
    facts = Facts(
        found_on=FOUND,
        deadline=DUE,
        applied_at=at(applied) if applied else None,
        rechecked_at=at(rechecked) if rechecked else None,
    )
    assert rules.recheck_clock_start(facts) == start


def test_a_recheck_is_awaited_from_the_day_after_the_deadline_or_at_once_when_asked() -> None:
    assert not rules.awaits_recheck(Facts(found_on=FOUND, deadline=DUE), DUE)
    assert rules.awaits_recheck(Facts(found_on=FOUND, deadline=DUE), DUE + timedelta(days=1))
    assert rules.awaits_recheck(Facts(found_on=FOUND, deadline=DUE, applied_at=at(FOUND)), FOUND)


def _calendar(*off: date) -> Calendar:
    days = {day: MarkedDay(False, "雪顿节") for day in off}
    national = DayLayer(Layer.NATIONAL, "全国", filled_years=frozenset({2026}))
    return Calendar((national, DayLayer(Layer.REGION, "西藏", days)))


def test_the_recheck_is_due_three_working_days_later_and_moves_with_shoton() -> None:
    facts = Facts(found_on=FOUND, deadline=date(2026, 8, 12))  # a Wednesday
    before = rules.recheck_due(facts, _calendar())
    after = rules.recheck_due(facts, _calendar(date(2026, 8, 13), date(2026, 8, 14)))
    assert before is not None
    assert after is not None
    assert (before.day, after.day) == (date(2026, 8, 17), date(2026, 8, 19))


def test_the_same_fault_has_the_same_id_on_every_machine() -> None:
    inspection = uuid.UUID("01939a5e-0000-7000-8000-000000000001")
    assert rules.finding_id(inspection, "EXT-09", "a") == rules.finding_id(inspection, "EXT-09", "a")
    assert rules.finding_id(inspection, "EXT-09", "a") != rules.finding_id(inspection, "EXT-09", "b")


def test_only_clauses_whose_text_was_seen_print() -> None:
    basis = [{"ref": "一", "evidence": "found"}, {"ref": "二", "evidence": "unsure"}, {"ref": "三"}]
    assert rules.printable_clauses(basis) == ["一"]


def test_returned_evidence_turns_the_state_back_and_the_colour_yellow_until_it_is_sent_again() -> None:
    back = Facts(found_on=FOUND, deadline=DUE, returned_at=at(date(2026, 11, 4)))
    stands = rules.standing_of(back, date(2026, 11, 5))
    assert (stands.state, stands.colour, stands.why) == (State.OPEN, Colour.YELLOW, Why.RETURNED)
    again = Facts(found_on=FOUND, deadline=DUE, returned_at=at(date(2026, 11, 4)), evidence_at=at(date(2026, 11, 5)))
    stands = rules.standing_of(again, date(2026, 11, 5))
    assert (stands.state, stands.colour) == (State.EVIDENCE_SENT, Colour.GREEN)


def test_a_request_that_was_sent_back_starts_no_clock_and_a_re_check_outweighs_an_older_return() -> None:
    back = Facts(found_on=FOUND, deadline=DUE, returned_at=at(date(2026, 11, 4)))
    assert not rules.awaits_recheck(back, date(2026, 11, 5))
    seen = Facts(
        found_on=FOUND, deadline=DUE, returned_at=at(date(2026, 11, 4)), rechecked_at=at(date(2026, 11, 5)),
        outcome=RecheckOutcome.PARTLY,
    )  # fmt: skip
    assert rules.standing_of(seen, date(2026, 11, 5)).why == Why.NOT_ACCEPTED
