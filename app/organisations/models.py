"""Areas after GB/T 2260, and brigades with their settings."""

from __future__ import annotations

import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import HasId, enum_type
from app.core.extensions import Model


class Area(Model):
    """An area of GB/T 2260. A retired code stays and names its successor, so that old lists are still understood."""

    __tablename__ = "area"
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_bo: Mapped[str] = mapped_column(sa.String(120), default="")
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"), index=True)
    successor_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"))


class BrigadeKind(enum.StrEnum):
    """Which rank of the fire service a brigade is."""

    CORPS = "corps"
    DETACHMENT = "detachment"
    BRIGADE = "brigade"
    STATION = "station"


class Brigade(HasId, Model):
    """A fire and rescue authority: names, code word and settings are the brigade's own, never the program's."""

    __tablename__ = "brigade"
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name_bo: Mapped[str] = mapped_column(sa.String(200), default="")
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[BrigadeKind] = mapped_column(enum_type(BrigadeKind), default=BrigadeKind.BRIGADE)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"), index=True)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), index=True)
    code_word: Mapped[str] = mapped_column(sa.String(20), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Installation(Model):
    """One row: what this database is. A database once flagged as demo stays one for ever."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
