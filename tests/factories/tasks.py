"""Tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.tasks.models import Task, TaskAt, TaskTemplate
from app.tasks.rules import TaskKind
from tests.cast import Cast


def task(cast: Cast, **more: Any) -> Task:
    """A task of the brigade's, due in ten days, sent by Ines; at no school yet."""
    row = Task(
        **{
            "kind": TaskKind.COMMON,
            "title": "开学前消防自查",
            "text": "检查疏散通道、灭火器和应急灯，报告情况。",
            "due_on": clock.today() + timedelta(days=10),
            "brigade_id": cast.brigade_id,
            "sent_by_id": cast.people["ines"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def at(of: Task, school_id: Any, **more: Any) -> TaskAt:
    """The task at a school, unread."""
    row = TaskAt(**{"task_id": of.id, "school_id": school_id} | more)
    db.session.add(row)
    db.session.flush()
    return row


def template(cast: Cast, **more: Any) -> TaskTemplate:
    """A template of the brigade's."""
    row = TaskTemplate(
        **{
            "brigade_id": cast.brigade_id,
            "list_name": "开学前",
            "title": "消防自查",
            "text": "检查疏散通道。",
            "days": 14,
            "made_by_id": cast.people["ines"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
