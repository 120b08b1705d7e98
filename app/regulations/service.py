"""Acts on regulations: loading packs, and what the office does with calendars and terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.regulations import queries
from app.regulations.clock_sources import open_clocks
from app.regulations.loading import Loaded, load_packs
from app.regulations.models import Calendar, CalendarDay, CalendarLayer, CalendarYear, Term
from app.regulations.rules.calendars import ClockMove, clocks_changed, span

__all__ = [
    "Loaded",
    "add_region_calendar",
    "add_term",
    "load_packs",
    "mark_days",
    "set_year_filled",
    "withdraw_days",
    "withdraw_term",
]

LONGEST_HOLIDAY = 31
Answer = TypeVar("Answer")


def _watching_clocks(by: Viewer, calendar: Calendar, act: Callable[[], Answer]) -> tuple[Answer, tuple[ClockMove, ...]]:
    """Do an act on a calendar and say which open clocks end on another day because of it."""
    placed = list(open_clocks(by, calendar.area_code))
    areas = {p.area_code for p in placed}
    before = {area: queries.calendar_of(area) for area in areas}
    answer = act()
    db.session.flush()
    queries.forget_calendars()
    moves = [
        move
        for area in sorted(areas)
        for move in clocks_changed(
            before[area], queries.calendar_of(area), [p.clock for p in placed if p.area_code == area]
        )
    ]
    return answer, tuple(moves)


def _in_force(calendar: Calendar, days: Iterable[date]) -> dict[date, CalendarDay]:
    rows = db.session.scalars(
        sa.select(CalendarDay).where(
            CalendarDay.calendar_id == calendar.id,
            CalendarDay.day.in_(list(days)),
            CalendarDay.withdrawn_at.is_(None),
        )
    )
    return {row.day: row for row in rows}


def _withdraw(by: Viewer, row: CalendarDay, reason: str) -> None:
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason
    audit.record(
        by,
        "calendar_day.withdraw",
        subject="calendar",
        subject_id=row.calendar_id,
        detail={"day": row.day.isoformat(), "name": row.name, "reason": reason},
    )


def _same_holiday(calendar: Calendar, *, name: str, year: int, is_working: bool) -> list[CalendarDay]:
    rows = queries.days_of(calendar, year)
    return [row for row in rows if row.name == name and row.is_working is is_working]


def _refuse_impossible(start: date, end: date) -> None:
    if end < start:
        raise DomainError(_("结束日期不能早于开始日期。"), field="end")
    if (end - start).days >= LONGEST_HOLIDAY:
        raise DomainError(_("一次最多录入 %(num)d 天，请核对日期。", num=LONGEST_HOLIDAY), field="end")


def _mark(by: Viewer, calendar: Calendar, days: tuple[date, ...], new: CalendarDay, replace: bool) -> int:
    if replace:
        kept = set(days)
        moved = _same_holiday(calendar, name=new.name, year=days[0].year, is_working=new.is_working)
        for row in moved:
            if row.day not in kept:
                _withdraw(by, row, _("改期"))
    there = _in_force(calendar, days)
    for day, row in there.items():
        if row.is_working is not new.is_working or row.name != new.name:
            raise DomainError(
                _("%(day)s 已录入为“%(name)s”，请先撤销再录入。", day=day.isoformat(), name=row.name), field="start"
            )
    fresh = [day for day in days if day not in there]
    db.session.add_all(
        CalendarDay(
            calendar_id=calendar.id,
            day=day,
            is_working=new.is_working,
            name=new.name,
            source=new.source,
            entered_by_id=by.person_id,
        )
        for day in fresh
    )
    return len(fresh)


def mark_days(
    by: Viewer,
    *,
    calendar: Calendar,
    start: date,
    end: date,
    is_working: bool,
    name: str,
    source: str,
    replace: bool = False,
) -> tuple[int, tuple[ClockMove, ...]]:
    """Enter days off, or weekend days that are worked. Returns how many are new and which open clocks moved.

    With `replace` the same holiday's other days of that year are withdrawn: the holiday has moved.
    """
    _refuse_impossible(start, end)
    new = CalendarDay(is_working=is_working, name=name, source=source)
    count, moves = _watching_clocks(by, calendar, lambda: _mark(by, calendar, tuple(span(start, end)), new, replace))
    audit.record(
        by,
        "calendar_day.mark",
        subject="calendar",
        subject_id=calendar.id,
        detail={
            "from": start.isoformat(),
            "to": end.isoformat(),
            "working": is_working,
            "name": name,
            "source": source,
            "clocks_moved": len(moves),
        },
    )
    return count, moves


def withdraw_days(by: Viewer, *, calendar: Calendar, days: Iterable[CalendarDay], reason: str) -> tuple[ClockMove, ...]:
    """Take marked days back, with a reason; they stay on record. Returns which open clocks moved."""
    if not reason:
        raise DomainError(_("请写明撤销原因。"), field="reason")

    def act() -> None:
        for row in days:
            if row.withdrawn_at is None:
                _withdraw(by, row, reason)

    return _watching_clocks(by, calendar, act)[1]


def set_year_filled(by: Viewer, *, calendar: Calendar, year: int, filled: bool) -> None:
    """Say that all days of a year are entered, or that they are not."""
    row = db.session.get(CalendarYear, (calendar.id, year))
    if row is None:
        row = CalendarYear(calendar_id=calendar.id, year=year)
        db.session.add(row)
    elif row.is_filled is filled:
        return
    row.is_filled = filled
    audit.record(
        by,
        "calendar_year.filled",
        subject="calendar",
        subject_id=calendar.id,
        detail={"year": year, "filled": filled},
    )
    db.session.flush()
    queries.forget_calendars()


def add_region_calendar(by: Viewer, *, area_code: str, name: str, name_en: str = "") -> Calendar:
    """Begin a calendar of an area's own days off."""
    code = f"region-{area_code}"
    taken = db.session.scalar(
        sa.select(Calendar.name).where(Calendar.layer == CalendarLayer.REGION, Calendar.area_code == area_code)
    )
    if taken:
        raise DomainError(_("该地区已有放假日历“%(name)s”。", name=taken), field="area_code")
    calendar = Calendar(code=code, layer=CalendarLayer.REGION, area_code=area_code, name=name, name_en=name_en)
    db.session.add(calendar)
    db.session.flush()
    audit.record(
        by, "calendar.add", subject="calendar", subject_id=calendar.id, detail={"area": area_code, "name": name}
    )
    queries.forget_calendars()
    return calendar


def add_term(by: Viewer, *, area_code: str, name: str, starts_on: date, ends_on: date) -> Term:
    """Enter a school term of an area; terms of one area do not overlap."""
    if ends_on <= starts_on:
        raise DomainError(_("学期结束日期应晚于开始日期。"), field="ends_on")
    overlapping = db.session.scalar(
        sa.select(Term).where(
            Term.area_code == area_code,
            Term.school_id.is_(None),
            Term.withdrawn_at.is_(None),
            Term.starts_on <= ends_on,
            Term.ends_on >= starts_on,
        )
    )
    if overlapping:
        raise DomainError(_("与“%(name)s”的日期重叠。", name=overlapping.name), field="starts_on")
    term = Term(area_code=area_code, name=name, starts_on=starts_on, ends_on=ends_on)
    db.session.add(term)
    db.session.flush()
    audit.record(
        by,
        "term.add",
        subject="term",
        subject_id=term.id,
        detail={"area": area_code, "name": name, "from": starts_on.isoformat(), "to": ends_on.isoformat()},
    )
    queries.forget_calendars()
    return term


def withdraw_term(by: Viewer, *, term: Term, reason: str) -> None:
    """Take a term back, with a reason; it stays on record."""
    if not reason:
        raise DomainError(_("请写明撤销原因。"), field="reason")
    if term.withdrawn_at is None:
        term.withdrawn_at = clock.now()
        audit.record(by, "term.withdraw", subject="term", subject_id=term.id, detail={"reason": reason})
        db.session.flush()
        queries.forget_calendars()
