"""Who at a school answers for which duty, today and before."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import SCHOOL_ROLES, Membership, Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.duties.models import DutyHolder
from app.schools import queries as schools
from app.schools.models import School


def _held(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        DutyHolder.withdrawn_at.is_(None),
        DutyHolder.from_day <= day,
        sa.or_(DutyHolder.to_day.is_(None), DutyHolder.to_day >= day),
    )


def of_schools(school_ids: Collection[uuid.UUID], *, day: date | None = None) -> dict[uuid.UUID, dict[str, DutyHolder]]:
    """Who holds which duty at each of these schools on a day: school → code of the duty → holder."""
    query = sa.select(DutyHolder).where(DutyHolder.school_id.in_(list(school_ids)), _held(day or clock.today()))
    found: dict[uuid.UUID, dict[str, DutyHolder]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.school_id, {})[row.duty] = row
    return found


def with_school(viewer: Viewer, school_id: uuid.UUID) -> tuple[School, dict[str, DutyHolder]] | None:
    """A school that the viewer may see, with who holds which duty today; one statement, for a page that asks much."""
    held = sa.and_(DutyHolder.school_id == School.id, _held(clock.today()))
    rows = db.session.execute(
        sa.select(School, DutyHolder).outerjoin(DutyHolder, held).where(School.id == school_id, schools.visible(viewer))
    ).all()
    return (rows[0][0], {row[1].duty: row[1] for row in rows if row[1] is not None}) if rows else None


def history(school_id: uuid.UUID, *, most: int = 2000) -> Sequence[DutyHolder]:
    """Who held what at a school, holds it or will, the latest first."""
    return db.session.scalars(
        sa.select(DutyHolder)
        .where(DutyHolder.school_id == school_id)
        .order_by(DutyHolder.from_day.desc(), DutyHolder.made_at.desc(), DutyHolder.id)
        .limit(most)
    ).all()


def standing_of(rows: Sequence[DutyHolder]) -> dict[str, DutyHolder]:
    """Who of a school's history holds which duty today, by the duty's code; asks nothing more."""
    today = clock.today()
    return {
        row.duty: row
        for row in rows
        if row.withdrawn_at is None and row.from_day <= today and (row.to_day is None or row.to_day >= today)
    }


def staff(school_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    """The people with an account at a school today: id, name and telephone, by name."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name, Person.phone)
        .where(
            Person.active,
            Person.id.in_(
                sa.select(Membership.person_id).where(
                    Membership.school_id == school_id, Membership.role.in_(SCHOOL_ROLES), accounts.held_today()
                )
            ),
        )
        .order_by(Person.sort_name, Person.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
