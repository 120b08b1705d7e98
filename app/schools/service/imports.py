"""A list on its way into the register: read, columns mapped, checked, decided, accepted, written whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.service import record
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import JobState, enqueue
from app.core.tables import IGNORED, Table, UnreadableTable, fingerprint, guess_mapping, read_table
from app.organisations.queries import area_book, current_code
from app.schools.models import ColumnMapping, Decision, ImportRow, ImportRun, ImportState, Verdict
from app.schools.queries import imports
from app.schools.rules.lists import FIELDS, HEADINGS, ReadRow, Setting, is_no_school, read_row
from app.schools.rules.matching import Found, Register, check

Progress = Callable[[int, int, str], None]
_OPEN = (ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
_CHUNK = 1000


def start(
    by: Any, *, brigade_id: uuid.UUID, file_name: str, data: bytes, kind: str = "", area_code: str = ""
) -> ImportRun:
    """Take a file in and read its header. Nothing reaches the register. Raises UnreadableTable."""
    run = ImportRun(kind=imports.KIND, brigade_id=brigade_id, file_name=file_name[:200], file_sha256="")
    run.options = {"kind": kind, "area_code": area_code}
    run.made_by_id = getattr(by, "person_id", None)
    _take_header(run, read_table(data, file_name, known=HEADINGS))
    run.file_sha256 = files().put(data)
    db.session.add(run)
    db.session.flush()
    record(by, "read_school_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    return run


def reread(by: Any, run: ImportRun, *, sheet: str, encoding: str) -> None:
    """Read the header again from another sheet, or as written in another encoding."""
    _still_open(run)
    data = files().get(run.file_sha256)
    _take_header(run, read_table(data, run.file_name, known=HEADINGS, sheet=sheet, encoding=encoding))
    run.state = ImportState.READ
    db.session.flush()


def _take_header(run: ImportRun, table: Table) -> None:
    print_ = fingerprint(table.headings)
    kept = imports.remembered(run.brigade_id, print_) or {}
    columns = kept.get("columns") or {str(c): f for c, f in guess_mapping(table.headings, HEADINGS).items()}
    run.mapping = {"columns": columns, "remembered": bool(kept)}
    run.options = {
        **run.options,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "header_row": table.header_row,
        "headings": list(table.headings),
        "samples": [table.samples(column) for column in range(len(table.headings))],
        "rows": len(table.rows),
        "fingerprint": print_,
    }
    run.source = kept.get("source") or _source_of(run, columns)


def _source_of(run: ImportRun, columns: Mapping[str, str]) -> str:
    """Codes headed 学校标识码 are the nation's; other codes are the list maker's own."""
    headings = run.options["headings"]
    of_code = [headings[int(c)] for c, name in columns.items() if name == "external_code"]
    return "moe" if of_code and "标识码" in of_code[0] else f"list-{imports.brigade(run.brigade_id).area_code}"


def set_mapping(by: Any, run: ImportRun, *, columns: Mapping[int, str], source: str, area_code: str, kind: str) -> None:
    """Say what each column is and what holds where the list says nothing; the mapping is remembered for the brigade."""
    _still_open(run)
    wanted = {column: name for column, name in columns.items() if name and name != IGNORED}
    unknown = set(wanted.values()) - set(FIELDS)
    if unknown:
        raise DomainError(_("没有这样的栏目：%(names)s。", names="、".join(sorted(unknown))))
    if "name" not in wanted.values():
        raise DomainError(_("请指明哪一列是学校名称。"))
    twice = {name for name in wanted.values() if list(wanted.values()).count(name) > 1}
    if twice:
        raise DomainError(_("每个栏目只能对应一列，请检查重复的栏目。"))
    if area_code and current_code(area_code) is None:
        raise DomainError(_("没有这个行政区划代码。"), field="area_code")
    run.mapping = {"columns": {str(c): name for c, name in sorted(wanted.items())}, "remembered": False}
    run.source = (source.strip() or _source_of(run, run.mapping["columns"]))[:40]
    run.options = {**run.options, "area_code": current_code(area_code) if area_code else "", "kind": kind}
    _remember(run)
    db.session.flush()


def _remember(run: ImportRun) -> None:
    kept = db.session.get(ColumnMapping, (run.brigade_id, run.kind, run.options["fingerprint"]))
    if kept is None:
        kept = ColumnMapping(brigade_id=run.brigade_id, kind=run.kind, headings=run.options["fingerprint"], mapping={})
        db.session.add(kept)
    kept.mapping = {"columns": run.mapping["columns"], "source": run.source}
    kept.changed_at = clock.now()


def ask_check(by: Any, run: ImportRun) -> None:
    """Leave the checking of all rows to the worker."""
    _still_open(run)
    run.state = ImportState.CHECKING
    run.job_id = enqueue("schools.check_list", {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def _still_open(run: ImportRun) -> None:
    if run.state not in _OPEN:
        raise DomainError(_("这份名单已处理或正在处理，不能再改。"))


def judge(run: ImportRun, progress: Progress) -> list[Found]:
    """What checking finds of every row. Only reads; gives the database back before each long stretch of thinking."""
    data, options, columns = files().get(run.file_sha256), dict(run.options), dict(run.mapping["columns"])
    brigade_id, source, name = run.brigade_id, run.source, run.file_name
    setting = Setting(
        book=area_book(),
        brigade_area=imports.brigade(brigade_id).area_code,
        area_code=options["area_code"],
        kind=options["kind"],
        source=source,
    )
    register = Register(imports.known_schools(brigade_id), codes_elsewhere=imports.codes_elsewhere(brigade_id, source))
    db.session.rollback()
    progress(0, 100, _("正在读取文件"))
    table = read_table(data, name, known=HEADINGS, sheet=options["sheet"], encoding=options["encoding"])
    if fingerprint(table.headings) != options["fingerprint"]:
        raise UnreadableTable(_("文件的表头与对应列时不同，请重新上传。"))
    rows = list(_told(_read(table, columns, setting), len(table.rows), (5, 45), _("正在核对每一行"), progress))
    found = check(rows, register)
    return list(_told(found, len(rows), (45, 80), _("正在与登记册比对"), progress))


def _read(table: Table, columns: Mapping[str, str], setting: Setting) -> Iterator[ReadRow]:
    fields = {int(column): name for column, name in columns.items() if name != IGNORED}
    for row in table.rows:
        texts = {name: table.cell(row, column) for column, name in fields.items()}
        reason = is_no_school(list(row.cells), table.headings, texts.get("name", "").strip())
        if reason is not None:
            yield ReadRow(row.number, skipped=reason)
            continue
        numeric = {fields[column] for column in row.numeric if column in fields}
        damaged = {fields[column] for column in row.damaged if column in fields}
        yield read_row(row.number, texts, setting, numeric=numeric, damaged=damaged)


def _told(things: Iterable[Any], number: int, span: tuple[int, int], words: str, progress: Progress) -> Iterator[Any]:
    """The things, telling now and then how far along they are."""
    for done, thing in enumerate(things):
        if done % 200 == 0:
            progress(span[0] + (span[1] - span[0]) * done // max(number, 1), 100, words)
        yield thing


def row_of(run_id: uuid.UUID, found: Found) -> dict[str, Any]:
    """What is kept of a row until the list is accepted."""
    return {
        "run_id": run_id,
        "number": found.row.number,
        "name": found.row.name[:200],
        "verdict": Verdict(found.verdict),
        "content": {"values": found.row.content, "changes": found.changes, "seen": found.seen},
        "remarks": [[code, about] for code, about in found.remarks],
        "matches": [[str(school_id), why] for school_id, why in found.matches],
        "target_id": found.target_id,
        "decision": None,
        "outcome": None,
    }


def keep(run: ImportRun, found: Sequence[Found]) -> None:
    """Keep what checking found, in place of what an earlier check had found."""
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    rows = [row_of(run.id, one) for one in found]
    for start in range(0, len(rows), _CHUNK):
        db.session.execute(sa.insert(ImportRow), rows[start : start + _CHUNK])
    counts: dict[str, int] = {}
    for one in found:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    run.summary = {"rows": len(found), "verdicts": counts}
    run.state = ImportState.CHECKED
    db.session.flush()


def decide(by: Any, run: ImportRun, *, decisions: Mapping[int, tuple[Decision | None, uuid.UUID | None]]) -> None:
    """Say of single rows what to do: take the change, it is a new school, it is that school, leave it."""
    if run.state != ImportState.CHECKED:
        raise DomainError(_("名单还没有核对完，或已经导入。"))
    for row in imports.rows_numbered(run.id, decisions):
        decision, target_id = decisions[row.number]
        if row.verdict not in (Verdict.CHANGED, Verdict.LIKELY):
            continue
        if decision == Decision.SAME:
            if str(target_id) not in {match[0] for match in row.matches}:
                raise DomainError(_("第 %(row)s 行：请选择列出的学校之一。", row=row.number))
            row.target_id = target_id
        elif row.verdict == Verdict.LIKELY:
            row.target_id = None
        row.decision = decision
    db.session.flush()


def accept(by: Any, run: ImportRun, *, only_good: bool, take_changes: bool = False, take_likely: bool = False) -> None:
    """Accept the list: whole, or only the rows that have nothing against them. It is then written in one transaction."""
    if run.state != ImportState.CHECKED:
        raise DomainError(_("名单还没有核对完，或已经导入。"))
    for verdict, wanted in ((Verdict.CHANGED, take_changes), (Verdict.LIKELY, take_likely)):
        if wanted:
            db.session.execute(
                sa.update(ImportRow)
                .where(ImportRow.run_id == run.id, ImportRow.verdict == verdict, ImportRow.decision.is_(None))
                .values(decision=Decision.TAKE)
            )
    standing = sum_up(imports.standing(run.id))
    open_rows = standing["errors"] + standing["undecided"]
    if open_rows and not only_good:
        raise DomainError(_("还有 %(number)s 行有错误或没有决定，不能全部导入。", number=open_rows))
    run.state, run.job_id = ImportState.WRITING, None
    record(by, "accept_school_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    db.session.flush()


def ask_write(by: Any, run: ImportRun) -> None:
    """Leave the writing of an accepted list to the worker."""
    run.job_id = enqueue("schools.write_list", {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def sum_up(standing: Iterable[tuple[Verdict, Decision | None, int]]) -> dict[str, int]:
    """How many rows would be written as things stand, how many have errors, how many wait for a decision."""
    found = {"written": 0, "errors": 0, "undecided": 0}
    for verdict, decision, number in standing:
        if verdict == Verdict.NEW or decision in (Decision.TAKE, Decision.SAME):
            found["written"] += number
        elif verdict == Verdict.ERROR:
            found["errors"] += number
        elif verdict in (Verdict.LIKELY, Verdict.CHANGED) and decision is None:
            found["undecided"] += number
    return found


def again(by: Any, run: ImportRun) -> None:
    """After a failure: back to where the list can be mapped and checked."""
    job = imports.job_of(run)
    stuck = (
        run.state in (ImportState.CHECKING, ImportState.WRITING) and job is not None and job.state == JobState.FAILED
    )
    if stuck or run.state == ImportState.CHECKED:
        run.state = ImportState.READ
        db.session.flush()


def withdraw(by: Any, run: ImportRun) -> None:
    """The list is not wanted after all; it stays in the history."""
    if run.state == ImportState.WITHDRAWN:
        return
    _still_open(run)
    run.state = ImportState.WITHDRAWN
    record(by, "withdraw_school_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    db.session.flush()
