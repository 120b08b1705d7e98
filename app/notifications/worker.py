"""What the worker does for messages at each round: reminders of the day, notices, messages, sending."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.core import clock
from app.core.db import only_reading
from app.core.extensions import db
from app.notifications.bundling import bundle, sort_outbox
from app.notifications.models import Notice, Outbox
from app.notifications.reminders import remind
from app.notifications.sending import send_waiting

#: Seconds between looks at what is urgent or waits to be tried again, and between whole rounds.
URGENT_EVERY_S, EVERY_S = 10.0, 60.0


def send_urgent() -> None:
    """What cannot wait for a round: new notices, urgent messages, what is due to be tried again."""
    if _has_new():
        while sort_outbox():
            db.session.commit()
        db.session.commit()
        bundle(urgent=True)
    send_waiting()


def _has_new() -> bool:
    """A look that takes no write lock: most rounds find nothing."""
    with only_reading():
        told = sa.select(Outbox.id).where(Outbox.sorted_at.is_(None), Outbox.due_at <= clock.now())
        urgent = sa.select(Notice.id).where(Notice.bundled_at.is_(None), Notice.urgent)
        found = db.session.scalar(told.limit(1)) is not None or db.session.scalar(urgent.limit(1)) is not None
        db.session.rollback()
    return found


def go_round() -> None:
    """A whole round; safe to call at any time and from several workers. Each step commits, so a failure keeps what was done."""
    remind()
    db.session.commit()
    while sort_outbox():
        db.session.commit()
    db.session.commit()
    bundle(urgent=True)
    bundle(urgent=False)
    send_waiting()


#: What the worker does beside its jobs: (every so many seconds, act).
CHORES: tuple[tuple[float, Callable[[], None]], ...] = ((URGENT_EVERY_S, send_urgent), (EVERY_S, go_round))
