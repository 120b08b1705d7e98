"""What a school did for a duty that is no drill and no training, which rules a brigade lets count, and years as counted."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model
from app.duties.rules.holders import Post
from app.fieldwork.rules import TargetKind
from app.logbook.models import Entry


class DutyRecord(Entry, Model):
    """One patrol, check, test or cleaning as done; `duty` is the code of the rule that it is for."""

    __tablename__ = "duty_record"
    target = TargetKind.SELFCHECK
    __table_args__ = (
        sa.Index("ix_duty_record_school_held", "school_id", "held_at"),
        sa.Index("ix_duty_record_held_at", "held_at", "withdrawn_at", "school_id"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_needs_reason"),
    )
    duty: Mapped[str] = mapped_column(sa.String(60))
    done_by: Mapped[str] = mapped_column(sa.String(80), default="")
    found_faults: Mapped[bool] = mapped_column(default=False)


class DutyAdoption(HasId, Model):
    """A brigade lets a rule count that otherwise only informs, from a day on; ended, never deleted."""

    __tablename__ = "duty_adoption"
    __table_args__ = (
        sa.Index(
            "uq_duty_adoption_in_force",
            "brigade_id",
            "duty",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
    )
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"))
    duty: Mapped[str] = mapped_column(sa.String(60))
    since: Mapped[date]
    by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class DutyTally(Model):
    """A school's year as counted from its facts: of one duty, or with an empty `duty` of all that count together.

    `key` says by which day, rules, calendar and adoptions it was counted. It holds while that is still the key of the
    school and no `DutyChange` waits; else it is counted anew and never shown. `months`: see rules.tallies.
    """

    __tablename__ = "duty_tally"
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), primary_key=True)
    year: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    duty: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    informs: Mapped[bool] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    months: Mapped[list[Any]]


class DutyChange(HasId, Model):
    """Facts of a school have changed since its years were counted; without a school, facts of any.

    Rows are only added and taken away: two who log something for one school never wait for each other.
    """

    __tablename__ = "duty_change"
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)


_GOES_ON = sa.text("to_day IS NULL AND withdrawn_at IS NULL")


class DutyHolder(HasId, Model):
    """Who at a school answers for a duty: a post and a person, from a day to a last day, which is included.

    `person_id` where the person has an account; `name` always. `withdrawn_at`: another hand-over came before it began.
    """

    __tablename__ = "duty_holder"
    __table_args__ = (
        sa.Index(
            "uq_duty_holder_goes_on", "school_id", "duty", unique=True, sqlite_where=_GOES_ON, postgresql_where=_GOES_ON
        ),
        sa.Index("ix_duty_holder_school", "school_id", "from_day"),
        sa.CheckConstraint("to_day IS NULL OR to_day >= from_day", name="holder_ends_after_start"),
        sa.CheckConstraint("name <> ''", name="holder_has_name"),
    )
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    duty: Mapped[str] = mapped_column(sa.String(60))
    post: Mapped[Post] = mapped_column(enum_type(Post))
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
