"""Who is to be told, as memberships stand at the moment of sending, and by which road each can be reached."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import SCHOOL_ROLES, Membership, Person, Role
from app.core.extensions import db
from app.notifications import channels
from app.notifications.models import Outbox, Preference
from app.notifications.rules import Channel, Wishes, roads
from app.organisations.models import Brigade

#: Who of a brigade is told when nobody is named.
HOUSE_ROLES = frozenset({Role.LEADER, Role.OFFICE})
# Schools are above, so they are looked at here as plain rows.
school_rows = sa.table(
    "school",
    sa.column("id", sa.Uuid()),
    sa.column("brigade_id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("phone", sa.String()),
    sa.column("responsible_person", sa.String()),
    sa.column("responsible_phone", sa.String()),
    sa.column("safety_manager", sa.String()),
    sa.column("safety_manager_phone", sa.String()),
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A person with what they have set."""

    person: Person
    language: str = ""
    chosen: str = ""
    wishes: Wishes = field(default_factory=Wishes)

    def address(self, channel: Channel) -> str:
        """Where a road leads: e-mail address, phone number, or the name they sign in with."""
        return {
            Channel.EMAIL: self.person.email,
            Channel.SMS: self.person.phone,
            Channel.WEBHOOK: self.person.username,
        }.get(channel, "")

    def roads(self, *, closed: Collection[str] = ()) -> list[Channel]:
        """The roads to this person, in the order to try them."""
        able = [channel for channel in channels.personal() if self.address(channel)]
        return roads(self.chosen, open_=able, closed=closed)


def readers(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Reader]:
    """These people, as far as they are active, with what they have set; one query."""
    ids = list(set(person_ids))
    if not ids:
        return {}
    query = (
        sa.select(Person, Preference)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(Person.id.in_(ids), Person.active)
    )
    return {person.id: _reader(person, set_) for person, set_ in db.session.execute(query)}


def _reader(person: Person, set_: Preference | None) -> Reader:
    if set_ is None:
        return Reader(person=person)
    return Reader(person=person, language=set_.language, chosen=set_.channel, wishes=set_.wishes)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who one outbox row is for: people, whether the brigade's group too, a school to call, and in whose name."""

    people: tuple[uuid.UUID, ...]
    group_id: uuid.UUID | None
    call_id: uuid.UUID | None
    house_id: uuid.UUID | None


class Directory:
    """Memberships of today for a batch of outbox rows, read in a fixed number of queries."""

    def __init__(self, told: Collection[Outbox]) -> None:
        schools = {one.school_id for one in told if one.school_id}
        brigades = {one.brigade_id for one in told if one.brigade_id}
        self._houses = self._houses_of(schools)
        self._staff = self._held(Membership.school_id, schools)
        self._officers = self._held(Membership.brigade_id, brigades)
        named = {uuid.UUID(text) for one in told for text in one.person_ids}
        self._home = self._homes_of(named)
        everybody = named | {p for held in (*self._staff.values(), *self._officers.values()) for p, _role in held}
        self._readers = readers(everybody)
        self._areas = dict(
            db.session.execute(sa.select(Brigade.id, Brigade.area_code).where(Brigade.id.in_(brigades))).all()
        )

    @staticmethod
    def _houses_of(schools: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        query = sa.select(school_rows.c.id, school_rows.c.brigade_id).where(school_rows.c.id.in_(list(schools)))
        return dict(db.session.execute(query).all()) if schools else {}

    @staticmethod
    def _held(
        place: sa.orm.InstrumentedAttribute[uuid.UUID | None], ids: Collection[uuid.UUID]
    ) -> dict[uuid.UUID, list[tuple[uuid.UUID, Role]]]:
        found: dict[uuid.UUID, list[tuple[uuid.UUID, Role]]] = {}
        if ids:
            query = sa.select(place, Membership.person_id, Membership.role).where(
                place.in_(list(ids)), accounts.held_today()
            )
            for where, person_id, role in db.session.execute(query.order_by(Membership.id)):
                if where:
                    found.setdefault(where, []).append((person_id, role))
        return found

    @staticmethod
    def _homes_of(people: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
        """The brigade of each person named: their own, or that of their school."""
        if not people:
            return {}
        query = (
            sa.select(Membership.person_id, sa.func.coalesce(Membership.brigade_id, school_rows.c.brigade_id))
            .outerjoin(school_rows, school_rows.c.id == Membership.school_id)
            .where(Membership.person_id.in_(list(people)), accounts.held_today())
        )
        return {person_id: house_id for person_id, house_id in db.session.execute(query) if house_id}

    def audience(self, one: Outbox) -> Audience:
        """Who this row is for."""
        people = [uuid.UUID(text) for text in one.person_ids]
        named = bool(people)
        staff = [p for p, role in self._staff.get(one.school_id, []) if role in SCHOOL_ROLES] if one.school_id else []
        people += staff
        group = None
        if one.brigade_id and (one.roles or not named):
            wanted = {Role(role) for role in one.roles} or HOUSE_ROLES
            people += [p for p, role in self._officers.get(one.brigade_id, []) if role in wanted]
            has_group = bool(channels.groups(self._areas.get(one.brigade_id, "")))
            group = one.brigade_id if has_group and not one.roles else None
        known = tuple(p for p in dict.fromkeys(people) if p in self._readers)
        homes = [self._home[p] for p in known if p in self._home]
        of_school = self._houses.get(one.school_id) if one.school_id else None
        house = one.brigade_id or of_school or next(iter(homes), None)
        return Audience(people=known, group_id=group, call_id=self._call(one, staff), house_id=house)

    def _call(self, one: Outbox, staff: Collection[uuid.UUID]) -> uuid.UUID | None:
        """The school, when no message would reach any of its people: none has a road, or chose to look here."""
        if one.school_id is None:
            return None
        known = [self._readers[p] for p in staff if p in self._readers]
        reached = any(reader.roads() or reader.chosen == "page" for reader in known)
        return None if reached else one.school_id
