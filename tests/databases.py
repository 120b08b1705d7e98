"""The two databases that every test runs on, and how a test leaves them empty."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from app.core.extensions import db
from app.organisations.service import load_areas
from app.regulations.service import load_packs

#: Tables that tests read and never write: loaded once per database.
KEPT = {"area", "pack_version", "duty_rule", "calendar", "calendar_day", "calendar_year", "alembic_version"}


#: Ports below those that the system gives to connections; each test process has a range to itself.
PORTS, PORTS_EACH = 12_000, 2_000


def free_port() -> int:
    """A port of this machine that nobody listens on, and that nobody is given before it is used."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    start = PORTS + PORTS_EACH * (int(name.removeprefix("gw")) % 9)
    for port in random.SystemRandom().sample(range(start, start + PORTS_EACH), 50):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port is free from {start} on")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if found:
        return found[-1].parent
    there = shutil.which("pg_ctl")
    if there is None:
        raise RuntimeError("PostgreSQL is not installed: `make test` installs it")
    return Path(there).resolve().parent


def _as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as its own user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own for as long as the tests run; gives the address of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="xf-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    binaries, port, data = _binaries(), free_port(), folder / "data"

    def run(*command: str) -> None:
        subprocess.run(_as_server_user(list(command)), check=True, capture_output=True, cwd="/", timeout=60)

    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c jit=off -c max_connections=60"
    run(str(binaries / "initdb"), "-D", str(data), "-U", "xf", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://xf@127.0.0.1:{port}/postgres"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Made:
    """Applications by the name of their database, each made when it is first asked for, with tables and what is loaded once."""

    def __init__(self, make: Callable[[str], Flask]) -> None:
        self._make, self._made = make, dict[str, Flask]()

    def on(self, name: str) -> Flask:
        """The application on the database of this name."""
        if name not in self._made:
            self._made[name] = app = self._make(name)
            with app.app_context():
                sa.event.listen(db.engine, "connect", _never_waits_for_the_disk)
                db.create_all()
                load_areas()
                load_packs()
                db.session.commit()
                app.extensions["kept rows"] = _read_kept()
                db.session.remove()
        return self._made[name]

    def close(self) -> None:
        """Close the connections of all."""
        for app in self._made.values():
            with app.app_context():
                db.engine.dispose()


def _never_waits_for_the_disk(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def _kept_tables() -> list[sa.Table]:
    return [t for t in db.metadata.sorted_tables if t.name in KEPT]


def _read_kept() -> dict[str, list[dict[str, Any]]]:
    return {t.name: [dict(row) for row in db.session.execute(sa.select(t)).mappings()] for t in _kept_tables()}


@cache
def _counting() -> str:
    """One statement: of tables that tests write whether they have a row, of the others how many."""
    columns = [
        f'(SELECT count(*) FROM "{t.name}")' if t.name in KEPT else f'EXISTS (SELECT 1 FROM "{t.name}")'
        for t in db.metadata.sorted_tables
    ]
    return f"SELECT {', '.join(columns)}"


def _clear(connection: sa.Connection) -> None:
    kept: dict[str, list[dict[str, Any]]] = current_app.extensions["kept rows"]
    found = connection.exec_driver_sql(_counting()).one()
    for table, there in zip(db.metadata.sorted_tables, found, strict=True):
        rows = kept.get(table.name, [])
        if int(there) == len(rows):
            continue
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
        if rows:
            connection.execute(sa.insert(table), rows)
    connection.commit()


def empty() -> None:
    """Remove the rows that a test left, in one round trip to find them and one per table that has some.

    What is loaded once comes back when a test has added to it or taken from it.
    """
    db.session.rollback()
    db.session.remove()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
            _clear(connection)
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            connection.commit()
        else:
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            _clear(connection)
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
