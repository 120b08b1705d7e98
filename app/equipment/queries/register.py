"""The register as people see it: one piece, the list with its filters, figures, history."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.db import holds, unindexed
from app.core.extensions import db
from app.core.paging import Page, begins_at, page
from app.equipment import dates
from app.equipment.models import KEPT, Equipment, EquipmentEvent, EquipmentKind, EquipmentStatus, TagHistory
from app.equipment.queries.fieldwork import Piece, piece_of, with_places
from app.equipment.rules import tags
from app.equipment.rules.extinguishers import DueStatus, may_send_to_service
from app.schools import queries as schools
from app.schools.models import Building, Floor, Place, School

#: What the filter of due dates offers: each a set of statuses.
DUE_FILTERS: dict[str, tuple[DueStatus, ...]] = {
    "now": (DueStatus.DUE, DueStatus.OVERDUE, DueStatus.SCRAP),
    "overdue": (DueStatus.DUE, DueStatus.OVERDUE),
    "scrap": (DueStatus.SCRAP,),
    "soon": (DueStatus.SOON,),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list should hold. `status` None means what the schools have today; `due` is a key of DUE_FILTERS."""

    kind: EquipmentKind | None = None
    school_id: uuid.UUID | None = None
    building_id: uuid.UUID | None = None
    status: EquipmentStatus | None = None
    due: str = ""
    text: str = ""
    ids: Sequence[uuid.UUID] = field(default_factory=tuple)


def get(viewer: Viewer, piece_id: uuid.UUID) -> Equipment | None:
    """A piece, if the viewer may see its school."""
    return db.session.scalar(
        sa.select(Equipment).where(Equipment.id == piece_id, Equipment.school_id.in_(schools.visible_ids(viewer)))
    )


def shown(piece: Equipment) -> Piece:
    """The piece with the words of its place and dates; one query."""
    row = db.session.execute(with_places().where(Equipment.id == piece.id)).one()
    return piece_of(row, clock.today())


def _matches(text: str) -> sa.ColumnElement[bool]:
    """Pieces that a text may mean: a label's code, the school's own number, a place, the school's name."""
    text = text.strip()
    likes: list[Any] = [
        holds(column, text)
        for column in (
            Equipment.label,
            Equipment.location,
            Equipment.external_code,
            School.name,
            Building.name,
            Place.name,
        )
    ]
    try:
        likes.append(Equipment.tag_code == tags.read(text))
    except tags.NotATag:
        bare = "".join(c for c in text.upper() if c in tags.ALPHABET)
        if len(bare) > 2:
            likes.append(Equipment.tag_code.startswith(bare, autoescape=True))
    return sa.or_(*likes)


def _alike(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What pieces are told apart by in every school alike."""
    found = [Equipment.status == wanted.status if wanted.status else Equipment.status.in_(KEPT)]
    return [*found, Equipment.kind == wanted.kind] if wanted.kind else found


def _wanted(query: Any, viewer: Viewer, wanted: Wanted, columns: dates.DueColumns) -> Any:
    at: Any = Equipment.school_id
    due = DUE_FILTERS.get(wanted.due, ())
    if due and not wanted.school_id:
        # Some of a city's pieces are due: they are looked up by their days, not school by school.
        at = unindexed(Equipment.school_id)
        query = query.where(columns.may_need(columns.soon if DueStatus.SOON in due else columns.day))
    query = query.join(School, School.id == at).where(schools.visible(viewer), *_alike(wanted))
    if due:
        query = query.where(columns.status.in_([status.value for status in due]))
    if wanted.school_id:
        query = query.where(Equipment.school_id == wanted.school_id)
    if wanted.building_id:
        query = query.where(Equipment.building_id == wanted.building_id)
    if wanted.ids:
        query = query.where(Equipment.id.in_(list(wanted.ids)))
    if wanted.text.strip():
        query = query.where(_matches(wanted.text))
    return query


@dataclass(frozen=True)
class Line:
    """A piece in a list, with its school."""

    piece: Piece
    school_id: uuid.UUID
    school: str


def listing(viewer: Viewer, wanted: Wanted, *, key: str | None, size: int = 50) -> Page[Line]:
    """One page of the register: by what is due first where dates are asked for, else school by school."""
    today = clock.today()
    columns = dates.DueColumns(today)
    query = _wanted(with_places(), viewer, wanted, columns)
    by_due = [(columns.due, False)] if wanted.due in DUE_FILTERS else []
    keys = [
        *by_due,
        (School.sort_name, False),
        (Equipment.position, False),
        (Equipment.label, False),
        (Equipment.id, False),
    ]
    if wanted == Wanted(kind=wanted.kind, status=wanted.status):
        query = query.where(_near(viewer, wanted, *begins_at(key, keys), size=size))
    shown = with_places().add_columns(School.id, School.name).join(School, School.id == Equipment.school_id)
    found = page(query, keys=keys, key=key, size=size, scalars=False, shown=shown)
    rows = [Line(piece_of(row[:4], today), row[4], row[5]) for row in found.rows]
    return Page(rows=rows, next_key=found.next_key, previous_key=found.previous_key)


def _near(viewer: Viewer, wanted: Wanted, name: str | None, backwards: bool, *, size: int) -> sa.ColumnElement[bool]:
    """Of the schools by name, as far as a page can reach from there: so many that have at least one such piece."""
    has_some = sa.exists().where(Equipment.school_id == School.id, *_alike(wanted))
    query = sa.select(School.sort_name).where(schools.visible(viewer), has_some).limit(size + 1)
    if name is not None:
        query = query.where(School.sort_name < name if backwards else School.sort_name > name)
    names = query.order_by(School.sort_name.desc() if backwards else School.sort_name).subquery("near").c
    end = sa.select(sa.func.min(names.sort_name) if backwards else sa.func.max(names.sort_name)).scalar_subquery()
    reached = sa.func.coalesce(end, name or "")
    return School.sort_name >= reached if backwards else School.sort_name <= reached


def ids(viewer: Viewer, wanted: Wanted, *, most: int) -> list[uuid.UUID]:
    """The ids of what a list holds at schools the viewer serves, in the order of a walk; at most so many and one more."""
    query = sa.select(Equipment.id).outerjoin(Building, Building.id == Equipment.building_id)
    query = query.outerjoin(Floor, Floor.id == Equipment.floor_id).outerjoin(Place, Place.id == Equipment.place_id)
    query = _wanted(query, viewer, wanted, dates.DueColumns(clock.today()))
    query = query.where(sa.or_(School.brigade_id.in_(viewer.brigade_ids), School.id.in_(viewer.school_ids)))
    order = (School.sort_name, Building.position, Floor.level, Equipment.position, Equipment.label, Equipment.id)
    return list(db.session.scalars(query.order_by(*order).limit(most + 1)))


@dataclass(frozen=True)
class Figures:
    """How many pieces are kept, how many of them are away, and how many extinguishers are over, due soon, fit for scrap."""

    total: int
    away: int
    overdue: int
    soon: int
    scrap: int


def figures(viewer: Viewer) -> Figures:
    """The figures of all schools the viewer sees; one query."""
    columns, at, seen = dates.DueColumns(clock.today()), Equipment.school_id, schools.visible_ids(viewer)
    kept = Equipment.status.in_(KEPT)
    counted = [
        sa.select(sa.literal(one.value).label("word"), sa.func.count()).where(at.in_(seen), Equipment.status == one)
        for one in KEPT
    ]
    due = sa.select(columns.status, sa.func.count()).where(
        columns.may_need(columns.soon), unindexed(at).in_(seen), kept
    )
    rows = db.session.execute(sa.union_all(*counted, due.group_by(columns.status)))
    return _figures({word: int(number) for word, number in rows if word})


def figures_of_school(viewer: Viewer, school_id: uuid.UUID) -> tuple[Figures, dict[EquipmentKind, int]]:
    """The figures of one school, and how many pieces of each kind it has; one query."""
    status = dates.DueColumns(clock.today()).status
    rows = db.session.execute(
        sa.select(Equipment.kind, Equipment.status, status, sa.func.count())
        .where(
            Equipment.school_id == school_id,
            Equipment.school_id.in_(schools.visible_ids(viewer)),
            Equipment.status.in_(KEPT),
        )
        .group_by(Equipment.kind, Equipment.status, status)
    ).all()
    numbers, kinds = Counter[str](), Counter[EquipmentKind]()
    for kind, kept, due, number in rows:
        kinds[kind] += number
        numbers[kept.value] += number
        if due:
            numbers[due] += number
    return _figures(numbers), {kind: kinds[kind] for kind in EquipmentKind if kind in kinds}


def _figures(numbers: Mapping[str, int]) -> Figures:
    """From how many there are of each status, and of each status by date."""

    def of(*words: DueStatus | EquipmentStatus) -> int:
        return sum(numbers.get(word.value, 0) for word in words)

    return Figures(
        total=of(*KEPT),
        away=of(EquipmentStatus.AWAY),
        soon=of(DueStatus.SOON),
        overdue=of(DueStatus.DUE, DueStatus.OVERDUE),
        scrap=of(DueStatus.SCRAP),
    )


@dataclass(frozen=True)
class Unit:
    """A calculation unit (a floor, else a building, else the grounds): its extinguishers and how many are away."""

    pieces: int
    away: int
    too_many: bool


def unit_of(piece: Equipment, *, sending: int = 0) -> Unit | None:
    """How the unit of an extinguisher would stand if so many more were sent away (GB 50444 5.1.2); None for other kinds."""
    if piece.kind is not EquipmentKind.EXTINGUISHER:
        return None
    if piece.floor_id is not None:
        same = Equipment.floor_id == piece.floor_id
    elif piece.building_id is not None:
        same = Equipment.building_id == piece.building_id
    else:
        same = sa.and_(Equipment.school_id == piece.school_id, Equipment.building_id.is_(None))
    total, away = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(sa.case((Equipment.status == EquipmentStatus.AWAY, 1), else_=0))).where(
            same, Equipment.kind == EquipmentKind.EXTINGUISHER, Equipment.status.in_(KEPT)
        )
    ).one()
    gone = int(away or 0) + sending
    return Unit(total, gone, not may_send_to_service(dates.life_table(), in_unit=total, away=gone))


def history(piece: Equipment) -> Sequence[tuple[EquipmentEvent, str]]:
    """What happened to a piece, newest first, each with the name of who noted it; one query."""
    rows = db.session.execute(
        sa.select(EquipmentEvent, Person.name)
        .outerjoin(Person, Person.id == EquipmentEvent.by_id)
        .where(EquipmentEvent.equipment_id == piece.id)
        .order_by(EquipmentEvent.at.desc(), EquipmentEvent.id.desc())
        .limit(100)
    )
    return [(event, name or "") for event, name in rows]


def chain(piece: Equipment) -> list[Equipment]:
    """The pieces that stood at this place one after another, oldest first, this one among them; one query."""
    older = sa.select(Equipment.id, Equipment.replaces_id, sa.literal(0).label("step")).where(Equipment.id == piece.id)
    back = older.cte("back", recursive=True)
    before = sa.orm.aliased(Equipment)
    back = back.union_all(
        sa.select(before.id, before.replaces_id, back.c.step - 1).where(before.id == back.c.replaces_id)
    )
    forth = (
        sa.select(Equipment.id, sa.literal(0).label("step"))
        .where(Equipment.id == piece.id)
        .cte("forth", recursive=True)
    )
    after = sa.orm.aliased(Equipment)
    forth = forth.union_all(sa.select(after.id, forth.c.step + 1).where(after.replaces_id == forth.c.id))
    steps = sa.union(sa.select(back.c.id, back.c.step), sa.select(forth.c.id, forth.c.step)).subquery()
    return list(db.session.scalars(sa.select(Equipment).join(steps, steps.c.id == Equipment.id).order_by(steps.c.step)))


def by_code(code: str) -> Equipment | None:
    """The piece that carries a label now, whoever may see it."""
    return db.session.scalar(sa.select(Equipment).where(Equipment.tag_code == code))


def last_bearer(viewer: Viewer, code: str) -> Equipment | None:
    """The piece that carried a label last, if the viewer may see it."""
    return db.session.scalar(
        sa.select(Equipment)
        .join(TagHistory, TagHistory.equipment_id == Equipment.id)
        .where(TagHistory.tag_code == code, Equipment.school_id.in_(schools.visible_ids(viewer)))
        .order_by(TagHistory.from_at.desc(), TagHistory.id.desc())
        .limit(1)
    )


def places_for_choice(school_id: uuid.UUID) -> tuple[Sequence[Building], Sequence[Place]]:
    """Buildings with floors, and places, for the choices of a form; three queries."""
    return schools.buildings_of(school_id), schools.places_of(school_id)
