"""The half days of a brigade: its year in weeks, who planned them, which schools they reached."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.core import clock
from app.core.extensions import db
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.regulations.queries import workdays_of
from app.regulations.rules.calendars import is_workday
from app.schools.models import School, SchoolStatus
from app.trainings.models import Training, TrainingSession
from app.trainings.rules.half_days import HalfDay, Week, mondays, weeks


@dataclass(frozen=True)
class Line:
    """A half day with its school and who planned it; `training` once it was logged."""

    session: TrainingSession
    school: School
    officer: str
    training: Training | None

    @property
    def day(self) -> date:
        """When it was held, or is to be."""
        return clock.day_of(self.training.held_at if self.training else self.session.starts_at)


@dataclass
class Sums:
    """What an officer planned, or what a school had: half days held and planned, schools, class hours, people; the last one held."""

    name: str = ""
    held: int = 0
    planned: int = 0
    people: int = 0
    last: date | None = None


@dataclass(frozen=True)
class SchoolSums:
    """A school and what it had over the year."""

    school: School
    sums: Sums

    @property
    def place(self) -> tuple[Any, ...]:
        """Those first that had none, then those whose last was longest ago."""
        last = self.sums.last or ""
        return (self.sums.held, self.sums.planned, str(last), self.school.sort_name, str(self.school.id))


@dataclass(frozen=True)
class Year:
    """A brigade's year of half days."""

    weeks: Sequence[Week]
    ahead: Sequence[Line]
    to_log: Sequence[Line]
    officers: Sequence[Sums]
    schools: Sequence[SchoolSums]

    @property
    def held(self) -> int:
        """Weeks that had theirs."""
        return sum(week.held > 0 for week in self.weeks)

    @property
    def due(self) -> int:
        """Weeks that should have had one by now."""
        return sum(week.counts for week in self.weeks)

    @property
    def reached(self) -> int:
        """Schools that had one."""
        return sum(one.sums.held > 0 for one in self.schools)


def _lines(brigade_id: uuid.UUID, first: date, last: date) -> list[Line]:
    held = sa.and_(Training.session_id == TrainingSession.id, Training.withdrawn_at.is_(None))
    at = sa.func.coalesce(Training.held_at, TrainingSession.starts_at)
    rows = db.session.execute(
        sa.select(TrainingSession, School, Person.name, Training)
        .join(School, School.id == TrainingSession.school_id)
        .join(Person, Person.id == TrainingSession.made_by_id)
        .outerjoin(Training, held)
        .where(School.brigade_id == brigade_id, TrainingSession.is_half_day, TrainingSession.called_off_at.is_(None))
        .where(at >= clock.start_of(first), at < clock.end_of(last))
        .order_by(at, TrainingSession.id)
    )
    return [Line(*row) for row in rows]


def _first_ever(brigade_id: uuid.UUID) -> date | None:
    """The day of the brigade's first half day: before it none was due."""
    first = db.session.scalar(
        sa.select(sa.func.min(TrainingSession.starts_at))
        .join(School, School.id == TrainingSession.school_id)
        .where(School.brigade_id == brigade_id, TrainingSession.is_half_day, TrainingSession.called_off_at.is_(None))
    )
    return clock.day_of(first) if first else None


def _added(lines: Iterable[Line], key: Any) -> dict[Any, Sums]:
    found: dict[Any, Sums] = defaultdict(Sums)
    for line in lines:
        sums = found[key(line)]
        if line.training is None:
            sums.planned += 1
            continue
        sums.held += 1
        sums.people += line.training.attended or 0
        sums.last = max(sums.last or line.day, line.day)
    return found


def _officers(lines: Sequence[Line]) -> list[Sums]:
    sums = _added(lines, lambda line: (line.session.made_by_id, line.officer))
    for (_person, name), one in sums.items():
        one.name = name
    return sorted(sums.values(), key=lambda one: (-one.held, -one.planned, one.name))


def _schools(brigade_id: uuid.UUID, lines: Sequence[Line]) -> list[SchoolSums]:
    query = sa.select(School).where(School.brigade_id == brigade_id, School.status == SchoolStatus.OPEN)
    sums = _added(lines, lambda line: line.school.id)
    found = [SchoolSums(school, sums.get(school.id, Sums())) for school in db.session.scalars(query)]
    return sorted(found, key=lambda one: one.place)


def year_of(brigade_id: uuid.UUID, year: int) -> Year:
    """A brigade's year, in seven queries."""
    brigade, today = db.session.get_one(Brigade, brigade_id), clock.today()
    first, last = mondays(year)[0], date.fromisocalendar(year, len(mondays(year)), 7)
    lines, calendar = _lines(brigade_id, first, last), workdays_of(brigade.area_code)
    in_weeks = weeks(
        year,
        [HalfDay(line.day, line.training is not None) for line in lines],
        wanted=settings_of(brigade.settings).half_days_a_week,
        today=today,
        since=_first_ever(brigade_id),
        is_workday=lambda day: is_workday(day, calendar),
    )
    open_lines = [line for line in lines if line.training is None]
    return Year(
        in_weeks,
        [line for line in open_lines if line.day >= today],
        [line for line in open_lines if line.day < today],
        _officers(lines),
        _schools(brigade_id, lines),
    )
