"""Counting tries, so that guessing is slow: signing in, taking up a link, verifying a paper, uploading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort, current_app, request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, scoped_session

from app.accounts.models import Attempts
from app.core import clock
from app.core.extensions import db

View = TypeVar("View", bound=Callable[..., Any])


def _count(where: Connection | Session | scoped_session[Any], key: str, *, window_s: int) -> int:
    now = int(clock.now().timestamp())
    inside = Attempts.window.between(now - window_s + 1, now)  # the window opens with the first try, at no fixed hour
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    counted = (
        insert(Attempts)
        .values(key=key[:120], window=now, count=1)
        .on_conflict_do_update(
            index_elements=[Attempts.key],
            set_={
                "count": sa.case((inside, Attempts.count + 1), else_=1),
                "window": sa.case((inside, Attempts.window), else_=now),
            },
        )
        .returning(Attempts.count)
    )
    return int(where.execute(counted).scalar_one())


def count_attempt(key: str, *, most: int, window_s: int) -> bool:
    """Count one attempt in the window its first one opened (in the session); False when there were too many. Shared by all processes."""
    return _count(db.session, key, window_s=window_s) <= most


def forget_attempts(keys: Iterable[str]) -> None:
    """Forget the counted attempts of these keys, after a success."""
    db.session.execute(sa.delete(Attempts).where(Attempts.key.in_([k[:120] for k in keys])))


def limit(name: str, *, most: int, window_s: int = 300, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """At most so many requests of these methods in a window per network address; more get 429.

    Stands directly above the view function, below the line that says who may call it:
    `@bp.post("/verify")`, `@public`, `@limit("verify", most=30)`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            if request.method in methods and not allowed(name, most=most, window_s=window_s):
                current_app.logger.warning("too many requests for %s from %s", name, request.remote_addr)
                abort(429)
            return view(*args, **kwargs)

        return limited  # type: ignore[return-value]

    return mark


def allowed(name: str, *, most: int, window_s: int = 300) -> bool:
    """Count one try of this network address, whatever becomes of the request; False when there were too many.

    It ends the request's transaction: ask before anything is changed.
    """
    key = f"{name}:{request.remote_addr}"
    if request.method in ("GET", "HEAD"):
        # A reading request counts on a connection of its own, with one statement that takes the write lock by itself;
        # its own transaction ends first, so that it never waits for itself.
        db.session.rollback()
        with db.engine.begin() as connection:
            return _count(connection, key, window_s=window_s) <= most
    allowed = count_attempt(key, most=most, window_s=window_s)
    db.session.commit()  # counted, whatever becomes of the request
    return allowed
