"""How duties stand: one school's year, those of many, what a school has to do now."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.duties.queries import facts
from app.duties.rules.counting import Standing, Stood, Tally, owed, stand, tally
from app.duties.rules.duties import Duty, Phase, Source
from app.duties.rules.periods import Period, SchoolDays, reach
from app.regulations import queries as regulations
from app.regulations.rules.calendars import Calendar
from app.schools import queries as schools
from app.schools.models import School


@dataclass(frozen=True)
class Kept:
    """One duty of one school over a year. `informs`: nobody is blamed, because its sources are unsure or proposed."""

    duty: Duty
    stood: tuple[Stood, ...]
    informs: bool

    @cached_property
    def tally(self) -> Tally:
        """The year's sum."""
        return tally(self.stood)

    @cached_property
    def months(self) -> Mapping[int, tuple[Stood, ...]]:
        """The periods by the month in which they end."""
        found: dict[int, list[Stood]] = defaultdict(list)
        for one in self.stood:
            found[one.period.end.month].append(one)
        return {month: tuple(several) for month, several in found.items()}


@dataclass(frozen=True)
class SchoolYear:
    """All duties of one school over a year, in the pack's order; those that do not bind it are left out."""

    school: School
    kept: tuple[Kept, ...]
    calendar: Calendar

    @cached_property
    def binding(self) -> tuple[Kept, ...]:
        """Those that count: with periods, and not only informing."""
        return tuple(kept for kept in self.kept if not kept.informs and kept.stood)

    @cached_property
    def tally(self) -> Tally:
        """The year's sum over all that counts."""
        return sum((kept.tally for kept in self.binding), Tally())


@dataclass
class Reckoner:
    """Works out what is owed once for all schools that share a calendar and a past."""

    year: int
    today: date
    duties: Sequence[Duty]
    _days: dict[int, tuple[SchoolDays, SchoolDays]] = field(default_factory=dict)
    _owed: dict[tuple[int, tuple[Phase, ...]], list[tuple[Duty, tuple[Period, ...], int]]] = field(default_factory=dict)

    def _school_days(self, calendar: Calendar) -> tuple[SchoolDays, SchoolDays]:
        """The school days of the year and of the next."""
        if id(calendar) not in self._days:
            self._days[id(calendar)] = (
                SchoolDays(calendar, *reach(self.year)),
                SchoolDays(calendar, *reach(self.year + 1)),
            )
        return self._days[id(calendar)]

    def owed_by(self, calendar: Calendar, phases: tuple[Phase, ...]) -> list[tuple[Duty, tuple[Period, ...], int]]:
        """Each duty with the periods of the year, one more behind them, and how many are of the year.

        The one behind is needed to tell what made up for the last of the year from what that one needs itself.
        """
        key = (id(calendar), phases)
        if key not in self._owed:
            now, after = self._school_days(calendar)
            found = []
            for duty in self.duties:
                periods = owed(duty, self.year, now, phases)
                if not periods and not any(duty.binds(phase.traits) for phase in phases):
                    continue
                found.append((duty, periods + owed(duty, self.year + 1, after, phases)[:1], len(periods)))
            self._owed[key] = found
        return self._owed[key]

    def year_of(
        self,
        school: School,
        calendar: Calendar,
        phases: tuple[Phase, ...],
        deeds: facts.Deeds,
        adopted: Mapping[str, date],
    ) -> SchoolYear:
        """One school's year."""
        kept = []
        for duty, periods, count in self.owed_by(calendar, phases):
            stood = stand(periods, facts.done_for(duty, deeds), today=self.today, needed=duty.needed)[:count]
            since = adopted.get(duty.code)
            if duty.only_informs and since is not None:
                taken_on = tuple(one for one in stood if one.period.start >= since)
                kept.append(Kept(duty, taken_on, informs=False))
                stood = tuple(one for one in stood if one.period.start < since)
            if not duty.only_informs or since is None or stood:
                kept.append(Kept(duty, stood, informs=duty.only_informs))
        return SchoolYear(school, tuple(kept), calendar)


@dataclass(frozen=True)
class Ground:
    """What the years of some schools are counted from. Read in nine queries however many they are."""

    schools: Sequence[School]
    calendars: Mapping[uuid.UUID, Calendar]
    adopted: Mapping[uuid.UUID, Mapping[str, date]]
    phases: Mapping[uuid.UUID, tuple[Phase, ...]]
    deeds: Mapping[uuid.UUID, facts.Deeds]


def ground_of(found: Sequence[School], year: int, sources: Collection[Source] = tuple(Source)) -> Ground:
    """Read it. What stands in the key of a tally comes first: what changes meanwhile makes the tally stale, never the key."""
    calendars = regulations.calendars_of({school.id: school.area_code for school in found})
    taken_on = facts.adopted({school.brigade_id for school in found})
    deeds = facts.deeds([school.id for school in found], reach(year)[0], sources)
    return Ground(found, calendars, taken_on, facts.phases_of(found), deeds)


def reckon(ground: Ground, year: int, *, today: date, duties: Sequence[Duty] | None = None) -> list[SchoolYear]:
    """The year of each school, by the duties in force."""
    reckoner = Reckoner(year, today, facts.duties_in_force() if duties is None else duties)
    return [
        reckoner.year_of(
            school, ground.calendars[school.id], ground.phases[school.id], ground.deeds[school.id], ground.adopted[school.brigade_id]
        )
        for school in ground.schools
    ]  # fmt: skip


def years_of(found: Sequence[School], year: int, *, duties: Sequence[Duty] | None = None) -> list[SchoolYear]:
    """The year of each of these schools today."""
    return reckon(ground_of(found, year), year, today=clock.today(), duties=duties)


def year_of(school: School, year: int) -> SchoolYear:
    """One school's year."""
    return years_of([school], year)[0]


#: What a school has to do something about, the worst first.
PRESSING = (Standing.MISSED, Standing.SOON, Standing.OPEN)


@dataclass(frozen=True)
class Pressing:
    """One duty that waits for something to be done: its open period, or the last one that was missed."""

    duty: Duty
    stood: Stood
    informs: bool


def pressing(year: SchoolYear, *, today: date, missed_within: int = 62) -> list[Pressing]:
    """What is open now or was missed within so many days, the most pressing first. Days and rounds are left out."""
    found = []
    for kept in year.kept:
        waiting = [one for one in kept.stood if one.standing in PRESSING]
        recent = [one for one in waiting if one.period.end >= today - timedelta(days=missed_within)]
        if recent and not (kept.informs and recent[-1].standing is Standing.MISSED):
            found.append(Pressing(kept.duty, recent[-1], kept.informs))
    return sorted(found, key=lambda one: (PRESSING.index(one.stood.standing), one.stood.period.end, one.duty.code))


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a grid: what colours it, and how many are met of how many owed. What only informs has no colour."""

    standing: Standing | None
    met: int
    owed: int
    words: Tally
    informs: bool = False


def cell(sums: Tally, *, informs: bool = False) -> Cell:
    return Cell(sums.worst, sums.met, sums.owed + sums.ahead, sums, informs and sums.worst is not Standing.MET)


def duty_cells(kept: Kept) -> list[Cell]:
    """The twelve months of one duty."""
    return [cell(tally(kept.months.get(month, ())), informs=kept.informs) for month in range(1, 13)]


def years_on_record(viewer: Viewer) -> range:
    """The years that can be looked at: from the first of the viewer's schools on record to this one."""
    return years_since(db.session.scalar(sa.select(sa.func.min(School.made_at)).where(schools.visible(viewer))))


def years_since(first: datetime | None) -> range:
    """The years from a moment to this one."""
    this = clock.today().year
    return range(min(clock.day_of(first).year if first else this, this), this + 1)
