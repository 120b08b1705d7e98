"""Rows straight into the tables: a city in seconds, with the defaults of the models and the types of SQLite."""

from __future__ import annotations

import enum
import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

CHUNK = 5_000


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return float(value) if isinstance(value, Decimal) else value


def _default(column: sa.Column[Any]) -> Any:
    if column.default is None:
        return None
    made = column.default.arg
    return _plain(made(None) if callable(made) else made)


def fill(connection: sqlite3.Connection, model: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Insert rows of one table; what the first row does not say is the model's default, the same for all of them."""
    table: sa.Table = model.__table__
    columns = list(table.columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    source: Iterator[dict[str, Any]] = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    source = chain([first], source)
    defaults = {column.name: _default(column) for column in columns if column.name not in first}
    count = 0
    while chunk := list(islice(source, CHUNK)):
        values = [
            tuple(_plain(row[c.name]) if c.name in row else defaults.get(c.name) for c in columns) for row in chunk
        ]
        connection.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', values)
        count += len(chunk)
    return count
