"""The three colours of schools: each has the colour of its worst finding, and that finding is the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.drills.models import Drill
from app.rectification import standing
from app.rectification.models.findings import Finding
from app.rectification.rules.findings import RANK, Colour, Standing
from app.schools import queries as schools
from app.schools.models import School, SchoolStatus
from app.trainings.models import Training

_FAR = date(9999, 12, 31)
_AT_WORK = School.status.in_([SchoolStatus.OPEN, SchoolStatus.SUSPENDED])


@dataclass(frozen=True, kw_only=True)
class SchoolColour:
    """A school with its colour; `worst` and `standing` are None where nothing is open."""

    school: School
    colour: Colour
    open_count: int
    drills_this_month: int
    worst: Finding | None
    standing: Standing | None


def _worst(today: date) -> sa.Subquery:
    """The worst open finding of each school, with how many are open."""
    rank = standing.colour_rank(today)
    order = (rank.desc(), sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date())), Finding.id)
    ranked = (
        sa.select(
            Finding.id.label("finding_id"),
            Finding.school_id,
            rank.label("rank"),
            sa.func.count().over(partition_by=Finding.school_id).label("open_count"),
            sa.func.row_number().over(partition_by=Finding.school_id, order_by=order).label("place"),
        )
        .where(Finding.closed_on.is_(None))
        .subquery("ranked")
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery("worst")


def _drills() -> sa.ScalarSelect[int]:
    since = clock.start_of(clock.today().replace(day=1))
    return (
        sa.select(sa.func.count(Drill.id))
        .where(Drill.school_id == School.id, Drill.held_at >= since, Drill.withdrawn_at.is_(None))
        .correlate(School)
        .scalar_subquery()
    )


def _row(row: Sequence[Any]) -> SchoolColour:
    school, open_count, rank, drills, finding, *facts = row
    told = standing.standing_of(finding, standing.facts_from(finding, *facts)) if finding else None
    return SchoolColour(
        school=school,
        colour=next(colour for colour, number in RANK.items() if number == rank),
        open_count=open_count,
        drills_this_month=drills,
        worst=finding,
        standing=told,
    )


def board(
    viewer: Viewer, *, colour: Colour | None = None, key: str | None = None, size: int = 50
) -> paging.Page[SchoolColour]:
    """Schools, the worst first, one page in one query."""
    worst = _worst(clock.today())
    rank = sa.func.coalesce(worst.c.rank, 0)
    due = sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date()))
    query: Any = (
        sa.select(
            School,
            sa.func.coalesce(worst.c.open_count, 0),
            rank.label("colour_rank"),
            _drills(),
            Finding,
            *standing.FACTS,
        )
        .outerjoin(worst, worst.c.school_id == School.id)
        .outerjoin(Finding, Finding.id == worst.c.finding_id)
        .where(schools.visible(viewer), _AT_WORK)
    )
    if colour is not None:
        query = query.where(rank == RANK[colour])
    found = paging.page(
        query,
        keys=[(rank, True), (due, False), (School.sort_name, False), (School.id, False)],
        key=key,
        size=size,
        scalars=False,
    )
    return paging.Page([_row(row) for row in found.rows], found.next_key, found.previous_key)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Schools at work by colour, how many of them nobody has visited this year, and what was logged this month."""

    red: int
    yellow: int
    green: int
    unvisited: int
    drills: int
    drill_schools: int
    trainings: int

    @property
    def schools(self) -> int:
        """All of them."""
        return self.red + self.yellow + self.green


def _logged(viewer: Viewer) -> list[sa.ScalarSelect[int]]:
    since, seen = clock.start_of(clock.today().replace(day=1)), schools.visible_ids(viewer)
    drilled = (Drill.held_at >= since, Drill.withdrawn_at.is_(None), Drill.school_id.in_(seen))
    trained = (Training.held_at >= since, Training.withdrawn_at.is_(None), Training.school_id.in_(seen))
    return [
        sa.select(sa.func.count(Drill.id)).where(*drilled).scalar_subquery(),
        sa.select(sa.func.count(sa.distinct(Drill.school_id))).where(*drilled).scalar_subquery(),
        sa.select(sa.func.count(Training.id)).where(*trained).scalar_subquery(),
    ]


def totals(viewer: Viewer) -> Totals:
    """Counted in one query."""
    today, worst = clock.today(), _worst(clock.today())
    rank = sa.func.coalesce(worst.c.rank, 0)
    visited = School.last_visited_on >= today.replace(month=1, day=1)
    row = db.session.execute(
        sa.select(
            sa.func.count(sa.case((rank == RANK[Colour.RED], 1))),
            sa.func.count(sa.case((rank == RANK[Colour.YELLOW], 1))),
            sa.func.count(sa.case((rank == RANK[Colour.GREEN], 1))),
            sa.func.count(sa.case((sa.or_(School.last_visited_on.is_(None), ~visited), 1))),
            *_logged(viewer),
        )
        .select_from(School)
        .outerjoin(worst, worst.c.school_id == School.id)
        .where(schools.visible(viewer), _AT_WORK)
    ).one()
    names = ("red", "yellow", "green", "unvisited", "drills", "drill_schools", "trainings")
    return Totals(**dict(zip(names, row, strict=True)))
