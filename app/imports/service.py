"""The way of a list: taken in, its columns said, checked, accepted, written whole or not at all, or given up."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import JobState, enqueue
from app.core.tables import IGNORED, Table, UnreadableTable, fingerprint, guess_mapping, read_table
from app.imports import queries
from app.imports.kinds import ListKind
from app.imports.models import ColumnMapping, ImportRow, ImportRun, ImportState, Outcome, Verdict

_OPEN = (ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
_CHUNK = 1000


def start(
    by: Any,
    kind: ListKind,
    *,
    brigade_id: uuid.UUID,
    file_name: str,
    data: bytes,
    school_id: uuid.UUID | None = None,
    options: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Take a file in and read its header; nothing else comes of it yet. Raises UnreadableTable."""
    table = read_table(data, file_name, known=kind.headings)
    run = ImportRun(kind=kind.name, brigade_id=brigade_id, school_id=school_id, file_name=file_name[:200])
    run.file_sha256, run.made_by_id = files().put(data), getattr(by, "person_id", None)
    run.options = dict(options or {})
    _take_header(run, kind, table)
    db.session.add(run)
    db.session.flush()
    _record(by, "read", run, kind)
    return run


def _record(by: Any, act: str, run: ImportRun, kind: ListKind, **about: Any) -> None:
    detail = {"file": run.file_name, **about}
    audit.record(by, f"{act}_{kind.thing}_list", subject="import", subject_id=run.id, detail=detail)


def reread(run: ImportRun, kind: ListKind, *, sheet: str, encoding: str) -> None:
    """Read the header again from another sheet, or as written in another encoding."""
    _still_open(run)
    data = files().get(run.file_sha256)
    _take_header(run, kind, read_table(data, run.file_name, known=kind.headings, sheet=sheet, encoding=encoding))
    run.state = ImportState.READ
    db.session.flush()


def _take_header(run: ImportRun, kind: ListKind, table: Table) -> None:
    mark = fingerprint(table.headings)
    kept = queries.remembered(run.brigade_id, kind, mark) or {}
    guessed = {str(column): name for column, name in guess_mapping(table.headings, kind.headings).items()}
    run.mapping = {"columns": kept.get("columns") or guessed, "remembered": bool(kept)}
    run.source = kept.get("source", "")
    run.options = {
        **run.options,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "header_row": table.header_row,
        "headings": list(table.headings),
        "samples": [table.samples(column) for column in range(len(table.headings))],
        "rows": len(table.rows),
        "fingerprint": mark,
    }


def _still_open(run: ImportRun) -> None:
    if run.state not in _OPEN:
        raise DomainError(_("这份清单已处理或正在处理，不能再改。"))


def columns_of(run: ImportRun, kind: ListKind, columns: Mapping[int, str]) -> dict[int, str]:
    """The columns that stand for a field, of those that somebody said. Raises DomainError for what cannot be."""
    _still_open(run)
    wanted = {column: name for column, name in columns.items() if name and name != IGNORED}
    unknown = set(wanted.values()) - set(kind.headings)
    if unknown:
        raise DomainError(_("没有这样的栏目：%(names)s。", names="、".join(sorted(unknown))))
    if len(set(wanted.values())) < len(wanted):
        raise DomainError(_("每个栏目只能对应一列，请检查重复的栏目。"))
    return wanted


def keep_mapping(run: ImportRun, columns: Mapping[int, str], **options: Any) -> None:
    """Keep what each column is, for this list and for the brigade's next one with the same headings."""
    run.mapping = {"columns": {str(c): name for c, name in sorted(columns.items())}, "remembered": False}
    run.options = {**run.options, **options}
    key = (run.brigade_id, run.kind, run.options["fingerprint"])
    kept = db.session.get(ColumnMapping, key)
    if kept is None:
        kept = ColumnMapping(brigade_id=key[0], kind=key[1], headings=key[2])
        db.session.add(kept)
    kept.mapping = {"columns": run.mapping["columns"]} | ({"source": run.source} if run.source else {})
    kept.changed_at = clock.now()
    db.session.flush()


def ask_check(by: Any, run: ImportRun, kind: ListKind) -> None:
    """Leave the checking of all rows to the worker."""
    _still_open(run)
    run.state = ImportState.CHECKING
    run.job_id = enqueue(kind.check_job, {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


@dataclass(frozen=True)
class Upload:
    """The file of a list and how it is read, as plain values that outlive the transaction. `fields` is column → field."""

    file_name: str
    sha256: str
    sheet: str
    encoding: str
    fingerprint: str
    fields: Mapping[int, str]


def upload_of(run: ImportRun) -> Upload:
    """The file of a list as its columns were mapped."""
    fields = {int(column): name for column, name in run.mapping["columns"].items() if name != IGNORED}
    options = run.options
    return Upload(run.file_name, run.file_sha256, options["sheet"], options["encoding"], options["fingerprint"], fields)


def table_of(upload: Upload, kind: ListKind) -> Table:
    """The file read again. Raises UnreadableTable, also where its header is no longer the one that was mapped."""
    data = files().get(upload.sha256)
    table = read_table(data, upload.file_name, known=kind.headings, sheet=upload.sheet, encoding=upload.encoding)
    if fingerprint(table.headings) != upload.fingerprint:
        raise UnreadableTable(_("文件的表头与对应列时不同，请重新上传。"))
    return table


def row(
    run_id: uuid.UUID,
    number: int,
    verdict: str,
    *,
    name: str,
    content: Mapping[str, Any],
    remarks: Iterable[Sequence[Any]],
    matches: Iterable[Sequence[str]] = (),
    target_id: uuid.UUID | None = None,
) -> dict[str, Any]:
    """What is kept of a row until the list is accepted; see ImportRow."""
    return {
        "run_id": run_id,
        "number": number,
        "name": name[:200],
        "verdict": Verdict(verdict),
        "content": content,
        "remarks": [list(one) for one in remarks],
        "matches": [list(one) for one in matches],
        "target_id": target_id,
        "decision": None,
        "outcome": None,
    }


def verdicts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows there are of each verdict."""
    return dict(Counter(one["verdict"].value for one in rows))


def keep(run: ImportRun, rows: Sequence[dict[str, Any]], **summary: Any) -> None:
    """Keep what checking found, in place of what an earlier check had found."""
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    for begin in range(0, len(rows), _CHUNK):
        db.session.execute(sa.insert(ImportRow), rows[begin : begin + _CHUNK])
    run.summary = {"rows": len(rows), "verdicts": verdicts(rows), **summary}
    run.state = ImportState.CHECKED
    db.session.flush()


def must_be_checked(run: ImportRun) -> None:
    """Refuse what goes only between checking and acceptance."""
    if run.state is not ImportState.CHECKED:
        raise DomainError(_("清单还没有核对完，或已经导入。"))


def refuse_open_rows(number: int) -> None:
    """A list is accepted whole only when no row has an error or waits for a decision."""
    if number:
        raise DomainError(_("还有 %(number)s 行有错误或没有决定，不能全部导入。", number=number))


def accepted(by: Any, run: ImportRun, kind: ListKind, **about: Any) -> None:
    """The list is accepted; what was chosen with it is kept with the list and in the audit."""
    run.state, run.job_id = ImportState.WRITING, None
    run.options = {**run.options, **about}
    _record(by, "accept", run, kind, **about)
    db.session.flush()


def ask_write(by: Any, run: ImportRun, kind: ListKind) -> None:
    """Leave the writing of an accepted list to the worker, who does it in one transaction."""
    run.job_id = enqueue(kind.write_job, {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def settle(run: ImportRun, outcomes: Mapping[Verdict, Outcome]) -> None:
    """Say what became of the rows of each verdict, where it was not said of a row itself."""
    for verdict, outcome in outcomes.items():
        db.session.execute(
            sa.update(ImportRow)
            .where(ImportRow.run_id == run.id, ImportRow.verdict == verdict, ImportRow.outcome.is_(None))
            .values(outcome=outcome)
        )


def finish(run: ImportRun, **summary: Any) -> None:
    """The list is written."""
    run.summary = {**run.summary, **summary}
    run.state, run.written_at = ImportState.WRITTEN, clock.now()
    db.session.flush()


def again(run: ImportRun) -> None:
    """After a failure, or when something else is wanted: back to where the columns can be mapped."""
    job = queries.job_of(run)
    stuck = run.state in (ImportState.CHECKING, ImportState.WRITING) and job and job.state is JobState.FAILED
    if stuck or run.state in (ImportState.CHECKED, ImportState.FAILED):
        run.state = ImportState.READ
        db.session.flush()


def withdraw(by: Any, run: ImportRun, kind: ListKind) -> None:
    """The list is not wanted after all; it stays in the history."""
    if run.state is ImportState.WITHDRAWN:
        return
    _still_open(run)
    run.state = ImportState.WITHDRAWN
    _record(by, "withdraw", run, kind)
    db.session.flush()
