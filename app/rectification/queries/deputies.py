"""Who stands in for the leader, today and before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.rectification.models.orders import Deputy


def _in_office() -> sa.ColumnElement[bool]:
    today = clock.today()
    return sa.and_(Deputy.from_on <= today, Deputy.to_on >= today, Deputy.ended_at.is_(None))


def in_office(viewer: Viewer, brigade_id: Any) -> sa.ColumnElement[bool]:
    """A condition: the viewer approves in the leader's place in that brigade today."""
    return (
        sa.exists()
        .where(Deputy.brigade_id == brigade_id, Deputy.person_id == viewer.person_id, _in_office())
        .correlate_except(Deputy)
    )


def is_deputy(viewer: Viewer, brigade_id: uuid.UUID) -> bool:
    """Whether the viewer approves in the leader's place today."""
    query = sa.select(Deputy.id).where(
        Deputy.brigade_id == brigade_id, Deputy.person_id == viewer.person_id, _in_office()
    )
    return db.session.scalar(query.limit(1)) is not None


def named(viewer: Viewer, *, most: int = 50) -> Sequence[tuple[Deputy, str]]:
    """Deputies of the viewer's brigades with their names, the last named first."""
    query = (
        sa.select(Deputy, Person.name)
        .join(Person, Person.id == Deputy.person_id)
        .where(Deputy.brigade_id.in_(viewer.brigade_ids))
        .order_by(Deputy.named_at.desc(), Deputy.id)
        .limit(most)
    )
    return [(deputy, name) for deputy, name in db.session.execute(query)]


def get(viewer: Viewer, deputy_id: uuid.UUID) -> Deputy | None:
    """One naming, of the viewer's brigades."""
    return db.session.scalar(sa.select(Deputy).where(Deputy.id == deputy_id, Deputy.brigade_id.in_(viewer.brigade_ids)))
