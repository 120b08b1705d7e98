"""Met, late, missed, open: tables, a property, and a year of three schools worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.duties import words
from app.duties.queries.standing import cell
from app.duties.rules.counting import Done, Standing, Tally, owed, stand, tally
from app.duties.rules.duties import Duty, Phase, traits_on
from app.duties.rules.periods import Period
from tests.duties.years import DAYS_2026, duty

pytestmark = pytest.mark.one_database

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
SINCE = date(2024, 1, 1)


def _day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("done", "today", "stands"),
    [
        ([], "08-31", ["ahead", "ahead", "ahead"]),
        ([], "09-01", ["open", "ahead", "ahead"]),
        ([], "09-22", ["open", "ahead", "ahead"]),
        ([], "09-23", ["soon", "ahead", "ahead"]),
        ([], "09-30", ["soon", "ahead", "ahead"]),
        ([], "10-01", ["missed", "open", "ahead"]),
        (["09-01"], "09-01", ["met", "ahead", "ahead"]),
        (["09-30"], "10-01", ["met", "open", "ahead"]),
        (["10-01"], "10-02", ["missed", "met", "ahead"]),
        (["10-01", "10-02"], "10-02", ["late", "met", "ahead"]),
        (["10-01", "10-02"], "10-01", ["missed", "met", "ahead"]),
        (["11-05", "11-06"], "12-01", ["missed", "late", "met"]),
        (["11-05", "11-06", "11-07"], "12-01", ["missed", "late", "met"]),
        (["12-05"], "12-06", ["missed", "missed", "late"]),
    ],
)
def test_a_month_owed_three_times(done: list[str], today: str, stands: list[str]) -> None:
    found = stand([SEPTEMBER, OCTOBER, NOVEMBER], [Done(_day(d)) for d in done], today=_day(today))
    assert [one.standing.value for one in found] == stands


def test_what_is_made_up_in_the_holidays_is_late_with_its_day() -> None:
    found = stand([SEPTEMBER, NOVEMBER], [Done(_day("10-05")), Done(_day("11-02"))], today=_day("12-01"))
    assert [(one.standing, one.late_on) for one in found] == [(Standing.LATE, _day("10-05")), (Standing.MET, None)]


def test_what_was_kept_in_time_and_written_down_later_is_met_and_says_so() -> None:
    late = Done(_day("09-20"), entered=_day("10-03"))
    in_time = Done(_day("09-21"), entered=_day("09-21"))
    assert stand([SEPTEMBER], [late], today=_day("10-05"))[0].entered_late
    assert not stand([SEPTEMBER], [late, in_time], today=_day("10-05"))[0].entered_late


def test_class_hours_add_up() -> None:
    hours = [Done(_day("09-02"), Decimal("2.5")), Done(_day("09-09"), Decimal("1.5"))]
    year = [Period(date(2025, 9, 1), date(2026, 8, 31)), Period(date(2026, 9, 1), date(2027, 8, 31))]
    found = stand(year, hours, today=_day("10-01"), needed=Decimal(4))
    assert [(one.standing.value, one.done) for one in found] == [("missed", Decimal(0)), ("met", Decimal(4))]


@pytest.mark.parametrize(
    ("of", "but", "traits", "binds"),
    [
        ("all", "", "primary", True),
        ("all", "boarding key_unit", "primary", True),
        ("all", "boarding key_unit", "primary boarding", False),
        ("primary secondary special", "", "kindergarten", False),
        ("primary secondary special", "", "nine_year primary secondary", True),
        ("boarding key_unit", "", "primary key_unit", True),
        ("kitchen", "", "primary", False),
        ("kitchen", "", "primary kitchen", True),
    ],
)
def test_whom_a_duty_binds(of: str, but: str, traits: str, binds: bool) -> None:
    assert duty("x", "month", of=of, **{"except": but.split()}).binds(traits.split()) is binds


@pytest.mark.parametrize(
    ("marks", "informs"),
    [
        (["found"], False),
        (["knowledge"], False),
        (["unsure"], True),
        (["proposal", "unsure"], True),
        (["unsure", "found"], False),
    ],
)
def test_a_rule_of_unsure_or_proposed_sources_only_informs(marks: list[str], informs: bool) -> None:
    assert duty("x", "month", "drill", basis=[{"ref": "r", "evidence": m} for m in marks]).only_informs is informs


@pytest.mark.parametrize(
    ("source", "informs"), [("self_check", True), ("report", True), ("drill", False), ("training", False)]
)
def test_what_schools_record_by_themselves_only_informs_until_the_brigade_asks_for_it(
    source: str, informs: bool
) -> None:
    assert duty("x", "month", source).only_informs is informs


@pytest.mark.parametrize(
    ("code", "source", "counted"),
    [
        ("evacuation_drill", "drill", {"evacuation", "fire_plan", "night", "earthquake"}),
        ("evacuation_drill_term", "drill", {"evacuation", "fire_plan", "night"}),
        ("fire_plan_drill", "drill", {"fire_plan"}),
        ("night_drill", "drill", {"night"}),
        ("staff_training", "training", {"all_staff", "teachers"}),
        ("warden_training", "training", {"wardens"}),
        ("fire_check", "self_check", {"fire_check"}),
        ("of_another_pack", "drill", {"evacuation", "fire_plan", "night", "earthquake"}),
    ],
)
def test_what_counts_for_a_duty(code: str, source: str, counted: set[str]) -> None:
    assert set(duty(code, "month", source).counted) == counted


MONTHLY = duty("evacuation_drill", "month", "drill", of="primary", in_term_only=True)
QUARTERLY = duty("evacuation_drill_kindergarten", "quarter", "drill", of="kindergarten")


def test_a_school_that_changes_its_type_owes_what_it_was_on_the_first_day_of_each_period() -> None:
    phases = [Phase(SINCE, frozenset({"primary"})), Phase(_day("05-10"), frozenset({"kindergarten"}))]
    assert [p.start.month for p in owed(MONTHLY, 2026, DAYS_2026, phases)] == [3, 4, 5]
    assert [p.start.month for p in owed(QUARTERLY, 2026, DAYS_2026, phases)] == [7, 10]


def test_a_period_that_began_before_the_school_was_on_record_is_not_owed() -> None:
    phases = [Phase(_day("04-02"), frozenset({"primary"}))]
    assert [p.start.month for p in owed(MONTHLY, 2026, DAYS_2026, phases)] == [5, 6, 9, 10, 11, 12]
    assert traits_on(phases, _day("04-01")) is None


# A year of three schools, on 23 November 2026 (seven days left: yellow), worked out with pencil and calendar.
YEAR = [
    MONTHLY,
    QUARTERLY,
    duty("evacuation_drill_term", "term", "drill"),
    duty("fire_plan_drill", "year", "drill", **{"except": ["key_unit", "boarding"]}),
    duty("fire_plan_drill_half_year", "half_year", "drill", of="key_unit boarding"),
    duty("night_drill", "term", "drill", of="boarding"),
]
TODAY = _day("11-23")


def _year(traits: str, done: dict[str, list[str]]) -> dict[str, str]:
    """Each duty's periods in letters: . met, l late, x missed, o open, s soon, - ahead."""
    letters = {"met": ".", "late": "l", "missed": "x", "open": "o", "soon": "s", "ahead": "-"}
    phases = [Phase(SINCE, frozenset(traits.split()))]
    shown = {}
    for rule in YEAR:
        held = [Done(_day(d)) for kind in rule.counted for d in done.get(kind, [])]
        stood = stand(owed(rule, 2026, DAYS_2026, phases), held, today=TODAY)
        if stood:
            shown[rule.code] = "".join(letters[one.standing.value] for one in stood)
    return shown


@pytest.mark.parametrize(
    ("traits", "done", "shown"),
    [
        (
            "primary",
            {"evacuation": ["03-10", "04-14", "06-09", "06-10", "09-08", "11-03"], "earthquake": ["10-13"]},
            {"evacuation_drill": "..l....-", "evacuation_drill_term": "l.", "fire_plan_drill": "s"},
        ),
        (
            "primary boarding",
            {"evacuation": ["03-10", "05-12"], "night": ["06-02"], "fire_plan": ["09-15"]},
            {
                "evacuation_drill": ".x...xs-",
                "evacuation_drill_term": "l.",
                "fire_plan_drill_half_year": "x.",
                "night_drill": "x.",
            },
        ),
        (
            "kindergarten key_unit",
            {"evacuation": ["02-24", "08-20"], "fire_plan": ["05-20", "12-01"]},
            {
                "evacuation_drill_kindergarten": "...o",
                "evacuation_drill_term": "l.",
                "fire_plan_drill_half_year": ".s",
            },
        ),
    ],
)
def test_a_year_of_three_schools(traits: str, done: dict[str, list[str]], shown: dict[str, str]) -> None:
    assert _year(traits, done) == shown


_DAYS = st.dates(date(2025, 9, 1), date(2027, 1, 31))
_RULES = st.sampled_from(
    [
        *YEAR,
        *(duty("any", per) for per in ("week", "half_month", "month", "quarter", "half_year", "year", "school_year")),
    ]
)


@given(rule=_RULES, held=st.lists(_DAYS, max_size=30), today=_DAYS, since=_DAYS, boarding=st.booleans())
def test_fulfilled_open_and_missed_are_what_is_owed(
    rule: Duty, held: list[date], today: date, since: date, boarding: bool
) -> None:
    traits = frozenset({"primary", "kindergarten", "boarding"} if boarding else {"primary", "kindergarten"})
    due = owed(rule, 2026, DAYS_2026, [Phase(since, traits)])
    stood = stand(due, [Done(d) for d in held], today=today)
    sums = tally(stood)
    begun = [p for p in due if p.start <= today or any(d <= today and p.start <= d <= p.end for d in held)]
    assert sums.met + sums.late + sums.missed + sums.open + sums.soon == sums.owed == len(begun)
    assert sums.owed + sums.ahead == len(due)
    for one in stood:
        within = sum(one.period.start <= d <= one.period.end and d <= today for d in held)
        assert (one.standing is Standing.MET) == (within >= 1)
        assert one.standing not in (Standing.MISSED, Standing.LATE) or one.period.end < today
        assert one.late_on is None or one.period.end < one.late_on <= today
    # What is done late never counts twice: no more periods are fulfilled than things were done.
    assert sums.met + sums.late <= len(held) * 2
    assert sums.late <= sum(d > due[0].end for d in held) if due else True


@given(held=st.lists(_DAYS, max_size=12))
def test_each_thing_done_makes_up_for_one_missed_period_at_most(held: list[date]) -> None:
    months = [Period(date(2026, m, 1), date(2026, m + 1, 1) - timedelta(days=1)) for m in range(1, 12)]
    sums = tally(stand(months, [Done(d) for d in held], today=date(2027, 2, 1)))
    assert sums.met + sums.late <= len([d for d in held if date(2026, 1, 1) <= d])


def test_the_worst_colours_the_whole() -> None:
    assert Tally().worst is None
    assert Tally(met=3, open=1).worst is Standing.OPEN
    assert (Tally(met=3, late=1) + Tally(soon=2, ahead=4)).worst is Standing.LATE
    assert Tally(met=9, missed=1).worst is Standing.MISSED


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sums", "said"),
    [
        (Tally(met=2, missed=1), "应完成 3 项，已完成 2 项"),
        (Tally(met=1, open=1, ahead=3), "应完成 5 项（3 项还没有开始），已完成 1 项"),
    ],
)
def test_words_say_the_figures_that_a_cell_shows(app: Flask, sums: Tally, said: str) -> None:
    assert words.done_words(sums) == said
    assert f"{cell(sums).met}/{cell(sums).owed}" == f"{said.rpartition('已完成 ')[2].split()[0]}/{said.split()[1]}"
