"""Signing in and out. The cookie holds a token; we keep its hash, so a leaked table opens nothing."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.models import Person, SignIn
from app.accounts.service import passwords
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db

STAYS_SIGNED_IN = timedelta(days=7)
SIGN_IN_TRIES, TRIES_PER_ADDRESS, TRY_WINDOW_S = 8, 60, 300


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(*, username: str, password: str, address: str, agent: str) -> tuple[SignIn, str] | None:
    """Open a sign-in and return it with its token, or None when name or password is wrong."""
    person = queries.person_by_username(username)
    if not passwords.password_matches(person, password) or person is None or not person.active:
        return None
    if passwords.needs_rehash(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    token = secrets.token_urlsafe(32)
    opened = SignIn(
        token_hash=token_hash(token),
        person_id=person.id,
        expires_at=clock.now() + STAYS_SIGNED_IN,
        address=address[:64],
        agent=agent[:200],
    )
    db.session.add(opened)
    db.session.flush()
    audit.record(person, "sign_in", subject="person", subject_id=person.id)
    return opened, token


def sign_out(viewer: Viewer, *, sign_in_id: uuid.UUID) -> None:
    """End one of the viewer's own sign-ins. Ending it twice does no harm."""
    found = db.session.get(SignIn, sign_in_id)
    if found is None or found.person_id != viewer.person_id:
        raise DomainError(_("没有这条登录记录。"))
    if found.ended_at is None:
        found.ended_at = clock.now()
        audit.record(viewer, "sign_out", subject="person", subject_id=viewer.person_id)


def end_sign_ins_of(person_id: uuid.UUID, *, keep: uuid.UUID | None = None) -> int:
    """End all sign-ins of a person, but the one kept; returns how many."""
    ended = db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or uuid.UUID(int=0)))
        .values(ended_at=clock.now())
    )
    return int(getattr(ended, "rowcount", 0))


def sign_out_everywhere(viewer: Viewer, *, keep: uuid.UUID | None = None) -> int:
    """End all sign-ins of the viewer, but the one kept; returns how many."""
    ended = end_sign_ins_of(viewer.person_id, keep=keep)
    audit.record(viewer, "sign_out_everywhere", subject="person", subject_id=viewer.person_id, detail={"ended": ended})
    return ended


def change_password(viewer: Viewer, *, old: str, new: str) -> None:
    """Change one's own password; every other sign-in ends."""
    person = db.session.get_one(Person, viewer.person_id)
    if not passwords.password_matches(person, old):
        raise DomainError(_("原密码不正确。"), field="old")
    passwords.check_new_password(new, username=person.username, field="new")
    person.password_hash = passwords.hash_password(new)
    audit.record(viewer, "change_password", subject="person", subject_id=person.id)
    sign_out_everywhere(viewer, keep=viewer.sign_in_id)
