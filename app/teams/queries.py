"""Finding teams, their members and schools; the viewer comes first. A brigade's teams are its own affair."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.schools.models import School, SchoolStatus
from app.teams.models import Team, TeamHandOver, TeamMember, TeamSchool

#: The group of schools that no team has.
NONE = "none"
AT_WORK = (SchoolStatus.OPEN, SchoolStatus.SUSPENDED)
_taker, _giver = sa.orm.aliased(Person), sa.orm.aliased(Person)
_from_team = sa.orm.aliased(Team)


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Team: of the viewer's brigades."""
    return Team.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)])


def team(viewer: Viewer, team_id: uuid.UUID) -> Team | None:
    """A team, if the viewer may see it."""
    return db.session.scalar(sa.select(Team).where(Team.id == team_id, visible(viewer)))


def keeps(viewer: Viewer, one: Team) -> bool:
    """Whether the viewer may change this team."""
    return one.brigade_id == viewer.own_brigade_id and viewer.may(Permission.KEEP_TEAMS)


def _on(day: date, table: Any) -> sa.ColumnElement[bool]:
    return sa.and_(table.from_day <= day, sa.or_(table.to_day.is_(None), table.to_day >= day))


def held(day: date | None = None) -> sa.ColumnElement[bool]:
    """A condition on TeamSchool: it counts on a day, today if none is given, and a team has it."""
    on = day or clock.today()
    return sa.and_(TeamSchool.withdrawn_at.is_(None), TeamSchool.team_id.is_not(None), _on(on, TeamSchool))


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a team."""

    row: TeamMember
    name: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A team with those who belong to it today and how many schools it has."""

    team: Team
    members: tuple[Member, ...] = ()
    number: int = 0

    @property
    def leader(self) -> Member | None:
        """Who leads it."""
        return next((one for one in self.members if one.row.is_leader), None)


def members_of(
    team_ids: Collection[uuid.UUID], *, day: date | None = None, past_too: bool = False
) -> dict[uuid.UUID, list[Member]]:
    """Who belongs to these teams, the leader first; on a day, or ever."""
    query = sa.select(TeamMember, Person.name).join(Person, Person.id == TeamMember.person_id)
    query = query.where(TeamMember.team_id.in_(list(team_ids)))
    if not past_too:
        query = query.where(_on(day or clock.today(), TeamMember), Person.active)
    found: dict[uuid.UUID, list[Member]] = {}
    for row, name in db.session.execute(
        query.order_by(TeamMember.is_leader.desc(), Person.sort_name, TeamMember.from_day)
    ):
        found.setdefault(row.team_id, []).append(Member(row=row, name=name))
    return found


def _numbers(team_ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    rows = db.session.execute(
        sa.select(TeamSchool.team_id, sa.func.count())
        .join(School, School.id == TeamSchool.school_id)
        .where(TeamSchool.team_id.in_(list(team_ids)), held(), School.status.in_(AT_WORK))
        .group_by(TeamSchool.team_id)
    )
    return dict(rows.all())


def lines(viewer: Viewer) -> list[Line]:
    """The teams of the viewer's brigades that are not retired, by name; three statements."""
    found = db.session.scalars(
        sa.select(Team).where(visible(viewer), Team.retired_on.is_(None)).order_by(Team.name, Team.id)
    ).all()
    ids = [one.id for one in found]
    people, numbers = members_of(ids), _numbers(ids)
    return [Line(team=one, members=tuple(people.get(one.id, ())), number=numbers.get(one.id, 0)) for one in found]


def number_of(one: Team) -> int:
    """How many schools a team has today."""
    return _numbers([one.id]).get(one.id, 0)


def without_team() -> sa.ColumnElement[bool]:
    """A condition on School: no team has it today."""
    return ~sa.exists().where(TeamSchool.school_id == School.id, held())


def number_without(viewer: Viewer) -> int:
    """How many schools at work no team has."""
    query = sa.select(sa.func.count()).select_from(School).where(
        School.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)]), School.status.in_(AT_WORK), without_team()
    )  # fmt: skip
    return db.session.scalar(query) or 0


@dataclass(frozen=True, kw_only=True)
class AtSchool:
    """A school of a team: since when, and which officer answers for it."""

    school: School
    row: TeamSchool
    officer: str


def schools_of(one: Team, *, key: str | None = None) -> paging.Page[AtSchool]:
    """One page of a team's schools, by name, also those that it will have from a later day on."""
    query: Any = (
        sa.select(School, TeamSchool, sa.func.coalesce(Person.name, ""))
        .join(TeamSchool, TeamSchool.school_id == School.id)
        .outerjoin(Person, Person.id == TeamSchool.officer_id)
        .where(
            TeamSchool.team_id == one.id,
            TeamSchool.withdrawn_at.is_(None),
            sa.or_(TeamSchool.to_day.is_(None), TeamSchool.to_day >= clock.today()),
            School.status.in_(AT_WORK),
        )
    )
    page = paging.page(query, keys=[(School.sort_name, False), (TeamSchool.id, False)], key=key, scalars=False)
    rows = [AtSchool(school=row[0], row=row[1], officer=row[2]) for row in page.rows]
    return paging.Page(rows, page.next_key, page.previous_key)


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A hand-over with its names."""

    row: TeamHandOver
    to_team: str
    to_officer: str
    by: str


def _hand_overs(viewer: Viewer) -> Any:
    return (
        sa.select(TeamHandOver, Team.name, _taker.name, _giver.name)
        .outerjoin(Team, Team.id == TeamHandOver.to_team_id)
        .outerjoin(_taker, _taker.id == TeamHandOver.to_officer_id)
        .join(_giver, _giver.id == TeamHandOver.made_by_id)
        .where(TeamHandOver.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)]))
    )


def _handed(row: Sequence[Any]) -> Handed:
    return Handed(row=row[0], to_team=row[1] or "", to_officer=row[2] or "", by=row[3])


def hand_over(viewer: Viewer, hand_over_id: uuid.UUID) -> Handed | None:
    """One hand-over."""
    row = db.session.execute(_hand_overs(viewer).where(TeamHandOver.id == hand_over_id)).first()
    return _handed(row) if row else None


def latest_hand_overs(viewer: Viewer, *, of: Team | None = None, most: int = 20) -> list[Handed]:
    """The last hand-overs of the viewer's brigades, or those by which a team got or gave schools."""
    query = _hand_overs(viewer)
    if of is not None:
        gave = sa.exists().where(TeamSchool.hand_over_id == TeamHandOver.id, TeamSchool.from_team_id == of.id)
        query = query.where(sa.or_(TeamHandOver.to_team_id == of.id, gave))
    rows = db.session.execute(query.order_by(TeamHandOver.made_at.desc(), TeamHandOver.id.desc()).limit(most))
    return [_handed(row) for row in rows]


@dataclass(frozen=True, kw_only=True)
class HandedSchool:
    """A school as it was handed over: who had it, and what was open there."""

    school: School
    row: TeamSchool
    from_team: str
    from_officer: str


def schools_handed(row: TeamHandOver, *, key: str | None = None) -> paging.Page[HandedSchool]:
    """One page of the schools of a hand-over, by name."""
    query: Any = (
        sa.select(School, TeamSchool, _from_team.name, _giver.name)
        .join(TeamSchool, TeamSchool.school_id == School.id)
        .outerjoin(_from_team, _from_team.id == TeamSchool.from_team_id)
        .outerjoin(_giver, _giver.id == TeamSchool.from_officer_id)
        .where(TeamSchool.hand_over_id == row.id)
    )
    page = paging.page(query, keys=[(School.sort_name, False), (TeamSchool.id, False)], key=key, scalars=False)
    rows = [HandedSchool(school=one[0], row=one[1], from_team=one[2] or "", from_officer=one[3] or "") for one in page.rows]  # fmt: skip
    return paging.Page(rows, page.next_key, page.previous_key)


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Who answers for a school: its team, its officer first, then the leader, then the others."""

    team: Team
    people: tuple[uuid.UUID, ...] = field(default=())


def answering_for(school_id: uuid.UUID, *, day: date | None = None) -> Answering | None:
    """The team of a school on a day with its people; None where none has it. One statement."""
    on = day or clock.today()
    rows = db.session.execute(
        sa.select(Team, TeamSchool.officer_id, TeamMember)
        .join(TeamSchool, TeamSchool.team_id == Team.id)
        .outerjoin(TeamMember, sa.and_(TeamMember.team_id == Team.id, _on(on, TeamMember)))
        .where(TeamSchool.school_id == school_id, held(on))
        .order_by(TeamMember.is_leader.desc(), TeamMember.from_day, TeamMember.id)
    ).all()
    if not rows:
        return None
    members = [row[2].person_id for row in rows if row[2] is not None]
    first = [rows[0][1]] if rows[0][1] else []
    return Answering(team=rows[0][0], people=tuple(dict.fromkeys([*first, *members])))


# What the list of schools takes: groups to filter by, and a name beside each school.


def groups(viewer: Viewer) -> list[tuple[str, str]]:
    """The teams to filter by, with the schools of none; nothing where there are no teams or they are none of the viewer's affair."""
    if not viewer.may(Permission.SEE_TEAMS):
        return []
    query = sa.select(Team.id, Team.name).where(visible(viewer), Team.retired_on.is_(None)).order_by(Team.name, Team.id)
    return [(str(key), name) for key, name in db.session.execute(query)]


def of_group(group: str) -> sa.ColumnElement[bool]:
    """A condition on School: of this team, of this officer of it ("team:officer"), or of none."""
    if group == NONE:
        return without_team()
    team_id, _sep, officer = group.partition(":")
    try:
        where = [TeamSchool.team_id == uuid.UUID(team_id)]
        if officer:
            where.append(TeamSchool.officer_id == uuid.UUID(officer))
    except ValueError:
        return sa.false()
    return School.id.in_(sa.select(TeamSchool.school_id).where(*where, held()))


def name_column() -> Any:
    """The name of the team that has a school today, as a column beside School."""
    named = sa.select(Team.name).join(TeamSchool, TeamSchool.team_id == Team.id)
    found = named.where(TeamSchool.school_id == School.id, held()).limit(1).correlate(School).scalar_subquery()
    return sa.func.coalesce(found, "")


def names(viewer: Viewer, school_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """The names of the teams of these schools, by school."""
    query = (
        sa.select(TeamSchool.school_id, Team.name)
        .join(Team, Team.id == TeamSchool.team_id)
        .where(TeamSchool.school_id.in_(list(school_ids)), held(), visible(viewer))
    )
    return dict(db.session.execute(query).all())
