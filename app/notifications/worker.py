"""What the worker does for messages at each round: reminders of the day, notices, messages, sending."""

from __future__ import annotations

from app.core.extensions import db
from app.notifications.bundling import bundle, sort_outbox
from app.notifications.reminders import remind
from app.notifications.sending import send_waiting

EVERY_S = 10.0


def go_round() -> None:
    """One round; safe to call at any time and from several workers. Each step commits, so a failure keeps what was done."""
    remind()
    db.session.commit()
    while sort_outbox():
        db.session.commit()
    db.session.commit()
    bundle()
    db.session.commit()
    send_waiting()
    db.session.commit()
