"""Who is due for training: groups by the rules of duties, posts and people by months since the last time. DOMAIN §1.13, §4.5."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.duties.rules.counting import Standing, Stood

#: So long before its day a training is said to be due soon.
SOON = timedelta(days=30)


class Due(StrEnum):
    """Whether a training is due, the most pressing first."""

    OVERDUE = "overdue"
    NEVER = "never"
    SOON = "soon"
    OPEN = "open"
    DONE = "done"


ORDER = {due: place for place, due in enumerate(Due)}


@dataclass(frozen=True, slots=True)
class Group:
    """Those who are trained together: by a duty's code, or a post's. `by`: the day by which, or until when it should have been.

    `informs`: its source is unsure or proposed, so that nobody is blamed.
    """

    code: str
    due: Due
    by: date | None
    last: date | None
    informs: bool


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def of_duty(code: str, stood: Sequence[tuple[Stood, bool]], *, last: date | None, today: date) -> Group | None:
    """By the period that is on and the one that ended last, each with whether it only informs; None where nothing is owed."""
    begun = [(one, informs) for one, informs in stood if one.period.start <= today]
    if not begun:
        return None
    one, informs = begun[-1]
    is_on = one.period.end >= today
    if one.standing is Standing.MET:
        return Group(code, Due.DONE, None, last, informs)
    before = begun[-2] if is_on and len(begun) > 1 else None if is_on else begun[-1]
    if before is not None and before[0].standing is Standing.MISSED:
        return Group(code, Due.OVERDUE, before[0].period.end, last, before[1])
    if not is_on:
        return Group(code, Due.DONE, None, last, informs)
    return Group(code, Due.SOON if one.standing is Standing.SOON else Due.OPEN, one.period.end, last, informs)


def after_months(code: str, *, last: date | None, months: int, today: date) -> Group:
    """By the months since the last time. No law says how many: it only informs."""
    if last is None:
        return Group(code, Due.NEVER, None, None, informs=True)
    by = months_after(last, months)
    due = Due.OVERDUE if by < today else Due.SOON if by - today <= SOON else Due.DONE
    return Group(code, due, by, last, informs=True)
