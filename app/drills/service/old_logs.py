"""A list of former drills on its way in: what its columns are, what its rows say, which become drills."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.tables import Table
from app.drills.models import Drill, DrillKind
from app.drills.queries import old_logs as queries
from app.drills.rules.old_logs import HEADINGS, ReadRow, read_row
from app.imports import service as importing
from app.imports.kinds import ListKind
from app.imports.models import ImportRow, ImportRun, Outcome, Verdict
from app.schools.rules.meant import Found, judge

KIND = ListKind("drills", "drill", HEADINGS, "drills.check_list", "drills.write_list")
#: No list says when in the day the signal was given; noon, and the record says that it is from a list.
NOON = time(12)


def start(by: Any, *, brigade_id: uuid.UUID, file_name: str, data: bytes) -> ImportRun:
    """Take a file in and read its header. No drill comes of it yet. Raises UnreadableTable."""
    return importing.start(by, KIND, brigade_id=brigade_id, file_name=file_name, data=data)


def set_mapping(run: ImportRun, *, columns: Mapping[int, str]) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    wanted = importing.columns_of(run, KIND, columns)
    if not {"school", "school_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是学校名称或学校标识码。"))
    if "day" not in wanted.values():
        raise DomainError(_("请指明哪一列是演练日期。"))
    importing.keep_mapping(run, wanted)


def check(run: ImportRun) -> None:
    """Read every row and keep what was found of it, in place of what an earlier check had found."""
    upload, today = importing.upload_of(run), clock.today()
    cells = _cells(importing.table_of(upload, KIND), upload.fields)
    read = [read_row(number, texts, source, today=today) for number, texts, source in cells]
    found = judge(read, queries.register_of(run.brigade_id), asks=False)
    flagged = sum(bool(one.row.flags) for one in found)
    importing.keep(run, [_row_of(run, one) for one in found], flagged=flagged)


def _cells(table: Table, fields: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str], dict[str, str]]]:
    """Row number, texts by field, and all that the row says under its own headings; repeated headers are left out."""
    for row in table.rows:
        texts = {name: table.cell(row, column).strip() for column, name in fields.items()}
        if not any(texts.values()) or all(texts[name] == table.headings[column] for column, name in fields.items()):
            continue
        said = {}
        for column, heading in enumerate(table.headings):
            if text := table.cell(row, column).strip():
                said[heading.strip()[:80] or _("第 %(number)d 列", number=column + 1)] = text[:4000]
        yield row.number, texts, said


def _row_of(run: ImportRun, found: Found[ReadRow]) -> dict[str, Any]:
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
            "values": row.values,
            "kind": row.kind.value,
            "flags": row.flags,
            "key": row.key,
        },
        remarks=[(code, {}) for code in found.remarks],
        target_id=found.school_id,
    )


def accept(by: Any, run: ImportRun, *, only_good: bool) -> None:
    """Accept the list, whole or only its good rows."""
    importing.must_be_checked(run)
    if not only_good:
        importing.refuse_open_rows(run.summary["verdicts"].get("error", 0))
    importing.accepted(by, run, KIND)


def write(run: ImportRun) -> dict[str, Any]:
    """Write the accepted rows as drills, all or none; what another list has brought meanwhile is left alone."""
    known = queries.known_keys(run.brigade_id)
    drills = []
    for row in queries.to_write(run):
        if row.content["key"] in known:
            row.outcome = Outcome.UNCHANGED
            continue
        row.outcome = Outcome.ADDED
        drills.append(_drill_of(run, row))
    if drills:
        db.session.execute(sa.insert(Drill), drills, execution_options={"render_nulls": True})
    db.session.flush()
    importing.settle(
        run,
        {
            Verdict.UNCHANGED: Outcome.UNCHANGED,
            Verdict.DUPLICATE: Outcome.DUPLICATE,
            Verdict.ERROR: Outcome.REJECTED,
        },
    )
    importing.finish(run, added=len(drills))
    return dict(run.summary)


def _drill_of(run: ImportRun, row: ImportRow) -> dict[str, Any]:
    content, texts = row.content, row.content["texts"]
    values = content["values"]
    if run.made_by_id is None:
        raise DomainError(_("导入演练须有经办人。"))
    return {
        "id": new_id(),
        "school_id": row.target_id,
        "kind": DrillKind(content["kind"]),
        "held_at": datetime.combine(date.fromisoformat(content["day"]), NOON, clock.ZONE),
        "first_out_s": values.get("first_out"),
        "last_out_s": values.get("last_out"),
        "counted_s": values.get("counted"),
        "expected": values.get("expected"),
        "present": values.get("present"),
        "accounted": values.get("accounted"),
        "led_by": texts.get("led_by", "")[:80],
        "weather": texts.get("weather", "")[:60],
        "scenario": "",
        "observers": "",
        "problems": texts.get("problems", ""),
        "notes": texts.get("note", ""),
        "signal": "",
        "staff_on_duty": "",
        "special": "",
        "classes": [],
        "stairs": [],
        "grades": {},
        "raw": content["source"],
        "import_key": content["key"],
        "logged_by_id": run.made_by_id,
        "logged_at": clock.now(),
        "withdrawn_reason": "",
    }
