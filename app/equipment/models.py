"""Pieces of equipment and the labels they carry."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model


class EquipmentKind(enum.StrEnum):
    """What a piece is."""

    EXTINGUISHER = "extinguisher"
    INDOOR_HYDRANT = "indoor_hydrant"
    OUTDOOR_HYDRANT = "outdoor_hydrant"
    EXIT_DOOR = "exit_door"
    FIRE_DOOR = "fire_door"
    EMERGENCY_LIGHT = "emergency_light"
    EXIT_SIGN = "exit_sign"


class EquipmentStatus(enum.StrEnum):
    """In use, or out of it for a reason. A replaced piece names no successor: the successor names it."""

    IN_USE = "in_use"
    AWAY = "away"
    RETIRED = "retired"
    REPLACED = "replaced"


class Equipment(HasId, Model):
    """One piece at its place. `specification` holds the typed fields of its kind; `made_on` is the 1st when only the month is known."""

    __tablename__ = "equipment"
    __table_args__ = (
        sa.Index("ix_equipment_school_kind", "school_id", "kind", "status"),
        sa.CheckConstraint("status IN ('in_use', 'away') OR retired_on IS NOT NULL", name="retired_needs_day"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"), index=True)
    floor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("floor.id"))
    place_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("place.id"))
    kind: Mapped[EquipmentKind] = mapped_column(enum_type(EquipmentKind))
    label: Mapped[str] = mapped_column(sa.String(40), default="")
    location: Mapped[str] = mapped_column(sa.String(120), default="")
    tag_code: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    made_on: Mapped[date | None]
    made_on_is_month: Mapped[bool] = mapped_column(default=False)
    serviced_on: Mapped[date | None]
    tested_on: Mapped[date | None]
    specification: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[EquipmentStatus] = mapped_column(enum_type(EquipmentStatus), default=EquipmentStatus.IN_USE)
    retired_on: Mapped[date | None]
    retired_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("equipment.id"), unique=True)
    external_code: Mapped[str | None] = mapped_column(sa.String(60))
    last_checked_on: Mapped[date | None]
    last_verdict: Mapped[str] = mapped_column(sa.String(10), default="")
    last_inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class TagHistory(HasId, Model):
    """Which piece a label code was on, from when to when: a label may move, its past stays."""

    __tablename__ = "tag_history"
    tag_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    equipment_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("equipment.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(default=clock.now)
    to_at: Mapped[datetime | None]
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
