"""What the machine gives at best in this minute: one bare question to the database, and a page with nothing on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template_string

from app.core.db import only_reading
from app.core.extensions import db
from app.core.web import public
from app.equipment.models import Equipment
from tests.bench.district import browser
from tests.bench.timing import timed

EMPTY = "/bench-empty"
_PAGE = '{% extends "layouts/page.html" %}{% block title %}{% endblock %}{% block h1 %}{% endblock %}'


def register(app: Flask) -> None:
    """Add the empty page; before the first request."""
    app.add_url_rule(EMPTY, "bench_empty", public(lambda: render_template_string(_PAGE)))


def _fifty(app: Flask) -> Callable[[], object]:
    with app.app_context():
        engine = db.engine
    table = Equipment.__table__
    question = sa.select(table).order_by(table.c.id).limit(50)

    def ask() -> object:
        with only_reading(), engine.connect() as connection:
            return connection.execute(question).all()

    return ask


def measure(app: Flask, *, rounds: int) -> dict[str, Any]:
    """Fifty rows by primary key through the product's engine; the empty page for a visitor and for a signed-in inspector."""
    visitor, inspector = browser(app, ""), browser(app, "inspector")
    acts: dict[str, Callable[[], object]] = {
        "bare_sql_50_rows": _fifty(app),
        "empty_page": lambda: visitor.get(EMPTY),
        "empty_page_signed_in": lambda: inspector.get(EMPTY),
    }
    return {name: timed(act, rounds=rounds).figures() for name, act in acts.items()}


def bare_insert(rows: int) -> float:
    """Rows a second into a table of two columns, in one statement and transaction; the table is gone afterwards."""
    scratch = sa.Table(
        "bench_scratch", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(200))
    )
    with db.engine.begin() as connection:
        scratch.create(connection)
    start = time.perf_counter()
    with db.engine.begin() as connection:
        connection.execute(sa.insert(scratch), [{"id": n, "name": f"示范区第{n}小学"} for n in range(rows)])
    seconds = time.perf_counter() - start
    with db.engine.begin() as connection:
        scratch.drop(connection)
    return rows / seconds
