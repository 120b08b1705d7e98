"""Schools are told before a duty's period ends, so many days ahead as the brigade set; one line a school and day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from app.core.extensions import db
from app.duties.models import DutyHolder
from app.duties.queries import facts, standing
from app.duties.queries import holders as holding
from app.duties.queries.standing import SchoolYear
from app.duties.rules.counting import Standing
from app.duties.rules.duties import Duty
from app.duties.rules.periods import Per
from app.notifications.reminders import Reminder, register_reminder_source
from app.organisations.models import Brigade
from app.organisations.setting_kinds import days_of
from app.organisations.settings import settings_of
from app.schools.models import School, SchoolStatus

#: Nobody needs a letter about what is owed every day or week.
TOO_OFTEN = frozenset({Per.HOUR, Per.DAY, Per.WEEK, Per.NEW_POST})
#: So many schools are reckoned at a time.
BATCH = 500


def _days_before() -> dict[uuid.UUID, set[int]]:
    """How many days before its end each brigade's schools are told of a period."""
    rows = db.session.execute(sa.select(Brigade.id, Brigade.settings))
    return {key: set(days_of(settings_of(stored).remind_before)) for key, stored in rows}


def ending(year: SchoolYear, day: date, before: set[int]) -> tuple[list[tuple[Duty, date]], list[tuple[Duty, date]]]:
    """What is still open of the periods that end so many days after `day`: what is owed, and what only informs."""
    ends = {day + timedelta(days=n) for n in before}
    found: tuple[list[tuple[Duty, date]], list[tuple[Duty, date]]] = ([], [])
    for kept in year.kept:
        if kept.duty.per in TOO_OFTEN:
            continue
        for one in kept.stood:
            if one.period.end in ends and one.standing in (Standing.OPEN, Standing.SOON):
                found[kept.informs].append((kept.duty, one.period.end))
    return found


def _said(found: Sequence[tuple[Duty, date]], language: str, held: Mapping[str, DutyHolder]) -> str:
    """The duties with the days by which they are due and who answers for each, as far as somebody does."""
    by = {code: holder.name for code, holder in held.items()}
    if language == "zh":
        return "、".join(
            f"{duty.content['zh']}（{end:%m-%d}{'，' + by[duty.code] if duty.code in by else ''}）"
            for duty, end in found
        )
    return "; ".join(
        f"{duty.content['en']} ({end:%m-%d}{', ' + by[duty.code] if duty.code in by else ''})" for duty, end in found
    )


def _accounts(owed: Sequence[tuple[Duty, date]], held: Mapping[str, DutyHolder]) -> list[uuid.UUID]:
    """Who of those who answer for what is owed has an account; the school's own people are told anyway."""
    holders = (held.get(duty.code) for duty, _end in owed)
    return list(dict.fromkeys(one.person_id for one in holders if one and one.person_id))


def _open_schools(brigades: Sequence[uuid.UUID]) -> Iterator[Sequence[School]]:
    query = sa.select(School).where(School.status == SchoolStatus.OPEN, School.brigade_id.in_(brigades))
    last: uuid.UUID | None = None
    while True:
        page = query if last is None else query.where(School.id > last)
        found = db.session.scalars(page.order_by(School.id).limit(BATCH)).all()
        if found:
            yield found
        if len(found) < BATCH:
            return
        last = found[-1].id


@register_reminder_source
def of_duties(day: date) -> Iterator[Reminder]:
    """Each school with something open that ends soon. A rule that only informs is named as such, and never alone."""
    before, duties = _days_before(), facts.duties_in_force()
    for schools in _open_schools(list(before)):
        holders = holding.of_schools([school.id for school in schools], day=day)
        for year in standing.years_of(schools, day.year, duties=duties):
            school, held = year.school, holders.get(year.school.id, {})
            owed, informing = ending(year, day, before[school.brigade_id])
            if owed:
                yield Reminder(
                    key=f"duties:{school.id}:{day}",
                    event="duty_near",
                    subject=("school_duties", school.id),
                    school_id=school.id,
                    person_ids=_accounts(owed, held),
                    data={
                        "school": school.name,
                        "school_en": school.name_en,
                        "owed": _said(owed, "zh", held),
                        "owed_en": _said(owed, "en", held),
                        "informs": _said(informing, "zh", held),
                        "informs_en": _said(informing, "en", held),
                        "page": f"/schools/{school.id}/duties",
                    },
                )
