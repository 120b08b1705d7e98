"""What was struck off in a month, and the leader's sample of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.models.looks import ClosureSample, SampledClosure
from app.rectification.queries import findings as queries
from app.rectification.queries.findings import Line, inspection_table
from app.rectification.rules.sampling import month_after

#: The item of a photo taken at the second look.
ITEM = "sample"


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """One closure of a sample: the finding as it stands, who struck it off, photos of the second look."""

    row: SampledClosure
    line: Line
    officer_ids: frozenset[uuid.UUID]
    officers: Sequence[str]
    checked_by: str
    photos: Sequence[Photo] = field(default_factory=list)


def _struck_off(brigade_id: uuid.UUID, month: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Finding.brigade_id == brigade_id,
        Finding.closed_how == ClosedHow.RECHECK,
        Finding.closed_on >= month,
        Finding.closed_on < month_after(month),
    )


def pool(brigade_id: uuid.UUID, month: date) -> list[uuid.UUID]:
    """Everything of a brigade that re-checks struck off in a month."""
    return list(db.session.scalars(sa.select(Finding.id).where(*_struck_off(brigade_id, month)).order_by(Finding.id)))


def pool_size(brigade_id: uuid.UUID, month: date) -> int:
    """How many those are."""
    return db.session.scalar(sa.select(sa.func.count(Finding.id)).where(*_struck_off(brigade_id, month))) or 0


def sample_of(brigade_id: uuid.UUID, month: date) -> ClosureSample | None:
    """The draw of a month, if it was made."""
    return db.session.scalar(
        sa.select(ClosureSample).where(ClosureSample.brigade_id == brigade_id, ClosureSample.month == month)
    )


def sampled(viewer: Viewer, sample: ClosureSample) -> list[Sampled]:
    """The closures of a draw in the order drawn, in four queries whatever their number."""
    visit = inspection_table.c
    rows = db.session.execute(
        sa.select(SampledClosure, visit.lead_id, visit.second_id)
        .outerjoin(inspection_table, visit.id == SampledClosure.recheck_id)
        .where(SampledClosure.sample_id == sample.id)
        .order_by(SampledClosure.position)
    ).all()
    if not rows:
        return []
    lines = {line.finding.id: line for line in queries.by_ids(viewer, [row.finding_id for row, _l, _s in rows])}
    people = {key for row, *officers in rows for key in (*officers, row.checked_by_id) if key}
    names = {p.id: p.name for p in db.session.scalars(sa.select(Person).where(Person.id.in_(people)))}
    photos = db.session.scalars(
        sa.select(Photo)
        .where(
            Photo.target_kind == TargetKind.FINDING,
            Photo.target_id.in_(list(lines)),
            Photo.item == ITEM,
            Photo.withdrawn_at.is_(None),
        )
        .order_by(Photo.added_at, Photo.id)
    ).all()
    return [
        Sampled(
            row=row,
            line=lines[row.finding_id],
            officer_ids=frozenset(key for key in officers if key),
            officers=[names[key] for key in officers if key in names],
            checked_by=names.get(row.checked_by_id, "") if row.checked_by_id else "",
            photos=[photo for photo in photos if photo.place == str(row.id)],
        )
        for row, *officers in rows
        if row.finding_id in lines
    ]


def get(viewer: Viewer, sampled_id: uuid.UUID) -> tuple[SampledClosure, ClosureSample] | None:
    """One sampled closure with its draw, of the viewer's brigades."""
    row = db.session.execute(
        sa.select(SampledClosure, ClosureSample)
        .join(ClosureSample, ClosureSample.id == SampledClosure.sample_id)
        .where(SampledClosure.id == sampled_id, ClosureSample.brigade_id.in_(viewer.brigade_ids))
    ).first()
    return (row[0], row[1]) if row else None


def officers_of(sampled: SampledClosure) -> set[uuid.UUID]:
    """The two who struck it off."""
    visit = inspection_table.c
    row = db.session.execute(sa.select(visit.lead_id, visit.second_id).where(visit.id == sampled.recheck_id)).first()
    return {key for key in row if key} if row else set()
