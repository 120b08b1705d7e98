"""Finding schools. `visible` is the one filter of who sees which school; every list, page, search and export uses it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.schools.models import Building, Place, School


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on School: the viewer's brigades' schools, the schools of their areas, or their own."""
    areas = [School.area_code.startswith(code, autoescape=True) for code in sorted(viewer.area_codes)]
    return sa.or_(School.brigade_id.in_(viewer.brigade_ids), School.id.in_(viewer.school_ids), *areas)


def visible_ids(viewer: Viewer) -> sa.Select[uuid.UUID]:
    """The same as a sub-query of ids, to filter what hangs on schools: `Finding.school_id.in_(visible_ids(viewer))`."""
    return sa.select(School.id).where(visible(viewer))


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
