"""What the office does with calendars and terms, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.audit.models import AuditEntry
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.regulations import clock_sources, queries, service
from app.regulations.clock_sources import PlacedClock, register_clock_source
from app.regulations.models import Calendar, CalendarDay
from app.regulations.rules.calendars import OpenClock, add_workdays, is_workday
from app.regulations.words import gap_sentences, moves_sentence
from tests.cast import AREA, Cast

pytestmark = pytest.mark.usefixtures("calendars")


def lhasa() -> Calendar:
    return db.session.scalars(sa.select(Calendar).where(Calendar.code == "cn-lhasa")).one()


def shoton(by: Viewer, start: date, end: date, *, replace: bool = False) -> tuple[int, tuple]:
    return service.mark_days(
        by, calendar=lhasa(), start=start, end=end, is_working=False, name="雪顿节", source="通知", replace=replace
    )


@pytest.fixture
def open_clock() -> Iterator[None]:
    """A re-check that is running in the brigade's area when Shoton comes."""

    def source(_by: Viewer, area_code: str | None) -> Iterable[PlacedClock]:
        if AREA.startswith(area_code or ""):
            yield PlacedClock(AREA, OpenClock("x", "示范区第一小学复查", date(2026, 8, 7), 3))

    register_clock_source(source)
    yield
    clock_sources._sources.remove(source)


def test_days_off_stop_the_clock(cast: Cast) -> None:
    olga = cast.viewer("olga")
    assert shoton(olga, date(2026, 8, 10), date(2026, 8, 16))[0] == 7
    db.session.commit()
    assert not is_workday(date(2026, 8, 12), queries.calendar_of(AREA))
    assert is_workday(date(2026, 8, 12), queries.calendar_of(None))
    assert add_workdays(date(2026, 8, 7), 3, queries.calendar_of(AREA)).gaps == ()


def test_a_holiday_without_dates_is_said_until_it_is_entered(cast: Cast) -> None:
    before = add_workdays(date(2026, 8, 7), 3, queries.calendar_of(AREA))
    assert gap_sentences(before.gaps) == ["2026年雪顿节未录入放假安排。"]
    shoton(cast.viewer("olga"), date(2026, 8, 10), date(2026, 8, 16))
    assert add_workdays(date(2026, 8, 7), 3, queries.calendar_of(AREA)).gaps == ()


def test_entering_says_which_open_clocks_moved(cast: Cast, open_clock: None) -> None:
    _count, moves = shoton(cast.viewer("olga"), date(2026, 8, 10), date(2026, 8, 16))
    assert [(m.before, m.after) for m in moves] == [(date(2026, 8, 12), date(2026, 8, 19))]
    assert moves_sentence(moves) == ("1 个期限随之变动：示范区第一小学复查：2026年8月12日 → 2026年8月19日")


def test_moving_a_holiday_withdraws_its_old_days_and_clocks_move_back(cast: Cast, open_clock: None) -> None:
    olga = cast.viewer("olga")
    shoton(olga, date(2026, 8, 10), date(2026, 8, 16))
    count, moves = shoton(olga, date(2026, 8, 15), date(2026, 8, 21), replace=True)
    assert count == 5
    assert [(m.before, m.after) for m in moves] == [(date(2026, 8, 19), date(2026, 8, 12))]
    in_force = [d.day for d in queries.days_of(lhasa(), 2026) if d.name == "雪顿节"]
    assert (min(in_force), max(in_force), len(in_force)) == (date(2026, 8, 15), date(2026, 8, 21), 7)
    withdrawn = db.session.scalars(sa.select(CalendarDay).where(CalendarDay.withdrawn_at.is_not(None))).all()
    assert {d.withdrawn_reason for d in withdrawn} == {"改期"}


def test_moving_shoton_leaves_losar_alone(cast: Cast) -> None:
    shoton(cast.viewer("olga"), date(2026, 8, 10), date(2026, 8, 16), replace=True)
    assert not is_workday(date(2026, 2, 25), queries.calendar_of(AREA))


def test_a_year_without_entries_changes_no_clock(cast: Cast, open_clock: None) -> None:
    assert shoton(cast.viewer("olga"), date(2027, 8, 10), date(2027, 8, 16))[1] == ()
    assert moves_sentence(()) == "没有进行中的期限因此变动。"


def test_the_act_is_on_record(cast: Cast) -> None:
    shoton(cast.viewer("olga"), date(2026, 8, 10), date(2026, 8, 16))
    db.session.commit()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "calendar_day.mark")).one()
    assert entry.person_name == "央金"
    assert entry.detail["name"] == "雪顿节"
    assert (entry.detail["from"], entry.detail["to"]) == ("2026-08-10", "2026-08-16")


def test_entering_the_same_days_twice_adds_nothing(cast: Cast) -> None:
    olga = cast.viewer("olga")
    shoton(olga, date(2026, 8, 10), date(2026, 8, 16))
    assert shoton(olga, date(2026, 8, 10), date(2026, 8, 16)) == (0, ())


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 8, 16), date(2026, 8, 10), "结束日期不能早于开始日期"),
        (date(2026, 8, 1), date(2026, 9, 30), "一次最多录入"),
        (date(2026, 2, 20), date(2026, 2, 27), "已录入为“藏历新年”"),
    ],
)
def test_impossible_days_are_refused_in_a_sentence(cast: Cast, start: date, end: date, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        shoton(cast.viewer("olga"), start, end)


def test_withdrawn_days_stay_on_record_with_a_reason(cast: Cast, open_clock: None) -> None:
    olga = cast.viewer("olga")
    shoton(olga, date(2026, 8, 10), date(2026, 8, 16))
    days = [d for d in queries.days_of(lhasa(), 2026) if d.name == "雪顿节"]
    moves = service.withdraw_days(olga, calendar=lhasa(), days=days, reason="通知作废")
    assert len(moves) == 1
    assert is_workday(date(2026, 8, 12), queries.calendar_of(AREA))
    assert all(d.withdrawn_reason == "通知作废" for d in days)
    assert service.withdraw_days(olga, calendar=lhasa(), days=days, reason="再次") == ()
    assert {d.withdrawn_reason for d in days} == {"通知作废"}


def test_withdrawing_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(DomainError, match="撤销原因"):
        service.withdraw_days(cast.viewer("olga"), calendar=lhasa(), days=[], reason="")


def test_a_year_said_to_be_complete_is_no_longer_asked_for(cast: Cast) -> None:
    olga = cast.viewer("olga")
    service.set_year_filled(olga, calendar=lhasa(), year=2026, filled=True)
    service.set_year_filled(olga, calendar=lhasa(), year=2026, filled=True)
    db.session.commit()
    assert add_workdays(date(2026, 8, 7), 3, queries.calendar_of(AREA)).gaps == ()
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "calendar_year.filled")).all()
    assert len(entries) == 1


def test_loading_again_leaves_what_the_office_entered(cast: Cast) -> None:
    olga = cast.viewer("olga")
    losar = [d for d in queries.days_of(lhasa(), 2026) if d.name == "藏历新年" and not d.is_working]
    service.withdraw_days(olga, calendar=lhasa(), days=losar, reason="试")
    db.session.commit()
    service.load_packs()
    queries.forget_calendars()
    assert is_workday(date(2026, 2, 25), queries.calendar_of(AREA))


def test_an_area_may_have_days_of_its_own(cast: Cast) -> None:
    olga = cast.viewer("olga")
    own = service.add_region_calendar(olga, area_code=AREA, name="示范区放假")
    service.mark_days(
        olga,
        calendar=own,
        start=date(2026, 2, 20),
        end=date(2026, 2, 20),
        is_working=True,
        name="值班日",
        source="区通知",
    )
    assert is_workday(date(2026, 2, 20), queries.calendar_of(AREA))
    assert not is_workday(date(2026, 2, 20), queries.calendar_of("540103"))
    with pytest.raises(DomainError, match="已有放假日历"):
        service.add_region_calendar(olga, area_code=AREA, name="又一个")


def test_terms_of_an_area_do_not_overlap(cast: Cast) -> None:
    olga = cast.viewer("olga")
    autumn = {"area_code": AREA, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 1, 10)}
    term = service.add_term(olga, name="秋季学期", **autumn)
    with pytest.raises(DomainError, match="与“秋季学期”的日期重叠"):
        service.add_term(olga, name="再来", **autumn)
    with pytest.raises(DomainError, match="应晚于开始日期"):
        service.add_term(olga, area_code=AREA, name="倒", starts_on=date(2028, 2, 1), ends_on=date(2028, 1, 1))
    assert [t.name for t in queries.calendar_of(AREA).terms] == ["秋季学期"]
    service.withdraw_term(olga, term=term, reason="录错")
    assert queries.calendar_of(AREA).terms == ()
    service.add_term(olga, name="秋季学期", **autumn)


def test_reading_a_calendar_costs_the_same_however_often(cast: Cast, count_queries) -> None:  # type: ignore[no-untyped-def]
    queries.forget_calendars()
    with count_queries() as counted:
        for _time in range(20):
            queries.calendar_of(AREA)
    assert counted.number <= 4


def test_a_long_running_worker_sees_what_the_office_entered_meanwhile(cast: Cast) -> None:
    day, row = date(2026, 8, 12), {"is_working": False, "name": "雪顿节", "source": "", "withdrawn_reason": ""}
    calendar_id = lhasa().id
    assert is_workday(day, queries.calendar_of(AREA))
    db.session.commit()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(sa.insert(CalendarDay).values(id=new_id(), calendar_id=calendar_id, day=day, **row))
    assert not is_workday(day, queries.calendar_of(AREA))
