"""Who is due for training: the groups of each school, and the people of one by name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import Moment
from app.core.extensions import db
from app.duties.queries import facts, standing
from app.duties.rules import trainings as rules
from app.duties.rules.counting import Stood
from app.duties.rules.duties import Duty, Source, traits_on
from app.duties.rules.trainings import Due, Group
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.schools import queries as schools
from app.schools.models import Contact, School, SchoolStatus
from app.schools.queries import register
from app.trainings.models import Attendee, Audience, Training
from app.trainings.rules.attendance import person_key

#: Posts without a rule of their own, and what a school must be to have them; trained with all staff they are trained too.
POSTS: Mapping[Audience, str | None] = {Audience.GUARDS: None, Audience.CANTEEN: "kitchen"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which schools the list shows: those of a name, or where something is due, or all."""

    search: str = ""
    everything: bool = False


@dataclass(frozen=True)
class SchoolDue:
    """A school's groups, the most pressing first, and how many of its people were last trained longer ago than `months`."""

    school: School
    groups: tuple[Group, ...]
    months: int
    people: int = 0

    def of(self, *states: Due, informs: bool) -> list[Group]:
        """The groups that stand so."""
        return [one for one in self.groups if one.due in states and one.informs is informs]

    @property
    def place(self) -> tuple[Any, ...]:
        """From bad to good: overdue, due soon, what only informs, people."""
        counts = (
            len(self.of(Due.OVERDUE, informs=False)),
            len(self.of(Due.SOON, informs=False)),
            len(self.of(Due.OVERDUE, Due.NEVER, informs=True)),
        )
        return (*(-count for count in counts), -self.people, self.school.sort_name, str(self.school.id))

    @property
    def has_something(self) -> bool:
        """Whether anything is overdue or due soon."""
        return self.people > 0 or any(one.due in (Due.OVERDUE, Due.NEVER, Due.SOON) for one in self.groups)


def _months(found: Sequence[School]) -> dict[uuid.UUID, int]:
    """After how many months a post is trained again, by brigade."""
    ids = {school.brigade_id for school in found}
    rows = db.session.execute(sa.select(Brigade.id, Brigade.settings).where(Brigade.id.in_(ids)))
    return {key: settings_of(stored).post_training_months for key, stored in rows}


def _last(deeds: facts.Deeds, *audiences: str) -> date | None:
    return max((done.day for one in audiences for done in deeds.get((Source.TRAINING, one), ())), default=None)


def _by_duty(years: Sequence[standing.SchoolYear]) -> dict[str, tuple[Duty, list[tuple[Stood, bool]]]]:
    found: dict[str, tuple[Duty, list[tuple[Stood, bool]]]] = {}
    for year in years:
        for kept in year.kept:
            of_duty = found.setdefault(kept.duty.code, (kept.duty, []))[1]
            of_duty += [(one, kept.informs) for one in kept.stood]
    for _duty, stood in found.values():
        stood.sort(key=lambda pair: pair[0].period)
    return found


def _people_sql(ids: Any) -> Any:
    """The people on lists of trainings that were held, with the day of their last one."""
    return (
        sa.select(
            Training.school_id,
            Attendee.person_key,
            sa.func.max(Attendee.name).label("name"),
            sa.func.max(Attendee.post).label("post"),
            sa.func.max(Training.held_at).label("last"),
        )
        .join(Training, Training.session_id == Attendee.session_id)
        .where(Training.school_id.in_(ids), Training.withdrawn_at.is_(None), Attendee.withdrawn_at.is_(None))
        .group_by(Training.school_id, Attendee.person_key)
    )


def _people_counts(found: Sequence[SchoolDue]) -> dict[uuid.UUID, int]:
    """How many people of each school were last trained too long ago."""
    people = _people_sql([one.school.id for one in found]).subquery()
    today = clock.today()
    since = [
        (School.brigade_id == brigade, sa.literal(clock.start_of(rules.months_after(today, -months)), Moment()))
        for brigade, months in {one.school.brigade_id: one.months for one in found}.items()
    ]
    if not since:
        return {}
    rows = db.session.execute(
        sa.select(people.c.school_id, sa.func.count())
        .join(School, School.id == people.c.school_id)
        .where(people.c.last < sa.case(*since))
        .group_by(people.c.school_id)
    )
    return {row[0]: row[1] for row in rows}


def due_of(found: Sequence[School]) -> list[SchoolDue]:
    """How these schools stand, in eight queries however many they are; their people are not counted."""
    today, year = clock.today(), clock.today().year
    duties = [duty for duty in facts.duties_in_force() if duty.source is Source.TRAINING and duty.has_periods]
    # Far enough back to know when a post was last trained, whatever the brigade's months.
    ground = standing.ground_of(found, year - 6, [Source.TRAINING])
    reckoned = [standing.reckon(ground, y, today=today, duties=duties) for y in (year - 1, year, year + 1)]
    months = _months(found)
    due = []
    for school, *years in zip(found, *reckoned, strict=True):
        deeds = ground.deeds[school.id]
        groups = [
            rules.of_duty(code, stood, last=_last(deeds, *duty.counted), today=today)
            for code, (duty, stood) in _by_duty(years).items()
        ]
        traits = traits_on(ground.phases[school.id], today) or frozenset()
        groups += [
            rules.after_months(
                post, last=_last(deeds, post, Audience.ALL_STAFF), months=months[school.brigade_id], today=today
            )
            for post, needed in POSTS.items() if needed is None or needed in traits
        ]  # fmt: skip
        told = sorted(filter(None, groups), key=lambda one: (one.informs, rules.ORDER[one.due]))
        due.append(SchoolDue(school, tuple(told), months[school.brigade_id]))
    return due


def listing(viewer: Viewer, choice: Choice) -> list[SchoolDue]:
    """The viewer's open schools, those first where most is due."""
    query = sa.select(School).where(schools.visible(viewer), School.status == SchoolStatus.OPEN)
    if choice.search.strip():
        query = query.where(register.named(viewer, choice.search))
    all_of_them = due_of(db.session.scalars(query).all())
    people = _people_counts(all_of_them)
    found = [replace(one, people=people.get(one.school.id, 0)) for one in all_of_them]
    return sorted(
        (one for one in found if choice.everything or choice.search or one.has_something), key=lambda one: one.place
    )


@dataclass(frozen=True)
class PersonDue:
    """Somebody at a school, when they were last trained, and by when again; no day where no list names them."""

    name: str
    post: str
    last: date | None
    by: date | None


def people_due(line: SchoolDue, *, key: str | None = None) -> paging.Page[PersonDue]:
    """People last trained too long ago, the longest first, after those in the school's contacts whom no list names."""
    school, months, today = line.school, line.months, clock.today()
    rows = db.session.execute(_people_sql([school.id])).all()
    trained = [
        PersonDue(row.name, row.post, day, rules.months_after(day, months))
        for row in rows
        if (day := clock.day_of(row.last)) is not None
    ]
    named = {row.person_key.split("|")[0] for row in rows}
    contacts = db.session.execute(
        sa.select(Contact.name, Contact.post).where(Contact.school_id == school.id, Contact.ended_on.is_(None))
    )
    unnamed = [PersonDue(n, post, None, None) for n, post in contacts if person_key(n, "").split("|")[0] not in named]
    late = [one for one in trained if one.by is not None and one.by < today]

    def place(one: PersonDue) -> tuple[str, ...]:
        return (str(one.last or ""), one.name, one.post)

    return paging.cut(sorted((*unnamed, *late), key=place), place=place, key=key)
