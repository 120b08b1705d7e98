"""What a list of former drills is held against, and which of its rows become drills."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.core.extensions import db
from app.drills.models import Drill
from app.imports.models import ImportRow, ImportRun, Verdict
from app.schools.models import School
from app.schools.rules.meant import KnownSchool, Register


def known_keys(brigade_id: uuid.UUID) -> set[str]:
    """The keys of the rows that were taken over before and stand."""
    query = (
        sa.select(Drill.import_key)
        .join(School, School.id == Drill.school_id)
        .where(School.brigade_id == brigade_id, Drill.import_key.is_not(None), Drill.withdrawn_at.is_(None))
    )
    return {key for key in db.session.scalars(query) if key}


def register_of(brigade_id: uuid.UUID) -> Register:
    """The brigade's schools at work, and the known keys."""
    rows = db.session.execute(
        sa.select(School.id, School.name, School.external_code).where(
            School.brigade_id == brigade_id, School.merged_into_id.is_(None)
        )
    )
    schools = [KnownSchool(row.id, row.name, row.external_code or "") for row in rows]
    return Register(schools, keys=known_keys(brigade_id))


def to_write(run: ImportRun) -> Sequence[ImportRow]:
    """The rows that become drills."""
    query = sa.select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.verdict == Verdict.NEW)
    return db.session.scalars(query.order_by(ImportRow.number)).all()
