"""Teams and the schools they look after."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.teams.models import Team, TeamHandOver, TeamMember, TeamSchool
from tests.cast import Cast


def team(cast: Cast, name: str = "第一组", *people: str, brigade_id: uuid.UUID | None = None, by: str = "lea") -> Team:
    """A team of the brigade's; the first of these people leads it."""
    row = Team(brigade_id=brigade_id or cast.brigade_id, name=name, made_by_id=cast.people[by])
    db.session.add(row)
    db.session.flush()
    for place, person in enumerate(people):
        member(cast, row, person, is_leader=place == 0)
    return row


def member(cast: Cast, of: Team, person: str, **more: Any) -> TeamMember:
    """Somebody of a team since the first of January."""
    row = TeamMember(
        **{
            "team_id": of.id,
            "person_id": cast.people[person],
            "from_day": date(clock.today().year, 1, 1),
            "made_by_id": cast.people["lea"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def has(cast: Cast, of: Team, school_id: uuid.UUID, *, by: str = "lea", **more: Any) -> TeamSchool:
    """A school that a team has had since the first of January, by a hand-over of its own."""
    since = more.pop("from_day", date(clock.today().year, 1, 1))
    act = TeamHandOver(
        brigade_id=of.brigade_id, to_team_id=of.id, from_day=since, number=1, made_by_id=cast.people[by]
    )  # fmt: skip
    db.session.add(act)
    db.session.flush()
    row = TeamSchool(**{"team_id": of.id, "school_id": school_id, "from_day": since, "hand_over_id": act.id} | more)
    db.session.add(row)
    db.session.flush()
    return row
