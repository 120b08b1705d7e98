"""Every clock of the law as tables, over the days as shipped: DOMAIN §2.12 and §4.7."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.core import clock
from app.regulations import queries
from app.regulations.rules.calendars import Calendar, Gap
from app.regulations.rules.clocks import CLOCKS, ClockKind, Due, Unit, due_of
from app.regulations.rules.items import Evidence
from app.regulations.words import gap_sentences

LHASA = "540102"

#: (clock, amount, unit, article, how sure), as DOMAIN §2.1 and §2.12 have them.
LAW = [
    ("serve", 3, "workdays", "第十九条", "found"),
    ("serve_at_once", 0, "days", "第十九条", "found"),
    ("recheck", 3, "workdays", "第二十条", "found"),
    ("major_proposal", 7, "workdays", "第二十一条", "found"),
    ("major_proposal_experts", 17, "workdays", "第二十一条", "found"),
    ("major_notice", 3, "workdays", "第二十一条", "found"),
    ("seal_document", 3, "workdays", "第二十三条", "found"),
    ("seal_document_urgent", 24, "hours", "第二十三条", "found"),
    ("seal_term", 30, "days", "第二十二条", "knowledge"),
    ("unseal_check", 3, "workdays", "第二十五条", "knowledge"),
    ("unseal_decision", 3, "workdays", "第二十五条", "knowledge"),
    ("resume_check", 3, "workdays", "第二十八条", "unsure"),
    ("resume_decision", 3, "workdays", "第二十八条", "unsure"),
    ("complaint_urgent", 24, "hours", "第十八条", "knowledge"),
    ("complaint", 3, "workdays", "第十八条", "knowledge"),
    ("police_referral", 5, "workdays", "第三十一条至第三十三条", "found"),
    ("penalty_decision", 90, "days", "第六十条", "found"),
    ("hearing_request", 5, "workdays", "第六十四条", "found"),
    ("fine_payment", 15, "days", "第六十七条", "found"),
]


def test_the_table_is_that_of_the_law() -> None:
    assert [
        (kind, rule.amount, rule.unit, rule.clause.ref.split("规定")[-1].split("处罚法")[-1], rule.clause.evidence)
        for kind, rule in CLOCKS.items()
    ] == LAW
    assert set(CLOCKS) == set(ClockKind)


def test_only_the_time_of_the_punished_is_not_the_brigades() -> None:
    assert {kind for kind, rule in CLOCKS.items() if rule.of_party} == {"hearing_request", "fine_payment"}
    assert CLOCKS[ClockKind.RESUME_CHECK].clause.evidence is Evidence.UNSURE


@pytest.mark.parametrize(
    ("kind", "start", "national", "lhasa"),
    [
        # The visit of Friday 13 February 2026: Spring Festival until the 23rd, Losar until the 26th; 14 and 28 February are worked.
        ("serve", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("recheck", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("major_proposal", "2026-02-13", "2026-03-02", "2026-03-05"),
        ("major_proposal_experts", "2026-02-13", "2026-03-16", "2026-03-19"),
        ("major_notice", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("seal_document", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("unseal_check", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("unseal_decision", "2026-02-25", "2026-02-28", "2026-03-02"),
        ("resume_check", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("resume_decision", "2026-02-28", "2026-03-04", "2026-03-04"),
        ("complaint", "2026-02-13", "2026-02-25", "2026-02-28"),
        ("police_referral", "2026-02-13", "2026-02-27", "2026-03-03"),
        ("hearing_request", "2026-02-13", "2026-02-27", "2026-03-03"),
        # Calendar days know no holidays, and at once is the day of the visit, even in the Spring Festival.
        ("serve_at_once", "2026-02-16", "2026-02-16", "2026-02-16"),
        ("seal_term", "2026-02-13", "2026-03-15", "2026-03-15"),
        ("penalty_decision", "2026-02-13", "2026-05-14", "2026-05-14"),
        ("fine_payment", "2026-02-13", "2026-02-28", "2026-02-28"),
        # The other vectors of DOMAIN §4.7.
        ("serve", "2026-04-30", "2026-05-08", "2026-05-08"),
        ("recheck", "2026-09-30", "2026-10-10", "2026-10-10"),
        ("seal_document", "2026-09-18", "2026-09-22", "2026-09-22"),
        ("serve", "2025-02-26", "2025-03-03", "2025-03-07"),
        # Over the end of February, and the end of the year.
        ("fine_payment", "2026-02-14", "2026-03-01", "2026-03-01"),
        ("seal_term", "2024-02-01", "2024-03-02", "2024-03-02"),
        ("serve", "2025-12-31", "2026-01-06", "2026-01-06"),
    ],
)
def test_each_clock_runs_out_on_the_right_day(app: Flask, kind: str, start: str, national: str, lhasa: str) -> None:
    begun = date.fromisoformat(start)
    nation = due_of(ClockKind(kind), begun, queries.calendar_of(None))
    region = due_of(ClockKind(kind), begun, queries.calendar_of(LHASA))
    assert (nation.day, region.day) == (date.fromisoformat(national), date.fromisoformat(lhasa))
    assert nation.moment is None


@pytest.mark.parametrize("kind", [ClockKind.SEAL_DOCUMENT_URGENT, ClockKind.COMPLAINT_URGENT])
def test_hours_count_to_the_minute_through_holidays(app: Flask, kind: ClockKind) -> None:
    started = datetime(2026, 2, 14, 15, 30, tzinfo=UTC)  # 23:30 in Lhasa, the evening before the Spring Festival
    due = due_of(kind, started, queries.calendar_of(LHASA))
    assert due.moment == started + timedelta(hours=24)
    assert due.day == date(2026, 2, 15)
    assert not due.is_late(started + timedelta(hours=24), date(2026, 2, 15))
    assert due.is_late(started + timedelta(hours=24, seconds=1), date(2026, 2, 15))


def test_hours_need_the_moment() -> None:
    with pytest.raises(TypeError):
        due_of(ClockKind.COMPLAINT_URGENT, date(2026, 2, 14), Calendar())


def test_a_moment_starts_a_clock_of_days_on_the_schools_day() -> None:
    late_evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 00:30 of the 23rd in Lhasa
    assert due_of(ClockKind.FINE_PAYMENT, late_evening, Calendar()).day == date(2026, 12, 8)


def test_the_last_day_is_in_time_until_midnight_in_shanghai() -> None:
    due = Due(date(2026, 2, 28))
    before, after = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert not due.is_late(before, clock.day_of(before))
    assert due.is_late(after, clock.day_of(after))


@pytest.mark.parametrize("kind", [k for k, rule in CLOCKS.items() if rule.unit is Unit.WORKDAYS])
def test_a_year_without_a_calendar_is_said_and_never_guessed_in_silence(app: Flask, kind: ClockKind) -> None:
    due = due_of(kind, date(2027, 2, 4), queries.calendar_of(LHASA))
    assert Gap(2027) in due.gaps
    assert any("2027" in sentence for sentence in gap_sentences(due.gaps))


def test_calendar_days_and_hours_need_no_calendar(app: Flask) -> None:
    assert due_of(ClockKind.SEAL_TERM, date(2031, 1, 1), Calendar()).gaps == ()
