"""Schools and what stands on their ground."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import SORTED, HasId, enum_type
from app.core.extensions import Model
from app.core.spelling import sort_key
from app.schools.rules.search import identity_of


class SchoolKind(enum.StrEnum):
    """What a school teaches."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    NINE_YEAR = "nine_year"
    SENIOR = "senior"
    COMPLETE_SECONDARY = "complete_secondary"
    TWELVE_YEAR = "twelve_year"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    COLLEGE = "college"
    TRAINING = "training"
    OTHER = "other"


class SchoolStatus(enum.StrEnum):
    """Whether a school works. A merged one points to the school it went into."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    MERGED = "merged"


def _sort_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


def _identity(context: Any) -> str:
    row = context.get_current_parameters()
    return identity_of(name=row["name"], area_code=row["area_code"], address=row.get("address") or "")


class School(HasId, Model):
    """A school or campus. A branch campus is a school of its own with a parent."""

    __tablename__ = "school"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_code", name="uq_school_source_code"),
        sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_names_target"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        sa.Index("ix_school_brigade_sorted", "brigade_id", "sort_name"),
        sa.Index("ix_school_brigade", "brigade_id", "id"),
        sa.Index("ix_school_name", "name", "brigade_id", "id"),
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    name_bo: Mapped[str] = mapped_column(sa.String(200), default="")
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[SchoolKind] = mapped_column(enum_type(SchoolKind))
    is_boarding: Mapped[bool] = mapped_column(default=False)
    is_key_unit: Mapped[bool] = mapped_column(default=False)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), index=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    datum: Mapped[str] = mapped_column(sa.String(10), default="WGS-84")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    responsible_person: Mapped[str] = mapped_column(sa.String(80), default="")
    responsible_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    safety_manager: Mapped[str] = mapped_column(sa.String(80), default="")
    safety_manager_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    pupils: Mapped[int | None]
    boarders: Mapped[int | None]
    staff: Mapped[int | None]
    facilities: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[SchoolStatus] = mapped_column(enum_type(SchoolStatus), default=SchoolStatus.OPEN)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    source: Mapped[str | None] = mapped_column(sa.String(40))
    external_code: Mapped[str | None] = mapped_column(sa.String(60))
    identity: Mapped[str] = mapped_column(sa.String(64), index=True, default=_identity)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_visited_on: Mapped[date | None] = mapped_column(index=True)
    sort_name: Mapped[str] = mapped_column(SORTED, default=_sort_name)


class SchoolPast(HasId, Model):
    """What a school was before a day: kept when its kind, boarding or standing as a key unit changes.

    What it owes in a period follows what it was then, so a correction of today never rewrites last term.
    """

    __tablename__ = "school_past"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    until: Mapped[date]
    kind: Mapped[SchoolKind] = mapped_column(enum_type(SchoolKind))
    is_boarding: Mapped[bool]
    is_key_unit: Mapped[bool]


#: Compared byte by byte on either database, so that "begins with" is one look into the index.
_BYTEWISE = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


class SearchTerm(Model):
    """What a school is found by: the rest of its names from every place on, in script, pinyin and initials; its codes.

    `weight` is 0 where the term begins a name or code, 1 where it begins its sound, 2 inside.
    """

    __tablename__ = "school_search_term"
    __table_args__ = ({"sqlite_with_rowid": False},)
    term: Mapped[str] = mapped_column(_BYTEWISE, primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), primary_key=True, index=True)
    weight: Mapped[int] = mapped_column(sa.SmallInteger)


class Contact(HasId, Model):
    """Somebody at a school whom the brigade may call. Ended, not deleted, when they leave."""

    __tablename__ = "school_contact"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    post: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    ended_on: Mapped[date | None]


class HazardClass(enum.StrEnum):
    """Hazard class after GB 50140-2005 Annex D."""

    SEVERE = "severe"
    MIDDLE = "middle"
    LIGHT = "light"


class BuildingUse(enum.StrEnum):
    """What a building is mainly for; decides which items apply."""

    TEACHING = "teaching"
    DORMITORY = "dormitory"
    CANTEEN = "canteen"
    LIBRARY = "library"
    LABORATORY = "laboratory"
    OFFICE = "office"
    HALL = "hall"
    KINDERGARTEN = "kindergarten"
    SERVICE = "service"
    OTHER = "other"


class Building(HasId, Model):
    """A building. Heights in metres, areas in square metres; `profile` names the standard it is judged by."""

    __tablename__ = "building"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    use: Mapped[BuildingUse] = mapped_column(enum_type(BuildingUse), default=BuildingUse.TEACHING)
    completed_on: Mapped[date | None]
    height_m: Mapped[float | None]
    floors_above: Mapped[int] = mapped_column(default=1)
    floors_below: Mapped[int] = mapped_column(default=0)
    area_m2: Mapped[float | None]
    hazard_class: Mapped[HazardClass] = mapped_column(enum_type(HazardClass), default=HazardClass.MIDDLE)
    fire_rating: Mapped[str] = mapped_column(sa.String(10), default="")
    profile: Mapped[str] = mapped_column(sa.String(40), default="")
    facilities: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    retired_on: Mapped[date | None]
    floors: Mapped[list[Floor]] = relationship(back_populates="building", order_by="Floor.level")


class Floor(HasId, Model):
    """A floor of a building; level 1 is the ground floor, -1 the first below it. `heads` is the number of people on it."""

    __tablename__ = "floor"
    __table_args__ = (sa.UniqueConstraint("building_id", "level"),)
    building_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("building.id"))
    level: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(40), default="")
    heads: Mapped[int | None]
    plan_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    building: Mapped[Building] = relationship(back_populates="floors")


class PlaceKind(enum.StrEnum):
    """What kind of place it is: a room, a way out, a system's plant, or part of the grounds."""

    ROOM = "room"
    CORRIDOR = "corridor"
    STAIR = "stair"
    EXIT = "exit"
    POINT = "point"
    SYSTEM = "system"
    SITE = "site"


class Place(HasId, Model):
    """A place at a school that an answer, a finding or a piece of equipment can hang on."""

    __tablename__ = "place"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"), index=True)
    floor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("floor.id"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(enum_type(PlaceKind))
    use: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(80))
    name_bo: Mapped[str] = mapped_column(sa.String(120), default="")
    area_m2: Mapped[float | None]
    heads: Mapped[int | None]
    width_m: Mapped[float | None]
    position: Mapped[int] = mapped_column(default=0)
    retired_on: Mapped[date | None]
