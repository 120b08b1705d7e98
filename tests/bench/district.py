"""The demo district the figures are taken on, and its people's browsers."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import queries as accounts
from app.accounts.models import Person, SignIn
from app.accounts.service import token_hash
from app.accounts.viewer import Viewer
from app.config import load
from app.core import clock
from app.core.extensions import db
from app.equipment.models import Equipment
from app.inspections.models import Inspection
from app.rectification.models.findings import Finding
from app.schools.models import School

SECRET = "only for measuring"
COUNTED = {"schools": School, "pieces": Equipment, "inspections": Inspection, "findings": Finding}


def application(folder: Path) -> Flask:
    """The product on a data folder of its own, with SQLite."""
    app = create_app(load({"XF_DATA": str(folder), "XF_DEMO_PASSWORD": "only measured", "SECRET_KEY": SECRET}))
    app.test_client_class = FlaskClient
    return app


def make(app: Flask, *, schools: int, years: int, seed: int) -> float:
    """Make the district as `flask demo seed` does; returns the seconds that the seeding took."""
    seeding = ["demo", "seed", "--schools", str(schools), "--years", str(years), "--seed", str(seed)]
    seconds = 0.0
    for words in (["db", "upgrade"], ["packs", "load"], seeding):
        start = time.perf_counter()
        result = app.test_cli_runner().invoke(args=words)
        if result.exit_code:
            raise SystemExit(f"flask {' '.join(words)} failed:\n{result.output}") from result.exception
        seconds = time.perf_counter() - start
    return seconds


def sizes() -> dict[str, int]:
    """How much there is."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in COUNTED.items()
    }


def person(username: str) -> Person:
    """Who signs in by this name."""
    return db.session.scalars(sa.select(Person).where(Person.username == username)).one()


def viewer(username: str) -> Viewer:
    """What this person may see and do."""
    return accounts.viewer_for(person(username))


def browser(app: Flask, username: str) -> FlaskClient:
    """A client in which this person is signed in; the empty name is a visitor."""
    client = app.test_client()
    if not username:
        return client
    token = secrets.token_urlsafe(24)
    with app.app_context():
        expires = clock.now() + timedelta(days=1)
        db.session.add(SignIn(token_hash=token_hash(token), person_id=person(username).id, expires_at=expires))
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client
