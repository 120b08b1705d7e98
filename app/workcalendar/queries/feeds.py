"""Addresses of calendars, whose they are, and what they give."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.service import token_hash
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.schools import queries as schools
from app.schools.models import School, SchoolStatus
from app.workcalendar.models import CalendarFeed
from app.workcalendar.queries import entries as reading
from app.workcalendar.queries.entries import Wanted
from app.workcalendar.rules import Entry, Kind

#: How far a feed reaches back and ahead.
BACK, AHEAD = timedelta(days=60), timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A feed that may be read: for whom it was made, of which school if of one."""

    feed: CalendarFeed
    reader: Viewer
    school: School | None


def given(token: str) -> Given | None:
    """What an address opens; None where nobody made it, it was revoked, or who made it has left."""
    row = db.session.execute(
        sa.select(CalendarFeed, Person, School)
        .join(Person, Person.id == CalendarFeed.made_by_id)
        .outerjoin(School, School.id == CalendarFeed.school_id)
        .where(CalendarFeed.token_sha256 == token_hash(token), CalendarFeed.revoked_at.is_(None), Person.active)
    ).first()
    if row is None:
        return None
    feed, person, school = row
    reader = accounts.viewer_for(person)
    if not reader.may(Permission.SEE_DRILLS) or (school is not None and not may_have(reader, school)):
        return None
    return Given(feed=feed, reader=reader, school=school)


def may_have(viewer: Viewer, school: School) -> bool:
    """Whether the viewer may make an address for a school: its own people, and the brigade that answers for it."""
    return school.status is not SchoolStatus.MERGED and schools.serves(viewer, school)


def entries(found: Given) -> list[Entry]:
    """What stands in a feed: a school's days without the visits planned to it; an officer's own visits and half days; for others the
    drills and trainings that they may see."""
    reader, today = found.reader, clock.today()
    days = (today - BACK, today + AHEAD)
    if found.school is not None:
        return reading.but_visits(reader, *days, Wanted(school_ids=(found.school.id,)))
    if reader.is_school:
        return reading.but_visits(reader, *days, Wanted(school_ids=tuple(reader.school_ids)))
    if reader.may(Permission.INSPECT):
        half_days = reading.but_visits(reader, *days, Wanted(kind=Kind.TRAINING, half_days_of=reader.person_id))
        return [*reading.visits(reader, *days, only_own=True), *half_days]
    kinds = (Kind.DRILL, Kind.TRAINING)
    return [entry for kind in kinds for entry in reading.but_visits(reader, *days, Wanted(kind=kind))]


def standing(viewer: Viewer, school: School | None) -> Sequence[tuple[CalendarFeed, str]]:
    """The addresses that work, of the viewer or of a school, with who made each; the newest first."""
    whose = CalendarFeed.school_id == school.id if school else CalendarFeed.person_id == viewer.person_id
    rows = db.session.execute(
        sa.select(CalendarFeed, Person.name)
        .join(Person, Person.id == CalendarFeed.made_by_id)
        .where(whose, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.made_at.desc(), CalendarFeed.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def own(viewer: Viewer, feed_id: uuid.UUID) -> CalendarFeed | None:
    """An address that the viewer may revoke: their own, or one of a school that they may make addresses for."""
    row = db.session.execute(
        sa.select(CalendarFeed, School)
        .outerjoin(School, School.id == CalendarFeed.school_id)
        .where(CalendarFeed.id == feed_id)
    ).first()
    if row is None:
        return None
    feed, school = row
    mine = schools.serves(viewer, school) if school is not None else feed.person_id == viewer.person_id
    return feed if mine else None
