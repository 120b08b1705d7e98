"""Reminders of the day: features register where theirs come from, and each is told once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Role
from app.core import clock
from app.core.db import insert_ignore
from app.core.extensions import db
from app.notifications.models import Outbox, ReminderRun
from app.notifications.service import tell

#: Days that are made up for when the worker stood still.
MOST_MISSED = 7
#: Local hour from which the reminders of a day are written.
FROM_HOUR = 6


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One thing to remind of on a day. `key` names thing and occasion, e.g. "finding:<id>:2026-03-06:-3"; told once."""

    key: str
    event: str
    subject: tuple[str, uuid.UUID | str]
    data: Mapping[str, Any]
    person_ids: Collection[uuid.UUID] = ()
    school_id: uuid.UUID | None = None
    brigade_id: uuid.UUID | None = None
    roles: Collection[Role] = field(default_factory=tuple)
    urgent: bool = False


Source = Callable[[date], Iterable[Reminder]]
_sources: dict[str, Source] = {}


def register_reminder_source(source: Source) -> Source:
    """Declare where reminders come from: a function that gives those of a day, from what is open now. Usable as decorator."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def remind() -> int:
    """Write today's reminders, and those of days on which no worker ran; returns how many are new. The caller commits.

    Of several missed occasions about one thing only the last is told.
    """
    today = clock.today()
    if clock.local(clock.now()).hour < FROM_HOUR or db.session.get(ReminderRun, today) is not None:
        return 0
    last = db.session.scalar(sa.select(sa.func.max(ReminderRun.day)).where(ReminderRun.day < today))
    first = max(last + timedelta(days=1), today - timedelta(days=MOST_MISSED)) if last else today
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    due: dict[tuple[str, str], Reminder] = {}
    for source in _sources.values():
        for day in days:
            for one in source(day):
                due[(one.subject[0], str(one.subject[1]))] = one
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) or 0
    for one in due.values():
        tell(
            one.event,
            person_ids=one.person_ids,
            school_id=one.school_id,
            brigade_id=one.brigade_id,
            roles=one.roles,
            subject=one.subject,
            data=one.data,
            urgent=one.urgent,
            key=one.key,
        )
    count = (db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) or 0) - before
    for day in days:
        db.session.execute(insert_ignore(ReminderRun).values(day=day, at=clock.now(), count=count))
    return count
