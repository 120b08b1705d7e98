"""What a start refuses beside what `prepare` does: a moved day on a database that is no demo."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.config import Settings, SettingsError
from app.core.extensions import db


def check(app: Flask) -> None:
    """Look at what the database is before anything is served on a moved day. An empty or unmigrated database passes."""
    settings: Settings = app.config["SETTINGS"]
    if settings.today is None:
        return
    with app.app_context():
        demo, used = _what_it_is()
        db.engine.dispose()
    if used and not demo:
        raise SettingsError("XF_TODAY moves the day of a demo database only; this one holds real data.")


def _what_it_is() -> tuple[bool, bool]:
    try:
        with db.engine.connect() as connection:
            demo = bool(connection.scalar(sa.text("SELECT is_demo FROM installation")))
            return demo, connection.scalar(sa.text("SELECT 1 FROM brigade LIMIT 1")) is not None
    except sa.exc.SQLAlchemyError:
        return False, False
