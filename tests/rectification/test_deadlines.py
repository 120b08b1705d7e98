"""The day to put right by, as tables: nothing moves by itself, and a way out is never left blocked over the holidays."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.rectification import words
from app.rectification.rules.deadlines import NoSchool, blocks_way_out, doubt_of, propose_deadline
from app.regulations import queries
from app.regulations.rules.calendars import Calendar, DayLayer, Layer, MarkedDay, Term, span

NATION = DayLayer(
    Layer.NATIONAL,
    "全国",
    {day: MarkedDay(False, "国庆节") for day in span(date(2026, 10, 1), date(2026, 10, 7))}
    | {date(2026, 10, 10): MarkedDay(True, "国庆节")},
    frozenset({2026}),
)
TERMS = (Term("春", date(2026, 3, 2), date(2026, 7, 10)), Term("秋", date(2026, 8, 24), date(2026, 12, 31)))
CALENDAR = Calendar((NATION,), TERMS)
D = date.fromisoformat


@pytest.mark.parametrize(
    ("found", "days", "way_out", "day", "why", "before", "after"),
    [
        # A school day is no question, whatever it is about.
        ("2026-11-02", 7, False, "2026-11-09", None, None, None),
        ("2026-11-02", 7, True, "2026-11-09", None, None, None),
        # A worked Saturday is one.
        ("2026-10-03", 7, False, "2026-10-10", None, None, None),
        # A Sunday stays a Sunday, and is asked about.
        ("2026-11-22", 7, False, "2026-11-29", NoSchool.WEEKEND, "2026-11-27", "2026-11-30"),
        ("2026-11-22", 7, True, "2026-11-27", NoSchool.WEEKEND, "2026-11-27", None),
        # The National Day holidays.
        ("2026-09-21", 15, False, "2026-10-06", NoSchool.HOLIDAY, "2026-09-30", "2026-10-08"),
        ("2026-09-21", 15, True, "2026-09-30", NoSchool.HOLIDAY, "2026-09-30", None),
        # The summer: a way out is never put behind it.
        ("2026-07-06", 15, False, "2026-07-21", NoSchool.VACATION, "2026-07-10", "2026-08-24"),
        ("2026-07-06", 15, True, "2026-07-10", NoSchool.VACATION, "2026-07-10", None),
        # A visit in the summer: nothing lies before, so the day itself stands.
        ("2026-07-15", 3, True, "2026-07-18", NoSchool.VACATION, None, None),
        ("2026-07-15", 3, False, "2026-07-18", NoSchool.VACATION, None, "2026-08-24"),
        # The day of the visit itself is still possible.
        ("2026-11-27", 1, True, "2026-11-27", NoSchool.WEEKEND, "2026-11-27", None),
        # At once is the day of the visit, even on a Sunday.
        ("2026-11-22", 0, False, "2026-11-22", None, None, None),
    ],
)
def test_the_day_that_is_proposed_and_the_question_about_it(
    found: str, days: int, way_out: bool, day: str, why: NoSchool | None, before: str | None, after: str | None
) -> None:
    proposal = propose_deadline(D(found), days=days, kind="calendar", calendar=CALENDAR, way_out=way_out)
    assert proposal.day == D(day)
    assert proposal.asks == (why is not None)
    if proposal.doubt is not None:
        assert proposal.doubt.why == why
        assert proposal.doubt.before == (D(before) if before else None)
        assert proposal.doubt.after == (D(after) if after else None)


def test_working_days_are_counted_and_unfilled_years_are_said() -> None:
    proposal = propose_deadline(D("2026-12-30"), days=3, kind="working", calendar=Calendar((NATION,)))
    assert proposal.day == D("2027-01-04")
    assert [gap.year for gap in proposal.gaps] == [2027]


@pytest.mark.parametrize("year", [2026, 2031])
@pytest.mark.parametrize("way_out", [True, False])
def test_no_proposal_lies_later_than_the_packs_days(year: int, way_out: bool) -> None:
    for day in span(date(year, 1, 1), date(year, 12, 31)):
        for days in (1, 3, 7, 15, 30, 60):
            proposal = propose_deadline(day, days=days, kind="calendar", calendar=CALENDAR, way_out=way_out)
            assert day <= proposal.day <= proposal.counted
            assert proposal.day == proposal.counted or way_out


@pytest.mark.parametrize(
    ("severity", "category", "violation", "is_one"),
    [
        ("critical", "exit_route", "FL60-1-3", True),
        ("critical", "exit_route", "", True),
        ("critical", "dormitory", "FL60-1-3", True),
        ("critical", "building", "FL60-1-6", True),
        ("critical", "electrical", "FL66", False),
        ("major", "exit_route", "FL60-1-3", False),
        ("minor", "extinguisher", "FL60-1-1b", False),
    ],
)
def test_what_blocks_a_way_out_is_told_by_the_pack(severity: str, category: str, violation: str, is_one: bool) -> None:
    assert blocks_way_out(severity=severity, category=category, violation=violation) is is_one


def test_the_question_names_weekday_holiday_and_the_days_instead(app: Flask) -> None:
    sunday = doubt_of(D("2026-11-29"), earliest=D("2026-11-22"), calendar=CALENDAR)
    holiday = doubt_of(D("2026-10-06"), earliest=D("2026-09-21"), calendar=CALENDAR, way_out=True)
    summer = doubt_of(D("2026-07-18"), earliest=D("2026-07-15"), calendar=CALENDAR, way_out=True)
    assert sunday is not None
    assert holiday is not None
    assert summer is not None
    with app.test_request_context():
        assert words.doubt(sunday) == (
            "2026年11月29日（星期日） 不上课。可改为 2026年11月27日（星期五） 或 2026年11月30日（星期一），或仍定这一天，请核对。"
        )
        assert "国庆节放假" in words.doubt(holiday)
        assert "建议 2026年9月30日（星期三） 前改正" in words.doubt(holiday)
        assert "在学校假期中" in words.doubt(summer)
        assert "请仍定这一天或更早" in words.doubt(summer)


def test_losar_is_a_question_in_lhasa_and_a_school_day_elsewhere(app: Flask) -> None:
    day, visit = D("2026-02-26"), D("2026-02-10")
    lhasa = Calendar(queries.calendar_of("540102").layers)
    nation = Calendar(queries.calendar_of(None).layers)
    asked = doubt_of(day, earliest=visit, calendar=lhasa)
    assert asked is not None
    assert (asked.why, asked.holiday, asked.after) == (NoSchool.HOLIDAY, "藏历新年", D("2026-02-27"))
    assert doubt_of(day, earliest=visit, calendar=nation) is None
