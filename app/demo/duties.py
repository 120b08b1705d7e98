"""The terms of the district, which self-checks its brigade asks for, and those its schools recorded."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

from app.core import clock
from app.demo.district import AREA, District, SchoolRow
from app.demo.writing import Writer
from app.duties.models import DutyAdoption, DutyHolder, DutyRecord
from app.duties.rules.holders import Post
from app.regulations.models import Term

#: Rule → how likely a school records it in a month, and what it writes when it found something.
_ASKED_FOR = {
    "fire_check": (0.93, "三层东侧疏散通道堆放纸箱，当场清理。"),
    "extinguisher_check": (0.88, "食堂一具灭火器压力偏低，已送维修。"),
}


def enter_terms(writer: Writer, *, first: int, last: int) -> None:
    """Spring and autumn terms of these years: 1 March to 10 July, 1 September to 10 January."""
    for year in range(first, last + 1):
        for name, start, end in (
            (f"{year}年春季学期", date(year, 3, 1), date(year, 7, 10)),
            (f"{year}年秋季学期", date(year, 9, 1), date(year + 1, 1, 10)),
        ):
            identity = uuid.uuid5(
                uuid.NAMESPACE_OID, name
            )  # no draw of chance: the rest of the district stays as it was
            writer.add_plain(Term, id=identity, area_code=AREA, name=name, starts_on=start, ends_on=end)
    writer.flush()


def _record(writer: Writer, row: SchoolRow, duty: str, month: date, today: date) -> None:
    likely, found = _ASKED_FOR[duty]
    day = month.replace(day=writer.random.randint(3, 26))
    if day >= today or writer.random.random() > likely:
        return
    held = datetime.combine(day, time(writer.random.randint(8, 16), 20), clock.ZONE).astimezone(UTC)
    faults = writer.random.random() < 0.1
    writer.add(
        DutyRecord,
        school_id=row.id,
        duty=duty,
        held_at=held,
        done_by=row.officer_name,
        found_faults=faults,
        notes=found if faults else "",
        logged_at=held + timedelta(minutes=30),
        logged_by_id=row.officer_id,
    )


def keep_duties(writer: Writer, district: District, *, today: date, since: date) -> None:
    """What the brigade asks for since the first of January, and what the schools recorded since then."""
    asked = max(since, date(today.year, 1, 1))
    for duty in _ASKED_FOR:
        writer.add(
            DutyAdoption,
            brigade_id=district.brigade_id,
            duty=duty,
            since=asked,
            by_id=district.people["leader"],
        )
    month = asked
    while month <= today:
        for row in district.schools:
            for duty in _ASKED_FOR:
                _record(writer, row, duty, month, today)
        month = (month + timedelta(days=32)).replace(day=1)
    writer.flush()


#: Duty → whether the safety officer answers for it, else the principal.
_HELD = {"fire_check": False, "patrol_daily": True, "extinguisher_check": True, "evacuation_drill": True}


def name_holders(writer: Writer, district: District, *, today: date) -> None:
    """Who answers for some duties since the first of January; the rest, and one school in three, have nobody yet."""
    for number, row in enumerate(district.schools):
        if number % 3 == 2:
            continue
        for duty, officer in _HELD.items():
            writer.add(
                DutyHolder,
                school_id=row.id,
                duty=duty,
                post=Post.SAFETY_OFFICER if officer else Post.RESPONSIBLE,
                person_id=row.officer_id if officer else row.principal_id,
                name=row.officer_name if officer else row.values["responsible_person"],
                from_day=date(today.year, 1, 1),
                made_by_id=row.principal_id,
            )
    writer.flush()
