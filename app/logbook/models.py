"""What every entry of a log is."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId
from app.fieldwork.rules import TargetKind


class Entry(HasId):
    """Held at a school at a moment, logged by somebody; withdrawn with a reason, never deleted. Part of a visit or not.

    `target` says whose photos and papers are meant, and names its acts (`log_drill`, `withdraw_drill`).
    """

    target: ClassVar[TargetKind]
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    visit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    held_at: Mapped[datetime]
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    logged_at: Mapped[datetime] = mapped_column(default=clock.now)
    logged_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")
