"""A list of equipment on its way into the register: what its columns are, what its rows say, which are good."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError
from app.core.tables import Table
from app.equipment.queries import imports
from app.equipment.rules.lists import HEADINGS, read_row
from app.equipment.rules.matching import Found
from app.equipment.rules.matching import Verdict as Judged
from app.equipment.rules.matching import judge as judge_rows
from app.imports import service as importing
from app.imports.kinds import ListKind
from app.imports.models import ImportRun, Outcome, Verdict

Progress = Callable[[int, int, str], None]
KIND = ListKind("equipment", "equipment", HEADINGS, "equipment.check_list", "equipment.write_list")


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
    about = {"brigades": sorted(str(one) for one in brigade_ids), "add_places": add_places}
    return importing.start(
        by, KIND, brigade_id=brigade_id, school_id=school_id, file_name=file_name, data=data, options=about
    )


def set_mapping(run: ImportRun, *, columns: Mapping[int, str], add_places: bool) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    wanted = importing.columns_of(run, KIND, columns)
    if not {"label", "tag_code", "external_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是编号：校内编号、标签编号或外部编号，至少要有一列。"))
    if run.school_id is None and "school" not in wanted.values():
        raise DomainError(_("请指明哪一列是学校；只有一所学校的清单，请从这所学校的器材页导入。"))
    importing.keep_mapping(run, wanted, add_places=add_places)


def judge(run: ImportRun) -> list[Found]:
    """What checking finds of every row, against the register as it is now. Only reads."""
    upload, options = importing.upload_of(run), run.options
    table = importing.table_of(upload, KIND)
    rows = [piece for number, cells in _cells(table, upload.fields) for piece in read_row(number, cells)]
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
    return [_row_of(run, number, some) for number, some in by_number.items()]


def _row_of(run: ImportRun, number: int, some: Sequence[Found]) -> dict[str, Any]:
    first = some[0]
    return importing.row(
        run.id,
        number,
        next(verdict for verdict in _GRAVEST if any(one.verdict is verdict for one in some)).value,
        name=first.read.values.get("label") or first.read.values.get("tag_code") or "",
        content={"school": first.read.values.get("school", ""), "kind": first.read.kind, "pieces": len(some)},
        remarks=_remarks(some),
        target_id=first.target.id if first.target else None,
    )


def _remarks(found: Sequence[Found]) -> list[list[Any]]:
    remarks: list[list[Any]] = []
    for one in found:
        for code, about in [*one.read.errors, *one.read.warnings]:
            if [code, about] not in remarks:
                remarks.append([code, about])
    return remarks


def keep(run: ImportRun, found: Sequence[Found]) -> None:
    """Keep what checking found, in place of what an earlier check had found."""
    pieces = sum(one.verdict in (Judged.NEW, Judged.CHANGED) for one in found)
    importing.keep(run, rows_of(run, found), pieces=pieces)


def has_moved(run: ImportRun, found: Sequence[Found]) -> bool:
    """Whether the register says something else of the list than when it was checked."""
    return importing.verdicts(rows_of(run, found)) != dict(run.summary["verdicts"])


def accept(by: Any, run: ImportRun, *, only_good: bool) -> None:
    """Accept the list: whole, or only its good rows."""
    importing.must_be_checked(run)
    wrong = run.summary["verdicts"].get("error", 0)
    if wrong and not only_good:
        raise DomainError(_("还有 %(number)s 行有错误，不能全部导入。", number=wrong))
    importing.accepted(by, run, KIND)


_OUTCOMES = {
    Verdict.NEW: Outcome.ADDED,
    Verdict.CHANGED: Outcome.UPDATED,
    Verdict.UNCHANGED: Outcome.UNCHANGED,
    Verdict.ERROR: Outcome.REJECTED,
}


def close(run: ImportRun, found: Sequence[Found]) -> None:
    """The list is written: say of each row what became of it."""
    importing.settle(run, _OUTCOMES)
    added = sum(one.verdict is Judged.NEW for one in found)
    updated = sum(one.verdict is Judged.CHANGED for one in found)
    importing.finish(run, added=added, updated=updated)
