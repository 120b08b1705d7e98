"""What a list of orders of former years is held against, and which of its rows become orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.core.extensions import db
from app.imports.models import Decision, ImportRow, ImportRun, Verdict
from app.rectification.models.orders import Order
from app.schools.queries import meant
from app.schools.rules.meant import Register


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
    """The brigade's schools and its known keys."""
    keys = db.session.scalars(
        sa.select(Order.import_key).where(Order.brigade_id == brigade_id, Order.import_key.is_not(None))
    )
    return meant.register_of(brigade_id, keys={key for key in keys if key})


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
