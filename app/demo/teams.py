"""The demo brigade's two teams, the schools they look after, and one hand-over between them."""

from __future__ import annotations

import uuid

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.schools.models import School
from app.teams import service
from app.teams.models import Team
from app.teams.service import Target


def settle_teams(district: District) -> None:
    """Two teams with their leaders; all schools but a few are theirs, some from today on the second's."""
    office = accounts.viewer_for(db.session.get_one(Person, district.people["office"]))
    first, second = (_team(office, name, people) for name, people in _people(district))
    rows = district.schools
    most = max(1, len(rows) - 3)
    half = max(1, most // 2)
    _give(office, rows[:half], Target(team=first), "按片区分组")
    _give(office, rows[half:most], Target(team=second), "按片区分组")
    _give(office, rows[:2][: half - 1], Target(team=second, officer_id=district.people["inspector2"]), "城关片调整")


def _people(district: District) -> list[tuple[str, list[uuid.UUID]]]:
    others = [key for key, _name in district.inspectors if key not in set(district.people.values())]
    return [
        ("第一组", [district.people["inspector"], *others[::2]]),
        ("第二组", [district.people["inspector2"], *others[1::2]]),
    ]


def _team(office: Viewer, name: str, people: list[uuid.UUID]) -> Team:
    team = service.found(office, name=name)
    for place, person_id in enumerate(people):
        service.take_in(office, team, person_id=person_id, is_leader=place == 0, from_day=clock.today())
    return team


def _give(office: Viewer, rows: list[SchoolRow], to: Target, note: str) -> None:
    if not rows:
        return
    schools = [db.session.get_one(School, row.id) for row in rows]
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{to.team.name if to.team else ''}{to.officer_id}{note}")
    service.hand_over(
        office, hand_over_id=key, schools=schools, to=to, from_day=clock.today(), note=note, visits_too=False
    )
