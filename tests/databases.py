"""The two databases that every test runs on, and how a test leaves them empty."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.core.extensions import db

#: Tables that tests read and never write: loaded once per database.
KEPT = {"area", "pack_version", "duty_rule", "calendar", "calendar_day", "calendar_year", "alembic_version"}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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

    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off -c max_connections=60"
    run(str(binaries / "initdb"), "-D", str(data), "-U", "xf", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://xf@127.0.0.1:{port}/postgres"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def empty() -> None:
    """Remove the rows that a test left, in one round trip to find them and one per table that has some."""
    db.session.rollback()
    db.session.remove()
    tables = [t for t in db.metadata.sorted_tables if t.name not in KEPT]
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = replica"))
        else:
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        filled = connection.execute(
            sa.select(*[sa.exists(sa.select(sa.literal(1)).select_from(t)).label(t.name) for t in tables])
        ).one()
        for table in tables:
            if filled._mapping[table.name]:
                connection.execute(sa.delete(table))
        connection.commit()
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = DEFAULT"))
            connection.commit()
        else:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
