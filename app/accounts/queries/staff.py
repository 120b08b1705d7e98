"""The people whom an administrator, an office or a principal looks after, and the places they may be given roles at."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Invitation, Membership, Person, Role
from app.accounts.policy import Permission, roles_given_by
from app.accounts.queries.viewers import held_today
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.organisations.models import Area, Brigade

# Schools are above accounts, so they are looked at here as plain rows.
_school = sa.table(
    "school",
    sa.column("id", sa.Uuid()),
    sa.column("brigade_id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("sort_name", sa.String()),
    sa.column("status", sa.String()),
)


#: Finds schools by a text: viewer, text, how many at most. The register of schools, above accounts, brings it.
SchoolSearch = Callable[[Viewer, str, int], Sequence[uuid.UUID]]
_school_search: list[SchoolSearch] = []


def register_school_search(search: SchoolSearch) -> None:
    """Bring the search of schools; there is one."""
    _school_search[:] = [search]


def _areas_of(viewer: Viewer) -> Sequence[str]:
    return db.session.scalars(sa.select(Brigade.area_code).where(Brigade.id.in_(viewer.brigade_ids)).distinct()).all()


def _schools_of(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.or_(_school.c.brigade_id.in_(viewer.brigade_ids), _school.c.id.in_(viewer.school_ids))


def at_places_of(viewer: Viewer, table: type[Membership] | type[Invitation]) -> sa.ColumnElement[bool]:
    """A condition: the role is at a place that the viewer looks after (their brigades and schools, bureaus of their areas)."""
    schools = sa.select(_school.c.id).where(_schools_of(viewer))
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return table.school_id.in_(schools)
    areas = [table.area_code.startswith(code, autoescape=True) for code in _areas_of(viewer)]
    return sa.or_(table.brigade_id.in_(viewer.brigade_ids), table.school_id.in_(schools), *areas)


def looks_after(
    viewer: Viewer, *, brigade_id: uuid.UUID | None, school_id: uuid.UUID | None, area_code: str | None
) -> bool:
    """Whether one place is among those that the viewer looks after."""
    if brigade_id:
        return viewer.may(Permission.MANAGE_PEOPLE) and brigade_id in viewer.brigade_ids
    if school_id:
        query = sa.select(_school.c.id).where(_school.c.id == school_id, _schools_of(viewer))
        return db.session.scalar(query) is not None
    return viewer.may(Permission.MANAGE_PEOPLE) and any((area_code or "-").startswith(a) for a in _areas_of(viewer))


def _unspaced(text: str) -> str:
    return "".join(text.casefold().split())


def _spoken(sort_name: Any) -> Any:
    """The name as it sounds and as it is written, to be found by either."""
    return sa.func.replace(sa.func.lower(sort_name), " ", "")


def people(viewer: Viewer, *, search: str = "", role: Role | None = None, state: str = "") -> sa.Select[Person]:
    """The people that the viewer looks after. `state`: '' those who work here today, 'former', 'inactive', 'all'."""
    ours = at_places_of(viewer, Membership)
    if role:
        ours = sa.and_(ours, Membership.role == role)
    now = Person.id.in_(sa.select(Membership.person_id).where(ours, held_today()))
    ever = Person.id.in_(sa.select(Membership.person_id).where(ours))
    wanted = {
        "": sa.and_(now, Person.active),
        "former": sa.and_(ever, ~now),
        "inactive": sa.and_(ever, ~Person.active),
    }.get(state, ever)
    query = sa.select(Person).where(wanted)
    if search:
        query = query.where(
            sa.or_(
                _spoken(Person.sort_name).contains(_unspaced(search), autoescape=True),
                Person.username.contains(search.lower(), autoescape=True),
                Person.phone.contains(search, autoescape=True),
            )
        )
    return query.options(selectinload(Person.memberships))


def person(viewer: Viewer, person_id: uuid.UUID) -> Person | None:
    """Somebody that the viewer looks after, or did."""
    return db.session.scalar(people(viewer, state="all").where(Person.id == person_id))


def membership(viewer: Viewer, membership_id: uuid.UUID) -> Membership | None:
    """A role at a place that the viewer looks after, with its person."""
    return db.session.scalar(
        sa.select(Membership)
        .where(Membership.id == membership_id, at_places_of(viewer, Membership))
        .options(joinedload(Membership.person))
    )


def invitations(viewer: Viewer) -> sa.Select[Invitation]:
    """The invitations to places that the viewer looks after."""
    return sa.select(Invitation).where(at_places_of(viewer, Invitation)).options(joinedload(Invitation.made_by))


def invitation(viewer: Viewer, invitation_id: uuid.UUID) -> Invitation | None:
    """One of those."""
    return db.session.scalar(invitations(viewer).where(Invitation.id == invitation_id))


def place_names(held: Iterable[Membership | Invitation]) -> dict[uuid.UUID | str, str]:
    """The name of each place, by its id or area code, in at most three queries."""
    held = list(held)
    names: dict[uuid.UUID | str, str] = {}
    for column, key, ids in (
        (Brigade.name, Brigade.id, {m.brigade_id for m in held if m.brigade_id}),
        (_school.c.name, _school.c.id, {m.school_id for m in held if m.school_id}),
        (Area.name, Area.code, {m.area_code for m in held if m.area_code}),
    ):
        if ids:
            names.update({row[0]: row[1] for row in db.session.execute(sa.select(key, column).where(key.in_(ids)))})
    return names


def schools_to_staff(viewer: Viewer, *, search: str, most: int = 20) -> list[tuple[uuid.UUID, str]]:
    """Schools that the viewer may invite staff for, found by the register's own search."""
    query = sa.select(_school.c.id, _school.c.name).where(_schools_of(viewer), _school.c.status != "merged")
    if search:
        query = query.where(_school.c.id.in_(_school_search[0](viewer, search, most)))
    return [
        (row[0], row[1]) for row in db.session.execute(query.order_by(_school.c.sort_name, _school.c.id).limit(most))
    ]


def areas_to_staff(viewer: Viewer) -> Sequence[Area]:
    """The areas whose bureau the viewer may invite people for."""
    codes = _areas_of(viewer)
    if not codes:
        return []
    return db.session.scalars(
        sa.select(Area)
        .where(sa.or_(*[Area.code.startswith(c, autoescape=True) for c in codes]), Area.successor_code.is_(None))
        .order_by(Area.code)
        .limit(200)
    ).all()


def school_to_staff(viewer: Viewer, school_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """One school that the viewer may invite staff for."""
    row = db.session.execute(
        sa.select(_school.c.id, _school.c.name).where(_school.c.id == school_id, _schools_of(viewer))
    ).first()
    return (row[0], row[1]) if row else None


def school_of_staff(viewer: Viewer, person_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """The viewer's school at which this person works or worked last."""
    row = db.session.execute(
        sa.select(_school.c.id, _school.c.name)
        .join(Membership, Membership.school_id == _school.c.id)
        .where(Membership.person_id == person_id, _schools_of(viewer))
        .order_by(Membership.from_day.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def looked_after(viewer: Viewer, person_id: uuid.UUID) -> dict[uuid.UUID, bool]:
    """A person's roles at the viewer's places; true for those that the viewer may end or hand over."""
    given = roles_given_by(viewer.permissions, is_school=viewer.is_school)
    query = sa.select(Membership.id, Membership.role).where(
        Membership.person_id == person_id, at_places_of(viewer, Membership)
    )
    return {row[0]: row[1] in given for row in db.session.execute(query)}


def possible_successors(viewer: Viewer, held: Membership) -> Sequence[Person]:
    """Active people who hold a role today at the same unit, school or area."""
    same = sa.and_(
        Membership.brigade_id == held.brigade_id if held.brigade_id else sa.true(),
        Membership.school_id == held.school_id if held.school_id else sa.true(),
        Membership.area_code == held.area_code if held.area_code else sa.true(),
        at_places_of(viewer, Membership),
        held_today(),
    )
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(sa.select(Membership.person_id).where(same)), Person.active)
        .order_by(Person.sort_name, Person.id)
    ).all()


def everybody(viewer: Viewer) -> sa.Select[Person]:
    """All who hold or held a role at the viewer's units, at their schools, or at a bureau of their areas."""
    schools = sa.select(_school.c.id).where(_schools_of(viewer))
    areas = [Membership.area_code.startswith(code, autoescape=True) for code in _areas_of(viewer)]
    ours = sa.or_(Membership.brigade_id.in_(viewer.brigade_ids), Membership.school_id.in_(schools), *areas)
    return sa.select(Person).where(Person.id.in_(sa.select(Membership.person_id).where(ours)))


def own_staff(viewer: Viewer) -> Sequence[Person]:
    """All who hold or held a role at the viewer's units, by name."""
    held = sa.select(Membership.person_id).where(Membership.brigade_id.in_(viewer.brigade_ids))
    return db.session.scalars(sa.select(Person).where(Person.id.in_(held)).order_by(Person.sort_name, Person.id)).all()
