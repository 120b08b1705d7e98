"""Which schools a row of a list may mean: those of a brigade, and those merged away by the name and code they had."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

import sqlalchemy as sa

from app.core.extensions import db
from app.schools.models import School
from app.schools.rules.meant import KnownSchool, Register

_MOST_MERGERS = 10


def register_of(brigade_id: uuid.UUID, *, keys: Collection[str]) -> Register:
    """The brigade's schools, those merged away as the school they became, and the keys of rows taken over before."""
    columns = (School.id, School.name, School.external_code, School.merged_into_id)
    found = db.session.execute(sa.select(*columns).where(School.brigade_id == brigade_id)).all()
    into = {row.id: row.merged_into_id for row in found}
    known = ((_became(row.id, into), row) for row in found)
    schools = [KnownSchool(id_, row.name, row.external_code or "") for id_, row in known if id_ in into]
    return Register(schools, keys=keys)


def _became(school_id: uuid.UUID, into: Mapping[uuid.UUID, uuid.UUID | None]) -> uuid.UUID:
    for _merger in range(_MOST_MERGERS):
        after = into.get(school_id)
        if after is None:
            return school_id
        school_id = after
    return school_id
