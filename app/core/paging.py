"""Lists paged by key: the next page begins after the last row, so a page costs the same wherever it is."""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class _Place:
    """Where in a list a page begins: after these values of the keys, in this direction, so many rows at most."""

    keys: Sequence[tuple[Any, bool]]
    values: Sequence[Any]
    backwards: bool
    most: int

    @property
    def columns(self) -> list[Any]:
        return [column.label(f"_key{n}") for n, (column, _down) in enumerate(self.keys)]

    def order(self, columns: Iterable[Any], *, skip: int = 0) -> list[Any]:
        """By these columns in place of the keys."""
        down = [descending != self.backwards for _column, descending in self.keys]
        return [one.desc() if turned else one.asc() for one, turned in zip(columns, down, strict=True)][skip:]

    def beyond(self, skip: int = 0) -> sa.ColumnElement[bool]:
        """What comes after the values. The first condition says nothing new: an index finds its place by it."""
        keys, values = self.keys[skip:], self.values[skip:]
        alternatives = []
        for n, (column, descending) in enumerate(keys):
            same = [c == v for (c, _d), v in zip(keys[:n], values[:n], strict=True)]
            after = column < values[n] if descending != self.backwards else column > values[n]
            alternatives.append(sa.and_(*same, after))
        first, descending = keys[0]
        reached = first <= values[0] if descending != self.backwards else first >= values[0]
        return sa.and_(reached, sa.or_(*alternatives))

    def cut(self, query: Any, *, skip: int = 0) -> Any:
        """The query from this place on, in order, so many rows; without the first key where it is the same for all."""
        if self.values:
            query = query.where(self.beyond(skip))
        return query.order_by(*self.order((column for column, _down in self.keys), skip=skip)).limit(self.most)

    def few(self, query: Any) -> Any:
        """Only the keys of the page."""
        return self.cut(query.with_only_columns(*self.columns))

    def few_of(self, query: Any, parts: Mapping[Any, Any]) -> Any:
        """The same, each value of the first key looked for by itself."""
        (_column, descending), chosen = self.keys[0], []
        for value, condition in parts.items():
            part = query.where(condition).with_only_columns(*self.columns)
            if not self.values or value == self.values[0]:
                part = self.cut(part, skip=1)
            elif (value > self.values[0]) == (descending != self.backwards):
                continue
            else:
                part = replace(self, values=()).cut(part, skip=1)
            chosen.append(sa.select(part.subquery()))
        if not chosen:
            return self.few(query.where(sa.false()))
        every = sa.union_all(*chosen).subquery("every")
        return sa.select(every).order_by(*self.order(every.c)).limit(self.most)


def _read(key: str | None, keys: Sequence[tuple[Any, bool]]) -> tuple[bool, list[Any]]:
    """Direction and values of a page's key; none where it cannot be read."""
    decoded = _decode(key) if key else None
    if decoded is None or len(decoded[1]) != len(keys):
        return False, []
    try:
        return decoded[0], [_typed(column, value) for (column, _d), value in zip(keys, decoded[1], strict=True)]
    except (ValueError, TypeError):
        return False, []


def begins_at(key: str | None, keys: Sequence[tuple[Any, bool]]) -> tuple[Any, bool]:
    """The value of the first key at which a page begins, None for the first page, and whether it goes backwards."""
    backwards, values = _read(key, keys)
    return (values[0] if values else None), backwards


def page(
    query: sa.Select[Any],
    *,
    keys: Sequence[tuple[Any, bool]],
    key: str | None = None,
    size: int = 50,
    scalars: bool = True,
    shown: Any = None,
    parts: Mapping[Any, Any] | None = None,
) -> Page[Any]:
    """One page of a query.

    `keys` are the columns that order the list, each with True for descending; the last must be unique and none may be
    null. `key` comes from a neighbour page; one that cannot be read begins at the first page.

    Two helps for long lists, both in the same statement. With `shown` the query only chooses, and `shown` reads the chosen
    rows by the last key: what is costly to read is read for one page and not for everything that is sorted. With `parts`,
    too, each value of the first key is looked for by itself, by its condition, so that an index can serve the rest.
    """
    backwards, values = _read(key, keys)
    place = _Place(keys, values, backwards, size + 1)
    if shown is None:
        statement = place.cut(query.add_columns(*place.columns))
    else:
        few = (place.few(query) if parts is None else place.few_of(query, parts)).subquery("few")
        statement = shown.join(few, few.c[len(keys) - 1] == keys[-1][0]).add_columns(*few.c)
        statement = statement.order_by(*place.order(few.c))
    found = db.session.execute(statement).all()
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


def cut(
    rows: Sequence[Row], *, place: Callable[[Row], tuple[Any, ...]], key: str | None = None, size: int = 50
) -> Page[Row]:
    """One page of rows that are in memory, in the order of `place`: texts and numbers that tell each row from the others."""
    decoded = _decode(key) if key else None
    start = 0
    if decoded is not None:
        backwards, at = decoded[0], tuple(decoded[1])
        try:
            start = max(0, bisect_left(rows, at, key=place) - size) if backwards else bisect_right(rows, at, key=place)
        except TypeError:  # a key that no page of this list has given
            start = 0
    shown = rows[start : start + size]

    def to(row: Row, backwards: bool) -> str:
        return base64.urlsafe_b64encode(json.dumps([backwards, place(row)]).encode()).decode().rstrip("=")

    return Page(
        shown,
        to(shown[-1], False) if shown and start + size < len(rows) else None,
        to(shown[0], True) if shown and start > 0 else None,
    )
