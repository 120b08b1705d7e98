"""Finding trainings, as far as the viewer may see their schools."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.logbook import queries as logbook
from app.schools.models import School
from app.trainings.models import Audience, Training, TrainingForm
from app.trainings.rules import STAFF


@dataclass(frozen=True, kw_only=True)
class Line:
    """A training as lists show it."""

    training: Training
    school_name: str
    school_name_en: str


@dataclass(frozen=True, kw_only=True)
class Choice(logbook.Choice):
    """Which trainings a list shows."""

    audience: str = ""
    form: str = ""


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Training: of a school that the viewer may see."""
    return logbook.visible(viewer, Training)


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the trainings that the viewer may see."""
    return logbook.visible_ids(viewer, Training, ids)


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(Training, School.name, School.name_en)
        .join(School, School.id == Training.school_id)
        .where(visible(viewer))
    )


def _line(row: Sequence[Any]) -> Line:
    return Line(training=row[0], school_name=row[1], school_name_en=row[2])


def _conditions(choice: Choice) -> list[sa.ColumnElement[bool]]:
    searched = (School.name, Training.topics, Training.trainer, Training.materials, Training.notes)
    found = logbook.conditions(Training, choice, searched=searched)
    if choice.audience in Audience.__members__.values():
        found.append(Training.audience == Audience(choice.audience))
    if choice.form in TrainingForm.__members__.values():
        found.append(Training.form == TrainingForm(choice.form))
    return found


def listing(viewer: Viewer, choice: Choice, *, key: str | None = None) -> paging.Page[Line]:
    """One page of trainings, the latest first."""
    found = paging.page(
        _lines(viewer).where(*_conditions(choice)),
        keys=[(Training.held_at, True), (Training.id, True)],
        key=key,
        scalars=False,
    )
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def get(viewer: Viewer, training_id: uuid.UUID) -> Line | None:
    """One training."""
    row = db.session.execute(_lines(viewer).where(Training.id == training_id)).first()
    return _line(row) if row else None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Trainings of a school this year: how many, of staff, class hours, people trained; when the last one was."""

    year: int
    staff: int
    hours: Decimal
    people: int
    last_on: date | None


def counts(school_id: uuid.UUID) -> Counts:
    """The counts of one school, in one query. Withdrawn trainings do not count."""
    in_year = Training.held_at >= clock.start_of(clock.today().replace(month=1, day=1))
    row = db.session.execute(
        sa.select(
            sa.func.count(sa.case((in_year, 1))),
            sa.func.count(sa.case((sa.and_(in_year, Training.audience.in_(STAFF)), 1))),
            sa.func.sum(sa.case((in_year, Training.hours), else_=0)),
            sa.func.sum(sa.case((in_year, Training.attended), else_=0)),
            sa.func.max(Training.held_at),
        ).where(Training.school_id == school_id, Training.withdrawn_at.is_(None))
    ).one()
    return Counts(
        year=row[0],
        staff=row[1],
        hours=Decimal(row[2] or 0),
        people=int(row[3] or 0),
        last_on=clock.day_of(row[4]) if row[4] else None,
    )


def latest(viewer: Viewer, school_id: uuid.UUID, *, most: int = 5) -> list[Line]:
    """A school's last trainings."""
    query = _lines(viewer).where(Training.school_id == school_id, Training.withdrawn_at.is_(None))
    return [_line(row) for row in db.session.execute(query.order_by(Training.held_at.desc(), Training.id).limit(most))]
