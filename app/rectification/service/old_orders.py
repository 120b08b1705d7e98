"""A list of orders of former years on its way in: what its columns are, what its rows say, which become orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.tables import Table
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.cells import Cells, is_header, source_of, texts_of
from app.imports.days import READABLE
from app.imports.kinds import ListKind
from app.imports.models import Decision, ImportRow, ImportRun, Outcome, Verdict
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.queries import old_orders as queries
from app.rectification.rules.machine import OrderState
from app.rectification.rules.old_orders import DATES, HEADINGS, ReadRow, read_row
from app.rectification.rules.orders import OrderKind
from app.schools.rules.meant import Found, judge

KIND = ListKind("orders", "order", HEADINGS, "rectification.check_list", "rectification.write_list")
_CHUNK = 1000


def start(by: Any, *, brigade_id: uuid.UUID, file_name: str, data: bytes) -> ImportRun:
    """Take a file in and read its header. No order comes of it yet. Raises UnreadableTable."""
    return importing.start(by, KIND, brigade_id=brigade_id, file_name=file_name, data=data)


def set_mapping(run: ImportRun, *, columns: Mapping[int, str]) -> None:
    """Say what each column is; remembered for the brigade's next list with the same headings."""
    wanted = importing.columns_of(run, KIND, columns)
    if not {"school", "school_code"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是学校名称或学校标识码。"))
    if not {"number", "items"} & set(wanted.values()):
        raise DomainError(_("请指明哪一列是文书编号或存在问题。"))
    importing.keep_mapping(run, wanted)


def check(run: ImportRun) -> None:
    """Read every row and keep what was found of it, in place of what an earlier check had found."""
    upload, today = importing.upload_of(run), clock.today()
    cells = _cells(importing.table_of(upload, KIND), upload.fields)
    read = [read_row(number, texts, source, today=today) for number, texts, source in cells]
    found = judge(read, queries.register_of(run.brigade_id), asks=True)
    flagged = sum(bool(one.row.flags) for one in found)
    importing.keep(run, [_row_of(run, one) for one in found], flagged=flagged)


def _cells(table: Table, fields: Mapping[int, str]) -> Iterator[Cells]:
    """Every row that says something. Merged cells carry number, school and day of an order down to its further problems."""
    carried: dict[str, str] = {}
    for row in table.rows:
        texts = texts_of(table, row, fields)
        if is_header(table, texts, fields):
            continue
        if not any(texts.get(name) for name in ("number", "school", "school_code", "items")):
            continue
        if texts.get("items") and not any(texts.get(name) for name in ("number", "school", "school_code")):
            texts.update({name: text for name, text in carried.items() if not texts.get(name)})
        carried = {
            name: texts[name] for name in ("number", "school", "school_code", "kind", "issued") if texts.get(name)
        }
        yield row.number, texts, source_of(table, row)


def _row_of(run: ImportRun, found: Found[ReadRow]) -> dict[str, Any]:
    row = found.row
    return importing.row(
        run.id,
        row.number,
        found.verdict,
        name=row.texts.get("number", ""),
        content={
            "texts": row.texts,
            "source": row.source,
            "days": {name: day.day.isoformat() for name, day in row.days.items() if day.day},
            "flags": row.flags,
            "kind": row.kind.value,
            "state": row.state.value,
            "key": row.key,
        },
        remarks=[(code, {}) for code in found.remarks],
        matches=[(str(one), "") for one in found.matches],
        target_id=found.school_id,
    )


def decide(run: ImportRun, *, decisions: Mapping[int, uuid.UUID | None]) -> None:
    """Say of rows which of the listed schools is meant, or (None) that the row is left out."""
    importing.must_be_checked(run)
    for row in lists.rows_numbered(run, decisions.keys()):
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
    importing.must_be_checked(run)
    if not only_good:
        importing.refuse_open_rows(run.summary["verdicts"].get("error", 0) + queries.undecided(run))
    importing.accepted(by, run, KIND, take_readable=take_readable)


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
    importing.settle(run, _OUTCOMES)
    importing.finish(run, added=len(orders))
    return dict(run.summary)


_OUTCOMES = {
    Verdict.UNCHANGED: Outcome.UNCHANGED,
    Verdict.DUPLICATE: Outcome.DUPLICATE,
    Verdict.ERROR: Outcome.REJECTED,
    Verdict.LIKELY: Outcome.LEFT,
}


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
