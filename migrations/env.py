"""How Alembic reaches the application's database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

extension = current_app.extensions["migrate"]


def _render(kind: str, thing: Any, _context: Any) -> str | bool:
    return "app.core.db.SMALL_JSON" if kind == "type" and isinstance(thing, sa.JSON) else False


def _skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run(connection: Connection) -> None:
    arguments = {**extension.configure_args, "process_revision_directives": _skip_empty, "render_item": _render}
    context.configure(connection=connection, target_metadata=extension.db.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=str(extension.db.engine.url), target_metadata=extension.db.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = extension.db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode rebuilds tables; references must not be followed while it does.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        _run(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
