"""Finding tasks: those that the viewer's unit sent, and those at the schools that the viewer may see."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.schools import queries as schools
from app.schools.models import School, SchoolKind, SchoolStatus
from app.schools.queries import register
from app.schools.queries.register import Wanted
from app.tasks.models import Task, TaskAt, TaskProof, TaskTemplate
from app.tasks.rules import CHOICES, MOST_SCHOOLS, NEAR_DAYS, Colour


@dataclass(frozen=True, kw_only=True)
class At:
    """A task at a school."""

    at: TaskAt
    task: Task
    school: School

    @property
    def colour(self) -> Colour:
        """Its colour today."""
        return self.at.colour(self.task.due_on)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A task with how many schools stand in each colour, how many read it, and how many wait for an answer."""

    task: Task
    counts: dict[Colour, int]
    read: int
    waiting: int
    accepted: int
    all: int


def colour() -> sa.ColumnElement[str]:
    """The colour of TaskAt joined with Task, as `rules.colour_of` says it."""
    today = clock.today()
    return sa.case(
        (TaskAt.accepted_at.is_not(None), Colour.GREEN.value),
        (TaskAt.reported_at.is_not(None), Colour.YELLOW.value),
        (Task.due_on < today, Colour.RED.value),
        (
            sa.or_(TaskAt.returned_at.is_not(None), Task.due_on <= today + timedelta(days=NEAR_DAYS)),
            Colour.YELLOW.value,
        ),
        else_=Colour.GREEN.value,
    )


def sent_by(viewer: Viewer, table: Any = Task) -> sa.ColumnElement[bool]:
    """Of the viewer's brigades, or of the bureau of their areas."""
    return sa.or_(
        table.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)]), table.area_code.in_(viewer.area_codes or [""])
    )


def is_sender(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer answers for a task's sender."""
    mine = task.brigade_id in viewer.brigade_ids if task.brigade_id else task.area_code in viewer.area_codes
    return mine and viewer.may(Permission.SEND_TASKS)


def sent(viewer: Viewer, *, key: str | None = None) -> paging.Page[Sent]:
    """One page of the tasks that the viewer's unit sent, the latest first, counted in one more statement."""
    query = sa.select(Task).where(sent_by(viewer))
    page = paging.page(query, keys=[(Task.sent_at, True), (Task.id, True)], key=key, size=30)
    counted = counts(page.rows)
    return paging.Page([counted[task.id] for task in page.rows], page.next_key, page.previous_key)


def counts(tasks: Sequence[Task]) -> dict[uuid.UUID, Sent]:
    """How each of these tasks stands."""
    shade = colour()
    rows = db.session.execute(
        sa.select(
            Task.id,
            *(sa.func.count(sa.case((shade == one.value, 1))) for one in Colour),
            sa.func.count(TaskAt.read_at),
            sa.func.count(sa.case((sa.and_(TaskAt.reported_at.is_not(None), TaskAt.accepted_at.is_(None)), 1))),
            sa.func.count(TaskAt.accepted_at),
            sa.func.count(),
        )
        .join(TaskAt, TaskAt.task_id == Task.id)
        .where(Task.id.in_([one.id for one in tasks]))
        .group_by(Task.id)
    )
    found = {row[0]: row[1:] for row in rows}
    return {
        task.id: Sent(
            task=task,
            counts=dict(zip(Colour, found[task.id][:3], strict=True)),
            read=found[task.id][3],
            waiting=found[task.id][4],
            accepted=found[task.id][5],
            all=found[task.id][6],
        )
        for task in tasks
    }


def task(viewer: Viewer, task_id: uuid.UUID) -> Task | None:
    """A task that the viewer's unit sent, or that a school they may see has."""
    at_theirs = sa.exists().where(TaskAt.task_id == Task.id, TaskAt.school_id.in_(schools.visible_ids(viewer)))
    return db.session.scalar(sa.select(Task).where(Task.id == task_id, sa.or_(sent_by(viewer), at_theirs)))


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(TaskAt, Task, School)
        .join(Task, Task.id == TaskAt.task_id)
        .join(School, School.id == TaskAt.school_id)
        .where(schools.at_visible(viewer, TaskAt.school_id))
    )


def _at(row: Any) -> At:
    return At(at=row[0], task=row[1], school=row[2])


def at(viewer: Viewer, task_at_id: uuid.UUID) -> At | None:
    """One task at one school."""
    row = db.session.execute(_lines(viewer).where(TaskAt.id == task_at_id)).first()
    return _at(row) if row else None


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those whose photos the viewer may see."""
    return {row[0].id for row in db.session.execute(_lines(viewer).where(TaskAt.id.in_(list(ids))))}


def board(
    viewer: Viewer, task_id: uuid.UUID, *, shade: str = "", sampled: bool = False, key: str | None = None
) -> paging.Page[At]:
    """One page of the schools of a task, by name; those of one colour, or those drawn for the spot check."""
    query = _lines(viewer).where(TaskAt.task_id == task_id)
    if shade in set(Colour):
        query = query.where(colour() == shade)
    if sampled:
        query = query.where(TaskAt.sampled_at.is_not(None))
    page = paging.page(query, keys=[(School.sort_name, False), (TaskAt.id, False)], key=key, scalars=False)
    return paging.Page([_at(row) for row in page.rows], page.next_key, page.previous_key)


def at_schools(viewer: Viewer, *, school_id: uuid.UUID | None = None, key: str | None = None) -> paging.Page[At]:
    """One page of the tasks at the viewer's schools, or at one they may see, the latest day first."""
    query = _lines(viewer).where(Task.withdrawn_at.is_(None))
    query = query.where(TaskAt.school_id == school_id if school_id else TaskAt.school_id.in_(viewer.school_ids))
    page = paging.page(query, keys=[(Task.due_on, True), (TaskAt.id, True)], key=key, scalars=False)
    return paging.Page([_at(row) for row in page.rows], page.next_key, page.previous_key)


def open_schools(viewer: Viewer) -> sa.Select[School]:
    """The schools at work that the viewer may send tasks to."""
    return (
        sa.select(School)
        .where(schools.visible(viewer), School.status == SchoolStatus.OPEN)
        .order_by(School.sort_name, School.id)
        .limit(MOST_SCHOOLS)
    )


def to_choose(viewer: Viewer, wanted: Wanted, *, key: str | None = None) -> paging.Page[School]:
    """One page of the schools that a task may be sent to, as the filter leaves them."""
    return register.find(viewer, wanted, key=key, size=CHOICES)


def chosen(
    viewer: Viewer,
    *,
    kinds: Collection[SchoolKind] = (),
    ids: Collection[uuid.UUID] | None = None,
    filtered: Wanted | None = None,
) -> Sequence[School]:
    """The schools meant: these, or all of these kinds, or all that a filter leaves, or all there are."""
    if filtered is not None:
        return register.everything(viewer, filtered, most=MOST_SCHOOLS)
    query = open_schools(viewer)
    if ids is not None:
        query = query.where(School.id.in_(list(ids)))
    elif kinds:
        query = query.where(School.kind.in_(list(kinds)))
    return db.session.scalars(query).all()


def proofs(task_at_id: uuid.UUID) -> Sequence[TaskProof]:
    """The files that prove a task at a school, in the order they came."""
    query = sa.select(TaskProof).where(TaskProof.task_at_id == task_at_id)
    return db.session.scalars(query.order_by(TaskProof.added_at, TaskProof.id)).all()


def proof(viewer: Viewer, proof_id: uuid.UUID) -> TaskProof | None:
    """One of them, if the viewer may see the task at that school."""
    row = db.session.get(TaskProof, proof_id)
    return row if row is not None and at(viewer, row.task_at_id) else None


def on_list(viewer: Viewer, list_name: str) -> Sequence[TaskTemplate]:
    """The templates of one list of the viewer's unit."""
    return [one for one in templates(viewer) if one.list_name == list_name]


def templates(viewer: Viewer) -> Sequence[TaskTemplate]:
    """The viewer's unit's templates, list by list."""
    query = sa.select(TaskTemplate).where(sent_by(viewer, TaskTemplate), TaskTemplate.retired_at.is_(None))
    return db.session.scalars(query.order_by(TaskTemplate.list_name, TaskTemplate.made_at, TaskTemplate.id)).all()


def template(viewer: Viewer, template_id: uuid.UUID) -> TaskTemplate | None:
    """One template of the viewer's unit."""
    query = sa.select(TaskTemplate).where(TaskTemplate.id == template_id, sent_by(viewer, TaskTemplate))
    return db.session.scalar(query)


def name_of(person_id: uuid.UUID) -> str:
    """Who somebody is."""
    return db.session.scalar(sa.select(Person.name).where(Person.id == person_id)) or ""
