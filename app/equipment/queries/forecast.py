"""What falls due in the coming months, for one school or all that a viewer sees; few queries for any number of pieces."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.equipment import dates
from app.equipment.models import KEPT, Equipment, EquipmentKind
from app.equipment.queries.fieldwork import Piece, piece_of, with_places
from app.equipment.rules.forecast import (
    Act,
    Alike,
    Coming,
    MonthLine,
    Purchase,
    by_month,
    coming,
    months_from,
    purchases,
)
from app.equipment.rules.specification import Agent
from app.schools import queries as schools
from app.schools.models import School

#: Pieces named one by one on a page, and in a workbook.
MOST_NAMED = 20_000


@dataclass(frozen=True)
class SchoolLine:
    """One school's figures over the whole time."""

    school_id: uuid.UUID
    name: str
    at_once: int
    services: int
    replacements: int


@dataclass(frozen=True)
class Forecast:
    """Month by month, what to buy, and school by school; `undated` pieces have no day of making and are left out."""

    today: date
    months: int
    lines: list[MonthLine]
    shopping: list[Purchase]
    schools: list[SchoolLine]
    undated: int


def _alike(viewer: Viewer, school_id: uuid.UUID | None) -> list[tuple[uuid.UUID, str, Alike]]:
    """Extinguishers counted by what decides on their dates, school by school."""
    specification = Equipment.specification
    each = (
        sa.select(
            School.id.label("school_id"),
            School.name.label("school"),
            Equipment.agent.label("agent"),
            specification["charge"].as_float().label("charge"),
            specification["wheeled"].as_boolean().label("wheeled"),
            Equipment.made_on.label("made"),
            Equipment.serviced_on.label("serviced"),
            Equipment.trouble.label("trouble"),
        )
        .join(School, School.id == Equipment.school_id)
        .where(
            schools.visible(viewer),
            Equipment.kind == EquipmentKind.EXTINGUISHER,
            Equipment.status.in_(KEPT),
            sa.or_(Equipment.made_on.is_not(None), Equipment.trouble.is_not(None)),
        )
    )
    if school_id:
        each = each.where(Equipment.school_id == school_id)
    table = each.subquery()
    rows = db.session.execute(sa.select(*table.c, sa.func.count()).group_by(*table.c))
    today = clock.today()
    return [
        (
            row.school_id,
            row.school,
            Alike(
                agent=Agent(row.agent),
                charge=row.charge,
                wheeled=bool(row.wheeled),
                made=row.made or today,
                serviced=row.serviced,
                trouble=row.trouble.value if row.trouble else None,
                count=row[-1],
            ),
        )
        for row in rows
    ]


def _school_lines(things: Sequence[tuple[uuid.UUID, str, Coming]]) -> list[SchoolLine]:
    counts: dict[tuple[uuid.UUID, str], list[int]] = {}
    for school_id, name, thing in things:
        line = counts.setdefault((school_id, name), [0, 0, 0])
        line[0] += thing.alike.count if thing.month is None else 0
        line[1 if thing.act is Act.SERVICE else 2] += thing.alike.count
    lines = [SchoolLine(key[0], key[1], *figures) for key, figures in counts.items()]
    return sorted(lines, key=lambda line: (-line.at_once, -line.replacements - line.services, line.name))


def forecast(viewer: Viewer, *, months: int, school_id: uuid.UUID | None = None) -> Forecast:
    """What falls due until the end of so many months; two queries."""
    today, table = clock.today(), dates.life_table()
    things = [
        (school, name, thing)
        for school, name, alike in _alike(viewer, school_id)
        for thing in coming(alike, table, today=today, months=months)
    ]
    only = [thing for _school, _name, thing in things]
    return Forecast(
        today=today,
        months=months,
        lines=by_month(only, today=today, months=months),
        shopping=purchases(only),
        schools=_school_lines(things),
        undated=_undated(viewer, school_id),
    )


def _undated(viewer: Viewer, school_id: uuid.UUID | None) -> int:
    query = sa.select(sa.func.count()).select_from(Equipment).join(School, School.id == Equipment.school_id)
    query = query.where(
        schools.visible(viewer),
        Equipment.kind == EquipmentKind.EXTINGUISHER,
        Equipment.status.in_(KEPT),
        Equipment.made_on.is_(None),
        Equipment.trouble.is_(None),
    )
    return db.session.scalar(query.where(Equipment.school_id == school_id) if school_id else query) or 0


@dataclass(frozen=True)
class DuePiece:
    """A piece that falls due, with its day and what is to be done."""

    school: str
    piece: Piece
    due: date
    act: Act


def pieces_due(
    viewer: Viewer, *, months: int, school_id: uuid.UUID | None = None, most: int = MOST_NAMED
) -> list[DuePiece]:
    """The pieces whose next date falls within so many months, soonest first; one query."""
    today = clock.today()
    columns = dates.DueColumns(today)
    after = months_from(today, months + 1)[-1]
    query = (
        with_places()
        .add_columns(School.name, columns.due, sa.or_(columns.due == columns.scrap, columns.scrap <= today))
        .join(School, School.id == Equipment.school_id)
        .where(schools.visible(viewer), Equipment.status.in_(KEPT), columns.due < after)
        .order_by(columns.due, School.sort_name, Equipment.label, Equipment.id)
        .limit(most)
    )
    rows = db.session.execute(query.where(Equipment.school_id == school_id) if school_id else query)
    return [DuePiece(row[4], piece_of(row[:4], today), row[5], Act.REPLACE if row[6] else Act.SERVICE) for row in rows]
