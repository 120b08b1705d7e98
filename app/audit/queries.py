"""Finding entries of the audit trail."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db


def entries(
    people: sa.Select[Any],
    *,
    person_id: uuid.UUID | None = None,
    subject_kind: str = "",
    subject_id: str = "",
    action: str = "",
    day: date | None = None,
) -> sa.Select[AuditEntry]:
    """Entries of acts by these people (a selection of ids), narrowed as asked. `day` is the school's day."""
    query = sa.select(AuditEntry).where(AuditEntry.person_id.in_(people))
    if person_id:
        query = query.where(AuditEntry.person_id == person_id)
    if subject_kind:
        query = query.where(AuditEntry.subject_kind == subject_kind)
    if subject_id:
        query = query.where(AuditEntry.subject_id == subject_id)
    if action:
        query = query.where(AuditEntry.action == action)
    if day:
        query = query.where(AuditEntry.at >= clock.start_of(day), AuditEntry.at < clock.end_of(day))
    return query


def standing() -> tuple[int, int]:
    """How many entries are chained, and how many still wait for the sealer."""
    row = db.session.execute(sa.select(sa.func.count(AuditEntry.link), sa.func.count())).one()
    return row[0], row[1] - row[0]


def last_act(action: str, *, subject: str, subject_id: uuid.UUID) -> AuditEntry | None:
    """The last entry of an act on one subject; None where it was never done."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject, AuditEntry.subject_id == str(subject_id), AuditEntry.action == action
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
