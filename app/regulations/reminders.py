"""The brigade's own clocks alarm the brigade: the day before one runs out, on the day, and the day after, then its leader too."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from flask_babel import force_locale

from app.accounts.models import BRIGADE_ROLES, Role
from app.accounts.policy import PERMISSIONS
from app.accounts.viewer import Viewer
from app.core.i18n import LANGUAGES
from app.notifications.reminders import Reminder, register_reminder_source
from app.organisations import queries as organisations
from app.regulations.clock_sources import PlacedClock, open_clocks
from app.regulations.queries import workdays_of
from app.regulations.rules.clocks import CLOCKS, ClockKind

#: Complaints have reminders of their own.
ELSEWHERE = frozenset({ClockKind.COMPLAINT, ClockKind.COMPLAINT_URGENT})


def _as(brigade_id: uuid.UUID) -> Viewer:
    """The brigade itself as one who looks: it sees its own schools and may do nothing."""
    return Viewer(
        person_id=uuid.UUID(int=0),
        name="",
        username="",
        roles=frozenset(),
        permissions=frozenset(),
        brigade_ids=frozenset({brigade_id}),
    )


def _running(brigade_id: uuid.UUID) -> dict[str, tuple[PlacedClock, dict[str, str]]]:
    """The brigade's clocks by key, each with its label in every language."""
    found: dict[str, tuple[PlacedClock, dict[str, str]]] = {}
    for language in LANGUAGES:
        with force_locale(language):
            for one in open_clocks(_as(brigade_id), None):
                if one.brigade_id == brigade_id and one.kind not in ELSEWHERE:
                    found.setdefault(one.clock.key, (one, {}))[1][language] = str(one.clock.label)
    return found


@register_reminder_source
def of_clocks(day: date) -> Iterator[Reminder]:
    """Each running clock of a brigade that ends today or tomorrow, or ended yesterday."""
    for brigade in organisations.all_brigades():
        for key, (one, labels) in _running(brigade.id).items():
            rule = CLOCKS[one.kind] if one.kind else None
            due = one.due(workdays_of(one.area_code))
            offset = (day - due.day).days
            if abs(offset) > 1 or (rule is not None and rule.of_party):
                continue
            holders = {role for role in BRIGADE_ROLES if one.permission and one.permission in PERMISSIONS[role]}
            yield Reminder(
                key=f"clock:{key}:{due.day}:{offset}",
                event="clock_late" if offset > 0 else "clock_due",
                subject=("clock", key),
                brigade_id=brigade.id,
                person_ids=sorted(one.owner_ids),
                roles=holders | ({Role.LEADER} if offset > 0 or not (holders or one.owner_ids) else set()),
                data={
                    "label": labels.get("zh_Hans_CN", ""),
                    "label_en": labels.get("en", ""),
                    "due": due.day,
                    "page": one.clock.href or "",
                },
                urgent=offset > 0,
            )
