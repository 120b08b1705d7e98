"""Keeping on each piece what the last inspection said of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from app.core.extensions import db
from app.equipment.models import Equipment


def note_check(verdicts: Mapping[uuid.UUID, str], *, on: date, inspection_id: uuid.UUID) -> int:
    """Write the verdict (pass, fail) of each piece that was looked at; returns how many pieces took it.

    A piece keeps the newest: an older inspection that arrives late changes nothing. Called when an inspection is signed.
    """
    noted = 0
    for verdict in sorted(set(verdicts.values())):
        ids = [piece for piece, said in verdicts.items() if said == verdict]
        for start in range(0, len(ids), 500):
            done = db.session.execute(
                sa.update(Equipment)
                .where(
                    Equipment.id.in_(ids[start : start + 500]),
                    sa.or_(Equipment.last_checked_on.is_(None), Equipment.last_checked_on <= on),
                )
                .values(last_verdict=verdict, last_checked_on=on, last_inspection_id=inspection_id)
                .execution_options(synchronize_session=False)
            )
            noted += done.rowcount  # type: ignore[attr-defined]
    db.session.expire_all()
    return noted
