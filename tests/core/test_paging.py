"""Pages by key: every row once, forwards and backwards, whatever the size."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.extensions import db
from app.core.paging import page
from app.organisations.models import Area

KEYS = [(Area.name, True), (Area.code, False)]


def _walk(size: int, shown: Any = None) -> list[list[str]]:
    pages, key = [], None
    chosen = sa.select(Area if shown is None else Area.code).where(Area.code.startswith("99"))
    while True:
        found = page(chosen, keys=KEYS, key=key, size=size, shown=shown)
        pages.append([area.code for area in found.rows])
        if found.next_key is None:
            return pages
        key = found.next_key


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=12), size=st.integers(1, 5))
def test_every_row_is_on_exactly_one_page(app: Flask, names: list[str], size: int) -> None:
    db.session.add_all([Area(code=f"99{i:02}", name=name) for i, name in enumerate(names)])
    db.session.flush()
    walked = [code for rows in _walk(size) for code in rows]
    read_late = [code for rows in _walk(size, sa.select(Area)) for code in rows]
    expected = [
        a.code
        for a in db.session.scalars(
            sa.select(Area).where(Area.code.startswith("99")).order_by(Area.name.desc(), Area.code)
        )
    ]
    db.session.rollback()
    assert walked == read_late == expected


@pytest.mark.parametrize("shown", [None, sa.select(Area)], ids=["at once", "read late"])
def test_going_back_shows_the_page_one_came_from(app: Flask, shown: Any) -> None:
    db.session.add_all([Area(code=f"99{i:02}", name="甲") for i in range(7)])
    db.session.flush()
    query = sa.select(Area).where(Area.code.startswith("99"))
    first = page(query, keys=KEYS, size=3, shown=shown)
    second = page(query, keys=KEYS, size=3, key=first.next_key, shown=shown)
    back = page(query, keys=KEYS, size=3, key=second.previous_key, shown=shown)
    codes = [[a.code for a in found.rows] for found in (first, back)]
    db.session.rollback()
    assert codes[0] == codes[1]
    assert (first.previous_key, back.previous_key) == (None, None)
    assert back.next_key is not None


def test_a_key_that_cannot_be_read_begins_at_the_first_page(app: Flask) -> None:
    assert page(sa.select(Area), keys=KEYS, size=3, key="%%%nonsense").previous_key is None
