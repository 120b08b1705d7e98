"""What clashes, how much an officer has to do, which days a page shows."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from app.workcalendar import rules
from app.workcalendar.rules import Clash, Entry, Kind

pytestmark = pytest.mark.one_database

MONDAY = date(2026, 11, 23)
INES, IVO, LEA = (uuid.UUID(int=n) for n in (1, 2, 3))
FIRST, SECOND, THIRD = (uuid.UUID(int=n) for n in (11, 12, 13))


def visit(school: uuid.UUID = FIRST, *people: uuid.UUID, **more: Any) -> Entry:
    """A visit on Monday that is still to come."""
    said = {"day": MONDAY, "school_id": school, "people": people or (INES,), "is_open": True, "needs_school": True}
    return Entry(**{"kind": Kind.VISIT, "id": uuid.uuid4(), "state": "planned"} | said | more)


def found(*entries: Entry, **more: Any) -> list[tuple[Clash, ...]]:
    """The clashes of each entry, in order."""
    told = rules.clashes(entries, **more)
    return [told.get(entry.key, ()) for entry in entries]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("", ""), [(), ()]),
        (("morning", "afternoon"), [(), ()]),
        (("morning", ""), [(), ()]),
        (("morning", "morning"), [(Clash.SAME_HALF,), (Clash.SAME_HALF,)]),
        (("", "", ""), [(Clash.DAY_FULL,)] * 3),
        (("morning", "morning", ""), [(Clash.SAME_HALF,), (Clash.SAME_HALF,), (Clash.DAY_FULL,)]),
    ],
)
def test_an_officer_makes_one_visit_in_half_a_day(parts: tuple[str, ...], expected: list[tuple[Clash, ...]]) -> None:
    schools = (FIRST, SECOND, THIRD)
    assert found(*(visit(schools[n], INES, part=part) for n, part in enumerate(parts))) == expected


def test_the_second_officer_counts_like_the_first() -> None:
    assert (
        found(visit(FIRST, INES, IVO, part="morning"), visit(SECOND, LEA, IVO, part="morning"))
        == [(Clash.SAME_HALF,)] * 2
    )
    assert found(visit(FIRST, INES, IVO, part="morning"), visit(SECOND, LEA, part="morning")) == [(), ()]
    other_day = visit(SECOND, INES, part="morning", day=MONDAY + timedelta(days=1))
    assert found(visit(FIRST, INES, part="morning"), other_day) == [(), ()]


def test_a_half_day_of_fire_education_takes_half_a_day_too() -> None:
    taught = Entry(kind=Kind.TRAINING, id=uuid.uuid4(), day=MONDAY, people=(INES,), part="morning", is_open=True)
    assert found(visit(FIRST, INES, part="morning"), taught) == [(Clash.SAME_HALF,)] * 2
    assert found(visit(FIRST, INES, part="afternoon"), taught) == [(), ()]


def test_what_is_over_counts_and_is_not_marked_itself() -> None:
    over = visit(FIRST, INES, part="morning", is_open=False, state="done")
    assert found(over, visit(SECOND, INES, part="morning")) == [(), (Clash.SAME_HALF,)]


def test_a_school_is_visited_once_a_day() -> None:
    assert found(visit(FIRST, INES), visit(FIRST, IVO)) == [(Clash.SCHOOL_TWICE,)] * 2
    drill = Entry(kind=Kind.DRILL, id=uuid.uuid4(), day=MONDAY, school_id=FIRST, is_open=True)
    assert found(visit(FIRST, INES), drill) == [(), ()]


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        (visit(), {"days_off": {MONDAY}}, (Clash.DAY_OFF,)),
        (visit(), {"days_off": {MONDAY}, "no_school": {(FIRST, MONDAY)}}, (Clash.DAY_OFF,)),
        (visit(), {"no_school": {(FIRST, MONDAY)}}, (Clash.NO_SCHOOL,)),
        (visit(), {"no_school": {(SECOND, MONDAY)}}, ()),
        (visit(needs_school=False), {"no_school": {(FIRST, MONDAY)}}, ()),
        (visit(due_on=MONDAY), {}, ()),
        (visit(due_on=MONDAY - timedelta(days=1)), {}, (Clash.TOO_LATE,)),
        (visit(FIRST, INES, IVO), {"officers": {INES}}, (Clash.NO_OFFICER,)),
        (visit(FIRST, INES, IVO), {"officers": {INES, IVO}}, ()),
        (visit(is_open=False), {"days_off": {MONDAY}, "officers": set()}, ()),
    ],
)
def test_days_that_do_not_fit(entry: Entry, more: dict[str, Any], expected: tuple[Clash, ...]) -> None:
    assert found(entry, **more) == [expected]


def test_the_workload_is_half_days_against_working_days() -> None:
    days, names = rules.week_of(MONDAY), {INES: "尼玛", IVO: "次仁", LEA: "格桑"}
    off = {days[2], days[5], days[6]}
    visits = [
        visit(FIRST, INES, IVO),
        visit(SECOND, INES, is_open=False, state="done"),
        visit(THIRD, INES, day=days[4]),
    ]
    other = Entry(kind=Kind.TASK, id=uuid.uuid4(), day=MONDAY)
    ines, ivo, lea = rules.workload([*visits, other], officers=names, days=days, days_off=off)
    assert (ines.by_day, ines.halves, ines.room, ines.percent) == ((2, 0, 0, 0, 1, 0, 0), 3, 8, 38)
    assert (ivo.halves, lea.halves, lea.percent, lea.is_over) == (1, 0, 0, False)
    (busy, _ivo, _lea) = rules.workload(visits, officers=names, days=days, days_off=days)
    assert (busy.room, busy.percent, busy.is_over) == (0, 100, True)


@pytest.mark.parametrize(
    ("day", "first", "last", "days"),
    [
        (date(2026, 11, 23), date(2026, 10, 26), date(2026, 12, 6), 42),
        (date(2026, 2, 14), date(2026, 1, 26), date(2026, 3, 1), 35),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28), 28),
        (date(2024, 2, 29), date(2024, 1, 29), date(2024, 3, 3), 35),
    ],
)
def test_a_month_is_shown_in_whole_weeks(day: date, first: date, last: date, days: int) -> None:
    shown = rules.month_of(day)
    assert (shown[0], shown[-1], len(shown)) == (first, last, days)


def test_months_follow_each_other_over_the_year() -> None:
    assert rules.month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert rules.month_before(date(2027, 1, 31)) == date(2026, 12, 1)
    assert rules.month_before(date(2024, 3, 31)) == date(2024, 2, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("", MONDAY),
        ("morgen", MONDAY),
        ("2026-02-30", MONDAY),
        ("0001-01-01", rules.FIRST),
        ("9999-12-31", rules.LAST),
    ],
)
def test_the_day_of_an_address_is_read_or_today(text: str, day: date) -> None:
    assert rules.asked_day(text, today=MONDAY) == day
