"""What labels say, and the jobs that print them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import force_locale

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.jobs import Job
from app.equipment.documents import Label
from app.equipment.models import Equipment
from app.equipment.queries.fieldwork import piece_of, with_places
from app.schools.models import School


def labels_of(ids: Sequence[uuid.UUID], *, language: str) -> list[Label]:
    """The labels of these pieces in the given order, those without a code left out; a query per five hundred."""
    found: dict[uuid.UUID, Label] = {}
    with force_locale(language):
        for start in range(0, len(ids), 500):
            query = (
                with_places()
                .add_columns(School.name, School.name_en)
                .join(School, School.id == Equipment.school_id)
                .where(Equipment.id.in_(ids[start : start + 500]), Equipment.tag_code.is_not(None))
            )
            for row in db.session.execute(query):
                piece = piece_of(row[:4], clock.today())
                school = row[5] if language == "en" and row[5] else row[4]
                found[piece.id] = Label(piece.tag_code or "", school, piece.name, piece.where)
    return [found[one] for one in ids if one in found]


def label_job(viewer: Viewer, job_id: uuid.UUID) -> Job | None:
    """A printing job that this person asked for."""
    return db.session.scalar(
        sa.select(Job).where(Job.id == job_id, Job.kind == "equipment.labels", Job.made_by == viewer.person_id)
    )
