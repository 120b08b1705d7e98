"""Teams, their members, the schools they look after, and hand-overs."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model

_NOT_OVER = sa.text("retired_on IS NULL")
_GOES_ON = sa.text("to_day IS NULL AND withdrawn_at IS NULL")


class Team(HasId, Model):
    """A team of a brigade that looks after schools; retired, never deleted."""

    __tablename__ = "team"
    __table_args__ = (
        sa.Index("uq_team_name", "brigade_id", "name", unique=True, sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    retired_on: Mapped[date | None]


class TeamMember(HasId, Model):
    """Somebody of a team from a day to a last day, which is included."""

    __tablename__ = "team_member"
    __table_args__ = (
        sa.Index("ix_team_member_team", "team_id", "from_day"),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name="member_ends_after_start"),
    )
    team_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("team.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    is_leader: Mapped[bool] = mapped_column(default=False)
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class TeamHandOver(HasId, Model):
    """One act that gave schools to a team, to an officer of it, or took them out of any. `brought`: what came along, by kind."""

    __tablename__ = "team_hand_over"
    __table_args__ = (sa.Index("ix_team_hand_over_brigade", "brigade_id", "made_at"),)
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    to_team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    to_officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    from_day: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    number: Mapped[int]
    brought: Mapped[dict[str, Any]] = mapped_column(SMALL_JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class TeamSchool(HasId, Model):
    """A school with a team from a day to a last day, which is included.

    `team_id` none: from then on no team has it. `withdrawn_at`: another hand-over came before it. `brought`: what was open
    at the school when it was handed over, by kind; `from_team_id` and `from_officer_id` had it before.
    """

    __tablename__ = "team_school"
    __table_args__ = (
        sa.Index("uq_team_school_goes_on", "school_id", unique=True, sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
        sa.Index("ix_team_school_school", "school_id", "from_day"),
        sa.Index("ix_team_school_team", "team_id", "school_id"),
        sa.Index("ix_team_school_hand_over", "hand_over_id", "school_id"),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name="looked_after_ends_after_start"),
        sa.CheckConstraint("officer_id IS NULL OR team_id IS NOT NULL", name="officer_of_a_team"),
    )
    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    hand_over_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("team_hand_over.id"))
    from_team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    from_officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    brought: Mapped[dict[str, Any]] = mapped_column(SMALL_JSON, default=dict)


CONSTRAINT_SENTENCES["uq_team_name"] = "已有同名分组。"
CONSTRAINT_SENTENCES["team.brigade_id, team.name"] = "已有同名分组。"
CONSTRAINT_SENTENCES["uq_team_school_goes_on"] = "刚刚有人移交了同一所学校，请刷新后再试。"
CONSTRAINT_SENTENCES["team_school.school_id"] = "刚刚有人移交了同一所学校，请刷新后再试。"
