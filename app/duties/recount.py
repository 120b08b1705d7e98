"""Counting schools' years anew and keeping what was counted, so that a district's grid need not count."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.duties.changes import forget_marked
from app.duties.models import DutyChange, DutyTally
from app.duties.queries import standing, tallies
from app.duties.rules.tallies import Months, added, figures
from app.organisations.models import Brigade
from app.schools.models import School

#: The worker looks so often whether something is to be counted.
EVERY_S = 120.0
#: So many schools are counted in one transaction.
BATCH = 100

Counted = dict[tuple[str, bool], Months]


def count(ids: Sequence[uuid.UUID], year: int) -> dict[uuid.UUID, Counted]:
    """Count these schools' year from the facts and keep it: school → (duty, whether it only informs) → months."""
    # One counts at a time: else the slower of two could put what it read first over what the other read later.
    db.session.execute(sa.select(Brigade.id).order_by(Brigade.id).with_for_update(key_share=True))
    _clear(ids, year)
    today = clock.today()
    found = db.session.scalars(sa.select(School).where(School.id.in_(ids)).execution_options(populate_existing=True))
    ground = standing.ground_of(found.all(), year)
    keys = tallies.keys_of(
        {s.id: (ground.calendars[s.id], ground.adopted[s.brigade_id]) for s in ground.schools}, year, today=today
    )
    counted = {one.school.id: _figures(one) for one in standing.reckon(ground, year, today=today)}
    rows = [
        {"school_id": school, "year": year, "duty": duty, "informs": informs, "key": keys[school], "months": months}
        for school, of in counted.items() for (duty, informs), months in of.items()
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(DutyTally), rows)
    return counted


def _clear(ids: Sequence[uuid.UUID], year: int) -> None:
    """Take away the marks of these schools with all that they put in doubt. A mark without a school doubts everything."""
    marks = db.session.execute(
        sa.select(DutyChange.id, DutyChange.school_id).where(
            sa.or_(DutyChange.school_id.in_(ids), DutyChange.school_id.is_(None))
        )
    ).all()
    doubted = [mark.school_id for mark in marks]
    if None in doubted:
        db.session.execute(sa.delete(DutyTally))
    else:
        of_year = sa.and_(DutyTally.school_id.in_(ids), DutyTally.year == year)
        db.session.execute(sa.delete(DutyTally).where(sa.or_(of_year, DutyTally.school_id.in_(doubted))))
    if marks:
        db.session.execute(sa.delete(DutyChange).where(DutyChange.id.in_([mark.id for mark in marks])))
    forget_marked(db.session)


def _figures(year: standing.SchoolYear) -> Counted:
    found: Counted = {
        (kept.duty.code, kept.informs): figures(kept.stood) for kept in year.kept if kept.stood
    }  # fmt: skip
    found[tallies.ALL, False] = added(months for (_duty, informs), months in found.items() if not informs)
    return found


def batches(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """So many at a time as are counted in one transaction."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def go_round() -> None:
    """What the worker does: count this year of the schools of which it no longer holds. Commits."""
    year = clock.today().year
    stale = tallies.stale_of_all(year)
    for part in batches(stale):
        count(part, year)
        db.session.commit()
