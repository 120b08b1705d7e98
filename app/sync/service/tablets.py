"""The register of tablets: who is on which, what they took along and still hold, and the token that proves a second person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import service as accounts
from app.accounts.models import Person, SignIn
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock, sealing
from app.core.db import insert_ignore, new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.sync.models import Tablet
from app.sync.rules import GRANT_LASTS, JUST_SIGNED_IN, offset

#: Tries of a second person's password in a window.
TRIES, WINDOW_S = 8, 300


def seen(viewer: Viewer, device: str, *, agent: str = "", label: str = "", build: str = "") -> Tablet:
    """This person is on this tablet now; its row is locked until the transaction ends."""
    found = _locked(viewer.person_id, device)
    if found is None:
        now = clock.now()
        db.session.execute(
            insert_ignore(Tablet).values(
                id=new_id(), device=device, person_id=viewer.person_id, label="", agent="", build="", first_seen_at=now, last_seen_at=now,
                waiting={}, taken=[], grant_hash="",
            )
        )  # fmt: skip
        found = _locked(viewer.person_id, device)
        assert found is not None
    found.last_seen_at, found.lost_at, found.lost_by_id = clock.now(), None, None
    found.agent, found.build = agent[:200] or found.agent, build or found.build
    found.label = label[:80] or found.label
    return found


def _locked(person_id: uuid.UUID, device: str) -> Tablet | None:
    return db.session.scalar(
        sa.select(Tablet).where(Tablet.person_id == person_id, Tablet.device == device).with_for_update()
    )


def reported(tablet: Tablet, *, waiting: Mapping[str, int], client_now: datetime | None) -> None:
    """What the tablet said of itself."""
    if waiting:
        tablet.waiting = dict(waiting)
    if client_now is not None:
        tablet.clock_offset_s = offset(clock.now(), client_now).total_seconds()


def took_along(tablet: Tablet, parts: Sequence[Mapping[str, Any]]) -> None:
    """What the tablet was told to take along."""
    tablet.taken = [{"key": part["key"], "title": part.get("title", "")} for part in parts if part["key"] != "common"]
    tablet.taken_at = clock.now()


def mark_lost(viewer: Viewer, tablet: Tablet) -> None:
    """The tablet is gone: its token opens nothing any more. When it is heard of again it is no longer lost."""
    if not viewer.may(Permission.SEE_TABLETS):
        raise DomainError(_("只有大队领导和内勤可以标记平板遗失。"))
    if tablet.lost_at is not None:
        return
    tablet.lost_at, tablet.lost_by_id, tablet.grant_hash, tablet.grant_until = clock.now(), viewer.person_id, "", None
    db.session.flush()
    detail = {"device": tablet.device, "person": str(tablet.person_id), "waiting": dict(tablet.waiting)}
    audit.record(viewer, "tablet_lost", subject="tablet", subject_id=tablet.id, detail=detail)


# who is at the tablet --------------------------------------------------------------------------------------------


def _grant_hash(token: str, person: Person) -> str:
    """A changed password ends the token."""
    return hashlib.sha256(f"{token}|{person.password_hash}".encode()).hexdigest()


def grant(viewer: Viewer, tablet: Tablet) -> tuple[str, datetime]:
    """A token that says: this person has signed in on this tablet. Shown once; the one before ends."""
    token, until = secrets.token_urlsafe(32), clock.now() + GRANT_LASTS
    person = db.session.get_one(Person, viewer.person_id)
    tablet.grant_hash, tablet.grant_until = _grant_hash(token, person), until
    audit.record(viewer, "tablet_grant", subject="tablet", subject_id=tablet.id, detail={"device": tablet.device})
    return token, until


def key_part(viewer: Viewer, device: str) -> bytes | None:
    """The server's part of the key under which a person's work lies on a tablet; only for who has just signed in."""
    opened = db.session.get(SignIn, viewer.sign_in_id) if viewer.sign_in_id else None
    if opened is None or clock.now() - opened.made_at > JUST_SIGNED_IN:
        return None
    lost = sa.select(Tablet.id).where(
        Tablet.person_id == viewer.person_id, Tablet.device == device, Tablet.lost_at.is_not(None)
    )
    if db.session.scalar(lost) is not None:
        return None
    return sealing.key_for(f"tablet {viewer.person_id} {device}")


def _people(ids: Mapping[str, str]) -> dict[uuid.UUID, str]:
    found = {}
    for text, secret in ids.items():
        try:
            found[uuid.UUID(text)] = secret
        except ValueError:
            continue
    return found


def proven(device: str, *, grants: Mapping[str, str], passwords: Mapping[str, str]) -> frozenset[uuid.UUID]:
    """Of whom tokens or passwords show that they are at this tablet. Counts tries of passwords; the caller commits."""
    return frozenset({*_by_grant(device, _people(grants)), *_by_password(_people(passwords))})


def _by_grant(device: str, tokens: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
    if not tokens:
        return set()
    rows = db.session.execute(
        sa.select(Tablet, Person)
        .join(Person, Person.id == Tablet.person_id)
        .where(
            Tablet.device == device,
            Tablet.person_id.in_(list(tokens)),
            Tablet.grant_until > clock.now(),
            Tablet.lost_at.is_(None),
            Person.active,
        )
    )
    return {p.id for t, p in rows if hmac.compare_digest(t.grant_hash, _grant_hash(tokens[p.id], p))}


def _by_password(passwords: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
    found = set()
    for person_id, password in passwords.items():
        if not password or not accounts.count_attempt(f"second:{person_id}", most=TRIES, window_s=WINDOW_S):
            continue
        person = db.session.get(Person, person_id)
        if person is not None and person.active and accounts.password_matches(person, password):
            accounts.forget_attempts([f"second:{person_id}"])
            found.add(person_id)
    return found
