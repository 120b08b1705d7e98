"""Secret addresses at which calendars elsewhere read a person's or a school's days."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId
from app.core.extensions import Model


class CalendarFeed(HasId, Model):
    """One address of one person or one school. Only a hash of its token is kept; a revoked one opens nothing."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (school_id IS NULL)", name="feed_of_one"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="feed_revoked_by_somebody"),
    )
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"), index=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
