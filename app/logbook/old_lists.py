"""A list of a log's former entries on its way in: its columns, its rows, which become entries.

Each log brings an `OldLog`: what its columns are called, how it reads a row, and what of a row stands in the entry.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Progress
from app.imports import service as importing
from app.imports.cells import rows_of
from app.imports.days import Day
from app.imports.jobs import handle_lists
from app.imports.kinds import ListKind
from app.imports.models import ImportRow, ImportRun, Outcome, Verdict
from app.schools.models import School
from app.schools.queries.meant import register_of
from app.schools.rules import meant
from app.schools.rules.meant import Found, judge

#: What stands for the hour where no list says it; the entry says that it is from a list.
NOON = time(12)
_CHUNK = 1000
_OUTCOMES = {
    Verdict.UNCHANGED: Outcome.UNCHANGED,
    Verdict.DUPLICATE: Outcome.DUPLICATE,
    Verdict.ERROR: Outcome.REJECTED,
}


class OldRow(meant.Row, Protocol):
    """A row that was read: what it says, its day, what is doubtful about it."""

    @property
    def number(self) -> int: ...

    @property
    def source(self) -> Mapping[str, str]: ...

    @property
    def day(self) -> Day: ...

    @property
    def flags(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class OldLog:
    """One log's former entries.

    `entry` is the table (with an `import_key`); `read_row(number, texts, source, today=…)` judges one row by itself;
    `content` is what is kept of it beside texts, source, day, flags and key; `columns` makes of a kept row the entry's own
    columns; `needs_day` is said where no column is the day.
    """

    kind: ListKind
    entry: Any
    read_row: Callable[..., OldRow]
    content: Callable[[Any], Mapping[str, Any]]
    columns: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    needs_day: Any

    def handle(self) -> None:
        """Have the worker check and write lists of this log."""
        handle_lists(
            self.kind,
            check=lambda run, progress: check(self, run, progress),
            write=lambda run, progress: write(self, run, progress),
        )


def start(by: Any, log: OldLog, *, brigade_id: uuid.UUID, file_name: str, data: bytes) -> ImportRun:
    """Take a file in and read its header. No entry comes of it yet. Raises UnreadableTable."""
    return importing.start(by, log.kind, brigade_id=brigade_id, file_name=file_name, data=data)


def set_mapping(log: OldLog, run: ImportRun, *, columns: Mapping[int, str]) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    wanted = importing.columns_of(run, log.kind, columns)
    if not {"school", "school_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是学校名称或学校标识码。"))
    if "day" not in wanted.values():
        raise DomainError(str(log.needs_day))
    importing.keep_mapping(run, wanted)


def known_keys(log: OldLog, brigade_id: uuid.UUID) -> set[str]:
    """The keys of the rows that were taken over before and stand."""
    query = (
        sa.select(log.entry.import_key)
        .join(School, School.id == log.entry.school_id)
        .where(School.brigade_id == brigade_id, log.entry.import_key.is_not(None), log.entry.withdrawn_at.is_(None))
    )
    return set(db.session.scalars(query))


def check(log: OldLog, run: ImportRun, progress: Progress) -> None:
    """Read every row and keep what was found of it, in place of what an earlier check had found."""
    upload, register = importing.upload_of(run), register_of(run.brigade_id, keys=known_keys(log, run.brigade_id))
    db.session.commit()  # nothing is held while rows are read, so that progress can be told
    found = judge(_read(log, upload, progress), register, asks=False)
    flagged = sum(bool(one.row.flags) for one in found)
    importing.keep(run, [_row_of(log, run, one) for one in found], flagged=flagged)


def _read(log: OldLog, upload: importing.Upload, progress: Progress) -> Iterator[OldRow]:
    table, today = importing.table_of(upload, log.kind), clock.today()
    for done, (number, texts, source) in enumerate(rows_of(table, upload.fields), 1):
        yield log.read_row(number, texts, source, today=today)
        if done % _CHUNK == 0:
            progress(done, len(table.rows), "")


def _row_of(log: OldLog, run: ImportRun, found: Found[OldRow]) -> dict[str, Any]:
    row = found.row
    return importing.row(
        run.id,
        row.number,
        found.verdict,
        name=row.texts.get("school", "") or row.texts.get("school_code", ""),
        content={
            "texts": row.texts,
            "source": row.source,
            "day": row.day.clean.isoformat() if row.day.clean else None,
            "flags": row.flags,
            "key": row.key,
            **log.content(row),
        },
        remarks=[(code, {}) for code in found.remarks],
        target_id=found.school_id,
    )


def accept(by: Any, log: OldLog, run: ImportRun, *, only_good: bool) -> None:
    """Accept the list, whole or only its good rows."""
    importing.must_be_checked(run)
    if not only_good:
        importing.refuse_open_rows(run.summary["verdicts"].get("error", 0))
    importing.accepted(by, run, log.kind)


def _to_write(run: ImportRun) -> Sequence[ImportRow]:
    query = sa.select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == Verdict.NEW)
    return db.session.scalars(query.order_by(ImportRow.number)).all()


def write(log: OldLog, run: ImportRun, progress: Progress) -> dict[str, Any]:
    """Write the accepted rows as entries, all or none; what another list has brought meanwhile is left alone."""
    known = known_keys(log, run.brigade_id)
    rows, entries = _to_write(run), []
    for row in rows:
        if row.content["key"] in known:
            row.outcome = Outcome.UNCHANGED
            continue
        row.outcome = Outcome.ADDED
        entries.append(_entry_of(log, run, row))
    for begin in range(0, len(entries), _CHUNK):
        part = entries[begin : begin + _CHUNK]
        db.session.execute(sa.insert(log.entry), part, execution_options={"render_nulls": True})
        progress(begin + len(part), len(rows), "")
    db.session.flush()
    importing.settle(run, _OUTCOMES)
    importing.finish(run, added=len(entries))
    return dict(run.summary)


def _entry_of(log: OldLog, run: ImportRun, row: ImportRow) -> dict[str, Any]:
    if run.made_by_id is None:
        raise DomainError(_("导入旧记录须有经办人。"))
    content = row.content
    return {
        "id": new_id(),
        "school_id": row.target_id,
        "held_at": held_at(content["day"], content.get("time")),
        "notes": content["texts"].get("note", ""),
        "import_key": content["key"],
        "logged_by_id": run.made_by_id,
        "logged_at": clock.now(),
        "withdrawn_reason": "",
        **log.columns(content),
    }


def held_at(day: str, begins: str | None) -> datetime:
    """The moment of a day (ISO) and of an hour where the list says one."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(begins) if begins else NOON, clock.ZONE)
