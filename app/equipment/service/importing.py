"""A list on its way into the equipment register: read, columns mapped, checked, accepted, written whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from app.equipment.queries import imports
from app.equipment.rules.lists import FIELDS, HEADINGS, read_row
from app.equipment.rules.matching import Found
from app.equipment.rules.matching import Verdict as Judged
from app.equipment.rules.matching import judge as judge_rows
from app.schools.models import ColumnMapping, ImportRow, ImportRun, ImportState, Outcome, Verdict

Progress = Callable[[int, int, str], None]
_OPEN = (ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
_CHUNK = 1000


def start(
    by: Any,
    *,
    brigade_id: uuid.UUID,
    brigade_ids: Sequence[uuid.UUID],
    file_name: str,
    data: bytes,
    school_id: uuid.UUID | None = None,
    add_places: bool = True,
) -> ImportRun:
    """Take a file in and read its header. Nothing reaches the register. Raises UnreadableTable."""
    table = read_table(data, file_name, known=HEADINGS)
    run = ImportRun(kind=imports.KIND, brigade_id=brigade_id, school_id=school_id, file_name=file_name[:200])
    run.file_sha256 = files().put(data)
    run.made_by_id = getattr(by, "person_id", None)
    run.options = {"brigades": sorted(str(one) for one in brigade_ids), "add_places": add_places, **_about(table)}
    kept = imports.remembered(brigade_id, run.options["fingerprint"])
    guessed = {str(c): name for c, name in guess_mapping(table.headings, HEADINGS).items()}
    run.mapping = {"columns": kept["columns"] if kept else guessed, "remembered": bool(kept)}
    db.session.add(run)
    db.session.flush()
    audit.record(by, "read_equipment_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    return run


def _about(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "encoding": table.encoding,
        "header_row": table.header_row,
        "headings": list(table.headings),
        "samples": [table.samples(column) for column in range(len(table.headings))],
        "rows": len(table.rows),
        "fingerprint": fingerprint(table.headings),
    }


def _still_open(run: ImportRun) -> None:
    if run.state not in _OPEN:
        raise DomainError(_("这份清单已处理或正在处理，不能再改。"))


def set_mapping(by: Any, run: ImportRun, *, columns: Mapping[int, str], add_places: bool) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    _still_open(run)
    wanted = {column: name for column, name in columns.items() if name and name != IGNORED}
    unknown = set(wanted.values()) - set(FIELDS)
    if unknown:
        raise DomainError(_("没有这样的栏目：%(names)s。", names="、".join(sorted(unknown))))
    if len(set(wanted.values())) < len(wanted):
        raise DomainError(_("每个栏目只能对应一列，请检查重复的栏目。"))
    if not {"label", "tag_code", "external_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是编号：校内编号、标签编号或外部编号，至少要有一列。"))
    if run.school_id is None and "school" not in wanted.values():
        raise DomainError(_("请指明哪一列是学校；只有一所学校的清单，请从这所学校的器材页导入。"))
    run.mapping = {"columns": {str(c): name for c, name in sorted(wanted.items())}, "remembered": False}
    run.options = {**run.options, "add_places": add_places}
    _remember(run)
    db.session.flush()


def _remember(run: ImportRun) -> None:
    key = (run.brigade_id, run.kind, run.options["fingerprint"])
    kept = db.session.get(ColumnMapping, key)
    if kept is None:
        kept = ColumnMapping(brigade_id=key[0], kind=key[1], headings=key[2], mapping={})
        db.session.add(kept)
    kept.mapping, kept.changed_at = {"columns": run.mapping["columns"]}, clock.now()


def ask_check(by: Any, run: ImportRun) -> None:
    """Leave the checking of all rows to the worker."""
    _still_open(run)
    run.state = ImportState.CHECKING
    run.job_id = enqueue("equipment.check_list", {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def judge(run: ImportRun) -> list[Found]:
    """What checking finds of every row, against the register as it is now. Only reads."""
    options = run.options
    table = read_table(
        files().get(run.file_sha256),
        run.file_name,
        known=HEADINGS,
        sheet=options["sheet"],
        encoding=options["encoding"],
    )
    if fingerprint(table.headings) != options["fingerprint"]:
        raise UnreadableTable(_("文件的表头与对应列时不同，请重新上传。"))
    fields = {int(column): name for column, name in run.mapping["columns"].items() if name != IGNORED}
    rows = [piece for number, cells in _cells(table, fields) for piece in read_row(number, cells)]
    brigades = [uuid.UUID(one) for one in options["brigades"]]
    register = imports.register_of(brigades, only_school=run.school_id)
    return judge_rows(rows, register, today=clock.today(), add_places=options["add_places"])


def _cells(table: Table, fields: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The texts of each row by field; sums, footers and repeated headers left out, a school's name carried down."""
    school = ""
    for row in table.rows:
        cells = {name: table.cell(row, column) for column, name in fields.items()}
        if all(cells[name] == table.headings[column] for column, name in fields.items()):
            continue
        if not any(text.strip() for name, text in cells.items() if name not in ("school", "quantity", "note")):
            continue
        # Lists merge the cells of a school's rows: only the first one carries the name.
        school = cells.get("school", "").strip() or school
        yield row.number, {**cells, "school": school} if school else cells


_GRAVEST = (Judged.ERROR, Judged.CHANGED, Judged.NEW, Judged.UNCHANGED)


def rows_of(run: ImportRun, found: Sequence[Found]) -> list[dict[str, Any]]:
    """A row of the file each: several pieces of one row count as one, with the gravest verdict."""
    by_number: dict[int, list[Found]] = {}
    for one in found:
        by_number.setdefault(one.read.number, []).append(one)
    return [
        {
            "run_id": run.id,
            "number": number,
            "name": (some[0].read.values.get("label") or some[0].read.values.get("tag_code") or "")[:200],
            "verdict": Verdict(next(v for v in _GRAVEST if any(one.verdict is v for one in some)).value),
            "content": {
                "school": some[0].read.values.get("school", ""),
                "kind": some[0].read.kind,
                "pieces": len(some),
            },
            "remarks": _remarks(some),
            "matches": [],
            "target_id": some[0].target.id if some[0].target else None,
            "decision": None,
            "outcome": None,
        }
        for number, some in by_number.items()
    ]


def _remarks(found: Sequence[Found]) -> list[list[Any]]:
    remarks: list[list[Any]] = []
    for one in found:
        for code, about in [*one.read.errors, *one.read.warnings]:
            if [code, about] not in remarks:
                remarks.append([code, about])
    return remarks


def counts_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Rows by verdict."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["verdict"].value] = counts.get(row["verdict"].value, 0) + 1
    return counts


def keep(run: ImportRun, found: Sequence[Found]) -> None:
    """Keep what checking found, in place of what an earlier check had found."""
    rows = rows_of(run, found)
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    for start_at in range(0, len(rows), _CHUNK):
        db.session.execute(sa.insert(ImportRow), rows[start_at : start_at + _CHUNK])
    pieces = sum(one.verdict in (Judged.NEW, Judged.CHANGED) for one in found)
    run.summary = {"rows": len(rows), "pieces": pieces, "verdicts": counts_of(rows)}
    run.state = ImportState.CHECKED
    db.session.flush()


def accept(by: Any, run: ImportRun, *, only_good: bool) -> None:
    """Accept the list: whole, or only its good rows."""
    if run.state is not ImportState.CHECKED:
        raise DomainError(_("清单还没有核对完，或已经导入。"))
    wrong = run.summary["verdicts"].get("error", 0)
    if wrong and not only_good:
        raise DomainError(_("还有 %(number)s 行有错误，不能全部导入。", number=wrong))
    run.state = ImportState.WRITING
    run.options = {**run.options, "only_good": only_good}
    audit.record(by, "accept_equipment_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    db.session.flush()


def ask_write(by: Any, run: ImportRun) -> None:
    """Leave the writing of an accepted list to the worker, who does it in one transaction."""
    run.job_id = enqueue("equipment.write_list", {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def close(run: ImportRun, found: Sequence[Found]) -> None:
    """The list is written: say of each row what became of it."""
    outcomes = {
        Verdict.NEW: Outcome.ADDED,
        Verdict.CHANGED: Outcome.UPDATED,
        Verdict.UNCHANGED: Outcome.UNCHANGED,
        Verdict.ERROR: Outcome.REJECTED,
    }
    for verdict, outcome in outcomes.items():
        db.session.execute(
            sa.update(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == verdict).values(outcome=outcome)
        )
    added = sum(one.verdict is Judged.NEW for one in found)
    updated = sum(one.verdict is Judged.CHANGED for one in found)
    run.summary = {**run.summary, "added": added, "updated": updated}
    run.state, run.written_at = ImportState.WRITTEN, clock.now()
    db.session.flush()


def again(run: ImportRun) -> None:
    """After a failure, or when something else is wanted: back to where the columns can be mapped."""
    job = imports.job_of(run)
    stuck = run.state in (ImportState.CHECKING, ImportState.WRITING) and job and job.state is JobState.FAILED
    if stuck or run.state in (ImportState.CHECKED, ImportState.FAILED):
        run.state = ImportState.READ
        db.session.flush()


def withdraw(by: Any, run: ImportRun) -> None:
    """The list is not wanted after all; it stays in the history."""
    if run.state is ImportState.WITHDRAWN:
        return
    _still_open(run)
    run.state = ImportState.WITHDRAWN
    audit.record(by, "withdraw_equipment_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    db.session.flush()
