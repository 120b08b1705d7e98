"""Pieces of equipment, what happened to them, and the labels they carry."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model


class EquipmentKind(enum.StrEnum):
    """What a piece is.

    A safety exit (安全出口) and an evacuation door (疏散门) are both pieces of kind EXIT_DOOR: the specification's
    `opening` says which, and `leaves` is 0 where there is only an opening. So every exit has a label, a place in the
    "not yet seen" list and a last verdict, and the checklist's scope `exit` hangs on these pieces and nothing else. A
    Place of kind exit only says where such a piece is.
    """

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


#: Pieces that are part of what the school has; the others are history.
KEPT = (EquipmentStatus.IN_USE, EquipmentStatus.AWAY)


class Trouble(enum.StrEnum):
    """A fault that makes an extinguisher due, or fit for scrap, at once; the words are those of the pack's table."""

    DISCHARGED = "discharged"
    GAUGE_RED = "gauge_red"
    PIN_OR_SEAL_LOST = "pin_or_seal_lost"
    LEAK = "leak"
    DAMAGE = "damage"
    RUST = "rust"
    RUST_THIRD = "rust_third"
    DEFORMED = "deformed"
    HEAD_CRACKED = "head_cracked"
    FLAT_BOTTOM = "flat_bottom"
    NO_INTERMITTENT_VALVE = "no_intermittent_valve"
    UNREADABLE = "unreadable"
    SOLDERED = "soldered"
    BURNT = "burnt"
    BANNED_TYPE = "banned_type"


def _agent_written(context: Any) -> str | None:
    """The agent of the specification that is written with it."""
    return (context.get_current_parameters().get("specification") or {}).get("agent")


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Equipment(HasId, Model):
    """One piece at its place. `specification` holds the typed fields of its kind; `made_on` is the 1st when only the month is known.

    `label` is what is painted beside it at the school ("1F-03"), `tag_code` the code of our own label. `serviced_on`
    is the last service of an extinguisher, `tested_on` the last test of anything else. Due dates are not stored: see dates.py.
    `agent` is that of the specification, written with it: what is due in a whole city is found by it from indexes, each of
    which holds what one condition of `dates.DueColumns.may_need` asks for.
    """

    __tablename__ = "equipment"
    __table_args__ = (
        sa.Index("ix_equipment_school_status", "school_id", "status", "kind"),
        _partial("ix_equipment_unserviced", "agent", "made_on", where="serviced_on IS NULL OR serviced_on < made_on"),
        _partial("ix_equipment_serviced", "agent", "serviced_on", where="serviced_on >= made_on"),
        _partial("ix_equipment_scrap", "agent", "made_on", where="serviced_on >= made_on"),
        _partial("ix_equipment_trouble", "trouble", where="trouble IS NOT NULL"),
        sa.Index("ix_equipment_school_label", "school_id", "label"),
        sa.UniqueConstraint("school_id", "external_code", name="uq_equipment_school_external_code"),
        sa.CheckConstraint("status IN ('in_use', 'away') OR retired_on IS NOT NULL", name="retired_needs_day"),
        sa.CheckConstraint("status <> 'retired' OR retired_reason <> ''", name="retired_needs_reason"),
        sa.CheckConstraint("status IN ('in_use', 'away') OR tag_code IS NULL", name="retired_gives_up_tag"),
        sa.CheckConstraint("(status = 'away') = (away_on IS NOT NULL)", name="away_needs_day"),
        sa.CheckConstraint("(trouble IS NULL) = (trouble_on IS NULL)", name="trouble_needs_day"),
        sa.CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name="not_replacing_itself"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"), index=True)
    floor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("floor.id"))
    place_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("place.id"))
    kind: Mapped[EquipmentKind] = mapped_column(enum_type(EquipmentKind))
    label: Mapped[str] = mapped_column(sa.String(40), default="")
    location: Mapped[str] = mapped_column(sa.String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    tag_code: Mapped[str | None] = mapped_column(sa.String(16), unique=True)
    made_on: Mapped[date | None]
    made_on_is_month: Mapped[bool] = mapped_column(default=False)
    serviced_on: Mapped[date | None]
    tested_on: Mapped[date | None]
    specification: Mapped[dict[str, Any]] = mapped_column(default=dict)
    agent: Mapped[str | None] = mapped_column(sa.String(20), default=_agent_written)
    status: Mapped[EquipmentStatus] = mapped_column(enum_type(EquipmentStatus), default=EquipmentStatus.IN_USE)
    trouble: Mapped[Trouble | None] = mapped_column(enum_type(Trouble))
    trouble_on: Mapped[date | None]
    away_on: Mapped[date | None]
    retired_on: Mapped[date | None]
    retired_reason: Mapped[str] = mapped_column(sa.String(200), default="")
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("equipment.id"), unique=True)
    external_code: Mapped[str | None] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    last_checked_on: Mapped[date | None]
    last_verdict: Mapped[str] = mapped_column(sa.String(10), default="")
    last_inspection_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("inspection.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    @validates("specification")
    def _keep_agent(self, _key: str, specification: dict[str, Any]) -> dict[str, Any]:
        self.agent = specification.get("agent")
        return specification

    @property
    def is_kept(self) -> bool:
        """Part of what the school has today."""
        return self.status in KEPT


class EventKind(enum.StrEnum):
    """What happened to a piece."""

    REGISTERED = "registered"
    CHANGED = "changed"
    MOVED = "moved"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    SENT_AWAY = "sent_away"
    CAME_BACK = "came_back"
    SERVICED = "serviced"
    TESTED = "tested"
    TROUBLE = "trouble"
    TROUBLE_OVER = "trouble_over"
    RETIRED = "retired"
    REPLACED = "replaced"


class EquipmentEvent(HasId, Model):
    """One line of a piece's history. `happened_on` is the day of the fact, `at` the moment it was written; only ever added."""

    __tablename__ = "equipment_event"
    equipment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("equipment.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind))
    happened_on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class TagHistory(HasId, Model):
    """Which piece a label code was on, from when to when: a label may move, its past stays.

    A row without equipment is a code printed on a blank label by a brigade and not stuck on anything yet.
    """

    __tablename__ = "tag_history"
    tag_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    equipment_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("equipment.id"), index=True)
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    from_at: Mapped[datetime] = mapped_column(default=clock.now)
    to_at: Mapped[datetime | None]
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


CONSTRAINT_SENTENCES.update(
    {
        "uq_equipment_tag_code": _l("这个标签编号已贴在另一件器材上。"),
        "equipment.tag_code": _l("这个标签编号已贴在另一件器材上。"),
        "uq_equipment_school_external_code": _l("这所学校已有相同外部编号的器材。"),
        "equipment.external_code": _l("这所学校已有相同外部编号的器材。"),
        "uq_equipment_replaces_id": _l("这件器材已经更换过，请打开接替它的那一件。"),
        "equipment.replaces_id": _l("这件器材已经更换过，请打开接替它的那一件。"),
        "retired_needs_reason": _l("停用器材需要写明原因。"),
    }
)
