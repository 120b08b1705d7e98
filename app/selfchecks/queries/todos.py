"""What schools have to put right by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.schools import queries as schools
from app.selfchecks.models import OwnTodo

MOST = 50


def get(viewer: Viewer, todo_id: uuid.UUID) -> OwnTodo | None:
    """One of them."""
    return db.session.scalar(
        sa.select(OwnTodo).where(OwnTodo.id == todo_id, schools.at_visible(viewer, OwnTodo.school_id))
    )


def open_of(school_id: uuid.UUID) -> Sequence[OwnTodo]:
    """What a school has still to do, the oldest first."""
    return db.session.scalars(
        sa.select(OwnTodo)
        .where(OwnTodo.school_id == school_id, OwnTodo.done_at.is_(None))
        .order_by(OwnTodo.found_at, OwnTodo.id)
        .limit(MOST)
    ).all()


def done_of(school_id: uuid.UUID, *, most: int = 10) -> Sequence[OwnTodo]:
    """What a school put right last."""
    return db.session.scalars(
        sa.select(OwnTodo)
        .where(OwnTodo.school_id == school_id, OwnTodo.done_at.is_not(None))
        .order_by(OwnTodo.done_at.desc(), OwnTodo.id)
        .limit(most)
    ).all()
