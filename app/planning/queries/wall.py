"""The codes on walls."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.jobs import Job
from app.planning.models.complaints import WallCode
from app.schools.models import School

#: The kind of job that prints a sheet.
SHEET = "planning.wall_sheet"
#: How many mergers a code is followed through; a ring of schools cannot be.
MOST_MERGERS = 10


def code_of(school_id: uuid.UUID) -> WallCode | None:
    """The code that is on a school's wall now."""
    return db.session.scalar(
        sa.select(WallCode)
        .where(WallCode.school_id == school_id, WallCode.withdrawn_at.is_(None))
        .order_by(WallCode.made_at.desc())
        .limit(1)
    )


def school_behind(code: str) -> School | None:
    """The school whose wall carries the code; after a merger the school it became. None for a withdrawn code."""
    school = db.session.scalar(
        sa.select(School)
        .join(WallCode, WallCode.school_id == School.id)
        .where(WallCode.code == code, WallCode.withdrawn_at.is_(None))
    )
    for _merger in range(MOST_MERGERS):
        if school is None or school.merged_into_id is None:
            return school
        school = db.session.get(School, school.merged_into_id)
    return school


def sheet_job(viewer: Viewer, job_id: uuid.UUID) -> Job | None:
    """A sheet that this person asked for."""
    return db.session.scalar(sa.select(Job).where(Job.id == job_id, Job.kind == SHEET, Job.made_by == viewer.person_id))
