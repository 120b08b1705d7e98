"""A list on its way in, its rows with what was found and decided, and how columns were mapped the last time."""

from __future__ import annotations

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import HasId, enum_type
from app.core.extensions import Model


class ColumnMapping(Model):
    """How a brigade reads a list with these column headings, remembered for the next time."""

    __tablename__ = "column_mapping"
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    headings: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class ImportState(enum.StrEnum):
    """Where an import stands; nothing is written to the register before it is accepted."""

    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    WRITTEN = "written"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class ImportRun(HasId, Model):
    """One file on its way into the register, with what was found wrong row by row."""

    __tablename__ = "import_run"
    kind: Mapped[str] = mapped_column(sa.String(20))
    brigade_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("brigade.id"), index=True)
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"))
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState), default=ImportState.READ)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[str] = mapped_column(sa.String(40), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("job.id"))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    written_at: Mapped[datetime | None]


class Verdict(enum.StrEnum):
    """What checking found out about a row of a list."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LIKELY = "likely"
    DUPLICATE = "duplicate"
    ERROR = "error"
    SKIPPED = "skipped"


class Outcome(enum.StrEnum):
    """What became of a row once the list was accepted."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    LEFT = "left"


class Decision(enum.StrEnum):
    """What a person decided about a row that the program does not decide: take it, leave it, or it is that other one."""

    TAKE = "take"
    LEAVE = "leave"
    SAME = "same"


class ImportRow(Model):
    """One row of a list: what it says, what checking found, what was decided, what became of it.

    `remarks` are [code, parameters] of sentences; `matches` are [school id, why] of schools it may be.
    """

    __tablename__ = "import_row"
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("import_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    matches: Mapped[list[Any]] = mapped_column(default=list)
    target_id: Mapped[uuid.UUID | None]
    decision: Mapped[Decision | None] = mapped_column(enum_type(Decision))
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))

    @property
    def expected(self) -> Outcome:
        """What becomes of the row when the list is accepted as things stand."""
        if self.verdict in (Verdict.CHANGED, Verdict.LIKELY):
            return self._decided()
        return {
            Verdict.NEW: Outcome.ADDED,
            Verdict.UNCHANGED: Outcome.UNCHANGED,
            Verdict.DUPLICATE: Outcome.DUPLICATE,
            Verdict.SKIPPED: Outcome.LEFT,
        }.get(self.verdict, Outcome.REJECTED)

    def _decided(self) -> Outcome:
        if self.verdict == Verdict.CHANGED:
            return Outcome.UPDATED if self.decision == Decision.TAKE else Outcome.LEFT
        if self.decision == Decision.SAME:
            return Outcome.UPDATED
        return Outcome.ADDED if self.decision == Decision.TAKE else Outcome.DUPLICATE
