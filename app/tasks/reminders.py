"""Schools are reminded of tasks that they have not reported: so many days before as their brigade set, and on the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from app.core.extensions import db
from app.notifications.reminders import Reminder, register_reminder_source
from app.organisations.models import Brigade
from app.organisations.setting_kinds import days_of
from app.organisations.settings import settings_of
from app.schools.models import School
from app.tasks.models import Task, TaskAt
from app.tasks.rules import reminded_on


@register_reminder_source
def of_tasks(day: date) -> Iterator[Reminder]:
    """Each task at each school that is due soon or today and not reported."""
    settings = {row.id: row.settings for row in db.session.execute(sa.select(Brigade.id, Brigade.settings))}
    before = {key: set(days_of(settings_of(stored).remind_before)) for key, stored in settings.items()}
    furthest = max((n for days in before.values() for n in days), default=0)
    rows = db.session.execute(
        sa.select(TaskAt.id, Task.title, Task.due_on, School)
        .join(Task, Task.id == TaskAt.task_id)
        .join(School, School.id == TaskAt.school_id)
        .where(
            Task.withdrawn_at.is_(None),
            Task.due_on.between(day, day + timedelta(days=furthest)),
            TaskAt.reported_at.is_(None),
            School.merged_into_id.is_(None),
        )
    )
    for at_id, title, due_on, school in rows:
        if reminded_on(due_on, before=before.get(school.brigade_id, set()), today=day):
            yield Reminder(
                key=f"task:{at_id}:{due_on}:{(due_on - day).days}",
                event="task_near",
                subject=("task_at", at_id),
                school_id=school.id,
                data={
                    "title": title,
                    "deadline": due_on,
                    "school": school.name,
                    "school_en": school.name_en,
                    "page": f"/tasks/at/{at_id}",
                },
            )
