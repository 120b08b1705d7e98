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
    soon = standing.is_near(today)
    awaits, applied = standing.awaits_recheck(today), standing.open_application()
    late_unseen = sa.and_(awaits, Finding.deadline < today, applied.is_(None))
    return db.session.execute(
        sa.select(
            sa.func.count(sa.case((Finding.deadline < today, 1))),
            sa.func.min(sa.case((Finding.deadline < today, Finding.deadline))),
            sa.func.count(sa.case((soon, 1))),
            sa.func.count(sa.distinct(sa.case((soon, Finding.school_id)))),
            sa.func.count(sa.case((awaits, 1))),
            sa.func.min(sa.case((late_unseen, Finding.deadline))),
            sa.func.min(applied),
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
    first = date(months[0][0], months[0][1], 1)
    kept = sa.or_(Finding.closed_how.is_(None), Finding.closed_how != ClosedHow.WITHDRAWN)

    def grouped(column: Any, what: str) -> Any:
        year, month = sa.extract("year", column), sa.extract("month", column)
        return (
            sa.select(sa.literal(what).label("what"), year.label("y"), month.label("m"), sa.func.count().label("n"))
            .where(findings.visible(viewer), kept, column >= first)
            .group_by(year, month)
        )

    rows: Any = db.session.execute(
        sa.union_all(grouped(Finding.found_on, "found"), grouped(Finding.closed_on, "closed"))
    )
    counted = {(what, int(year), int(month)): n for what, year, month, n in rows}
    return [(m, counted.get(("found", y, m), 0), counted.get(("closed", y, m), 0)) for y, m in months]
