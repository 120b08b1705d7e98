"""What a school found by itself, until it is put right. No finding of the brigade's comes of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.selfchecks.models import OwnTodo
from app.selfchecks.rules.todos import TodoSource


def found(
    *, todo_id: uuid.UUID, school_id: uuid.UUID, source: TodoSource, source_id: uuid.UUID, item: str, where: str, text: str,
    found_at: datetime,
) -> OwnTodo:  # fmt: skip
    """Keep what was found as a to-do; found again under the same id, what it says is taken over while it is open."""
    known = db.session.get(OwnTodo, todo_id)
    if known is not None:
        if known.done_at is None:
            known.text = text
            db.session.flush()
        return known
    row = OwnTodo(
        id=todo_id, school_id=school_id, source=source, source_id=source_id, item=item, where=where[:200], text=text,
        found_at=found_at, done_note="",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def close(viewer: Viewer, todo: OwnTodo, *, note: str) -> None:
    """Say how it was put right. Said twice, the first word stands."""
    if todo.done_at is not None:
        return
    if not note.strip():
        raise DomainError(_("请写明怎么处理的。"), field="note", code="words_missing")
    todo.done_at, todo.done_by_id, todo.done_note = clock.now(), viewer.person_id, note.strip()
    db.session.flush()
    audit.record(viewer, "close_own_todo", subject="own_todo", subject_id=todo.id, detail={"note": todo.done_note})
