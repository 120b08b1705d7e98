"""Writing the audit trail, chaining it, and checking the chain."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Protocol

import rfc8785
import sqlalchemy as sa
from flask import has_request_context, request

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db


class Actor(Protocol):
    """Whoever acts: a person, or a viewer who stands for one."""

    @property
    def name(self) -> str: ...


def _origin() -> str:
    if not has_request_context():
        return "command"
    agent = (request.user_agent.string or "")[:120]
    return f"{request.remote_addr or '?'} {agent}"[:200]


def record(
    by: Any, action: str, *, subject: str, subject_id: uuid.UUID | str | int, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Leave an entry in the transaction of the act. `by` is a Person or Viewer, or None for the program itself."""
    person_id = getattr(by, "person_id", None) or getattr(by, "id", None)
    entry = AuditEntry(
        person_id=person_id,
        person_name=getattr(by, "name", "") or "",
        origin=_origin(),
        action=action,
        subject_kind=subject,
        subject_id=str(subject_id),
        detail=detail or {},
    )
    db.session.add(entry)
    return entry


def record_many(
    by: Any, action: str, *, subject: str, details: Iterable[tuple[uuid.UUID | str, dict[str, Any]]]
) -> None:
    """One entry for each of many things that one act touched (a list taken over), in one statement."""
    person_id = getattr(by, "person_id", None) or getattr(by, "id", None)
    common = {
        "at": clock.now(),
        "person_id": person_id,
        "person_name": getattr(by, "name", "") or "",
        "origin": _origin(),
        "action": action,
        "subject_kind": subject,
    }
    rows = [{**common, "subject_id": str(subject_id), "detail": detail} for subject_id, detail in details]
    if rows:
        db.session.execute(sa.insert(AuditEntry), rows)


def _hash(entry: AuditEntry, link: int, before: str) -> str:
    content: dict[str, Any] = {
        "link": link,
        "before": before,
        "at": entry.at.isoformat(),
        "person": str(entry.person_id or ""),
        "name": entry.person_name,
        "origin": entry.origin,
        "action": entry.action,
        "subject": [entry.subject_kind, entry.subject_id],
        "detail": entry.detail,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def seal(*, most: int = 10_000) -> int:
    """Chain the entries that are not chained yet, oldest first; returns how many. Safe to call at any time.

    Only one sealer may work at once: the unique `link` refuses the second.
    """
    last = db.session.execute(
        sa.select(AuditEntry.link, AuditEntry.chain_hash)
        .where(AuditEntry.link.is_not(None))
        .order_by(AuditEntry.link.desc())
        .limit(1)
    ).first()
    link, before = (last[0] or 0, last[1] or "") if last else (0, "")
    fresh = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.link.is_(None)).order_by(AuditEntry.id).limit(most)
    ).all()
    for entry in fresh:
        link += 1
        before = _hash(entry, link, before)
        entry.link, entry.chain_hash = link, before
    db.session.flush()
    return len(fresh)


def seal_and_commit() -> None:
    """Chain what waits, in pieces; when another sealer was quicker, leave it to that one."""
    try:
        while seal(most=1_000):
            db.session.commit()
        db.session.commit()
    except sa.exc.IntegrityError:
        db.session.rollback()


def verify() -> tuple[int, int | None]:
    """Check the whole chain: (links checked, number of the first broken link or None)."""
    before, expected = "", 0
    query = sa.select(AuditEntry).where(AuditEntry.link.is_not(None)).order_by(AuditEntry.link)
    with closing(db.session.scalars(query.execution_options(yield_per=1000))) as entries:
        for entry in entries:
            expected += 1
            if entry.link != expected or entry.chain_hash != _hash(entry, expected, before):
                return expected - 1, expected
            before = entry.chain_hash
    return expected, None


def last_hash() -> str:
    """The hash at the end of the chain: written down elsewhere, it also proves that nothing was cut off the end."""
    query = sa.select(AuditEntry.chain_hash).where(AuditEntry.link.is_not(None)).order_by(AuditEntry.link.desc())
    return db.session.scalar(query.limit(1)) or ""
