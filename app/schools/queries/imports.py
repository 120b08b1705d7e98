"""Finding imports, their rows, and what a list is compared with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.jobs import Job
from app.core.paging import Page, page
from app.organisations.models import Brigade
from app.schools.models import ColumnMapping, Decision, ImportRow, ImportRun, School, SchoolStatus, Verdict
from app.schools.rules.matching import COMPARED, Known

KIND = "school"


def run(viewer: Viewer, run_id: uuid.UUID) -> ImportRun | None:
    """An import of one of the viewer's brigades."""
    return db.session.scalar(
        sa.select(ImportRun).where(
            ImportRun.id == run_id, ImportRun.kind == KIND, ImportRun.brigade_id.in_(viewer.brigade_ids)
        )
    )


def runs(viewer: Viewer, *, most: int = 20) -> Sequence[ImportRun]:
    """The last imports of the viewer's brigades."""
    return db.session.scalars(
        sa.select(ImportRun)
        .where(ImportRun.kind == KIND, ImportRun.brigade_id.in_(viewer.brigade_ids))
        .order_by(ImportRun.made_at.desc(), ImportRun.id.desc())
        .limit(most)
    ).all()


def job_of(run: ImportRun) -> Job | None:
    """The long work that an import waits for, with what it says of its progress."""
    return db.session.get(Job, run.job_id) if run.job_id else None


def remembered(brigade_id: uuid.UUID, headings: str) -> dict[str, Any] | None:
    """How this brigade mapped a list with these headings the last time."""
    found = db.session.get(ColumnMapping, (brigade_id, KIND, headings))
    return found.mapping if found else None


def rows(
    run_id: uuid.UUID, *, verdict: Verdict | None = None, key: str | None = None, size: int = 50
) -> Page[ImportRow]:
    """One page of the rows of a list, in its order."""
    query = sa.select(ImportRow).where(ImportRow.run_id == run_id)
    if verdict is not None:
        query = query.where(ImportRow.verdict == verdict)
    return page(query, keys=[(ImportRow.number, False)], key=key, size=size)


def all_rows(run_id: uuid.UUID) -> Sequence[ImportRow]:
    """Every row of a list, in its order."""
    return db.session.scalars(sa.select(ImportRow).where(ImportRow.run_id == run_id).order_by(ImportRow.number)).all()


def rows_numbered(run_id: uuid.UUID, numbers: Iterable[int]) -> Sequence[ImportRow]:
    """These rows of a list."""
    return db.session.scalars(
        sa.select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number.in_(list(numbers)))
    ).all()


def standing(run_id: uuid.UUID) -> list[tuple[Verdict, Decision | None, int]]:
    """How many rows there are of each verdict and decision."""
    query = (
        sa.select(ImportRow.verdict, ImportRow.decision, sa.func.count())
        .where(ImportRow.run_id == run_id)
        .group_by(ImportRow.verdict, ImportRow.decision)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def known_schools(brigade_id: uuid.UUID) -> list[Known]:
    """A brigade's schools as matching wants them, also closed and merged ones."""
    columns = [School.__table__.c[name] for name in COMPARED]
    query = sa.select(
        School.id, School.source, School.external_code, School.identity, School.merged_into_id, School.status, School.extra,
        School.changed_at, *columns,
    ).where(School.brigade_id == brigade_id)  # fmt: skip
    return [_known(row._mapping) for row in db.session.execute(query)]


def _known(row: Any) -> Known:
    codes = [(row["source"], row["external_code"])] if row["external_code"] else []
    codes += list(row["extra"].get("codes", {}).items())
    return Known(
        id=row["id"],
        codes=tuple(codes),
        identities=(row["identity"], *row["extra"].get("identities", [])),
        merged_into_id=row["merged_into_id"],
        is_closed=row["status"] == SchoolStatus.CLOSED,
        changed_at=row["changed_at"].isoformat(),
        values={name: row[name].value if name == "kind" else row[name] for name in COMPARED},
    )


def codes_elsewhere(brigade_id: uuid.UUID, source: str) -> set[tuple[str, str]]:
    """Codes of a source that schools of other brigades bear."""
    query = sa.select(School.external_code).where(School.source == source, School.brigade_id != brigade_id)
    return {(source, code) for code in db.session.scalars(query) if code}


def brigade(brigade_id: uuid.UUID) -> Brigade:
    """The brigade that a list is for."""
    return db.session.get_one(Brigade, brigade_id)
