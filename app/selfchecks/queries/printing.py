"""The jobs that print labels and sheets."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.jobs import Job

LABELS, SHEET = "selfchecks.labels", "selfchecks.sheet"


def job_of(viewer: Viewer, job_id: uuid.UUID) -> Job | None:
    """A printing job that this person asked for."""
    return db.session.scalar(
        sa.select(Job).where(Job.id == job_id, Job.kind.in_((LABELS, SHEET)), Job.made_by == viewer.person_id)
    )
