"""What was last sent, sent back and seen of a finding, kept beside it: lists and boards of a city read it from the row.

The facts are the evidence and the results of re-checks; these columns only repeat the latest of them, and no status. They are
brought up to date in the flush that writes a fact, so nobody has to think of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.rectification.models.findings import Evidence, Finding, RecheckResult
from app.rectification.rules.orders import EvidenceAnswer

#: Evidence that was not sent back.
_STANDS = sa.or_(Evidence.answer.is_(None), Evidence.answer != EvidenceAnswer.RETURNED)
_SENT = Evidence.finding_id == Finding.id
_SEEN = RecheckResult.finding_id == Finding.id
#: As many findings are brought up to date in one statement.
_AT_ONCE = 500
_CHANGED = "findings_with_news"
#: The columns that are kept.
LATEST = ("evidence_at", "returned_at", "applied_at", "rechecked_at", "looked_on", "recheck_outcome")


def _of(column: Any, *where: Any) -> Any:
    return sa.select(column).where(*where).correlate(Finding).scalar_subquery()


def _last_result(column: Any) -> Any:
    newest = sa.select(column).where(_SEEN).order_by(RecheckResult.seen_at.desc(), RecheckResult.id.desc())
    return newest.limit(1).correlate(Finding).scalar_subquery()


def _facts() -> dict[str, Any]:
    """Each column with what it repeats, reckoned anew from all that was sent and seen."""
    answered = sa.exists().where(
        RecheckResult.finding_id == Evidence.finding_id, RecheckResult.seen_at >= Evidence.sent_at
    )
    return {
        "evidence_at": _of(sa.func.max(Evidence.sent_at), _SENT, _STANDS),
        "returned_at": _of(sa.func.max(Evidence.answered_at), _SENT, Evidence.answer == EvidenceAnswer.RETURNED),
        "applied_at": _of(
            sa.func.min(Evidence.sent_at), _SENT, _STANDS, Evidence.asks_recheck, ~answered.correlate(Evidence)
        ),
        "rechecked_at": _of(sa.func.max(RecheckResult.seen_at), _SEEN),
        "looked_on": _of(sa.func.max(RecheckResult.seen_on), _SEEN),
        "recheck_outcome": _last_result(RecheckResult.outcome),
    }


def keep_latest(session: Session, finding_ids: Collection[uuid.UUID]) -> None:
    """Bring the columns of these findings up to date, in the database and in what the session holds of them."""
    ids, facts = sorted(finding_ids), _facts()
    for start in range(0, len(ids), _AT_ONCE):
        some = Finding.id.in_(ids[start : start + _AT_ONCE])
        connection = session.connection()
        # A statement of PostgreSQL sees what was committed when it began: whoever waits for another's evidence about the
        # same finding has to begin after it.
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(Finding.id).where(some).order_by(Finding.id).with_for_update())
        changed = sa.update(Finding).where(some).values(facts)
        rows = connection.execute(changed.returning(Finding.id, *(getattr(Finding, name) for name in facts)))
        for row in rows:
            held = session.identity_map.get(identity_key(Finding, row.id))
            for name in facts if held is not None else ():
                set_committed_value(held, name, getattr(row, name))


def keep_all_latest(session: Session) -> None:
    """The same for every finding, after rows were written past the session."""
    session.connection().execute(sa.update(Finding).values(_facts()))
    session.expire_all()


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    rows = [one for one in (*session.new, *session.dirty) if isinstance(one, Evidence | RecheckResult)]
    if rows:
        session.info.setdefault(_CHANGED, set()).update(one.finding_id for one in rows)


@event.listens_for(Session, "after_flush_postexec")
def _keep(session: Session, _context: Any) -> None:
    changed = session.info.pop(_CHANGED, None)
    if changed:
        keep_latest(session, changed)
