"""Writing very many rows: collected per table, inserted in large pieces, in the order in which tables need each other."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from random import Random
from typing import Any

import sqlalchemy as sa

from app.core.extensions import Model, db

Progress = Callable[[int, int, str], None]
PIECE = 2_000


class Writer:
    """Collects rows and inserts them. Ids come from the seed, so that the same seed makes the same district."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.rows: dict[type[Model], list[dict[str, Any]]] = {}
        self.written: dict[str, int] = {}
        self.buildings: dict[uuid.UUID, list[uuid.UUID]] = {}

    def new_id(self) -> uuid.UUID:
        """An id in the shape of a UUIDv7, from the seed."""
        bits = self.random.getrandbits(128)
        bits = (bits & ~(0xF << 76)) | (0x7 << 76)
        bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
        return uuid.UUID(int=bits)

    def add(self, model: type[Model], **values: Any) -> uuid.UUID:
        """Take a row; its id is made unless given. Columns that are left out take their defaults."""
        row = {"id": values.pop("id", None) or self.new_id(), **values}
        self.rows.setdefault(model, []).append(row)
        return uuid.UUID(str(row["id"]))

    def add_plain(self, model: type[Model], **values: Any) -> None:
        """Take a row of a table that has no id column of its own."""
        self.rows.setdefault(model, []).append(values)

    def flush(self) -> None:
        """Insert what was collected, tables in the order of their foreign keys."""
        order = {table.name: n for n, table in enumerate(db.metadata.sorted_tables)}
        for model in sorted(self.rows, key=lambda m: order[m.__tablename__]):
            self._insert(model, self.rows[model])
        self.rows.clear()

    def _insert(self, model: type[Model], rows: list[dict[str, Any]]) -> None:
        # One statement takes rows with the same columns; what one kind of row leaves out takes its default.
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(tuple(sorted(row)), []).append(row)
        for same in alike.values():
            for start in range(0, len(same), PIECE):
                db.session.execute(sa.insert(model), same[start : start + PIECE])
        name = model.__tablename__
        self.written[name] = self.written.get(name, 0) + len(rows)
