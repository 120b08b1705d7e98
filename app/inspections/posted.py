"""What a filled-in form says, field by field; only what the form showed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, ImmutableMultiDict

from app.core.forms import half_width
from app.inspections.rules.faults import chips_of
from app.inspections.rules.fields import OTHER
from app.inspections.rules.rows import Row
from app.inspections.service.filling import Posted
from app.inspections.sheet import Sheet

#: Form suffix of a photo → the slot it is kept in.
SLOTS = {"photo": "close", "photo.wide": "wide", "photo.after": "after"}


def _clean(name: str, text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    return half_width(text).replace("。", ".").replace(",", "") if name == "reading" else text


def _fields(sheet: Sheet, row: Row, form: ImmutableMultiDict[str, str]) -> Iterator[tuple[str, Any]]:
    answer = form.get(row.name)
    if answer:
        yield "answer", answer
    for name in ("note", "where", "reading", "text", "date", "deadline"):
        value = form.get(f"{row.name}.{name}")
        if value is not None:
            yield name, _clean(name, value)
    choice = form.get(f"{row.name}.choice")
    if choice:
        yield "choice", choice
    if row.codes:
        offered = [*(chip.value for chip in chips_of(row, sheet.checklist)), OTHER]
        ticked = set(form.getlist(f"{row.name}.fault"))
        yield "fault", [value for value in offered if value in ticked]
        yield "spot", f"{row.name}.spot" in form


def posted_rows(sheet: Sheet, form: ImmutableMultiDict[str, str]) -> list[Posted]:
    """The rows that a form carried; every row of a form has its note."""
    return [Posted(row=row, fields=dict(_fields(sheet, row, form))) for row in sheet.rows if f"{row.name}.note" in form]


def posted_photos(
    sheet: Sheet, files: ImmutableMultiDict[str, FileStorage], *, render: uuid.UUID
) -> Iterator[Mapping[str, Any]]:
    """The photos that a form carried, as arguments of `add_photo`; ids follow from the rendering and the bytes."""
    for row in sheet.rows:
        for suffix, slot in SLOTS.items():
            for file in files.getlist(f"{row.name}.{suffix}"):
                if not file.filename:
                    continue
                content = file.read()
                key = f"{row.name}|{slot}|{hashlib.sha256(content).hexdigest()}"
                yield {
                    "photo_id": uuid.uuid5(render, key), "item": row.item, "place": row.place, "slot": slot,
                    "content": content, "name": file.filename,
                }  # fmt: skip
