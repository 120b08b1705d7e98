"""Points, routes and rounds of a school's patrols, its self-checks, and what the school itself has to put right."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.selfchecks.rules.checks import CheckForm
from app.selfchecks.rules.rounds import Origin, RouteKind, Stop, stops_of
from app.selfchecks.rules.todos import TodoSource


class PatrolPoint(HasId, Model):
    """A point of a school's patrols, with the code on its label. `where` is the building or place of the register in words."""

    __tablename__ = "patrol_point"
    __table_args__ = (sa.UniqueConstraint("code", name="uq_patrol_point_code"),)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    building_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("building.id"))
    place_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    where: Mapped[str] = mapped_column(sa.String(160), default="")
    look_at: Mapped[str] = mapped_column(sa.String(200), default="")
    code: Mapped[str] = mapped_column(sa.String(16))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]


class PatrolRoute(HasId, Model):
    """A way that is walked again and again. `stops` are the ids of its points in order."""

    __tablename__ = "patrol_route"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    kind: Mapped[RouteKind] = mapped_column(enum_type(RouteKind))
    name: Mapped[str] = mapped_column(sa.String(60))
    stops: Mapped[list[str]] = mapped_column(SMALL_JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]


class PatrolRound(HasId, Model):
    """A route walked once. `stops` are its points as they were; `record_id` is what it fulfilled, where all were seen.

    `started_at` is the server's moment, of a round entered from paper what the paper says; `device_at` is what the
    phone's clock said.
    """

    __tablename__ = "patrol_round"
    __table_args__ = (
        sa.Index("ix_patrol_round_school_started", "school_id", "started_at"),
        sa.Index("ix_patrol_round_route", "route_id", "started_at"),
        sa.CheckConstraint("record_id IS NULL OR finished_at IS NOT NULL", name="fulfilled_needs_end"),
        sa.CheckConstraint("record_id IS NULL OR missed_reason = ''", name="fulfilled_misses_nothing"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    route_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patrol_route.id"))
    kind: Mapped[RouteKind] = mapped_column(enum_type(RouteKind))
    name: Mapped[str] = mapped_column(sa.String(60))
    stops: Mapped[list[dict[str, Any]]] = mapped_column(SMALL_JSON)
    done_by: Mapped[str] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    device_at: Mapped[datetime | None]
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)
    from_paper: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    missed_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    record_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("duty_record.id"))

    @property
    def all_stops(self) -> tuple[Stop, ...]:
        """Its points in order."""
        return stops_of(self.stops)


class PatrolSeen(HasId, Model):
    """A point ticked in a round. `seen_at` is the server's moment; from paper what the paper says, or nothing."""

    __tablename__ = "patrol_seen"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "point_id", name="uq_patrol_seen_once"),
        sa.CheckConstraint("origin = 'paper' OR seen_at IS NOT NULL", name="seen_needs_moment"),
        sa.CheckConstraint("fine OR text <> ''", name="fault_needs_words"),
    )
    round_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patrol_round.id"))
    point_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patrol_point.id"))
    origin: Mapped[Origin] = mapped_column(enum_type(Origin))
    seen_at: Mapped[datetime | None]
    device_at: Mapped[datetime | None]
    fine: Mapped[bool]
    text: Mapped[str] = mapped_column(sa.String(500), default="")
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class OwnCheck(HasId, Model):
    """A list that the school itself fills in: a draft of answer operations, then frozen in `result`, line by line.

    `record_id` is the duty that it fulfilled; the lists of posts fulfil none.
    """

    __tablename__ = "own_check"
    __table_args__ = (
        sa.Index("ix_own_check_school_started", "school_id", "started_at"),
        sa.CheckConstraint("(finished_at IS NULL) = (result IS NULL)", name="finished_needs_result"),
        sa.CheckConstraint("record_id IS NULL OR finished_at IS NOT NULL", name="check_fulfilled_needs_end"),
        sa.CheckConstraint("finished_at IS NULL OR dropped_at IS NULL", name="finished_or_dropped"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    form: Mapped[CheckForm] = mapped_column(enum_type(CheckForm))
    pack_version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_version.id"))
    rev: Mapped[int] = mapped_column(default=0)
    done_by: Mapped[str] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None]
    passed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    not_applicable: Mapped[int] = mapped_column(default=0)
    result: Mapped[list[dict[str, Any]] | None] = mapped_column(SMALL_JSON)
    record_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("duty_record.id"))


class OwnTodo(HasId, Model):
    """Something the school found itself and has to put right: no finding of the brigade's. `item`: a point or an item's code."""

    __tablename__ = "own_todo"
    __table_args__ = (
        sa.Index("ix_own_todo_school", "school_id", "done_at", "found_at"),
        sa.CheckConstraint("(done_at IS NULL) = (done_note = '')", name="todo_done_needs_words"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    source: Mapped[TodoSource] = mapped_column(enum_type(TodoSource))
    source_id: Mapped[uuid.UUID]
    item: Mapped[str] = mapped_column(sa.String(40))
    where: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.String(1000))
    found_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    done_note: Mapped[str] = mapped_column(sa.String(300), default="")


CONSTRAINT_SENTENCES["fault_needs_words"] = "发现问题时请写明是什么问题。"
CONSTRAINT_SENTENCES["uq_patrol_seen_once"] = "这个巡查点已经记过，请刷新页面。"
