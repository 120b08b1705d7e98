"""Finding schools. `visible` is the one filter of who sees which school; every list, page, search and export uses it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.viewer import Viewer
from app.core.db import unindexed
from app.core.extensions import db
from app.schools.models import Building, Contact, Place, School, SchoolStatus
from app.schools.queries import groups


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on School: the viewer's brigades' schools, the schools of their areas, or their own."""
    seen: list[sa.ColumnElement[bool]] = [
        School.area_code.startswith(code, autoescape=True) for code in sorted(viewer.area_codes)
    ]
    if viewer.brigade_ids:
        seen.append(School.brigade_id.in_(viewer.brigade_ids))
    if viewer.school_ids:
        seen.append(School.id.in_(viewer.school_ids))
    return sa.or_(sa.false(), *seen)


def visible_ids(viewer: Viewer) -> sa.Select[uuid.UUID]:
    """The same as a sub-query of ids, to filter what hangs on schools: `Finding.school_id.in_(visible_ids(viewer))`."""
    return sa.select(School.id).where(visible(viewer))


def at_visible(viewer: Viewer, school_id: Any) -> sa.ColumnElement[bool]:
    """What hangs on a school that the viewer may see, by its column. Who sees a whole brigade's is never looked up by it.

    Whether there is any school at all that they do not see is asked once a statement: mostly there is none, and then tens
    of thousands of rows need not be compared with the list of schools one by one.
    """
    if not (viewer.brigade_ids or viewer.area_codes):
        own: sa.ColumnElement[bool] = school_id.in_(visible_ids(viewer))
        return own
    hidden = sa.exists().where(sa.func.coalesce(visible(viewer), sa.false()) == sa.false())
    column: Any = unindexed(school_id)
    return sa.or_(sa.and_(~hidden, column.is_not(None)), column.in_(visible_ids(viewer)))


def get(viewer: Viewer, school_id: uuid.UUID) -> School | None:
    """A school, if this viewer may see it."""
    return db.session.scalar(sa.select(School).where(School.id == school_id, visible(viewer)))


def serves(viewer: Viewer, school: School) -> bool:
    """Whether the viewer acts for the brigade that answers for this school, or is of its own staff; seeing is not enough."""
    return school.brigade_id in viewer.brigade_ids or school.id in viewer.school_ids


def buildings_of(school_id: uuid.UUID) -> Sequence[Building]:
    """Buildings in use with their floors, in two queries."""
    return db.session.scalars(
        sa.select(Building)
        .where(Building.school_id == school_id, Building.retired_on.is_(None))
        .options(selectinload(Building.floors))
        .order_by(Building.position, Building.name)
    ).all()


def places_of(school_id: uuid.UUID) -> Sequence[Place]:
    """Places in use."""
    return db.session.scalars(
        sa.select(Place)
        .where(Place.school_id == school_id, Place.retired_on.is_(None))
        .order_by(Place.position, Place.name)
    ).all()


def building(viewer: Viewer, building_id: uuid.UUID) -> Building | None:
    """A building of a school that this viewer may see."""
    return db.session.scalar(
        sa.select(Building)
        .where(Building.id == building_id, Building.school_id.in_(visible_ids(viewer)))
        .options(selectinload(Building.floors))
    )


def place(viewer: Viewer, place_id: uuid.UUID) -> Place | None:
    """A place at a school that this viewer may see."""
    return db.session.scalar(sa.select(Place).where(Place.id == place_id, Place.school_id.in_(visible_ids(viewer))))


def contact(viewer: Viewer, contact_id: uuid.UUID) -> Contact | None:
    """A contact at a school that this viewer may see."""
    return db.session.scalar(
        sa.select(Contact).where(Contact.id == contact_id, Contact.school_id.in_(visible_ids(viewer)))
    )


def family_ids(school_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """A school and all that were merged into it, as a sub-query: `Finding.school_id.in_(family_ids(school.id))`."""
    family = sa.select(School.id).where(School.id == school_id).cte("family", recursive=True)
    family = family.union(sa.select(School.id).where(School.merged_into_id == family.c.id))
    return sa.select(family.c.id)


def around(viewer: Viewer, school: School) -> tuple[list[School], list[Contact], str]:
    """What a school's page shows beside it, in one query: the school above, campuses, what was merged; whom to call; its group."""
    near = [School.id == school.id, School.parent_id == school.id, School.merged_into_id.in_(family_ids(school.id))]
    if school.parent_id:
        near.append(School.id == school.parent_id)
    to_call = sa.and_(Contact.school_id == School.id, School.id == school.id, Contact.ended_on.is_(None))
    rows = db.session.execute(
        sa.select(School, Contact, groups.name_column())
        .outerjoin(Contact, to_call)
        .where(sa.or_(*near), visible(viewer))
        .order_by(School.sort_name, School.id, Contact.name, Contact.id)
    ).all()
    relatives = dict.fromkeys(row[0] for row in rows if row[0].id != school.id)
    group = next((row[2] for row in rows if row[0].id == school.id), "")
    return list(relatives), [row[1] for row in rows if row[1] is not None], group


def possible_parents(viewer: Viewer, *, brigade_id: uuid.UUID) -> Sequence[School]:
    """Schools of a brigade that can have campuses: those at work that are no campus themselves."""
    return db.session.scalars(
        sa.select(School)
        .where(
            visible(viewer),
            School.brigade_id == brigade_id,
            School.parent_id.is_(None),
            School.status.in_([SchoolStatus.OPEN, SchoolStatus.SUSPENDED]),
        )
        .order_by(School.sort_name)
    ).all()
