"""What every table is made of: naming of constraints, column types, identifiers, and how SQLite is opened."""

from __future__ import annotations

import enum
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import uuid_utils
from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Keys of app.core.spelling.sort_key, compared sign by sign on either database.
SORTED = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SMALL_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a datetime without a zone, gives back one with UTC."""

    impl = sa.DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a page's key is read back as."""
        return datetime

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables. Constraint names are stable, so that they can be mapped to sentences."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: Moment(),
            uuid.UUID: sa.Uuid(),
            dict[str, Any]: SMALL_JSON,
            list[Any]: SMALL_JSON,
            list[str]: SMALL_JSON,
        },
    )


def new_id() -> uuid.UUID:
    """A UUIDv7: unique without asking anyone, and sorted by the time it was made."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


class HasId:
    """A table whose rows a tablet may create or an address may show."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def enum_type(choices: type[enum.StrEnum], *, length: int = 32) -> sa.Enum:
    """A column type that stores the value of an enum as text with a CHECK."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in choices.__name__).lstrip("_")
    return sa.Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=name,
        values_callable=lambda members: [m.value for m in members],
    )


class unindexed(GenericFunction[Any]):  # noqa: N801
    """A column by which rows are judged but never looked up.

    SQLite takes any index whose column is compared for a good one; where a brigade holds nearly every row, it then reads
    and sorts all of them instead of walking along the order that the page wants. PostgreSQL counts, and needs no hint.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed)
def _as_it_is(element: Any, compiler: Any, **kw: Any) -> str:
    (column,) = element.clauses
    return str(compiler.process(column, **kw))


@compiles(unindexed, "sqlite")
def _unindexed_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (column,) = element.clauses
    return f"+{compiler.process(column, **kw)}"


class Rare(FunctionElement[bool]):
    """A condition that few rows fulfil: SQLite looks them up by its index instead of taking a quarter of the table for granted.

    PostgreSQL counts, and needs no hint.
    """

    name = "rare"
    inherit_cache = True


@compiles(Rare)
def _rare_as_it_is(element: Any, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)})"


@compiles(Rare, "sqlite")
def _rare_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **kw)}, 0.001)"


class Holds(FunctionElement[bool]):
    """A text holds a pattern, capitals or not: as `icontains`, but SQLite is not made to write every row in small letters."""

    name = "holds"
    inherit_cache = True


@compiles(Holds)
def _holds(element: Any, compiler: Any, **kw: Any) -> str:
    text, pattern = (compiler.process(part, **kw) for part in element.clauses)
    return f"({text} ILIKE {pattern} ESCAPE '/')"


@compiles(Holds, "sqlite")
def _holds_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    text, pattern = (compiler.process(part, **kw) for part in element.clauses)
    return f"({text} LIKE {pattern} ESCAPE '/')"


def holds(column: Any, word: str) -> Holds:
    """A condition: the column holds the word anywhere, whatever its capitals."""
    for sign in "/%_":
        word = word.replace(sign, f"/{sign}")
    return Holds(column, sa.literal(f"%{word}%", sa.String()))


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def only_reading() -> Iterator[None]:
    """What runs inside only reads: on SQLite its transaction takes no write lock (for what is no GET request)."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


_leaving_a_trace: ContextVar[bool] = ContextVar("leaving_a_trace", default=False)


@contextmanager
def leaving_a_trace() -> Iterator[None]:
    """What runs inside writes although the request only reads (that somebody has read something): in a transaction of its own.

    End the request's transaction before, and commit inside.
    """
    token = _leaving_a_trace.set(True)
    try:
        yield
    finally:
        _leaving_a_trace.reset(token)


def _reads_only() -> bool:
    if _leaving_a_trace.get():
        return False
    return _reading.get() or (has_request_context() and request.method in ("GET", "HEAD", "OPTIONS"))


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "temp_store=MEMORY",
        # The first two megabytes that SQLite keeps by itself hold no list of a city; pages beyond are read without a copy.
        "cache_size=-32768",
        "mmap_size=1073741824",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads and then writes must not begin on a stale snapshot, so whatever may
    # write begins immediate; requests that only read begin deferred and never wait.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reads_only() else "BEGIN IMMEDIATE")


def insert_ignore(table: Any) -> Any:
    """An INSERT that silently leaves a row that is already there: both databases speak the same ON CONFLICT."""
    return insert(table).on_conflict_do_nothing()
