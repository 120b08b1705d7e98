"""Filling a draft: a posted form turned into operations, and the acts that stand for many rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import Folded, OpStatus, Via, canonical, fold
from app.fieldwork.service import AnswerOperation, Verdict
from app.inspections.rules.answers import Held, may_be_bulk, needs_own_word
from app.inspections.rules.fields import Answer
from app.inspections.rules.rows import Row
from app.inspections.sheet import Sheet
from app.organisations.settings import settings_of

#: The value of a field that nobody has written.
EMPTY: Mapping[str, Any] = {"fault": [], "spot": False, "sample": False}
TYPED = frozenset({"note", "where", "reading", "date", "text", "deadline"})


@dataclass(frozen=True, kw_only=True)
class Posted:
    """One row of a form as it came: fields and their values, only those that the form showed."""

    row: Row
    fields: Mapping[str, Any] = field(default_factory=dict)


def _via(sheet: Sheet, row: Row, name: str) -> Via:
    if sheet.inspection.from_paper:
        return Via.PAPER
    if name in TYPED:
        return Via.TYPE
    return Via.PIECE if row.is_piece and name == "answer" else Via.TAP


def operation(
    sheet: Sheet,
    row: Row,
    name: str,
    value: Any,
    *,
    op_id: uuid.UUID,
    base_rev: int,
    via: Via | None = None,
    device: str = "",
    at: datetime | None = None,
) -> AnswerOperation:
    """One operation on a row of this sheet."""
    return AnswerOperation(
        op_id=op_id,
        kind=sheet.kind,
        target_id=sheet.inspection.id,
        item=row.item,
        place=row.place,
        field=name,
        value=value,
        base_rev=base_rev,
        via=via or _via(sheet, row, name),
        device=device,
        at=at,
    )


def _changed(shown: Folded, now: Folded, row: Row, name: str, value: Any) -> bool:
    """Whether a field was changed on the page, and what it says does not stand already (a tap has saved it, say)."""
    seen = (f.value(row.item, row.place, name, EMPTY.get(name, "")) for f in (shown, now))
    return all(canonical(before) != canonical(value) for before in seen)


def save(viewer: Viewer, sheet: Sheet, posted: Iterable[Posted], *, render: uuid.UUID, base_rev: int) -> list[Verdict]:
    """Apply what was changed on a form that was rendered as `render` at `base_rev`; what was not changed says nothing.

    The ids of the operations follow from the rendering and the values, so a form sent twice is applied once.
    """
    shown = fold(sheet.ops, upto=base_rev)
    ops = [
        operation(
            sheet, one.row, name, value, base_rev=base_rev, device=f"page {render}",
            op_id=uuid.uuid5(render, f"{one.row.name}|{name}|{canonical(value)}"),
        )
        for one in posted
        for name, value in one.fields.items()
        if _changed(shown, sheet.folded, one.row, name, value)
    ]  # fmt: skip
    return fieldwork.apply(ops, by=viewer) if ops else []


def _for_all(
    viewer: Viewer, sheet: Sheet, rows: Sequence[Row], value: str, *, act: uuid.UUID, name: str = "answer"
) -> int:
    rev = sheet.folded.rev
    ops = [
        operation(sheet, row, name, value, base_rev=rev, via=Via.BULK, op_id=uuid.uuid5(act, f"{row.name}|{value}"))
        for row in rows
    ]
    verdicts = fieldwork.apply(ops, by=viewer) if ops else []
    refused = next((v.message for v in verdicts if v.status is OpStatus.REJECTED), None)
    if refused:
        raise DomainError(refused)
    return len(verdicts)


def rest_passes(viewer: Viewer, sheet: Sheet, rows: Sequence[Row], *, act: uuid.UUID, held: Held) -> int:
    """本区其余合格: answers what is open in an area, but nothing critical and nothing that wants a figure; recorded as bulk.

    Nor where a fault is still open (`held`): there somebody looks and says so. Returns how many rows were answered.
    """
    if not bulk_is_allowed(sheet):
        raise DomainError(_("本大队不使用批量合格，请逐项查看。"))
    return _for_all(viewer, sheet, bulk_rows(sheet, rows, held=held), Answer.PASS, act=act)


def bulk_is_allowed(sheet: Sheet) -> bool:
    """Whether the brigade lets its officers answer in bulk."""
    return settings_of(sheet.brigade.settings).bulk_allowed and not sheet.inspection.scope.get("findings")


def bulk_rows(sheet: Sheet, rows: Iterable[Row], *, held: Held) -> list[Row]:
    """The rows of an area that 本区其余合格 would answer."""
    return [
        row
        for row in rows
        if may_be_bulk(row, sheet.said[row.name], held=held) and not needs_own_word(row, sheet.checklist)
    ]


def rest_not_checked(viewer: Viewer, sheet: Sheet, rows: Sequence[Row], *, act: uuid.UUID) -> int:
    """Says of an area that was not reached that what is open in it was not checked; the record prints it so."""
    still = [row for row in rows if sheet.said[row.name].is_open and not row.is_piece]
    return _for_all(viewer, sheet, still, Answer.NOT_CHECKED, act=act)


def sample(viewer: Viewer, sheet: Sheet, piece_id: str, *, chosen: bool, act: uuid.UUID) -> None:
    """Choose a piece for readings and tests, or leave it out again."""
    row = next((row for row in sheet.rows if row.is_piece and row.place == piece_id), None)
    if row is None:
        raise DomainError(_("这个部位或器材不属于这所学校。"))
    one = operation(
        sheet, row, "sample", chosen, base_rev=sheet.folded.rev, op_id=uuid.uuid5(act, f"sample|{piece_id}|{chosen}")
    )
    verdict = fieldwork.apply([one], by=viewer)[0]
    if verdict.status is OpStatus.REJECTED:
        raise DomainError(verdict.message)
