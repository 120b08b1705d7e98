"""The three colours of schools: each has the colour of its worst finding, and that finding is the reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

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


def _worst() -> sa.Subquery:
    """Each school with something open: how many, and the key of its worst finding.

    The key is one text that sorts from bad to good: 2 less the rank, the deadline, the finding's id. One pass over what is
    open, each colour reckoned once; joined by the keys of the schools it stays fast with thousands of them.
    """
    bad_first = sa.cast(2 - standing.colour_rank(clock.today()), sa.String)
    due = sa.cast(sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date())), sa.String)
    key = bad_first + due + sa.cast(Finding.id, sa.String)
    return (
        sa.select(
            Finding.school_id,
            sa.type_coerce(sa.func.min(key), sa.String).label("key"),
            sa.func.count().label("open_count"),
        )
        .where(Finding.closed_on.is_(None))
        .group_by(Finding.school_id)
        .subquery("worst")
    )


def _drills() -> sa.ScalarSelect[int]:
    since = clock.start_of(clock.today().replace(day=1))
    return (
        sa.select(sa.func.count(Drill.id))
        .where(Drill.school_id == School.id, Drill.held_at >= since, Drill.withdrawn_at.is_(None))
        .correlate(School)
        .scalar_subquery()
    )


#: The beginning of a key that is all of the colour; of the best one, what has nothing open at all.
_BEGINS = {colour: str(2 - rank) for colour, rank in RANK.items()}
_NOTHING = f"{_BEGINS[Colour.GREEN]}{_FAR.isoformat()}"


def _ordered(viewer: Viewer, colour: Colour | None) -> sa.Subquery:
    """Every school with what orders it: colour and date of its worst finding, then its name."""
    worst = _worst()
    with_open = (
        sa.select(
            School.id.label("school_id"),
            sa.type_coerce(sa.func.substr(worst.c.key, 1, 11), sa.String).label("place"),
            School.sort_name.label("sort_name"),
            worst.c.key.label("key"),
            worst.c.open_count.label("open_count"),
        )
        .join(worst, worst.c.school_id == School.id)
        .where(schools.visible(viewer), _AT_WORK)
    )
    if colour is not None:
        with_open = with_open.where(sa.func.substr(worst.c.key, 1, 1) == _BEGINS[colour])
        if colour is not Colour.GREEN:
            return with_open.subquery("ordered")
    nothing_open = sa.select(
        School.id, sa.literal(_NOTHING), School.sort_name, sa.literal("", sa.String), sa.literal(0)
    ).where(
        schools.visible(viewer),
        _AT_WORK,
        ~sa.exists().where(Finding.school_id == School.id, Finding.closed_on.is_(None)),
    )
    return sa.union_all(with_open, nothing_open).subquery("ordered")


class _Place(NamedTuple):
    """Where a school stands on the board."""

    school_id: uuid.UUID
    place: str
    sort_name: str
    key: str
    open_count: int


def _colour_of(key: str) -> Colour:
    return next(colour for colour, begins in _BEGINS.items() if key.startswith(begins))


def _shown(row: Sequence[Any]) -> SchoolColour:
    school, open_count, place, drills, finding, *facts = row
    told = standing.standing_of(finding, standing.facts_from(finding, *facts)) if finding else None
    return SchoolColour(
        school=school,
        colour=_colour_of(place),
        open_count=open_count,
        drills_this_month=drills,
        worst=finding,
        standing=told,
    )


def _order(ordered: sa.Subquery) -> list[tuple[Any, bool]]:
    return [(ordered.c.place, False), (ordered.c.sort_name, False), (ordered.c.school_id, False)]


def top(viewer: Viewer, *, size: int) -> list[SchoolColour]:
    """The worst schools, in one query: only theirs is looked up what is shown of them."""
    ordered = _ordered(viewer, None)
    first = sa.select(ordered).order_by(*(column for column, _down in _order(ordered))).limit(size).subquery("first")
    key = sa.func.substr(first.c.key, 12)
    rows = db.session.execute(
        sa.select(School, first.c.open_count, first.c.place, _drills(), Finding, *standing.FACTS)
        .join(first, first.c.school_id == School.id)
        .outerjoin(Finding, sa.and_(Finding.school_id == School.id, sa.cast(Finding.id, sa.String) == key))
        .order_by(first.c.place, first.c.sort_name, first.c.school_id)
    )
    return [_shown(row) for row in rows]


def board(
    viewer: Viewer, *, colour: Colour | None = None, key: str | None = None, size: int = 50
) -> paging.Page[SchoolColour]:
    """Schools, the worst first, one page in two queries: which, and then what of them is shown."""
    ordered = _ordered(viewer, colour)
    found = paging.page(sa.select(ordered), keys=_order(ordered), key=key, size=size, scalars=False)
    places = [_Place(*row) for row in found.rows]
    worst = [uuid.UUID(place.key[11:]) for place in places if place.key]
    rows = db.session.execute(
        sa.select(School, _drills(), Finding, *standing.FACTS)
        .outerjoin(Finding, sa.and_(Finding.school_id == School.id, Finding.id.in_(worst)))
        .where(School.id.in_([place.school_id for place in places]))
    )
    told = {row[0].id: row for row in rows}
    shown = [
        _shown((told[place.school_id][0], place.open_count, place.place, *told[place.school_id][1:]))
        for place in places
    ]
    return paging.Page(shown, found.next_key, found.previous_key)


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
    today, worst = clock.today(), _worst()
    colours = (
        sa.select(sa.func.substr(worst.c.key, 1, 1).label("begins"))
        .select_from(School)
        .join(worst, worst.c.school_id == School.id)
        .where(schools.visible(viewer), _AT_WORK)
        .subquery("colours")
    )
    at_work = sa.select(sa.func.count(School.id)).where(schools.visible(viewer), _AT_WORK)
    visited = School.last_visited_on >= today.replace(month=1, day=1)
    all_schools, unvisited, drills, drill_schools, trainings, red, yellow = db.session.execute(
        sa.select(
            at_work.scalar_subquery(),
            at_work.where(sa.or_(School.last_visited_on.is_(None), ~visited)).scalar_subquery(),
            *_logged(viewer),
            sa.func.count(sa.case((colours.c.begins == _BEGINS[Colour.RED], 1))),
            sa.func.count(sa.case((colours.c.begins == _BEGINS[Colour.YELLOW], 1))),
        ).select_from(colours)
    ).one()
    return Totals(
        red=red,
        yellow=yellow,
        green=all_schools - red - yellow,
        unvisited=unvisited,
        drills=drills,
        drill_schools=drill_schools,
        trainings=trainings,
    )
