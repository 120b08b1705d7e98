"""Finding people, sign-ins and what a person holds today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import BRIGADE_ROLES, Invitation, Membership, PasswordLink, Person, Role, SignIn
from app.accounts.policy import permissions_of
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.organisations.models import Brigade


def person_by_username(username: str) -> Person | None:
    """Whoever has this name to sign in, also when no longer active."""
    return db.session.scalar(sa.select(Person).where(Person.username == username))


# Notices are above accounts, so they are looked at here as plain rows.
_notice = sa.table("notice", sa.column("person_id", sa.Uuid()), sa.column("read_at"))


def sign_in_by_hash(token_hash: str) -> tuple[SignIn, int] | None:
    """A sign-in that is still good, with its person and memberships, and how many notices wait to be read.

    In one query: every page asks this.
    """
    unread = sa.select(sa.func.count()).where(_notice.c.person_id == SignIn.person_id, _notice.c.read_at.is_(None))
    rows = db.session.execute(
        sa.select(SignIn, unread.correlate(SignIn).scalar_subquery())
        .join(SignIn.person)
        .where(
            SignIn.token_hash == token_hash, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now(), Person.active
        )
        .options(contains_eager(SignIn.person).joinedload(Person.memberships))
    )
    found = rows.unique().one_or_none()
    return (found[0], found[1]) if found else None


def sign_ins_of(person_id: uuid.UUID) -> Sequence[SignIn]:
    """A person's open sign-ins, the last used first."""
    return db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
        .order_by(SignIn.seen_at.desc())
    ).all()


def brigades_below(brigade_ids: set[uuid.UUID]) -> dict[uuid.UUID, Brigade]:
    """These brigades and all below them, by id."""
    tree = sa.select(Brigade.id).where(Brigade.id.in_(brigade_ids)).cte("tree", recursive=True)
    tree = tree.union_all(sa.select(Brigade.id).where(Brigade.parent_id == tree.c.id))
    found = db.session.scalars(sa.select(Brigade).where(Brigade.id.in_(sa.select(tree.c.id))))
    return {brigade.id: brigade for brigade in found}


def current_memberships(person: Person) -> list[Membership]:
    """What a person holds today."""
    today = clock.today()
    return [m for m in person.memberships if m.is_held_on(today)]


def held_today() -> sa.ColumnElement[bool]:
    """A condition on Membership: it counts today."""
    today = clock.today()
    return sa.and_(
        Membership.ended_at.is_(None),
        Membership.from_day <= today,
        sa.or_(Membership.to_day.is_(None), Membership.to_day >= today),
    )


def viewer_for(person: Person, *, sign_in_id: uuid.UUID | None = None, unread: int = 0) -> Viewer:
    """The viewer that a person is today."""
    held = current_memberships(person)
    roles = frozenset(m.role for m in held)
    own = [m for m in held if m.role in BRIGADE_ROLES and m.brigade_id]
    brigades = brigades_below({m.brigade_id for m in own if m.brigade_id}) if own else {}
    home = brigades.get(own[0].brigade_id) if own and own[0].brigade_id else None
    if home is not None and home.kind == "station" and home.parent_id:
        # A station's people serve the schools of the brigade that the station belongs to.
        parents = brigades_below({home.parent_id})
        brigades, home = brigades | parents, parents[home.parent_id]
    return Viewer(
        person_id=person.id,
        name=person.name,
        username=person.username,
        roles=roles,
        permissions=permissions_of(roles),
        brigade_ids=frozenset(brigades),
        own_brigade_id=home.id if home else None,
        own_brigade_name=home.name if home else "",
        own_brigade_name_en=home.name_en if home else "",
        own_brigade_area=home.area_code if home else None,
        school_ids=frozenset(m.school_id for m in held if m.school_id),
        area_codes=frozenset(m.area_code for m in held if m.area_code),
        sign_in_id=sign_in_id,
        unread=unread,
    )


def colleagues(viewer: Viewer, *, roles: frozenset[Role]) -> Sequence[Person]:
    """Active people of the viewer's brigades who hold one of the roles today, by name."""
    return holders(viewer.brigade_ids, roles=roles)


def holders(brigade_ids: Collection[uuid.UUID], *, roles: frozenset[Role]) -> Sequence[Person]:
    """Active people of these brigades who hold one of the roles today, by name; for the program's own acts."""
    return db.session.scalars(
        sa.select(Person)
        .where(
            Person.id.in_(
                sa.select(Membership.person_id).where(
                    Membership.brigade_id.in_(brigade_ids), Membership.role.in_(roles), held_today()
                )
            ),
            Person.active,
        )
        .order_by(Person.sort_name, Person.id)
    ).all()


def brigade(brigade_id: uuid.UUID) -> Brigade | None:
    """A unit of the fire service by its id, whoever asks."""
    return db.session.get(Brigade, brigade_id)


def memberships_of(person_id: uuid.UUID) -> Sequence[Membership]:
    """All that a person holds, held or will hold, the oldest first."""
    return db.session.scalars(
        sa.select(Membership).where(Membership.person_id == person_id).order_by(Membership.from_day, Membership.id)
    ).all()


def invitation_by_hash(token_hash: str) -> Invitation | None:
    """An invitation by the hash of its token, whatever its state."""
    return db.session.scalar(
        sa.select(Invitation).where(Invitation.token_hash == token_hash).options(joinedload(Invitation.made_by))
    )


def password_link_by_hash(token_hash: str) -> PasswordLink | None:
    """A link for a new password by the hash of its token, whatever its state."""
    return db.session.scalar(
        sa.select(PasswordLink).where(PasswordLink.token_hash == token_hash).options(joinedload(PasswordLink.person))
    )


def names_of(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of people by id, for pages that say who did what."""
    ids = list(person_ids)
    return dict(db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids))).all()) if ids else {}
