"""Tasks as sent, how each stands at each school, and the lists of templates they are made from."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import SMALL_JSON, HasId, enum_type
from app.core.errors import CONSTRAINT_SENTENCES
from app.core.extensions import Model
from app.tasks.rules import Colour, Stamps, State, TaskKind, colour_of, state_of


class Task(HasId, Model):
    """What schools are to do by a day. Sent by a brigade, or by the bureau of an area; withdrawn with a reason, never deleted."""

    __tablename__ = "task"
    __table_args__ = (
        sa.Index("ix_task_brigade_sent", "brigade_id", "sent_at"),
        sa.Index("ix_task_area_sent", "area_code", "sent_at"),
        sa.Index("ix_task_due", "due_on"),
        sa.CheckConstraint("(brigade_id IS NULL) <> (area_code IS NULL)", name="task_of_one_sender"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="task_withdrawn_needs_reason"),
    )
    kind: Mapped[TaskKind] = mapped_column(enum_type(TaskKind))
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[date]
    needs_proof: Mapped[bool] = mapped_column(default=False)
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    area_code: Mapped[str | None] = mapped_column(sa.String(12))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(300), default="")


class TaskAt(HasId, Model):
    """A task at one school. `steps` says who did what when, in words; `held` is what the spot check found."""

    __tablename__ = "task_at"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "school_id", name="uq_task_at_school"),
        sa.Index("ix_task_at_school", "school_id", "task_id"),
        sa.CheckConstraint("accepted_at IS NULL OR reported_at IS NOT NULL", name="task_accepted_needs_report"),
        sa.CheckConstraint("reported_at IS NULL OR returned_at IS NULL", name="task_reported_or_returned"),
        sa.CheckConstraint("(returned_at IS NULL) = (returned_reason = '')", name="task_returned_needs_reason"),
    )
    task_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("task.id"))
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    read_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    report: Mapped[str] = mapped_column(sa.Text, default="")
    returned_at: Mapped[datetime | None]
    returned_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    accepted_at: Mapped[datetime | None]
    sampled_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    held: Mapped[bool | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(SMALL_JSON, default=list)

    @property
    def state(self) -> State:
        """How far it is."""
        return state_of(
            Stamps(
                read_at=self.read_at,
                reported_at=self.reported_at,
                returned_at=self.returned_at,
                accepted_at=self.accepted_at,
            )
        )

    @property
    def history(self) -> list[tuple[datetime, str, str, str]]:
        """When, which act, who, with which words; the latest first."""
        steps = [(datetime.fromisoformat(one["at"]), one["act"], one["by"], one["words"]) for one in self.steps]
        return steps[::-1]

    def colour(self, due_on: date) -> Colour:
        """Its colour today."""
        return colour_of(self.state, due_on, today=clock.today())


class TaskProof(HasId, Model):
    """A file (PDF) that proves a task at a school; photos are kept with fieldwork. Never replaced; another is added beside it."""

    __tablename__ = "task_proof"
    __table_args__ = (sa.UniqueConstraint("task_at_id", "sha256", name="uq_task_proof_once"),)
    task_at_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("task_at.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    bytes: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))


class TaskTemplate(HasId, Model):
    """A task that is sent again and again, in a list of its kind; retired, never deleted. `days`: from sending to its day."""

    __tablename__ = "task_template"
    __table_args__ = (
        sa.Index("ix_task_template_brigade", "brigade_id"),
        sa.CheckConstraint("(brigade_id IS NULL) <> (area_code IS NULL)", name="template_of_one_sender"),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name="template_sensible_days"),
    )
    brigade_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("brigade.id"))
    area_code: Mapped[str | None] = mapped_column(sa.String(12))
    list_name: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    days: Mapped[int]
    needs_proof: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]


CONSTRAINT_SENTENCES["task_withdrawn_needs_reason"] = "撤回任务须写明理由。"
CONSTRAINT_SENTENCES["task_returned_needs_reason"] = "退回须写明理由。"
CONSTRAINT_SENTENCES["template_sensible_days"] = "天数应在 0 到 365 之间。"
