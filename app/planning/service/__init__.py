"""What people do with visits and complaints, a subject a module."""

from __future__ import annotations

from app.planning.service.visits import (
    OFFICERS,
    bring_forward,
    cancel,
    check_officers,
    check_school,
    drop,
    finish,
    move,
    plan,
    propose,
    start,
)

__all__ = [
    "OFFICERS",
    "bring_forward",
    "cancel",
    "check_officers",
    "check_school",
    "drop",
    "finish",
    "move",
    "plan",
    "propose",
    "start",
]
