"""Making the demo district, from its units to its last signed record."""

from __future__ import annotations

from datetime import date
from random import Random

import sqlalchemy as sa

from app.accounts.service import hash_password
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.demo import district as districts
from app.demo.writing import Progress, Writer
from app.organisations import brigades
from app.organisations.service import load_areas
from app.schools.models import School


def seed(*, schools: int, years: int, number: int, password: str, progress: Progress) -> dict[str, int]:
    """Fill an empty database with a district; returns how many rows each table got. Commits at the end of each part.

    The same `number` makes the same district on the same day. Raises DomainError when the database holds schools already.
    """
    if db.session.scalar(sa.select(sa.func.count()).select_from(School)):
        raise DomainError("the database already holds schools; the demo district wants an empty one")
    today = clock.today()
    since = date(today.year - years, today.month, 1)
    writer = Writer(Random(number))
    brigades.mark_as_demo()
    load_areas()
    hashed = hash_password(password)
    district = districts.found(writer, password_hash=hashed, since=since, inspectors=max(4, schools // 60))
    districts.settle_schools(
        writer, district, count=schools, today=today, since=since, password_hash=hashed, progress=progress
    )
    db.session.commit()
    return writer.written
