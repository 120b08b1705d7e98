"""What the tests of regulations share: the shipped checklist, and calendars as shipped after each test that edits them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.extensions import db
from app.regulations import queries
from app.regulations.loading import load_calendars
from app.regulations.models import Calendar, CalendarDay, CalendarYear
from app.regulations.pack_files import PACKS
from app.regulations.rules.checklist import Checklist
from tests import packs

SHIPPED = PACKS / "cn" / "cn-school" / "v1"


@pytest.fixture(scope="session")
def checklist() -> Checklist:
    """The shipped checklist, straight from its files."""
    return packs.cn_school()


@pytest.fixture
def calendars(app: Flask) -> Iterator[None]:
    """Calendars a test may edit; the shipped ones stand again afterwards."""
    yield
    db.session.rollback()
    for table in (CalendarDay, CalendarYear, Calendar):
        db.session.execute(sa.delete(table))
    db.session.expire_all()
    load_calendars()
    db.session.commit()
    queries.forget_calendars()
