"""What stands between two days, one statement a kind, as far as the viewer may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillPlan
from app.drills.rules.plans import PlanState
from app.planning.models import DayPart, Visit, VisitKind, VisitState
from app.planning.queries import visits as planning
from app.rectification.models.findings import Finding
from app.rectification.models.looks import PlannedLook
from app.schools import queries as schools
from app.schools.models import School
from app.tasks.models import Task, TaskAt
from app.trainings.models import Audience, Training, TrainingSession
from app.workcalendar.rules import Entry, Kind

#: More of one kind in a month than anybody reads; a page that cuts says so.
MOST = 3000
HELD = "held"
#: Minutes of a class hour.
CLASS_HOUR = 45
NOON = 12
#: Visits that go to a school also when nobody is taught.
ANY_DAY = frozenset({VisitKind.RECHECK, VisitKind.COMPLAINT})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the calendar is narrowed to. `school_ids` None: every school. `half_days_of`: trainings that are half days this officer planned."""

    kind: Kind | None = None
    officer_id: uuid.UUID | None = None
    school_ids: tuple[uuid.UUID, ...] | None = None
    half_days_of: uuid.UUID | None = None

    def has(self, kind: Kind) -> bool:
        """Whether this kind is asked for; an officer has visits, and half days of fire education."""
        return self.kind in (None, kind) and (self.officer_id is None or kind in (Kind.VISIT, Kind.TRAINING))


def _school(row: Any) -> dict[str, Any]:
    return {
        "school_id": row.school_id,
        "school_name": row.school_name,
        "school_name_en": row.school_name_en,
        "area_code": row.school_area,
    }


def _school_columns() -> list[Any]:
    return [
        School.id.label("school_id"),
        School.name.label("school_name"),
        School.name_en.label("school_name_en"),
        School.area_code.label("school_area"),
    ]


def _at(wanted: Wanted, column: Any) -> list[Any]:
    return [] if wanted.school_ids is None else [column.in_(wanted.school_ids)]


def visits(viewer: Viewer, first: date, last: date, *, only_own: bool = False) -> Iterator[Entry]:
    """All visits of the viewer's brigades, or those on which they go; a school and a bureau do not see them beforehand."""
    if not viewer.brigade_ids or not viewer.may(Permission.SEE_BRIGADE_HOME):
        return
    due = (
        sa.select(sa.func.min(PlannedLook.due_on))
        .where(PlannedLook.visit_id == Visit.id, PlannedLook.kind == VisitKind.RECHECK)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Visit.id, Visit.planned_on, Visit.part, Visit.kind, Visit.state, Visit.purpose, Visit.lead_id, Visit.second_id,
            due.label("due"), *_school_columns(),
        )
        .join(School, School.id == Visit.school_id)
        .where(planning.visible(viewer), Visit.state != VisitState.CANCELLED, Visit.planned_on.between(first, last))
    )  # fmt: skip
    if only_own:
        query = query.where(sa.or_(Visit.lead_id == viewer.person_id, Visit.second_id == viewer.person_id))
    for row in db.session.execute(query.limit(MOST)):
        yield Entry(
            kind=Kind.VISIT, id=row.id, day=row.planned_on, part=row.part.value if row.part else "", sub=row.kind.value,
            state=row.state.value, text=row.purpose, people=tuple(filter(None, (row.lead_id, row.second_id))),
            is_open=row.state in planning.OPEN, needs_school=row.kind not in ANY_DAY,
            due_on=row.due if row.state in planning.OPEN else None, **_school(row),
        )  # fmt: skip


def _text(column: Any) -> Any:
    return sa.cast(column, sa.String(32))


def drills(viewer: Viewer, first: date, last: date, wanted: Wanted) -> Iterator[Entry]:
    """Drills that were held, and plans whose drill was not held yet, in one statement."""
    start, end = clock.start_of(first), clock.end_of(last)
    held = (
        sa.select(
            Drill.id.label("id"), Drill.held_at.label("at"), _text(Drill.kind).label("sub"),
            sa.literal(HELD).label("state"), *_school_columns(),
        )
        .join(School, School.id == Drill.school_id)
        .where(Drill.held_at >= start, Drill.held_at < end, Drill.withdrawn_at.is_(None))
        .where(schools.at_visible(viewer, Drill.school_id), *_at(wanted, Drill.school_id))
    )  # fmt: skip
    became = sa.exists().where(Drill.plan_id == DrillPlan.id)
    planned = (
        sa.select(
            DrillPlan.id.label("id"), DrillPlan.planned_at.label("at"), _text(DrillPlan.kind).label("sub"),
            _text(DrillPlan.state).label("state"), *_school_columns(),
        )
        .join(School, School.id == DrillPlan.school_id)
        .where(DrillPlan.planned_at >= start, DrillPlan.planned_at < end)
        .where(DrillPlan.state != PlanState.WITHDRAWN, ~became)
        .where(schools.at_visible(viewer, DrillPlan.school_id), *_at(wanted, DrillPlan.school_id))
    )  # fmt: skip
    for row in db.session.execute(sa.union_all(held, planned).limit(MOST)):
        is_open = row.state != HELD
        yield Entry(
            kind=Kind.DRILL, id=row.id, day=clock.day_of(row.at), at=row.at if is_open else None, sub=row.sub,
            state=row.state, is_open=is_open, needs_school=True, **_school(row),
        )  # fmt: skip


def trainings(viewer: Viewer, first: date, last: date, wanted: Wanted) -> Iterator[Entry]:
    """Trainings that were held, and sessions that nobody logged yet, in one statement."""
    start, end = clock.start_of(first), clock.end_of(last)
    of = wanted.half_days_of
    own = [TrainingSession.made_by_id == of, TrainingSession.is_half_day.is_(True)] if of else []
    held = (
        sa.select(
            Training.id.label("id"), Training.held_at.label("at"), _text(Training.audience).label("sub"),
            Training.topics.label("topics"), Training.hours.label("hours"), sa.literal(HELD).label("state"),
            TrainingSession.is_half_day.label("half_day"), TrainingSession.made_by_id.label("by"),
            *_school_columns(),
        )
        .join(School, School.id == Training.school_id)
        .outerjoin(TrainingSession, TrainingSession.id == Training.session_id)
        .where(Training.held_at >= start, Training.held_at < end, Training.withdrawn_at.is_(None))
        .where(schools.at_visible(viewer, Training.school_id), *_at(wanted, Training.school_id), *own)
    )  # fmt: skip
    became = sa.exists().where(Training.session_id == TrainingSession.id, Training.withdrawn_at.is_(None))
    planned = (
        sa.select(
            TrainingSession.id.label("id"), TrainingSession.starts_at.label("at"),
            _text(TrainingSession.audience).label("sub"), TrainingSession.topics.label("topics"),
            TrainingSession.hours.label("hours"), sa.literal("planned").label("state"),
            TrainingSession.is_half_day.label("half_day"), TrainingSession.made_by_id.label("by"), *_school_columns(),
        )
        .join(School, School.id == TrainingSession.school_id)
        .where(TrainingSession.starts_at >= start, TrainingSession.starts_at < end)
        .where(TrainingSession.called_off_at.is_(None), ~became)
        .where(schools.at_visible(viewer, TrainingSession.school_id), *_at(wanted, TrainingSession.school_id), *own)
    )  # fmt: skip
    for row in db.session.execute(sa.union_all(held, planned).limit(MOST)):
        is_open = row.state != HELD
        yield Entry(
            kind=Kind.TRAINING, id=row.id, day=clock.day_of(row.at), at=row.at if is_open else None, sub=row.sub,
            state=row.state, text=row.topics, is_open=is_open, needs_school=row.sub == Audience.PUPILS.value,
            minutes=round(CLASS_HOUR * row.hours) if row.hours else 0, **_half_day(row), **_school(row),
        )  # fmt: skip


def _half_day(row: Any) -> dict[str, Any]:
    """The brigade's weekly half day of fire education takes half a day of whoever planned it."""
    if not row.half_day:
        return {}
    part = DayPart.MORNING if clock.local(row.at).hour < NOON else DayPart.AFTERNOON
    return {"people": (row.by,), "part": part.value, "is_half_day": True}


def tasks(viewer: Viewer, first: date, last: date, wanted: Wanted) -> Iterator[Entry]:
    """Days by which schools are to have done something; a school sees its own, others how many are not done yet."""
    if not viewer.may(Permission.SEE_TASKS):
        return
    due = [Task.withdrawn_at.is_(None), Task.due_on.between(first, last), schools.at_visible(viewer, TaskAt.school_id)]
    done = TaskAt.accepted_at.is_not(None) | TaskAt.reported_at.is_not(None)
    if viewer.is_school or wanted.school_ids is not None:
        one = (
            sa.select(TaskAt.id, Task.due_on, Task.title, done.label("done"), *_school_columns())
            .join(Task, Task.id == TaskAt.task_id)
            .join(School, School.id == TaskAt.school_id)
            .where(*due, *_at(wanted, TaskAt.school_id))
        )
        for row in db.session.execute(one.limit(MOST)):
            yield Entry(
                kind=Kind.TASK, id=row.id, day=row.due_on, text=row.title, state="done" if row.done else "open",
                is_open=not row.done, count=int(not row.done), all=1, is_one=True, **_school(row),
            )  # fmt: skip
        return
    together = (
        sa.select(Task.id, Task.due_on, Task.title, sa.func.count().label("total"), sa.func.sum(sa.case((done, 1), else_=0)).label("done"))
        .join(TaskAt, TaskAt.task_id == Task.id)
        .where(*due)
        .group_by(Task.id, Task.due_on, Task.title)
    )  # fmt: skip
    for row in db.session.execute(together.limit(MOST)):
        left = row.total - row.done
        yield Entry(
            kind=Kind.TASK, id=row.id, day=row.due_on, text=row.title, state="open" if left else "done",
            is_open=bool(left), count=left, all=row.total,
        )  # fmt: skip


def deadlines(viewer: Viewer, first: date, last: date, wanted: Wanted) -> Iterator[Entry]:
    """Days by which what was found is to be put right, a school and day together."""
    if not viewer.may(Permission.SEE_FINDINGS):
        return
    query = (
        sa.select(Finding.deadline, sa.func.count().label("number"), *_school_columns())
        .join(School, School.id == Finding.school_id)
        .where(Finding.closed_on.is_(None), Finding.deadline.between(first, last))
        .where(schools.at_visible(viewer, Finding.school_id), *_at(wanted, Finding.school_id))
        .group_by(Finding.deadline, School.id, School.name, School.name_en, School.area_code)
    )
    for row in db.session.execute(query.limit(MOST)):
        yield Entry(
            kind=Kind.DEADLINE, id=row.school_id, day=row.deadline, count=row.number, all=row.number, is_open=True, **_school(row)
        )  # fmt: skip


READERS = {Kind.DRILL: drills, Kind.TRAINING: trainings, Kind.TASK: tasks, Kind.DEADLINE: deadlines}


def but_visits(viewer: Viewer, first: date, last: date, wanted: Wanted) -> list[Entry]:
    """Everything else that is asked for."""
    return [entry for kind, read in READERS.items() if wanted.has(kind) for entry in read(viewer, first, last, wanted)]
