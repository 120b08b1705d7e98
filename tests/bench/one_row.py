"""The yardstick of what comes in: fifteen lines of Flask that commit one row to SQLite for each POST, as durably as the product."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

from flask import Flask, request


def make(path: str | os.PathLike[str]) -> Flask:
    """The application on a database of its own."""
    app, kept = Flask("one_row"), threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(path, isolation_level=None, timeout=15)
            for line in (
                "PRAGMA journal_mode=WAL",
                "PRAGMA synchronous=FULL",
                "CREATE TABLE IF NOT EXISTS record (said TEXT)",
            ):
                kept.connection.execute(line)
        return kept.connection  # type: ignore[no-any-return]

    @app.post("/")
    def keep() -> dict[str, Any]:
        return {
            "row": connection().execute("INSERT INTO record VALUES (?)", (request.get_data(as_text=True),)).lastrowid
        }

    return app
