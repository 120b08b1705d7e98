"""Making teams, changing who belongs to them, and handing schools over."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.stretches import Stretch, ending
from app.notifications.service import tell
from app.schools.models import School
from app.teams import brought, queries
from app.teams.models import Team, TeamHandOver, TeamMember, TeamSchool
from app.teams.rules import MOST_DAYS_AHEAD, MOST_SCHOOLS

#: Who may belong to a team.
MEMBERS = frozenset({Role.INSPECTOR, Role.LEADER, Role.STATION})
#: So many rows are changed in one statement.
BATCH = 500


def _record(viewer: Viewer, act: str, team: Team, **detail: object) -> None:
    audit.record(viewer, act, subject="team", subject_id=team.id, detail=detail)
    db.session.flush()


def _free_name(viewer: Viewer, name: str, *, but: uuid.UUID | None = None) -> str:
    name = name.strip()
    if not name:
        raise DomainError(_("请填写分组名称。"), field="name", code="name_missing")
    same = sa.select(Team.id).where(
        Team.brigade_id == viewer.own_brigade_id, Team.name == name, Team.retired_on.is_(None)
    )
    if any(found != but for found in db.session.scalars(same)):
        raise DomainError(_("已有同名分组。"), field="name", code="name_taken")
    return name


def found(viewer: Viewer, *, name: str) -> Team:
    """A new team of the viewer's brigade."""
    if viewer.own_brigade_id is None:
        raise DomainError(_("只有消防救援大队可以分组。"), code="no_brigade")
    team = Team(brigade_id=viewer.own_brigade_id, name=_free_name(viewer, name), made_by_id=viewer.person_id)
    db.session.add(team)
    db.session.flush()
    _record(viewer, "found_team", team, name=team.name)
    return team


def rename(viewer: Viewer, team: Team, *, name: str) -> None:
    """Give a team another name."""
    _must_stand(team)
    name = _free_name(viewer, name, but=team.id)
    if name != team.name:
        before, team.name = team.name, name
        _record(viewer, "rename_team", team, name=[before, name])


def retire(viewer: Viewer, team: Team) -> None:
    """End a team that has no school any more. Twice does no harm."""
    if team.retired_on is not None:
        return
    has = sa.select(TeamSchool.id).where(
        TeamSchool.team_id == team.id,
        TeamSchool.withdrawn_at.is_(None),
        sa.or_(TeamSchool.to_day.is_(None), TeamSchool.to_day >= clock.today()),
    )
    if db.session.scalar(has.limit(1)) is not None:
        raise DomainError(_("这个分组还有学校，请先移交学校。"), code="has_schools")
    today = clock.today()
    for member in _rows_of(team):
        member.to_day = max(today, member.from_day)
    team.retired_on = today
    _record(viewer, "retire_team", team)


def _must_stand(team: Team) -> None:
    if team.retired_on is not None:
        raise DomainError(_("这个分组已撤销。"), code="retired")


def _rows_of(team: Team) -> Sequence[TeamMember]:
    """The memberships of a team that are not over."""
    going_on = sa.or_(TeamMember.to_day.is_(None), TeamMember.to_day >= clock.today())
    return db.session.scalars(sa.select(TeamMember).where(TeamMember.team_id == team.id, going_on)).all()


def _check_day(day: date, field_name: str = "from_day") -> None:
    if day < clock.today():
        raise DomainError(_("日期不能早于今天。"), field=field_name, code="past")
    if (day - clock.today()).days > MOST_DAYS_AHEAD:
        raise DomainError(_("日期太远，请核对年份。"), field=field_name, code="too_far")


def take_in(
    viewer: Viewer, team: Team, *, person_id: uuid.UUID, is_leader: bool, from_day: date
) -> TeamMember:  # fmt: skip
    """Somebody belongs to the team from a day on. A new leader takes the place of the one before, who stays. Twice does no harm."""
    _must_stand(team)
    _check_day(from_day)
    if person_id not in {one.id for one in accounts.holders([team.brigade_id], roles=MEMBERS)}:
        raise DomainError(_("组员须是本大队的在岗人员。"), field="person_id", code="not_ours")
    rows = [row for row in _rows_of(team) if row.to_day is None]
    known = next((row for row in rows if row.person_id == person_id), None)
    if known is not None and known.is_leader == is_leader:
        return known
    if is_leader:
        for row in rows:
            if row.is_leader and row.person_id != person_id:
                _change(viewer, row, is_leader=False, from_day=from_day)
    if known is not None:
        member = _change(viewer, known, is_leader=is_leader, from_day=from_day)
    else:
        member = _begin(viewer, team, person_id=person_id, is_leader=is_leader, from_day=from_day)
    _record(viewer, "team_member", team, person=str(person_id), leads=is_leader, since=from_day.isoformat())
    return member


def _begin(viewer: Viewer, team: Team, *, person_id: uuid.UUID, is_leader: bool, from_day: date) -> TeamMember:
    row = TeamMember(
        team_id=team.id, person_id=person_id, is_leader=is_leader, from_day=from_day, made_by_id=viewer.person_id
    )
    db.session.add(row)
    db.session.flush()
    return row


def _change(viewer: Viewer, row: TeamMember, *, is_leader: bool, from_day: date) -> TeamMember:
    """The same person with another part from a day on; what was until then stays on record."""
    if row.from_day >= from_day:
        row.is_leader = is_leader
        db.session.flush()
        return row
    row.to_day = from_day - timedelta(days=1)
    db.session.flush()
    team = db.session.get_one(Team, row.team_id)
    return _begin(viewer, team, person_id=row.person_id, is_leader=is_leader, from_day=from_day)


def let_go(viewer: Viewer, team: Team, member: TeamMember, *, last_day: date) -> None:
    """Somebody belongs to the team no more after a day. Twice does no harm."""
    if member.to_day is not None:
        return
    _check_day(last_day, "last_day")
    member.to_day = max(last_day, member.from_day)
    _record(viewer, "team_member_ends", team, person=str(member.person_id), until=member.to_day.isoformat())


@dataclass(frozen=True, kw_only=True)
class Target:
    """Who receives schools: a team, or an officer of one; without a team nobody has them any more."""

    team: Team | None = None
    officer_id: uuid.UUID | None = None


@dataclass(kw_only=True)
class _Before:
    """Who had the schools until now."""

    had: dict[uuid.UUID, TeamSchool] = field(default_factory=dict)
    stretches: dict[uuid.UUID, list[Stretch[uuid.UUID]]] = field(default_factory=lambda: defaultdict(list))


def _before(school_ids: Sequence[uuid.UUID], from_day: date) -> _Before:
    """What stands of these schools on the day and after it, and who has each on the day."""
    found = _Before()
    rows = db.session.scalars(
        sa.select(TeamSchool).where(
            TeamSchool.school_id.in_(school_ids),
            TeamSchool.withdrawn_at.is_(None),
            sa.or_(TeamSchool.to_day.is_(None), TeamSchool.to_day >= from_day),
        )
    )
    for row in rows:
        stretch = Stretch(row.id, row.from_day, row.to_day)
        found.stretches[row.school_id].append(stretch)
        if stretch.is_held_on(from_day):
            found.had[row.school_id] = row
    return found


def hand_over(
    viewer: Viewer,
    *,
    hand_over_id: uuid.UUID,
    schools: Sequence[School],
    to: Target,
    from_day: date,
    note: str = "",
    visits_too: bool = True,
) -> TeamHandOver:
    """Schools go to a team or officer from a day on; what was before stays on record, and both sides are told.

    The same id twice hands over once. Schools that the receiver has already are left out.
    """
    known = db.session.get(TeamHandOver, hand_over_id)
    if known is not None:
        if known.brigade_id != viewer.own_brigade_id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    _check(viewer, schools, to, from_day)
    before = _before([school.id for school in schools], from_day)
    going = [school for school in schools if not _has_it(before.had.get(school.id), before.stretches[school.id], to)]
    if not going:
        raise DomainError(_("这些学校已经在接收方，没有需要移交的。"), field="schools", code="nothing_to_do")
    ids = [school.id for school in going]
    open_there = brought.brought(ids)
    row = TeamHandOver(
        id=hand_over_id,
        brigade_id=viewer.own_brigade_id,
        to_team_id=to.team.id if to.team else None,
        to_officer_id=to.officer_id,
        from_day=from_day,
        note=note.strip()[:300],
        number=len(going),
        brought=_summed(open_there),
        made_by_id=viewer.person_id,
    )
    db.session.add(row)
    db.session.flush()
    _end(before, ids, from_day)
    _give(row, before, ids, to, open_there)
    givers = _people_of(before, ids)
    if visits_too and to.team is not None:
        row.brought = row.brought | {"moved": _move(viewer, ids, from_day, givers, to)}
    db.session.flush()
    detail = {"number": len(going), "to": str(row.to_team_id or ""), "officer": str(to.officer_id or "")}
    audit.record(viewer, "hand_over_schools", subject="team_hand_over", subject_id=row.id, detail=detail)
    _tell(row, to, givers)
    return row


def _check(viewer: Viewer, schools: Sequence[School], to: Target, from_day: date) -> None:
    if not schools:
        raise DomainError(_("请选择至少一所学校。"), field="schools", code="no_school")
    if len(schools) > MOST_SCHOOLS:
        raise DomainError(_("一次最多移交 %(most)d 所学校。", most=MOST_SCHOOLS), field="schools", code="too_many")
    if viewer.own_brigade_id is None or any(school.brigade_id != viewer.own_brigade_id for school in schools):
        raise DomainError(_("只能移交本大队负责的学校。"), field="schools", code="not_ours")
    _check_day(from_day)
    if to.team is None:
        return
    _must_stand(to.team)
    if to.team.brigade_id != viewer.own_brigade_id:
        raise DomainError(_("接收的分组须是本大队的。"), field="to", code="not_ours")
    if to.officer_id is not None and to.officer_id not in _members_on(to.team, from_day):
        raise DomainError(_("接收人须是该组的成员。"), field="to", code="not_of_team")


def _members_on(team: Team, day: date) -> list[uuid.UUID]:
    return [one.row.person_id for one in queries.members_of([team.id], day=day).get(team.id, [])]


def _has_it(had: TeamSchool | None, stretches: Sequence[Stretch[uuid.UUID]], to: Target) -> bool:
    """Whether the receiver has the school on the day and for good."""
    wanted = to.team.id if to.team else None
    if had is None:
        return wanted is None and not stretches
    return (had.team_id, had.officer_id, had.to_day) == (wanted, to.officer_id, None)


def _summed(open_there: Mapping[uuid.UUID, Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for numbers in open_there.values():
        for name, number in numbers.items():
            sums[name] = sums.get(name, 0) + number
    return sums


def _end(before: _Before, ids: Sequence[uuid.UUID], from_day: date) -> None:
    over = ending((one for school_id in ids for one in before.stretches[school_id]), from_day)
    for keys, values in ((over.withdrawn, {"withdrawn_at": clock.now()}), (over.ended, {"to_day": over.last_day})):
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            db.session.execute(sa.update(TeamSchool).where(TeamSchool.id.in_(part)).values(**values))


def _give(
    row: TeamHandOver, before: _Before, ids: Sequence[uuid.UUID], to: Target, open_there: Mapping[uuid.UUID, Any]
) -> None:
    rows = []
    for school_id in ids:
        had = before.had.get(school_id)
        rows.append(
            {
                "id": new_id(),
                "team_id": row.to_team_id,
                "officer_id": to.officer_id,
                "school_id": school_id,
                "from_day": row.from_day,
                "hand_over_id": row.id,
                "from_team_id": had.team_id if had else None,
                "from_officer_id": had.officer_id if had else None,
                "brought": open_there[school_id],
            }
        )
    db.session.execute(sa.insert(TeamSchool), rows)


def _people_of(before: _Before, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Who had these schools: their officer where there is one, else everybody of their team."""
    had = [before.had[school_id] for school_id in ids if school_id in before.had]
    teams = {one.team_id for one in had if one.team_id and not one.officer_id}
    people = {one.officer_id for one in had if one.officer_id}
    return people | {m.row.person_id for found in queries.members_of(teams).values() for m in found}


def _takers(to: Target, day: date) -> list[uuid.UUID]:
    if to.team is None:
        return []
    first = [to.officer_id] if to.officer_id else []
    return list(dict.fromkeys([*first, *_members_on(to.team, day)]))


def _move(viewer: Viewer, ids: Collection[uuid.UUID], from_day: date, givers: Collection[uuid.UUID], to: Target) -> int:
    takers = tuple(_takers(to, from_day))
    if not takers:
        return 0
    moving = brought.Moving(viewer=viewer, school_ids=ids, from_day=from_day, givers=givers, takers=takers)
    return sum(brought.move(moving).values())


def _tell(row: TeamHandOver, to: Target, givers: Collection[uuid.UUID]) -> None:
    """Word to whoever receives the schools and to whoever gives them, with the page of what came along."""
    takers = _takers(to, row.from_day)
    data = {
        "team": to.team.name if to.team else "",
        "number": row.number,
        "day": row.from_day,
        "page": f"/admin/teams/hand-overs/{row.id}",
        **{name: row.brought.get(name, 0) for name in ("findings", "orders", "visits")},
    }
    for event, people in (("schools_received", takers), ("schools_given", sorted(set(givers) - set(takers)))):
        if people:
            tell(event, person_ids=people, subject=("team_hand_over", row.id), data=data, key=f"{event}:{row.id}")
