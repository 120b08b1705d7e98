"""When a school was last visited, as the feature above that keeps the records of visits counts it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from app.schools.queries import family_ids

LastVisit = Callable[[sa.Select[uuid.UUID]], date | None]

_counting: list[LastVisit] = []


def register_last_visit(count: LastVisit) -> None:
    """Bring the count: given a sub-query of schools, the day on which any of them was visited last."""
    _counting[:] = [count]


def last_visit(school_id: uuid.UUID) -> date | None:
    """The day of the last visit to a school or to one merged into it; None where there was none."""
    return _counting[0](family_ids(school_id)) if _counting else None
