"""Lists of orders of former years on their way in, and what they are held against."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.jobs import Job
from app.core.paging import Page, page
from app.rectification.models.orders import Order
from app.rectification.rules.old_orders import KnownSchool, Register
from app.schools.models import ColumnMapping, Decision, ImportRow, ImportRun, School, Verdict

KIND = "orders"


def run_for(viewer: Viewer, run_id: uuid.UUID) -> ImportRun | None:
    """A list of one of the viewer's brigades."""
    return db.session.scalar(
        sa.select(ImportRun).where(
            ImportRun.id == run_id, ImportRun.kind == KIND, ImportRun.brigade_id.in_(viewer.brigade_ids)
        )
    )


def runs(viewer: Viewer, *, most: int = 20) -> Sequence[ImportRun]:
    """The last lists of the viewer's brigades."""
    return db.session.scalars(
        sa.select(ImportRun)
        .where(ImportRun.kind == KIND, ImportRun.brigade_id.in_(viewer.brigade_ids))
        .order_by(ImportRun.id.desc())
        .limit(most)
    ).all()


def job_of(run: ImportRun) -> Job | None:
    """The work that is done on a list, if any."""
    return db.session.get(Job, run.job_id) if run.job_id else None


def remembered(brigade_id: uuid.UUID, headings: str) -> dict[str, Any] | None:
    """How the brigade mapped a list with these headings the last time."""
    kept = db.session.get(ColumnMapping, (brigade_id, KIND, headings))
    return dict(kept.mapping) if kept else None


def rows(run: ImportRun, *, verdict: Verdict | None, key: str | None) -> Page[ImportRow]:
    """The rows of a checked list, those of one verdict if asked for."""
    query = sa.select(ImportRow).where(ImportRow.run_id == run.id)
    if verdict:
        query = query.where(ImportRow.verdict == verdict)
    return page(query, keys=[(ImportRow.number, False)], key=key)


def all_rows(run: ImportRun) -> Sequence[ImportRow]:
    """Every row, in the order of the list."""
    return db.session.scalars(sa.select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.number)).all()


def rows_numbered(run: ImportRun, numbers: Collection[int]) -> Sequence[ImportRow]:
    """These rows of a list."""
    return db.session.scalars(
        sa.select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.number.in_(numbers))
    ).all()


def undecided(run: ImportRun) -> int:
    """How many rows wait for somebody to say which school is meant."""
    waiting = sa.select(sa.func.count()).select_from(ImportRow)
    waiting = waiting.where(
        ImportRow.run_id == run.id, ImportRow.verdict == Verdict.LIKELY, ImportRow.decision.is_(None)
    )
    return db.session.scalar(waiting) or 0


def to_write(run: ImportRun) -> Sequence[ImportRow]:
    """The rows that become orders: sure ones, and those whose school somebody named."""
    return db.session.scalars(
        sa.select(ImportRow)
        .where(
            ImportRow.run_id == run.id,
            sa.or_(ImportRow.verdict == Verdict.NEW, ImportRow.decision == Decision.SAME),
        )
        .order_by(ImportRow.number)
    ).all()


def register_of(brigade_id: uuid.UUID) -> Register:
    """The brigade's schools (those merged away by the name they had, as the school they became) and its known keys."""
    columns = (School.id, School.name, School.external_code, School.merged_into_id)
    found = db.session.execute(sa.select(*columns).where(School.brigade_id == brigade_id)).all()
    into = {row.id: row.merged_into_id for row in found}
    schools = [KnownSchool(_became(row.id, into), row.name, row.external_code or "") for row in found]
    keys = db.session.scalars(
        sa.select(Order.import_key).where(Order.brigade_id == brigade_id, Order.import_key.is_not(None))
    )
    return Register(schools, keys={key for key in keys if key})


def _became(school_id: uuid.UUID, into: dict[uuid.UUID, uuid.UUID | None]) -> uuid.UUID:
    for _merger in range(10):
        after = into.get(school_id)
        if after is None:
            return school_id
        school_id = after
    return school_id


def known_keys(brigade_id: uuid.UUID, keys: Iterable[str]) -> set[str]:
    """Those of the keys that orders of the brigade bear already."""
    some = list(keys)
    found: set[str] = set()
    for start in range(0, len(some), 500):
        part = some[start : start + 500]
        rows_ = db.session.scalars(
            sa.select(Order.import_key).where(Order.brigade_id == brigade_id, Order.import_key.in_(part))
        )
        found |= {key for key in rows_ if key}
    return found
