"""Lists paged by key: the next page begins after the last row, so a page costs the same wherever it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from app.core.extensions import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and the keys of its neighbours (None at an end)."""

    rows: Sequence[Row]
    next_key: str | None
    previous_key: str | None


def _encode(values: Sequence[Any], backwards: bool) -> str:
    text = json.dumps([backwards, [str(v) if v is not None else None for v in values]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(key: str) -> tuple[bool, list[Any]] | None:
    try:
        backwards, values = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        return bool(backwards), list(values)
    except (ValueError, TypeError):
        return None


def _typed(column: Any, text: Any) -> Any:
    kind: Any = column.type.python_type if hasattr(column, "type") else str
    if text is None or kind is str:
        return text
    if kind.__name__ in ("date", "datetime"):
        return kind.fromisoformat(text)
    return kind(text)


def page(
    query: sa.Select[Any],
    *,
    keys: Sequence[tuple[Any, bool]],
    key: str | None = None,
    size: int = 50,
    scalars: bool = True,
) -> Page[Any]:
    """One page of a query.

    `keys` are the columns that order the list, each with True for descending; the last must be unique and none may be
    null. `key` comes from a neighbour page; one that cannot be read begins at the first page.
    """
    decoded = _decode(key) if key else None
    backwards, values = decoded if decoded else (False, [])
    if len(values) == len(keys):
        try:
            typed = [_typed(column, value) for (column, _d), value in zip(keys, values, strict=True)]
            alternatives = []
            for i, (column, descending) in enumerate(keys):
                same = [c == v for (c, _d), v in zip(keys[:i], typed[:i], strict=True)]
                beyond = column < typed[i] if descending != backwards else column > typed[i]
                alternatives.append(sa.and_(*same, beyond))
            query = query.where(sa.or_(*alternatives))
        except ValueError:
            backwards, values = False, []
    else:
        backwards, values = False, []
    order = [column.desc() if descending != backwards else column.asc() for column, descending in keys]
    columns = [column.label(f"_key{i}") for i, (column, _d) in enumerate(keys)]
    found = db.session.execute(query.add_columns(*columns).order_by(*order).limit(size + 1)).all()
    more, found = len(found) > size, list(found[:size])
    if backwards:
        found.reverse()
    width = len(keys)
    rows = [row[0] if scalars else row[: len(row) - width] for row in found]
    key_of = [row[len(row) - width :] for row in found]
    has_next, has_previous = (bool(values), more) if backwards else (more, bool(values))
    return Page(
        rows=rows,
        next_key=_encode(key_of[-1], False) if found and has_next else None,
        previous_key=_encode(key_of[0], True) if found and has_previous else None,
    )
