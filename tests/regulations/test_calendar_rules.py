"""Working days: nation, region, what is not entered."""

from __future__ import annotations

from datetime import date

from app.regulations.rules.calendars import (
    Calendar,
    DayLayer,
    Gap,
    Layer,
    MarkedDay,
    OpenClock,
    Pending,
    Term,
    add_workdays,
    clocks_changed,
    is_workday,
    last_school_day,
    next_school_day,
    span,
)

NATION = DayLayer(Layer.NATIONAL, "全国", {}, frozenset({2025, 2026}))


def shoton(start: date, end: date) -> Calendar:
    days = {day: MarkedDay(False, "雪顿节") for day in span(start, end)}
    return Calendar((NATION, DayLayer(Layer.REGION, "拉萨", days, frozenset({2026}))))


def test_the_region_overrides_the_nation_in_both_directions() -> None:
    saturday, monday = date(2026, 2, 14), date(2026, 2, 16)
    nation = DayLayer(Layer.NATIONAL, "", {monday: MarkedDay(False, "春节")}, frozenset({2026}))
    region = DayLayer(Layer.REGION, "", {monday: MarkedDay(True, "x"), saturday: MarkedDay(True, "x")})
    assert is_workday(monday, Calendar((nation, region)))
    assert is_workday(saturday, Calendar((nation, region)))
    assert not is_workday(saturday, Calendar((nation,)))
    assert not is_workday(monday, Calendar((nation,)))


def test_the_start_day_is_not_counted_and_no_days_is_the_day_itself() -> None:
    friday = date(2026, 11, 20)
    assert add_workdays(friday, 1, Calendar((NATION,))).day == date(2026, 11, 23)
    assert add_workdays(friday, 0, Calendar((NATION,))).day == friday


def test_a_year_that_is_not_entered_is_said_and_counted_monday_to_friday() -> None:
    reckoned = add_workdays(date(2026, 12, 30), 3, Calendar((NATION,)))
    assert reckoned.day == date(2027, 1, 4)
    assert reckoned.gaps == (Gap(2027),)


def test_without_any_calendar_every_year_is_a_gap() -> None:
    assert add_workdays(date(2026, 5, 1), 1, Calendar()).gaps == (Gap(2026),)


def test_a_holiday_without_dates_is_said_where_it_may_fall() -> None:
    pending = Pending("雪顿节", date(2026, 7, 20), date(2026, 9, 15))
    calendar = Calendar((NATION, DayLayer(Layer.REGION, "拉萨", {}, frozenset(), (pending,))))
    assert add_workdays(date(2026, 8, 10), 3, calendar).gaps == (Gap(2026, "雪顿节"),)
    assert add_workdays(date(2026, 10, 12), 3, calendar).gaps == ()


def test_moving_shoton_moves_the_open_clocks_it_touches_and_no_other() -> None:
    before = shoton(date(2026, 8, 10), date(2026, 8, 14))
    after = shoton(date(2026, 8, 17), date(2026, 8, 21))
    clocks = [
        OpenClock("a", "复查 甲校", date(2026, 8, 7), 3),
        OpenClock("b", "送达 乙校", date(2026, 8, 14), 3),
        OpenClock("c", "复查 丙校", date(2026, 9, 1), 3),
    ]
    moved = {m.clock.key: (m.before, m.after) for m in clocks_changed(before, after, clocks)}
    assert moved == {
        "a": (date(2026, 8, 19), date(2026, 8, 12)),
        "b": (date(2026, 8, 19), date(2026, 8, 26)),
    }


def test_a_date_in_the_school_holidays_moves_to_the_first_school_day() -> None:
    terms = (Term("秋", date(2026, 9, 1), date(2026, 12, 31)), Term("春", date(2027, 3, 8), date(2027, 7, 20)))
    calendar = Calendar((DayLayer(Layer.NATIONAL, "", {}, frozenset({2026, 2027})),), terms)
    assert next_school_day(date(2027, 1, 15), calendar) == date(2027, 3, 8)
    assert next_school_day(date(2026, 11, 22), calendar) == date(2026, 11, 23)
    assert next_school_day(date(2027, 7, 20), calendar) is None
    assert last_school_day(date(2027, 1, 15), calendar, earliest=date(2026, 12, 1)) == date(2026, 12, 31)
    assert last_school_day(date(2027, 1, 15), calendar, earliest=date(2027, 1, 1)) is None


def test_without_terms_any_working_day_is_a_school_day() -> None:
    assert next_school_day(date(2026, 11, 21), Calendar((NATION,))) == date(2026, 11, 23)
