"""The migrations make exactly the tables that the models describe, and take them away again."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import create_app
from app.config import load
from app.core.extensions import db


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    url = ""
    if request.param == "postgresql":
        server = sa.create_engine(request.getfixturevalue("postgresql"), isolation_level="AUTOCOMMIT")
        name = f"m{uuid.uuid4().hex}"
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        server.dispose()
        url = request.getfixturevalue("postgresql").rsplit("/", 1)[0] + f"/{name}"
    app = create_app(load({"XF_DATA": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": "only for the tests"}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _schema() -> dict[str, Any]:
    inspector = sa.inspect(db.engine)
    tables: dict[str, Any] = {}
    for table in sorted(inspector.get_table_names()):
        if table == "alembic_version":
            continue
        tables[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "indexes": {i["name"]: (i["column_names"], bool(i["unique"])) for i in inspector.get_indexes(table)},
            "unique": {u["name"]: u["column_names"] for u in inspector.get_unique_constraints(table)},
            "foreign": {
                f["name"]: (f["constrained_columns"], f["referred_table"]) for f in inspector.get_foreign_keys(table)
            },
            "checks": {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table)},
        }
    return tables


def test_the_migrated_tables_equal_the_models(bare: Flask) -> None:
    upgrade()
    migrated = _schema()
    downgrade(revision="base")
    db.create_all()
    assert migrated == _schema()


def test_going_down_leaves_no_table(bare: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert _schema() == {}


def test_every_constraint_has_a_name() -> None:
    nameless = [
        f"{table.name}: {constraint!r}"
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


#: Rows of the first release; what they belong to does not matter here, so their keys are not looked up.
FIRST_RELEASE = (
    "INSERT INTO evidence (id, finding_id, sent_by_id, sent_at, note, asks_recheck)"
    " VALUES ('{id}', '{id}', '{id}', '2026-11-20 08:00:00', '已换锁', {no})",
    "INSERT INTO person (id, username, name, name_bo, phone, email, credential_number, password_hash, active, made_at)"
    " VALUES ('{id}', 'ines', '次仁', '', '', '', '', '', {yes}, '2026-11-20 08:00:00')",
)


def _keep_rows_of_the_first_release() -> None:
    one = uuid.uuid4()
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(db.engine.url.database))) as plain:
            for statement in FIRST_RELEASE:
                plain.execute(statement.format(id=one.hex, no=0, yes=1))
            plain.commit()
        return
    with db.engine.begin() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        for statement in FIRST_RELEASE:
            connection.execute(sa.text(statement.format(id=one, no="false", yes="true")))
        connection.execute(sa.text("SET session_replication_role = DEFAULT"))


def test_what_was_written_before_still_opens(bare: Flask) -> None:
    """Rows of the first release have a value in every column that came later."""
    upgrade(revision="0001")
    _keep_rows_of_the_first_release()
    upgrade()
    kept = db.session.execute(sa.text("SELECT note, sent_by_name, done_by, answer_reason FROM evidence")).one()
    assert tuple(kept) == ("已换锁", "", "", "")
    assert db.session.execute(sa.text("SELECT sort_name FROM person")).scalar_one() == "ci ren|次仁"
    db.session.rollback()
    downgrade(revision="0001")
    assert db.session.execute(sa.text("SELECT note FROM evidence")).scalar_one() == "已换锁"
