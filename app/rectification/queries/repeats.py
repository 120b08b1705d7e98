"""Faults that come back: the same item at the same place of a school within twelve months."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.standing import days_between

#: Twelve months, in days.
WITHIN = 365
_before = sa.orm.aliased(Finding)


def _same_place() -> sa.ColumnElement[bool]:
    """The same piece or room; where the item has none, the same words for the place."""
    return sa.and_(
        _before.target_id == Finding.target_id,
        sa.or_(Finding.target_id != "", _before.place_label == Finding.place_label),
    )


def _is_repeated() -> sa.ColumnElement[bool]:
    return sa.and_(
        _before.school_id == Finding.school_id,
        _before.item_code == Finding.item_code,
        _before.inspection_id != Finding.inspection_id,
        _before.found_on < Finding.found_on,
        days_between(_before.found_on, Finding.found_on) <= WITHIN,
        sa.or_(_before.closed_how.is_(None), _before.closed_how != ClosedHow.WITHDRAWN),
        _same_place(),
    )


def last_time() -> sa.ScalarSelect[date]:
    """When the same was found before at the same place, if within twelve months; a column beside Finding."""
    return sa.select(sa.func.max(_before.found_on)).where(_is_repeated()).correlate(Finding).scalar_subquery()


def earlier(finding: Finding, *, most: int = 10) -> Sequence[Finding]:
    """The same fault at the same place before, the last time first."""
    query = (
        sa.select(_before)
        .join(Finding, _is_repeated())
        .where(Finding.id == finding.id)
        .order_by(_before.found_on.desc(), _before.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def places_of(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """Where faults are, by item and place; what is known to be about a piece counts there too."""
    return frozenset(
        (finding.item_code, place)
        for finding in findings
        for place in (finding.target_id, str(finding.equipment_id or finding.target_id))
    )


def known_faults(school_id: uuid.UUID, *, without: uuid.UUID) -> dict[tuple[str, str], date]:
    """What was found at a school in the last twelve months, by item and target: the day it was found last.

    `without`: the inspection that is being made.
    """
    rows = db.session.execute(
        sa.select(Finding.item_code, Finding.target_id, sa.func.max(Finding.found_on))
        .where(
            Finding.school_id == school_id,
            Finding.inspection_id != without,
            Finding.found_on >= clock.today() - timedelta(days=WITHIN),
            sa.or_(Finding.closed_how.is_(None), Finding.closed_how != ClosedHow.WITHDRAWN),
        )
        .group_by(Finding.item_code, Finding.target_id)
    )
    return {(item, target): day for item, target, day in rows}
