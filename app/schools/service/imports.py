"""A list of schools on its way into the register: what its columns are, what its rows say, what is decided of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.tables import Table
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.kinds import ListKind
from app.imports.models import Decision, ImportRow, ImportRun, Verdict
from app.organisations.queries import area_book, current_code
from app.schools.queries import imports
from app.schools.rules.lists import HEADINGS, ReadRow, Setting, is_no_school, read_row
from app.schools.rules.matching import Found, Register, check

Progress = Callable[[int, int, str], None]
KIND = ListKind("school", "school", HEADINGS, "schools.check_list", "schools.write_list")


def start(
    by: Any, *, brigade_id: uuid.UUID, file_name: str, data: bytes, kind: str = "", area_code: str = ""
) -> ImportRun:
    """Take a file in and read its header. Nothing reaches the register. Raises UnreadableTable."""
    about = {"kind": kind, "area_code": area_code}
    run = importing.start(by, KIND, brigade_id=brigade_id, file_name=file_name, data=data, options=about)
    _say_source(run)
    return run


def reread(run: ImportRun, *, sheet: str, encoding: str) -> None:
    """Read the header again from another sheet, or as written in another encoding."""
    importing.reread(run, KIND, sheet=sheet, encoding=encoding)
    _say_source(run)


def _say_source(run: ImportRun) -> None:
    run.source = run.source or _source_of(run, run.mapping["columns"])
    db.session.flush()


def _source_of(run: ImportRun, columns: Mapping[str, str]) -> str:
    """Codes headed 学校标识码 are the nation's; other codes are the list maker's own."""
    headings = run.options["headings"]
    of_code = [headings[int(c)] for c, name in columns.items() if name == "external_code"]
    return "moe" if of_code and "标识码" in of_code[0] else f"list-{imports.brigade(run.brigade_id).area_code}"


def set_mapping(run: ImportRun, *, columns: Mapping[int, str], source: str, area_code: str, kind: str) -> None:
    """Say what each column is and what holds where the list says nothing; the mapping is remembered for the brigade."""
    wanted = importing.columns_of(run, KIND, columns)
    if "name" not in wanted.values():
        raise DomainError(_("请指明哪一列是学校名称。"))
    if area_code and current_code(area_code) is None:
        raise DomainError(_("没有这个行政区划代码。"), field="area_code")
    run.source = (source.strip() or _source_of(run, {str(c): name for c, name in sorted(wanted.items())}))[:40]
    importing.keep_mapping(run, wanted, area_code=current_code(area_code) if area_code else "", kind=kind)


def judge(run: ImportRun, progress: Progress) -> list[Found]:
    """What checking finds of every row. Only reads; gives the database back before each long stretch of thinking."""
    upload, brigade_id, source, options = importing.upload_of(run), run.brigade_id, run.source, dict(run.options)
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
    table = importing.table_of(upload, KIND)
    rows = list(_told(_read(table, upload.fields, setting), len(table.rows), (5, 45), _("正在核对每一行"), progress))
    found = check(rows, register)
    return list(_told(found, len(rows), (45, 80), _("正在与登记册比对"), progress))


def _read(table: Table, fields: Mapping[int, str], setting: Setting) -> Iterator[ReadRow]:
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


def keep(run: ImportRun, found: Sequence[Found]) -> None:
    """Keep what checking found, in place of what an earlier check had found."""
    importing.keep(run, [_row_of(run.id, one) for one in found])


def _row_of(run_id: uuid.UUID, found: Found) -> dict[str, Any]:
    return importing.row(
        run_id,
        found.row.number,
        found.verdict,
        name=found.row.name,
        content={"values": found.row.content, "changes": found.changes, "seen": found.seen},
        remarks=found.remarks,
        matches=[(str(school_id), why) for school_id, why in found.matches],
        target_id=found.target_id,
    )


def decide(run: ImportRun, *, decisions: Mapping[int, tuple[Decision | None, uuid.UUID | None]]) -> None:
    """Say of single rows what to do: take the change, it is a new school, it is that school, leave it."""
    importing.must_be_checked(run)
    for row in lists.rows_numbered(run, decisions.keys()):
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
    importing.must_be_checked(run)
    for verdict, wanted in ((Verdict.CHANGED, take_changes), (Verdict.LIKELY, take_likely)):
        if wanted:
            db.session.execute(
                sa.update(ImportRow)
                .where(ImportRow.run_id == run.id, ImportRow.verdict == verdict, ImportRow.decision.is_(None))
                .values(decision=Decision.TAKE)
            )
    standing = sum_up(lists.standing(run))
    if not only_good:
        importing.refuse_open_rows(standing["errors"] + standing["undecided"])
    importing.accepted(by, run, KIND)


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
