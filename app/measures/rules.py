"""How a measure stands, and which days a year or a quarter has. Pure."""

from __future__ import annotations

import enum
from datetime import date, timedelta


class MeasureKind(enum.StrEnum):
    """What a measure consists of; all but the last are counted from what was done."""

    VISITS = "visits"
    INSPECTIONS = "inspections"
    DRILLS = "drills"
    TRAININGS = "trainings"
    OTHER = "other"


class MeasureState(enum.StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"


def state_of(due_on: date, *, done_on: date | None, is_cancelled: bool, today: date) -> MeasureState:
    """How it stands on a day."""
    if is_cancelled:
        return MeasureState.CANCELLED
    if done_on is not None:
        return MeasureState.DONE_LATE if done_on > due_on else MeasureState.DONE
    return MeasureState.LATE if due_on < today else MeasureState.PLANNED


def days_of(year: int, quarter: int | None) -> tuple[date, date]:
    """The first day of a year or quarter, and the last."""
    if quarter is None:
        return date(year, 1, 1), date(year, 12, 31)
    first = date(year, quarter * 3 - 2, 1)
    after = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return first, after - timedelta(days=1)
