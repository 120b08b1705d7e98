"""Finding lists on their way in, and their rows."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.jobs import Job
from app.core.paging import Page, page
from app.imports.kinds import ListKind
from app.imports.models import ColumnMapping, Decision, ImportRow, ImportRun, Verdict


def _own(viewer: Viewer, kind: ListKind) -> sa.Select[ImportRun]:
    return sa.select(ImportRun).where(ImportRun.kind == kind.name, ImportRun.brigade_id.in_(viewer.brigade_ids))


def get(viewer: Viewer, kind: ListKind, run_id: uuid.UUID) -> ImportRun | None:
    """A list of this kind that one of the viewer's brigades brought in."""
    return db.session.scalar(_own(viewer, kind).where(ImportRun.id == run_id))


def latest(viewer: Viewer, kind: ListKind, *, most: int = 20) -> Sequence[ImportRun]:
    """The last lists of this kind of the viewer's brigades."""
    query = _own(viewer, kind).order_by(ImportRun.made_at.desc(), ImportRun.id.desc())
    return db.session.scalars(query.limit(most)).all()


def job_of(run: ImportRun) -> Job | None:
    """The long work that a list waits for, with what it says of its progress."""
    return db.session.get(Job, run.job_id) if run.job_id else None


def remembered(brigade_id: uuid.UUID, kind: ListKind, headings: str) -> dict[str, Any] | None:
    """How the brigade mapped a list with these headings (their fingerprint) the last time."""
    kept = db.session.get(ColumnMapping, (brigade_id, kind.name, headings))
    return dict(kept.mapping) if kept else None


def _rows(run: ImportRun) -> sa.Select[ImportRow]:
    return sa.select(ImportRow).where(ImportRow.run_id == run.id)


def rows(run: ImportRun, *, verdict: Verdict | None, key: str | None) -> Page[ImportRow]:
    """One page of the rows of a checked list in its order, those of one verdict if asked for."""
    query = _rows(run).where(ImportRow.verdict == verdict) if verdict else _rows(run)
    return page(query, keys=[(ImportRow.number, False)], key=key)


def all_rows(run: ImportRun) -> Sequence[ImportRow]:
    """Every row, in the order of the list."""
    return db.session.scalars(_rows(run).order_by(ImportRow.number)).all()


def rows_numbered(run: ImportRun, numbers: Collection[int]) -> Sequence[ImportRow]:
    """These rows of a list."""
    return db.session.scalars(_rows(run).where(ImportRow.number.in_(list(numbers)))).all()


def standing(run: ImportRun) -> list[tuple[Verdict, Decision | None, int]]:
    """How many rows there are of each verdict and decision."""
    query = (
        sa.select(ImportRow.verdict, ImportRow.decision, sa.func.count())
        .where(ImportRow.run_id == run.id)
        .group_by(ImportRow.verdict, ImportRow.decision)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]
