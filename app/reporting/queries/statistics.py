"""The figures of a month and of the twelve months before it. DOMAIN §6.4. A few grouped queries, whatever there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.db import unindexed
from app.core.extensions import db
from app.drills.models import Drill
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.models.orders import Order
from app.rectification.queries import findings
from app.rectification.standing import days_between
from app.regulations.queries import workdays_of
from app.reporting import rules
from app.reporting.queries.months import Month, after, counted, counts
from app.schools import queries as schools
from app.schools.models import School, SchoolStatus
from app.trainings.models import Training

#: From how many days on each step of the picture of days to close begins.
STEPS = (0, 8, 16, 31, 61)


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """What happened in one month."""

    visits: int
    schools_checked: int
    found: int
    spot: int
    orders: int
    closed: int
    on_time: int | None
    drills: int
    trainings: int


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """A month beside the one before and the same month a year ago, and pictures of the twelve months that end with it."""

    month: Month
    schools: int
    overdue: int
    now: MonthFigures
    before: MonthFigures
    year_ago: MonthFigures
    by_month: Sequence[tuple[Month, int, int]]
    on_time: Sequence[tuple[Month, int | None]]
    by_group: Sequence[tuple[str, int]]
    days: Sequence[tuple[int, int]]


def _closures(viewer: Viewer, since: date, until: date) -> dict[Month, list[tuple[ClosedHow, rules.Closure]]]:
    # Of what was struck off before its deadline nobody asks which deadline that was: thousands of rows fewer.
    due_then = sa.case((Finding.deadline > Finding.closed_on, Finding.closed_on), else_=Finding.deadline)
    rows: Any = db.session.execute(
        sa.select(due_then, Finding.closed_on, Finding.closed_how, sa.func.count())
        .where(
            findings.visible(viewer),
            Finding.closed_how != ClosedHow.WITHDRAWN,
            Finding.closed_on >= since,
            Finding.closed_on < until,
        )
        .group_by(due_then, Finding.closed_on, Finding.closed_how)
    )
    found: dict[Month, list[tuple[ClosedHow, rules.Closure]]] = {}
    for due, closed, how, count in rows:
        one = rules.Closure(deadline=due, closed_on=closed, count=count)
        found.setdefault((closed.year, closed.month), []).append((how, one))
    return found


def statistics(viewer: Viewer, month: Month) -> Statistics:
    """Everything for the page and the paper of a month."""
    year, number = month
    until = after(month)
    year_ago: Month = (year - 1, number)
    months = rules.last_months(date(year, number, 1), count=12)
    since = date(year - 1, number, 1)
    count = sa.func.count()
    before = rules.last_months(date(year, number, 1), count=2)[0]
    # What has no picture is asked of the three months that stand beside one another.
    three = [year_ago, before, month]
    found, by_group = _found(viewer, [year_ago, *months])
    first_visits = sa.case((Inspection.kind == InspectionKind.INSPECTION, Inspection.school_id))
    visits = counted(
        Inspection.started_at,
        (count, sa.func.count(sa.distinct(first_visits))),
        three,
        schools.at_visible(viewer, Inspection.school_id),
        unindexed(Inspection.state) == InspectionState.SIGNED,
    )
    orders = counted(Order.issued_on, (count,), three, schools.at_visible(viewer, Order.school_id))
    drills, trainings = (
        counted(log.held_at, (count,), three, schools.at_visible(viewer, log.school_id), log.withdrawn_at.is_(None))
        for log in (Drill, Training)
    )
    closures = _closures(viewer, since, until)
    calendar = workdays_of(viewer.own_brigade_area or min(viewer.area_codes, default=None))

    @cache
    def on_time(one: Month) -> int | None:
        struck = [closure for how, closure in closures.get(one, ()) if how is ClosedHow.RECHECK]
        return rules.on_time_percent(struck, calendar)

    def closed(one: Month) -> int:
        return sum(closure.count for _how, closure in closures.get(one, ()))

    def figures(one: Month) -> MonthFigures:
        (all_found, spot), (outings, checked) = found.get(one, (0, 0)), visits.get(one, (0, 0))
        return MonthFigures(
            visits=outings,
            schools_checked=checked,
            found=all_found,
            spot=spot,
            orders=orders.get(one, (0,))[0],
            closed=closed(one),
            on_time=on_time(one),
            drills=drills.get(one, (0,))[0],
            trainings=trainings.get(one, (0,))[0],
        )

    at_work, late = _standing(viewer)
    return Statistics(
        month=month,
        schools=at_work,
        overdue=late,
        now=figures(month),
        before=figures(before),
        year_ago=figures(year_ago),
        by_month=[(one, found.get(one, (0, 0))[0], closed(one)) for one in months],
        on_time=[(one, on_time(one)) for one in months],
        by_group=by_group,
        days=_days(viewer, date(*months[0], 1), until),
    )


def _standing(viewer: Viewer) -> tuple[int, int]:
    """Schools at work, and faults that are late today."""
    working = School.status.in_([SchoolStatus.OPEN, SchoolStatus.SUSPENDED])
    late = sa.select(sa.func.count(Finding.id)).where(
        findings.visible(viewer), Finding.closed_on.is_(None), Finding.deadline < clock.today()
    )
    query = sa.select(sa.func.count(School.id), late.scalar_subquery()).where(schools.visible(viewer), working)
    row = db.session.execute(query).one()
    return row[0], row[1]


def _found(viewer: Viewer, months: Sequence[Month]) -> tuple[dict[Month, tuple[int, int]], list[tuple[str, int]]]:
    """What was found by month, with how much of it was put right on the spot; and the ten commonest groups of the months
    but the first, which is only compared with: in one query."""
    kept = sa.or_(Finding.closed_how.is_(None), Finding.closed_how != ClosedHow.WITHDRAWN)
    spot = sa.func.count(sa.case((Finding.closed_how == ClosedHow.SPOT, 1)))
    whats, by_month, by_group = (
        (Finding.category, sa.func.count(), spot),
        dict[Month, tuple[int, int]](),
        Counter[str](),
    )
    rows = db.session.execute(
        counts(Finding.found_on, whats, months, findings.visible(viewer), kept, by=(Finding.category,))
    )
    for place, category, number, on_the_spot in rows:
        before = by_month.get(months[place], (0, 0))
        by_month[months[place]] = (before[0] + number, before[1] + on_the_spot)
        if place:
            by_group[category] += number
    return by_month, sorted(by_group.items(), key=lambda group: (-group[1], group[0]))[:10]


def _days(viewer: Viewer, since: date, until: date) -> list[tuple[int, int]]:
    taken = days_between(Finding.found_on, Finding.closed_on).label("taken")
    rows = db.session.execute(
        sa.select(taken, sa.func.count())
        .where(
            findings.visible(viewer),
            Finding.closed_how == ClosedHow.RECHECK,
            Finding.closed_on >= since,
            Finding.closed_on < until,
        )
        .group_by(taken)
    )
    counted = dict.fromkeys(STEPS, 0)
    for days, n in rows:
        counted[max((first for first in STEPS if first <= days), default=STEPS[0])] += n
    return list(counted.items())
