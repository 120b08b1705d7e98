"""A list of orders of former years on its way in: read, columns mapped, checked, decided, accepted, written at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Person
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import JobState, enqueue
from app.core.tables import IGNORED, Table, UnreadableTable, fingerprint, guess_mapping, read_table
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.queries import old_orders as queries
from app.rectification.rules.machine import OrderState
from app.rectification.rules.old_orders import DATES, FIELDS, HEADINGS, READABLE, Found, judge, read_row
from app.rectification.rules.orders import OrderKind
from app.schools.models import ColumnMapping, Decision, ImportRow, ImportRun, ImportState, Outcome, Verdict

Progress = Callable[[int, int, str], None]
CHECK, WRITE = "rectification.check_list", "rectification.write_list"
_OPEN = (ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
_CHUNK = 1000


def start(by: Any, *, brigade_id: uuid.UUID, file_name: str, data: bytes) -> ImportRun:
    """Take a file in and read its header. No order comes of it yet. Raises UnreadableTable."""
    table = read_table(data, file_name, known=HEADINGS)
    run = ImportRun(kind=queries.KIND, brigade_id=brigade_id, file_name=file_name[:200])
    run.file_sha256, run.made_by_id = files().put(data), getattr(by, "person_id", None)
    run.options = {
        "sheet": table.sheet,
        "encoding": table.encoding,
        "header_row": table.header_row,
        "headings": list(table.headings),
        "samples": [table.samples(column) for column in range(len(table.headings))],
        "rows": len(table.rows),
        "fingerprint": fingerprint(table.headings),
    }
    kept = queries.remembered(brigade_id, run.options["fingerprint"])
    guessed = {str(c): name for c, name in guess_mapping(table.headings, HEADINGS).items()}
    run.mapping = {"columns": kept["columns"] if kept else guessed, "remembered": bool(kept)}
    db.session.add(run)
    db.session.flush()
    audit.record(by, "read_order_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    return run


def _still_open(run: ImportRun) -> None:
    if run.state not in _OPEN:
        raise DomainError(_("这份清单已处理或正在处理，不能再改。"))


def set_mapping(run: ImportRun, *, columns: Mapping[int, str]) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    _still_open(run)
    wanted = {column: name for column, name in columns.items() if name and name != IGNORED}
    unknown = set(wanted.values()) - set(FIELDS)
    if unknown:
        raise DomainError(_("没有这样的栏目：%(names)s。", names="、".join(sorted(unknown))))
    if len(set(wanted.values())) < len(wanted):
        raise DomainError(_("每个栏目只能对应一列，请检查重复的栏目。"))
    if not {"school", "school_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是学校名称或学校标识码。"))
    if not {"number", "items"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是文书编号或存在问题。"))
    run.mapping = {"columns": {str(c): name for c, name in sorted(wanted.items())}, "remembered": False}
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
    run.job_id = enqueue(CHECK, {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def check(run: ImportRun) -> None:
    """Read every row and keep what was found of it, in place of what an earlier check had found."""
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
    today = clock.today()
    read = [read_row(number, texts, source, today=today) for number, texts, source in _cells(table, fields)]
    found = judge(read, queries.register_of(run.brigade_id))
    db.session.execute(sa.delete(ImportRow).where(ImportRow.run_id == run.id))
    rows = [_row_of(run, one) for one in found]
    for begin in range(0, len(rows), _CHUNK):
        db.session.execute(sa.insert(ImportRow), rows[begin : begin + _CHUNK])
    run.summary = {"rows": len(found), "verdicts": _counts(found), "flagged": sum(bool(one.row.flags) for one in found)}
    run.state = ImportState.CHECKED
    db.session.flush()


def _cells(table: Table, fields: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str], dict[str, str]]]:
    """Row number, texts by field, and all that the row says under its own headings.

    Repeated headers are left out. Merged cells carry number, school and day of an order down to its further problems.
    """
    carried: dict[str, str] = {}
    for row in table.rows:
        texts = {name: table.cell(row, column).strip() for column, name in fields.items()}
        if all(texts[name] == table.headings[column] for column, name in fields.items()):
            continue
        if not any(texts.get(name) for name in ("number", "school", "school_code", "items")):
            continue
        if texts.get("items") and not any(texts.get(name) for name in ("number", "school", "school_code")):
            texts.update({name: text for name, text in carried.items() if not texts.get(name)})
        carried = {
            name: texts[name] for name in ("number", "school", "school_code", "kind", "issued") if texts.get(name)
        }
        yield row.number, texts, _source(table, row)


def _source(table: Table, row: Any) -> dict[str, str]:
    said = {}
    for column, heading in enumerate(table.headings):
        text = table.cell(row, column).strip()
        if text:
            said[heading.strip()[:80] or _("第 %(number)d 列", number=column + 1)] = text[:4000]
    return said


def _row_of(run: ImportRun, found: Found) -> dict[str, Any]:
    row = found.row
    return {
        "run_id": run.id,
        "number": row.number,
        "name": row.texts.get("number", "")[:200],
        "verdict": Verdict(found.verdict),
        "content": {
            "texts": row.texts,
            "source": row.source,
            "days": {name: day.day.isoformat() for name, day in row.days.items() if day.day},
            "flags": row.flags,
            "kind": row.kind.value,
            "state": row.state.value,
            "key": row.key,
        },
        "remarks": [[code, {}] for code in found.remarks],
        "matches": [[str(one), ""] for one in found.matches],
        "target_id": found.school_id,
        "decision": None,
        "outcome": None,
    }


def _counts(found: Sequence[Found]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.verdict] = counts.get(one.verdict, 0) + 1
    return counts


def decide(run: ImportRun, *, decisions: Mapping[int, uuid.UUID | None]) -> None:
    """Say of rows which of the listed schools is meant, or (None) that the row is left out."""
    if run.state is not ImportState.CHECKED:
        raise DomainError(_("清单还没有核对完，或已经导入。"))
    for row in queries.rows_numbered(run, decisions.keys()):
        school_id = decisions[row.number]
        if row.verdict is not Verdict.LIKELY:
            continue
        if school_id is not None and str(school_id) not in {match[0] for match in row.matches}:
            raise DomainError(_("第 %(row)s 行：请选择列出的学校之一。", row=row.number))
        row.decision, row.target_id = (Decision.SAME, school_id) if school_id else (Decision.LEAVE, None)
    db.session.flush()


def accept(by: Any, run: ImportRun, *, only_good: bool, take_readable: bool = False) -> None:
    """Accept the list, whole or only its good rows.

    `take_readable`: somebody has looked at the days that were read from dots, serial numbers and words, and vouches for them.
    """
    if run.state is not ImportState.CHECKED:
        raise DomainError(_("清单还没有核对完，或已经导入。"))
    against = run.summary["verdicts"].get("error", 0) + queries.undecided(run)
    if against and not only_good:
        raise DomainError(_("还有 %(number)s 行有错误或没有决定，不能全部导入。", number=against))
    run.state = ImportState.WRITING
    run.options = {**run.options, "take_readable": take_readable}
    detail = {"file": run.file_name, "take_readable": take_readable}
    audit.record(by, "accept_order_list", subject="import", subject_id=run.id, detail=detail)
    db.session.flush()


def ask_write(by: Any, run: ImportRun) -> None:
    """Leave the writing of an accepted list to the worker, who does it in one transaction."""
    run.job_id = enqueue(WRITE, {"run": str(run.id)}, by=getattr(by, "person_id", None)).id
    db.session.flush()


def write(run: ImportRun) -> dict[str, Any]:
    """Write the accepted rows as orders, all or none; what another list has brought meanwhile is left alone."""
    rows = queries.to_write(run)
    known = queries.known_keys(run.brigade_id, [row.content["key"] for row in rows])
    who = db.session.get(Person, run.made_by_id) if run.made_by_id else None
    orders, events = [], []
    for row in rows:
        if row.content["key"] in known:
            row.outcome = Outcome.UNCHANGED
            continue
        order = _order_of(run, row)
        row.outcome = Outcome.ADDED
        orders.append(order)
        events.append(_event_of(run, order, row, by_name=who.name if who else ""))
    for table, values in ((Order, orders), (OrderEvent, events)):
        for begin in range(0, len(values), _CHUNK):
            db.session.execute(sa.insert(table), values[begin : begin + _CHUNK])
    db.session.flush()
    _close(run, added=len(orders))
    return dict(run.summary)


def _close(run: ImportRun, *, added: int) -> None:
    for verdict, outcome in (
        (Verdict.UNCHANGED, Outcome.UNCHANGED), (Verdict.DUPLICATE, Outcome.DUPLICATE), (Verdict.ERROR, Outcome.REJECTED),
        (Verdict.LIKELY, Outcome.LEFT),
    ):  # fmt: skip
        db.session.execute(
            sa.update(ImportRow)
            .where(ImportRow.run_id == run.id, ImportRow.verdict == verdict, ImportRow.outcome.is_(None))
            .values(outcome=outcome)
        )
    run.summary = {**run.summary, "added": added}
    run.state, run.written_at = ImportState.WRITTEN, clock.now()
    db.session.flush()


def days_of(content: Mapping[str, Any], *, take_readable: bool) -> dict[str, date]:
    """The days of a row that count: those without a doubt, and where somebody vouched for them those that could be read."""
    doubts = dict(flag.split(":", 1) for flag in content["flags"])
    trusted = {"", *(READABLE if take_readable else ())}
    return {
        name: date.fromisoformat(content["days"][name])
        for name in DATES
        if name in content["days"] and doubts.get(name, "") in trusted
    }


def _order_of(run: ImportRun, row: ImportRow) -> dict[str, Any]:
    content, state = row.content, OrderState(row.content["state"])
    days = days_of(content, take_readable=run.options["take_readable"])
    if "closed" in days and "issued" in days and days["closed"] < days["issued"]:
        del days["closed"]
    assert row.target_id is not None
    return {
        "id": new_id(),
        "school_id": row.target_id,
        "brigade_id": run.brigade_id,
        "kind": OrderKind(content["kind"]),
        "state": state,
        "problem_text": content["texts"].get("items", ""),
        "number": content["texts"].get("number", "")[:60],
        "drafted_at": clock.start_of(days["issued"]) if "issued" in days else clock.now(),
        "issued_on": days.get("issued"),
        "next_deadline": days.get("deadline") if state is not OrderState.CLOSED else None,
        "closed_on": days.get("closed") if state is OrderState.CLOSED else None,
        "imported": True,
        "import_key": content["key"],
        "source": content["source"],
        "flags": content["flags"],
    }


def _event_of(run: ImportRun, order: Mapping[str, Any], row: ImportRow, *, by_name: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "order_id": order["id"],
        "at": clock.now(),
        "by_id": run.made_by_id,
        "by_name": by_name,
        "act": "import",
        "detail": {"file": run.file_name, "row": row.number},
    }


def again(run: ImportRun) -> None:
    """After a failure, or when something else is wanted: back to where the columns can be mapped."""
    job = queries.job_of(run)
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
    audit.record(by, "withdraw_order_list", subject="import", subject_id=run.id, detail={"file": run.file_name})
    db.session.flush()
