"""Finding drills, as far as the viewer may see their schools."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.drills.models import Drill, DrillKind, DrillPlan
from app.drills.rules import COUNTS_AS_EVACUATION
from app.drills.rules.plans import PlanState
from app.logbook import queries as logbook
from app.regulations.queries import current_checklist
from app.regulations.rules.drilltime import plausible_seconds, target_seconds
from app.regulations.rules.egress import lanes
from app.schools.models import Building, Place, PlaceKind, School


@dataclass(frozen=True, kw_only=True)
class Line:
    """A drill as lists show it."""

    drill: Drill
    school_name: str
    school_name_en: str
    building: Building | None


@dataclass(frozen=True, kw_only=True)
class Choice(logbook.Choice):
    """Which drills a list shows."""

    kind: str = ""


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Drill: of a school that the viewer may see."""
    return logbook.visible(viewer, Drill)


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the drills that the viewer may see."""
    return logbook.visible_ids(viewer, Drill, ids)


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(Drill, School.name, School.name_en, Building)
        .join(School, School.id == Drill.school_id)
        .outerjoin(Building, Building.id == Drill.building_id)
        .where(visible(viewer))
    )


def _line(row: Sequence[Any]) -> Line:
    return Line(drill=row[0], school_name=row[1], school_name_en=row[2], building=row[3])


def _conditions(choice: Choice) -> list[sa.ColumnElement[bool]]:
    searched = (School.name, Drill.led_by, Drill.scenario, Drill.problems, Drill.notes)
    found = logbook.conditions(Drill, choice, searched=searched)
    if choice.kind in DrillKind.__members__.values():
        found.append(Drill.kind == DrillKind(choice.kind))
    return found


def listing(viewer: Viewer, choice: Choice, *, key: str | None = None) -> paging.Page[Line]:
    """One page of drills, the latest first."""
    found = paging.page(
        _lines(viewer).where(*_conditions(choice)),
        keys=[(Drill.held_at, True), (Drill.id, True)],
        key=key,
        scalars=False,
    )
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def get(viewer: Viewer, drill_id: uuid.UUID) -> Line | None:
    """One drill."""
    row = db.session.execute(_lines(viewer).where(Drill.id == drill_id)).first()
    return _line(row) if row else None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Drills of a school: this month, this year, how many of the year count as evacuations; when the last one was."""

    month: int
    year: int
    evacuations: int
    last_on: date | None


def _counted() -> list[Any]:
    """The columns of which `_counts` makes Counts."""
    today = clock.today()
    month, year = clock.start_of(today.replace(day=1)), clock.start_of(today.replace(month=1, day=1))
    in_year = Drill.held_at >= year
    return [
        sa.func.count(sa.case((Drill.held_at >= month, 1))),
        sa.func.count(sa.case((in_year, 1))),
        sa.func.count(sa.case((sa.and_(in_year, Drill.kind.in_(COUNTS_AS_EVACUATION)), 1))),
        sa.func.max(Drill.held_at),
    ]


def _counts(row: Sequence[Any]) -> Counts:
    return Counts(month=row[0], year=row[1], evacuations=row[2], last_on=clock.day_of(row[3]) if row[3] else None)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """Plans of a school whose drill is still to come: how many in all, and how many of them came back to be mended."""

    plans: int
    returned: int


def counts_and_coming(school_id: uuid.UUID) -> tuple[Counts, Coming]:
    """The counts of one school with its coming drills, in one query."""
    coming = sa.select(sa.func.count(DrillPlan.id)).where(
        DrillPlan.school_id == school_id, DrillPlan.state != PlanState.WITHDRAWN, DrillPlan.finished_at.is_(None)
    )
    returned = coming.where(DrillPlan.state == PlanState.RETURNED)
    columns = [*_counted(), coming.scalar_subquery(), returned.scalar_subquery()]
    row = db.session.execute(
        sa.select(*columns).where(Drill.school_id == school_id, Drill.withdrawn_at.is_(None))
    ).one()
    return _counts(row), Coming(plans=row[4], returned=row[5])


def latest(viewer: Viewer, school_id: uuid.UUID, *, most: int = 5) -> tuple[list[Line], Counts]:
    """A school's last drills, and the counts of all of them, in one query."""
    query = _lines(viewer).where(Drill.school_id == school_id, Drill.withdrawn_at.is_(None))
    query = query.add_columns(*(column.over() for column in _counted()))
    rows = db.session.execute(query.order_by(Drill.held_at.desc(), Drill.id).limit(most)).all()
    return [_line(row) for row in rows], _counts(rows[0][4:] if rows else (0, 0, 0, None))


def goal_seconds(building: Building | None) -> int | None:
    """The pack's goal for a low building; None for others, which set their own. DOMAIN §4.4."""
    if building is None:
        return None
    return target_seconds(current_checklist().tables["drill"], floors=building.floors_above)


@dataclass(frozen=True, kw_only=True)
class Stairs:
    """What the building's stairs pass: a hint, no standard. `blocked_s`: with the widest one closed; None where it was the only one."""

    count: int
    lanes: int
    seconds: float
    blocked_s: float | None


def stairs_figures(building: Building | None, *, people: int) -> Stairs | None:
    """How long so many people need through the building's stairs at least; None where no width is known. DOMAIN §4.4."""
    if building is None or not people:
        return None
    query = sa.select(Place.width_m).where(
        Place.building_id == building.id,
        Place.kind == PlaceKind.STAIR,
        Place.width_m.is_not(None),
        Place.retired_on.is_(None),
    )
    widths = sorted(width for width in db.session.scalars(query) if width)
    table = current_checklist().tables["drill"]
    seconds = plausible_seconds(table, people=people, stair_widths_m=widths)
    if seconds is None:
        return None
    return Stairs(
        count=len(widths),
        lanes=sum(lanes(width, float(table["lane_m"])) for width in widths),
        seconds=seconds,
        blocked_s=plausible_seconds(table, people=people, stair_widths_m=widths[:-1]),
    )
