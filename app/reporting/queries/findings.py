"""Figures about findings: late, due soon, awaiting the re-check, struck off; by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.rectification import standing
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.queries import findings
from app.rectification.rules.findings import RECHECK_WORKDAYS
from app.regulations.queries import workdays_of
from app.regulations.rules.calendars import add_workdays
from app.reporting import rules
from app.reporting.queries.months import counts


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What stands open today. Dates are None where there is nothing."""

    overdue: int
    oldest_days: int
    due_soon: int
    due_soon_schools: int
    awaiting: int
    recheck_by: date | None
    struck_off: int
    on_time_percent: int | None


def _open_counts(viewer: Viewer, today: date) -> Any:
    late, soon, unseen = Finding.deadline < today, standing.is_near(today), standing.is_unseen_since(today)
    awaits = sa.or_(Finding.applied_at.is_not(None), unseen)
    return db.session.execute(
        sa.select(
            sa.func.count(sa.case((late, 1))),
            sa.func.min(sa.case((late, Finding.deadline))),
            sa.func.count(sa.case((soon, 1))),
            sa.func.count(sa.distinct(sa.case((soon, Finding.school_id)))),
            sa.func.count(sa.case((awaits, 1))),
            sa.func.min(sa.case((sa.and_(unseen, Finding.applied_at.is_(None)), Finding.deadline))),
            sa.func.min(Finding.applied_at),
        ).where(findings.visible(viewer), Finding.closed_on.is_(None))
    ).one()


def _closures(viewer: Viewer, since: date) -> list[rules.Closure]:
    rows = db.session.execute(
        sa.select(Finding.deadline, Finding.closed_on, sa.func.count())
        .where(findings.visible(viewer), Finding.closed_how == ClosedHow.RECHECK, Finding.closed_on >= since)
        .group_by(Finding.deadline, Finding.closed_on)
    )
    return [rules.Closure(deadline=due, closed_on=closed, count=n) for due, closed, n in rows if closed]


def figures(viewer: Viewer) -> Figures:
    """The figures of the day, in two queries and the calendar of the viewer's own area."""
    today = clock.today()
    overdue, oldest, soon, schools, awaiting, late_since, applied_at = _open_counts(viewer, today)
    closures = _closures(viewer, today.replace(day=1))
    calendar = workdays_of(viewer.own_brigade_area or min(viewer.area_codes, default=None))
    starts = [day for day in (late_since, clock.day_of(applied_at) if applied_at else None) if day]
    return Figures(
        overdue=overdue,
        oldest_days=(today - oldest).days if oldest else 0,
        due_soon=soon,
        due_soon_schools=schools,
        awaiting=awaiting,
        recheck_by=add_workdays(min(starts), RECHECK_WORKDAYS, calendar).day if starts else None,
        struck_off=sum(c.count for c in closures),
        on_time_percent=rules.on_time_percent(closures, calendar),
    )


def by_month(viewer: Viewer) -> list[tuple[int, int, int]]:
    """(month, found, closed) of the last six months, in one query. Withdrawn findings count in neither."""
    months = rules.last_months(clock.today())
    seen = findings.visible(viewer)
    kept = sa.or_(Finding.closed_how.is_(None), Finding.closed_how != ClosedHow.WITHDRAWN)
    number = (sa.func.count().label("n"),)
    rows = db.session.execute(
        sa.union_all(
            counts(Finding.found_on, (*number, sa.literal("found").label("what")), months, seen, kept),
            counts(Finding.closed_on, (*number, sa.literal("closed").label("what")), months, seen, kept),
        )
    )
    told = {(what, months[place]): n for place, n, what in rows}
    return [(one[1], told.get(("found", one), 0), told.get(("closed", one), 0)) for one in months]
