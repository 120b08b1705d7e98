"""What a list of schools is compared with."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.extensions import db
from app.organisations.models import Brigade
from app.schools.models import School, SchoolStatus
from app.schools.rules.matching import COMPARED, Known


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
