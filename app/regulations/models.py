"""Packs of regulations, published versions of checklists, duty rules and calendars."""

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


class PackVersion(HasId, Model):
    """A published version of a pack. `content` is its canonical JSON; once loaded it never changes."""

    __tablename__ = "pack_version"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)
    code: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[int]
    country: Mapped[str] = mapped_column(sa.String(2))
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    valid_from: Mapped[date]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[str] = mapped_column(sa.Text)
    loaded_at: Mapped[datetime] = mapped_column(default=clock.now)


class DutyRule(HasId, Model):
    """What a school owes how often, as one published pack says it."""

    __tablename__ = "duty_rule"
    __table_args__ = (sa.UniqueConstraint("pack_version_id", "code"),)
    pack_version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pack_version.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(60))
    content: Mapped[dict[str, Any]]


class CalendarLayer(enum.StrEnum):
    """A later layer wins over an earlier one."""

    NATIONAL = "national"
    REGION = "region"
    SCHOOL = "school"


class Calendar(HasId, Model):
    """One layer of days off and shifted working days, for the country or for an area and all below it.

    `expects` lists holidays of every year whose dates somebody must enter: name and the stretch they may fall in.
    `area_code` begins the codes of the areas it is for; it may come before the areas themselves are loaded.
    """

    __tablename__ = "calendar"
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    layer: Mapped[CalendarLayer] = mapped_column(enum_type(CalendarLayer))
    area_code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120), default="")
    expects: Mapped[list[Any]] = mapped_column(default=list)


class CalendarDay(HasId, Model):
    """A day that is off although a weekday, or worked although a weekend. Withdrawn days stay on record."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        sa.Index(
            "uq_calendar_day_in_force",
            "calendar_id",
            "day",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )
    calendar_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("calendar.id"))
    day: Mapped[date]
    is_working: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(60), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class CalendarYear(Model):
    """Whether a year of a calendar has been filled; what is not filled is said so and never guessed."""

    __tablename__ = "calendar_year"
    calendar_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("calendar.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    is_filled: Mapped[bool] = mapped_column(default=False)


class Term(HasId, Model):
    """A school term in an area, or of one school when it keeps its own."""

    __tablename__ = "term"
    __table_args__ = (sa.CheckConstraint("ends_on > starts_on", name="ends_after_start"),)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), index=True)
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]
