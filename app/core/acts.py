"""Doing what a form asks: committed whole, or taken back with the refusal beside the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form

Thing = TypeVar("Thing")


def made(form: Form, make: Callable[[], Thing]) -> Thing | None:
    """What the act made; None where it was refused, and then the form says why."""
    try:
        thing = make()
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return None
    db.session.commit()
    return thing


def done(form: Form, act: Callable[[], Any]) -> bool:
    """Whether the act was done; where it was refused, the form says why."""

    def finished() -> bool:
        act()
        return True

    return made(form, finished) is not None
