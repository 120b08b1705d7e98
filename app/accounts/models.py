"""People, their memberships, their sign-ins, and invitations."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.accounts import devices
from app.core import clock
from app.core.db import SORTED, HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.core.spelling import sort_key


class Role(enum.StrEnum):
    """What a membership makes of a person. DOMAIN §6.1."""

    INSPECTOR = "inspector"
    STATION = "station"
    LEADER = "leader"
    OFFICE = "office"
    PRINCIPAL = "principal"
    SAFETY_OFFICER = "safety_officer"
    BUREAU = "bureau"
    DETACHMENT = "detachment"
    ADMIN = "admin"


BRIGADE_ROLES = frozenset({Role.INSPECTOR, Role.STATION, Role.LEADER, Role.OFFICE, Role.DETACHMENT, Role.ADMIN})
SCHOOL_ROLES = frozenset({Role.PRINCIPAL, Role.SAFETY_OFFICER})


def _sort_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


class Person(HasId, Model):
    """Somebody who may sign in. Never deleted: `active` false keeps their name on what they did.

    `sort_name` follows `name`: lists of people go by sound, as a Chinese list does.
    """

    __tablename__ = "person"
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    sort_name: Mapped[str] = mapped_column(SORTED, default=_sort_name)
    name_bo: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    credential_number: Mapped[str] = mapped_column(sa.String(40), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    memberships: Mapped[list[Membership]] = relationship(back_populates="person", order_by="Membership.from_day")

    @validates("name")
    def _sort_by(self, _key: str, name: str) -> str:
        self.sort_name = sort_key(name)
        return name


class Membership(HasId, Model):
    """A role at a brigade, a school or an area, from one day to another: hand-over keeps history.

    `to_day` is the last day, included; `ended_at` is set when the role was taken away at that moment.
    """

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint(
            "(brigade_id IS NOT NULL AND school_id IS NULL AND area_code IS NULL)"
            " OR (brigade_id IS NULL AND school_id IS NOT NULL AND area_code IS NULL)"
            " OR (brigade_id IS NULL AND school_id IS NULL AND area_code IS NOT NULL)",
            name="one_place",
        ),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name="ends_after_start"),
    )
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"), index=True)
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"), index=True)
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    from_day: Mapped[date] = mapped_column(default=clock.today)
    to_day: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="memberships")

    def is_held_on(self, day: date) -> bool:
        """Whether the role counts on a day, as far as known now."""
        return self.ended_at is None and self.from_day <= day and (self.to_day is None or self.to_day >= day)


class SignIn(HasId, Model):
    """One signed-in browser or tablet; the cookie holds a token, we keep its hash."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    agent: Mapped[str] = mapped_column(sa.String(200), default="")
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()

    @property
    def device(self) -> str:
        """Browser and system, as people call them; empty where unknown."""
        return devices.device(self.agent)


class Invitation(HasId, Model):
    """A link with which a person makes their own account for a membership that waits for them."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"))
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"))
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])


class PasswordLink(HasId, Model):
    """A link with which a person who has an account sets a new password."""

    __tablename__ = "password_link"
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Attempts(Model):
    """How often something was tried in a window of time, shared by all processes (sign-in, verify, upload)."""

    __tablename__ = "attempts"
    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    window: Mapped[int] = mapped_column(sa.BigInteger)  # when it opened, in Unix seconds
    count: Mapped[int] = mapped_column(default=0)


CONSTRAINT_SENTENCES["uq_person_username"] = "这个登录名已被使用，请换一个。"
CONSTRAINT_SENTENCES["person.username"] = "这个登录名已被使用，请换一个。"
