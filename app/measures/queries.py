"""Finding the measures of the viewer's brigades, and counting what was done for them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill
from app.inspections.models import Inspection, InspectionState
from app.measures.models import Measure
from app.measures.rules import MeasureKind, days_of
from app.planning.models.visits import Visit, VisitState
from app.schools.models import School
from app.teams import queries as teams
from app.teams.models import Team
from app.trainings.models import Training

#: Where each kind is counted: the table, when it was, and what counts.
_FACTS: dict[MeasureKind, tuple[Any, Any, sa.ColumnElement[bool]]] = {
    MeasureKind.VISITS: (Visit, Visit.done_at, Visit.state == VisitState.DONE),
    MeasureKind.INSPECTIONS: (Inspection, Inspection.started_at, Inspection.state == InspectionState.SIGNED),
    MeasureKind.DRILLS: (Drill, Drill.held_at, Drill.withdrawn_at.is_(None)),
    MeasureKind.TRAININGS: (Training, Training.held_at, Training.withdrawn_at.is_(None)),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A measure with its names, and how much of it the facts show (None where nothing is counted)."""

    measure: Measure
    answers: str
    team: str
    done: int | None


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Measure: of the viewer's brigades."""
    return Measure.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)])


def keeps(viewer: Viewer, measure: Measure) -> bool:
    """Whether the viewer may cancel it."""
    return measure.brigade_id == viewer.own_brigade_id and viewer.may(Permission.KEEP_MEASURES)


def finishes(viewer: Viewer, measure: Measure) -> bool:
    """Whether the viewer may report it done: who keeps the plan, or who answers for the measure."""
    return keeps(viewer, measure) or measure.answers_id == viewer.person_id


def lines(viewer: Viewer, year: int, quarter: int | None = None) -> list[Line]:
    """The measures of a year, or of one quarter, by their days; a statement more for each kind that is counted."""
    query = _named().where(visible(viewer), Measure.year == year)
    if quarter:
        query = query.where(Measure.quarter == quarter)
    return _lines(db.session.execute(query.order_by(Measure.due_on, Measure.id)).all())


def line(viewer: Viewer, measure_id: uuid.UUID) -> Line | None:
    """One measure."""
    rows = db.session.execute(_named().where(visible(viewer), Measure.id == measure_id)).all()
    return next(iter(_lines(rows)), None)


def _named() -> Any:
    return (
        sa.select(Measure, Person.name, Team.name)
        .join(Person, Person.id == Measure.answers_id)
        .outerjoin(Team, Team.id == Measure.team_id)
    )


def _lines(rows: Sequence[Any]) -> list[Line]:
    done = _counted([row[0] for row in rows])
    return [Line(measure=row[0], answers=row[1], team=row[2] or "", done=done.get(row[0].id)) for row in rows]


def _counted(measures: Sequence[Measure]) -> dict[uuid.UUID, int]:
    """How much was done for each measure in its year or quarter; one statement a kind."""
    found: dict[uuid.UUID, int] = {}
    for kind, (table, at, counts) in _FACTS.items():
        mine = [one for one in measures if one.kind is kind]
        if not mine:
            continue
        columns = [sa.func.count(sa.case((_is_for(one, at), 1))) for one in mine]
        years = {one.year for one in mine}
        first, last = days_of(min(years), None)[0], days_of(max(years), None)[1]
        query = (
            sa.select(*columns)
            .select_from(table)
            .join(School, School.id == table.school_id)
            .where(
                counts,
                School.brigade_id.in_({one.brigade_id for one in mine}),
                at >= clock.start_of(first),
                at < clock.end_of(last),
            )
        )
        found |= dict(zip((one.id for one in mine), db.session.execute(query).one(), strict=True))
    return found


def _is_for(measure: Measure, at: Any) -> sa.ColumnElement[bool]:
    """A condition on what was done: in the days of the measure, at one of its schools."""
    first, last = days_of(measure.year, measure.quarter)
    where = [School.brigade_id == measure.brigade_id, at >= clock.start_of(first), at < clock.end_of(last)]
    if measure.school_kinds:
        where.append(School.kind.in_(measure.school_kinds))
    if measure.team_id:
        where.append(teams.of_group(str(measure.team_id)))
    return sa.and_(*where)
