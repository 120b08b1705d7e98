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


def _ordered(viewer: Viewer) -> sa.CTE:
    """Every school at work with what orders it: colour and date of its worst finding, then its name."""
    worst = _worst()
    return (
        sa.select(
            School.id.label("school_id"),
            sa.type_coerce(sa.func.coalesce(sa.func.substr(worst.c.key, 1, 11), _NOTHING), sa.String).label("place"),
            School.sort_name.label("sort_name"),
            sa.type_coerce(sa.func.coalesce(worst.c.key, ""), sa.String).label("key"),
            sa.func.coalesce(worst.c.open_count, 0).label("open_count"),
        )
        .outerjoin(worst, worst.c.school_id == School.id)
        .where(schools.visible(viewer), _AT_WORK)
        .cte("ordered")
    )


def _has(ordered: sa.CTE, colour: Colour) -> sa.ColumnElement[bool]:
    return sa.func.substr(ordered.c.place, 1, 1) == _BEGINS[colour]


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
    school, open_count, place, drills, finding = row
    told = standing.standing_of(finding, standing.facts_of(finding)) if finding else None
    return SchoolColour(
        school=school,
        colour=_colour_of(place),
        open_count=open_count,
        drills_this_month=drills,
        worst=finding,
        standing=told,
    )


def board(
    viewer: Viewer, *, colour: Colour | None = None, key: str | None = None, size: int = 50
) -> tuple[paging.Page[SchoolColour], Totals]:
    """Schools, the worst first, and how many there are of each colour: in two queries, each colour reckoned once."""
    ordered = _ordered(viewer)
    query = sa.select(ordered, *_counts(viewer, ordered))
    if colour is not None:
        query = query.where(_has(ordered, colour))
    keys = [(ordered.c.place, False), (ordered.c.sort_name, False), (ordered.c.school_id, False)]
    found = paging.page(query, keys=keys, key=key, size=size, scalars=False)
    places = [_Place(*row[:5]) for row in found.rows]
    shown = paging.Page(_told(places), found.next_key, found.previous_key)
    return shown, _totals(found.rows[0][5:]) if places else totals(viewer)


def _told(places: Sequence[_Place]) -> list[SchoolColour]:
    """What is shown of these schools."""
    worst = [uuid.UUID(place.key[11:]) for place in places if place.key]
    rows = db.session.execute(
        sa.select(School, _drills(), Finding)
        .outerjoin(Finding, sa.and_(Finding.school_id == School.id, Finding.id.in_(worst)))
        .where(School.id.in_([place.school_id for place in places]))
    )
    told = {row[0].id: row for row in rows}
    return [
        _shown((told[place.school_id][0], place.open_count, place.place, *told[place.school_id][1:]))
        for place in places
    ]


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
    since = clock.start_of(clock.today().replace(day=1))
    drilled = (Drill.held_at >= since, Drill.withdrawn_at.is_(None), schools.at_visible(viewer, Drill.school_id))
    trained = (
        Training.held_at >= since,
        Training.withdrawn_at.is_(None),
        schools.at_visible(viewer, Training.school_id),
    )
    return [
        sa.select(sa.func.count()).select_from(Drill).where(*drilled).scalar_subquery(),
        sa.select(sa.func.count(sa.distinct(Drill.school_id))).where(*drilled).scalar_subquery(),
        sa.select(sa.func.count()).select_from(Training).where(*trained).scalar_subquery(),
    ]


def _counts(viewer: Viewer, ordered: sa.CTE) -> list[Any]:
    """The columns of which `_totals` makes Totals."""
    visited = School.last_visited_on >= clock.today().replace(month=1, day=1)
    at_work = sa.select(sa.func.count(School.id)).where(schools.visible(viewer), _AT_WORK)
    every = sa.select(sa.func.count()).select_from(ordered)
    return [
        *(every.where(_has(ordered, one)).scalar_subquery() for one in (Colour.RED, Colour.YELLOW)),
        every.scalar_subquery(),
        at_work.where(sa.or_(School.last_visited_on.is_(None), ~visited)).scalar_subquery(),
        *_logged(viewer),
    ]


def _totals(counts: Sequence[int]) -> Totals:
    red, yellow, every, unvisited, drills, drill_schools, trainings = counts
    return Totals(
        red=red,
        yellow=yellow,
        green=every - red - yellow,
        unvisited=unvisited,
        drills=drills,
        drill_schools=drill_schools,
        trainings=trainings,
    )


def totals(viewer: Viewer) -> Totals:
    """Counted in one query."""
    return _totals(db.session.execute(sa.select(*_counts(viewer, _ordered(viewer)))).one())
