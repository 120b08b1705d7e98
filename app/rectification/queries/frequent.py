"""Which faults are found most often: counted by item over a stretch of time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.queries import findings
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class Frequent:
    """How often an item failed: findings, schools that had them, findings still open, the last day."""

    item_code: str
    category: str
    times: int
    schools: int
    open: int
    last_on: date


def _counted(*conditions: Any) -> Any:
    """Withdrawn findings were none. Everything read stands in the index of findings by day."""
    schools = sa.func.count(sa.distinct(Finding.school_id)).label("schools")
    kept = sa.or_(Finding.closed_how.is_(None), Finding.closed_how != ClosedHow.WITHDRAWN)
    return (
        sa.select(
            Finding.item_code,
            sa.func.max(Finding.category),
            sa.func.count().label("times"),
            schools,
            sa.func.count(sa.case((Finding.closed_how.is_(None), 1))),
            sa.func.max(Finding.found_on),
        )
        .where(kept, *conditions)
        .group_by(Finding.item_code)
    )


def _read(query: Any, most: int) -> list[Frequent]:
    return [
        Frequent(item_code=row[0], category=row[1], times=row[2], schools=row[3], open=row[4], last_on=row[5])
        for row in db.session.execute(query.limit(most))
    ]


def at_school(viewer: Viewer, school_id: uuid.UUID, *, since: date, most: int = 10) -> list[Frequent]:
    """What was found most often at one school, the most often first."""
    query = _counted(Finding.school_id == school_id, Finding.found_on >= since, findings.visible(viewer))
    return _read(query.order_by(sa.desc("times"), Finding.item_code), most)


def everywhere(viewer: Viewer, *, since: date, most: int = 10) -> list[Frequent]:
    """What was found at most of the schools that the viewer sees: one school with forty pieces does not lead the list."""
    query = _counted(Finding.found_on >= since, findings.visible(viewer))
    return _read(query.order_by(sa.desc("schools"), sa.desc("times"), Finding.item_code), most)


#: Fewer schools than this could be guessed by name.
ENOUGH_SCHOOLS = 3


def around(school: School, *, since: date, most: int = 10) -> list[Frequent]:
    """What was found at most schools of a school's brigade, for its own staff: no item that only a few schools had."""
    query = _counted(Finding.found_on >= since, Finding.school_id.in_(_of_same_brigade(school)))
    enough = sa.func.count(sa.distinct(Finding.school_id)) >= ENOUGH_SCHOOLS
    return _read(query.having(enough).order_by(sa.desc("schools"), sa.desc("times"), Finding.item_code), most)


def _of_same_brigade(school: School) -> sa.Select[uuid.UUID]:
    return sa.select(School.id).where(School.brigade_id == school.brigade_id)
