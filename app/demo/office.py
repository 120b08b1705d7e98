"""The hours in which the brigade's office works, and who signs there on which day."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.accounts.models import Person
from app.core import clock
from app.regulations.rules.calendars import Calendar, is_workday


@dataclass(frozen=True)
class Actor:
    """Who does something: an id where there is an account, a name."""

    id: uuid.UUID | None
    name: str


#: The program itself.
NOBODY = Actor(None, "")


@dataclass(frozen=True)
class StandIn:
    """Who approves in the leader's place, from a day to a day."""

    actor: Actor
    from_on: date
    to_on: date


@dataclass
class Office:
    """Who does the paper work; `limit` is now, after which nothing has happened."""

    random: Random
    calendar: Calendar
    limit: datetime
    leader: Actor
    reviewer: Actor
    stand_ins: list[StandIn] = field(default_factory=list)

    def workday(self, day: date) -> date:
        """The day itself, or the next on which offices work."""
        while not is_workday(day, self.calendar):
            day += timedelta(days=1)
        return day

    def at(self, day: date, hour: int) -> datetime:
        """A moment within an hour of a school's day."""
        local = datetime.combine(day, time(hour, self.random.randrange(60), self.random.randrange(60)), clock.ZONE)
        return local.astimezone(UTC)

    def later(self, moment: datetime, low: int, high: int) -> datetime:
        """So many minutes later, within office hours; else in the morning of the next working day."""
        then = clock.local(
            moment + timedelta(minutes=self.random.randint(low, high), seconds=self.random.randrange(60))
        )
        day = then.date()
        if is_workday(day, self.calendar) and 9 <= then.hour < 18:
            return then.astimezone(UTC)
        return self.at(self.workday(day if then.hour < 9 else day + timedelta(days=1)), 9)

    def next_day(self, moment: datetime, days: int, hour: int) -> datetime:
        """In an hour of the first working day at least so many days later."""
        return self.at(self.workday(clock.day_of(moment) + timedelta(days=days)), hour)

    def approver(self, moment: datetime, finders: Collection[uuid.UUID]) -> Actor:
        """The leader, or who stands in on that day; who found never approves."""
        day = clock.day_of(moment)
        for one in self.stand_ins:
            if one.from_on <= day <= one.to_on and one.actor.id not in finders:
                return one.actor
        return self.leader


def actor(person: Person) -> Actor:
    """Somebody with an account."""
    return Actor(person.id, person.name)
