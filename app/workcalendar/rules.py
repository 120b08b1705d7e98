"""What stands on which day, what clashes, how much an officer has to do in a week. Pure."""

from __future__ import annotations

import enum
import uuid
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: What a day has room for: one thing before noon, one after it.
HALVES = 2
#: The years that a calendar opens at.
FIRST, LAST = date(2000, 1, 3), date(2099, 12, 31)


class Kind(enum.StrEnum):
    """What an entry of the calendar is."""

    VISIT = "visit"
    DRILL = "drill"
    TRAINING = "training"
    TASK = "task"
    DEADLINE = "deadline"


class Clash(enum.StrEnum):
    """Why a planned day does not fit."""

    SAME_HALF = "same_half"
    DAY_FULL = "day_full"
    SCHOOL_TWICE = "school_twice"
    DAY_OFF = "day_off"
    NO_SCHOOL = "no_school"
    TOO_LATE = "too_late"
    NO_OFFICER = "no_officer"


#: What tells an entry from every other.
Key = tuple[Kind, uuid.UUID, date]
RANK = {kind: rank for rank, kind in enumerate(Kind)}
PARTS = {"morning": 0, "": 1, "afternoon": 2}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing on one day.

    `is_open`: still to come or under way, so that it can clash. `part` is the half day of a visit, '' where it is not
    said. `people` go there, each for half a day. `due_on`: a re-check has to be made by then. `count` of `all`: of a task or of deadlines, what is not done yet.
    `sub` and `state` are the words of the thing's own kind and state.
    """

    kind: Kind
    id: uuid.UUID
    day: date
    at: datetime | None = None
    minutes: int = 0
    school_id: uuid.UUID | None = None
    school_name: str = ""
    school_name_en: str = ""
    area_code: str = ""
    sub: str = ""
    state: str = ""
    text: str = ""
    part: str = ""
    people: tuple[uuid.UUID, ...] = ()
    is_open: bool = False
    needs_school: bool = False
    due_on: date | None = None
    count: int = 0
    all: int = 0
    is_one: bool = False
    is_half_day: bool = False

    @property
    def key(self) -> Key:
        """Tells it from every other entry; of deadlines a school has one each day."""
        return (self.kind, self.id, self.day)

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands within its day: visits by half day, then what has a time, then what is due."""
        part = PARTS.get(self.part, 1)
        return (self.day, RANK[self.kind], part, self.at.timestamp() if self.at else 0.0, self.school_name, self.id.int)


def monday_of(day: date) -> date:
    """The first day of the week."""
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> tuple[date, ...]:
    """The seven days of a week, from Monday."""
    return tuple(monday_of(day) + timedelta(days=n) for n in range(7))


def month_of(day: date) -> tuple[date, ...]:
    """All days of a month, filled up to whole weeks."""
    first = monday_of(day.replace(day=1))
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return tuple(first + timedelta(days=n) for n in range((monday_of(last) - first).days + 7))


def month_before(day: date) -> date:
    """The first of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(day: date) -> date:
    """The first of the next month."""
    return day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=1)


def asked_day(text: str, *, today: date) -> date:
    """The day that an address names, kept within the years that are shown; today where it names none."""
    try:
        return min(max(date.fromisoformat(text), FIRST), LAST)
    except ValueError:
        return today


def _of_people(entries: Iterable[Entry]) -> dict[tuple[uuid.UUID, date], list[Entry]]:
    found: dict[tuple[uuid.UUID, date], list[Entry]] = defaultdict(list)
    for entry in entries:
        for person in entry.people:
            found[person, entry.day].append(entry)
    return found


def _of_officers(entries: Sequence[Entry], found: dict[Key, set[Clash]]) -> None:
    """An officer has one thing to do in each half of a day; where no half is said there must be room for it."""
    for theirs in _of_people(entries).values():
        halves = Counter(entry.part for entry in theirs if entry.part)
        for entry in theirs:
            if entry.part and halves[entry.part] > 1:
                found[entry.key].add(Clash.SAME_HALF)
            elif len(theirs) > HALVES:
                found[entry.key].add(Clash.DAY_FULL)


def _of_schools(entries: Sequence[Entry], found: dict[Key, set[Clash]]) -> None:
    visits = Counter((e.school_id, e.day) for e in entries if e.kind is Kind.VISIT)
    for entry in entries:
        if entry.kind is Kind.VISIT and visits[entry.school_id, entry.day] > 1:
            found[entry.key].add(Clash.SCHOOL_TWICE)


def clashes(
    entries: Sequence[Entry],
    *,
    days_off: Collection[date] = (),
    no_school: Collection[tuple[uuid.UUID | None, date]] = (),
    officers: Collection[uuid.UUID] | None = None,
) -> dict[Key, tuple[Clash, ...]]:
    """What does not fit, by the entry's key. Whatever is over counts against the others and is not marked itself.

    `days_off` are days on which the brigade does not work, `no_school` days on which a school has no lessons, `officers`
    who may go on visits now (None: not known).
    """
    found: dict[Key, set[Clash]] = defaultdict(set)
    _of_officers(entries, found)
    _of_schools(entries, found)
    for entry in entries:
        if entry.kind is Kind.VISIT:
            if entry.day in days_off:
                found[entry.key].add(Clash.DAY_OFF)
            if entry.due_on and entry.day > entry.due_on:
                found[entry.key].add(Clash.TOO_LATE)
            if officers is not None and not set(entry.people) <= set(officers):
                found[entry.key].add(Clash.NO_OFFICER)
        if entry.needs_school and Clash.DAY_OFF not in found[entry.key] and (entry.school_id, entry.day) in no_school:
            found[entry.key].add(Clash.NO_SCHOOL)
    marked = {entry.key for entry in entries if entry.is_open}
    return {key: tuple(sorted(why, key=list(Clash).index)) for key, why in found.items() if why and key in marked}


@dataclass(frozen=True, kw_only=True)
class Load:
    """What an officer has to do in some days: visits and half days of fire education, each taking half a day, against the halves of working days."""

    person_id: uuid.UUID
    name: str
    by_day: tuple[int, ...]
    room: int

    @property
    def halves(self) -> int:
        """How many half days are taken."""
        return sum(self.by_day)

    @property
    def percent(self) -> int:
        """How much of the working time is planned."""
        return round(100 * self.halves / self.room) if self.room else (100 if self.halves else 0)

    @property
    def is_over(self) -> bool:
        """Whether there is more to do than working time."""
        return self.halves > self.room


def workload(
    entries: Iterable[Entry], *, officers: Mapping[uuid.UUID, str], days: Sequence[date], days_off: Collection[date]
) -> list[Load]:
    """Each officer's load; an officer with nothing to do has one too, with zeros."""
    counted = {key: len(theirs) for key, theirs in _of_people(entries).items()}
    room = HALVES * sum(1 for day in days if day not in days_off)
    return [
        Load(person_id=person, name=name, by_day=tuple(counted.get((person, day), 0) for day in days), room=room)
        for person, name in officers.items()
    ]
