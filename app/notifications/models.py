"""Outbox, notices, messages, attempts, and what each person has set."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.notifications.rules import Channel, Kind, Outcome, Reason, State, Wishes


class Outbox(HasId, Model):
    """Something that people are to be told, written in the act's own transaction. `key`: the same thing is told once."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_sorted_due", "sorted_at", "due_at"),)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    event: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40), default="")
    subject_id: Mapped[str] = mapped_column(sa.String(100), default="")
    person_ids: Mapped[list[str]] = mapped_column(default=list)
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    roles: Mapped[list[str]] = mapped_column(default=list)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    sorted_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)


_ONE_RECIPIENT = (
    "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN brigade_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN school_id IS NULL THEN 0 ELSE 1 END) = 1"
)


class Message(HasId, Model):
    """What goes out at once to one recipient: a digest of a day or something urgent. Its id travels with every attempt.

    The recipient is a person, a brigade's group, or a school to be called by telephone.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.CheckConstraint(_ONE_RECIPIENT, name="one_recipient"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_moment"),
        sa.Index("uq_message_person_digest", "person_id", "day", unique=True,
                 sqlite_where=sa.text("kind = 'digest'"), postgresql_where=sa.text("kind = 'digest'")),
        sa.Index("uq_message_group_digest", "brigade_id", "day", "channel", unique=True,
                 sqlite_where=sa.text("kind = 'digest'"), postgresql_where=sa.text("kind = 'digest'")),
        sa.Index("uq_message_call_digest", "school_id", "day", unique=True,
                 sqlite_where=sa.text("kind = 'digest'"), postgresql_where=sa.text("kind = 'digest'")),
        sa.Index("ix_message_state_next", "state", "next_try_at"),
        sa.Index("ix_message_house_state", "house_id", "state", "id"),
    )  # fmt: skip
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    house_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    """The brigade in whose name it goes, and whose office sees it."""
    kind: Mapped[Kind] = mapped_column(enum_type(Kind))
    day: Mapped[date]
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    closed: Mapped[list[str]] = mapped_column(default=list)
    """Channels that refused this person for good."""
    language: Mapped[str] = mapped_column(sa.String(20), default="")
    state: Mapped[State] = mapped_column(enum_type(State), default=State.WAITING)
    reason: Mapped[str] = mapped_column(sa.String(40), default=Reason.NONE)
    in_doubt: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    html: Mapped[str] = mapped_column(sa.Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    next_try_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class Notice(HasId, Model):
    """One thing for one recipient: a line of their page here, and of the message that carries it out.

    `bundled_at` is set when a message took it, or when it stays on the page only (`message_id` empty).
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.CheckConstraint(_ONE_RECIPIENT, name="one_recipient"),
        sa.UniqueConstraint("outbox_id", "person_id"),
        sa.UniqueConstraint("outbox_id", "brigade_id"),
        sa.UniqueConstraint("outbox_id", "school_id"),
        sa.Index("ix_notice_person_read", "person_id", "read_at"),
        sa.Index("ix_notice_bundled_urgent", "bundled_at", "urgent", "id"),
    )
    outbox_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("outbox.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"))
    house_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    bundled_at: Mapped[datetime | None]
    message_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("message.id"), index=True)
    read_at: Mapped[datetime | None]


class Delivery(HasId, Model):
    """One attempt to deliver a message, written before it begins and completed after it."""

    __tablename__ = "delivery"
    __table_args__ = (sa.UniqueConstraint("message_id", "number"),)
    message_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("message.id"))
    number: Mapped[int]
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome), default=Outcome.STARTED)
    reason: Mapped[str] = mapped_column(sa.String(40), default=Reason.NONE)
    code: Mapped[str] = mapped_column(sa.String(40), default="")
    said: Mapped[str] = mapped_column(sa.String(300), default="")
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(sa.String(80), default="")


class Preference(Model):
    """How a person wants to be told; without a row everything is as proposed."""

    __tablename__ = "message_preference"
    __table_args__ = (
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name="quiet_hours"),
    )
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(20), default="")
    channel: Mapped[str] = mapped_column(sa.String(20), default="")
    quiet_from: Mapped[int] = mapped_column(default=Wishes.quiet_from)
    quiet_to: Mapped[int] = mapped_column(default=Wishes.quiet_to)
    weekends: Mapped[bool] = mapped_column(default=True)
    urgent_waits: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def wishes(self) -> Wishes:
        """The hours and days of it."""
        return Wishes(
            quiet_from=self.quiet_from,
            quiet_to=self.quiet_to,
            weekends=self.weekends,
            urgent_waits=self.urgent_waits,
        )


class ReminderRun(Model):
    """A day whose reminders have been written."""

    __tablename__ = "reminder_run"
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    count: Mapped[int] = mapped_column(default=0)


CONSTRAINT_SENTENCES["ck_message_preference_quiet_hours"] = "免打扰时间须为 0 至 23 时。"
