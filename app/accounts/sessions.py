"""How a browser's cookie becomes a viewer: Flask-Login over our own table of sign-ins."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, g, request, session
from flask_login import UserMixin, login_user, logout_user

from app.accounts import queries
from app.accounts.models import SignIn
from app.accounts.service import token_hash
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db, login

SEEN_EVERY = timedelta(minutes=10)
#: How long a browser keeps its cookie; longer than a sign-in lasts, so that a form open at its end is not lost.
COOKIE_LASTS = timedelta(days=30)
OWNER = "owner"


class Session(UserMixin):
    """What Flask-Login carries: the token of one sign-in."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self.token = token
        self.viewer = viewer

    def get_id(self) -> str:
        """The cookie holds the token, never the person."""
        return self.token


@login.user_loader
def load(token: str) -> Session | None:
    """The session of a token that is still good; also notes, now and then, that it was seen."""
    found = queries.sign_in_by_hash(token_hash(token))
    if found is None:
        return None
    opened, unread = found
    viewer = queries.viewer_for(opened.person, sign_in_id=opened.id, unread=unread)
    if clock.now() - opened.seen_at > SEEN_EVERY:
        _note_seen(opened)
    g.viewer = viewer
    return Session(token, viewer)


def _note_seen(opened: SignIn) -> None:
    seen = sa.update(SignIn).where(SignIn.id == opened.id).values(seen_at=clock.now())
    if request.method in ("GET", "HEAD"):
        # A reading request may not write in its own transaction: it began without the write lock.
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(seen)
    else:
        # A writing request holds SQLite's only write lock already; a second connection would wait for itself.
        db.session.execute(seen)


def start(token: str, opened: SignIn) -> Viewer:
    """Let this browser hold the sign-in from now on.

    Of the former session only the language remains, and, when the same person signs in again, the secret behind
    CSRF tokens: a form that was open when the sign-in ran out can still be sent. Anybody else gets a new secret.
    """
    kept = {key: session[key] for key in ("language",) if key in session}
    if session.get(OWNER) == str(opened.person_id) and "csrf_token" in session:
        kept["csrf_token"] = session["csrf_token"]
    session.clear()
    session.update(kept)
    session[OWNER] = str(opened.person_id)
    session.permanent = True
    g.pop("csrf_token", None)
    viewer = queries.viewer_for(opened.person, sign_in_id=opened.id)
    login_user(Session(token, viewer))
    g.viewer = viewer
    return viewer


def stop() -> None:
    """Forget the sign-in in this browser; the language stays."""
    logout_user()
    g.pop("viewer", None)


def attach(app: Flask) -> None:
    """Attach Flask-Login."""
    login.init_app(app)
    login.session_protection = None  # the token is checked against our table on each request
    app.permanent_session_lifetime = COOKIE_LASTS
    # A late answer to who was signed in before must not put their cookie back over that of who has just signed in.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
