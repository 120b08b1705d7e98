"""Which complaints the brigade is reminded of: those whose time to be on site ends today or tomorrow, or ended yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.notifications.reminders import Reminder, register_reminder_source
from app.planning.queries import complaints
from app.planning.service.complaints import HEARERS


@register_reminder_source
def of_complaints(day: date) -> Iterator[Reminder]:
    """Each complaint that waits for a visit, from the day before its time ends to the day after."""
    for complaint, school, due in complaints.all_running():
        if abs(due.day - day) <= timedelta(days=1):
            yield Reminder(
                key=f"complaint:{complaint.id}:{due.day}:{(day - due.day).days}",
                event="complaint_due",
                subject=("complaint", complaint.id),
                brigade_id=complaint.brigade_id,
                roles=HEARERS,
                data={"school": school, "number": complaint.number, "due": due.day},
                urgent=due.day <= day,
            )
