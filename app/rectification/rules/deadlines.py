"""The day to put right by: what the pack's days lead to, and the question when that is no school day. Nothing moves by itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from app.rectification.rules.findings import Severity
from app.regulations.rules.calendars import (
    Calendar,
    Gap,
    add_workdays,
    gaps_between,
    holiday_name,
    is_in_term,
    is_school_day,
    is_workday,
    last_school_day,
    next_school_day,
)

#: The category of the pack that is about ways out, and the violations that are: blocked exits, bars on windows.
WAYS_OUT = "exit_route"
WAY_OUT_VIOLATIONS = frozenset({"FL60-1-3", "FL60-1-6"})


class NoSchool(enum.StrEnum):
    """Why a day is no school day."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    VACATION = "vacation"


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A day to put right by that is no school day, and what it could be instead.

    `before`: the last school day before it that is still possible; `after`: the next one, never offered for what blocks a
    way out.
    """

    day: date
    why: NoSchool
    holiday: str = ""
    before: date | None = None
    after: date | None = None
    blocks_way_out: bool = False


@dataclass(frozen=True, kw_only=True)
class DeadlineProposal:
    """The day proposed, and the day that the pack's days lead to (`counted`). They differ only for what blocks a way out.

    `doubt`: the counted day is no school day, so the officer is asked. `gaps`: what of the calendar is not entered.
    """

    day: date
    counted: date
    doubt: Doubt | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the officer is asked."""
        return self.doubt is not None


def blocks_way_out(*, severity: str, category: str, violation: str) -> bool:
    """A critical fault of an exit or evacuation route, by the pack's data."""
    return severity == Severity.CRITICAL and (category == WAYS_OUT or violation in WAY_OUT_VIOLATIONS)


def _why(day: date, calendar: Calendar) -> NoSchool:
    if is_in_term(day, calendar) is False:
        return NoSchool.VACATION
    marked = calendar.marked(day)
    return NoSchool.HOLIDAY if marked and not marked.working else NoSchool.WEEKEND


def doubt_of(day: date, *, earliest: date, calendar: Calendar, way_out: bool = False) -> Doubt | None:
    """The question that a day raises, or None for a school day. `earliest`: the day of the visit, at once is never asked."""
    if day <= earliest or is_school_day(day, calendar):
        return None
    return Doubt(
        day=day,
        why=_why(day, calendar),
        holiday="" if is_workday(day, calendar) else holiday_name(day, calendar) or "",
        before=last_school_day(day, calendar, earliest=earliest),
        after=None if way_out else next_school_day(day, calendar),
        blocks_way_out=way_out,
    )


def propose_deadline(
    found_on: date, *, days: int, kind: str, calendar: Calendar, way_out: bool = False
) -> DeadlineProposal:
    """Count the pack's days (`kind` calendar or working) from the inspection. Nothing to count (0 days) is at once.

    What falls on no school day stays there, with the question; what blocks a way out is proposed for the last school
    day before, where there is one, and never for a day behind holidays. The officer decides.
    """
    if days <= 0:
        return DeadlineProposal(day=found_on, counted=found_on)
    gaps: tuple[Gap, ...] = ()
    if kind == "working":
        reckoned = add_workdays(found_on, days, calendar)
        counted, gaps = reckoned.day, reckoned.gaps
    else:
        counted = found_on + timedelta(days=days)
    doubt = doubt_of(counted, earliest=found_on, calendar=calendar, way_out=way_out)
    day = doubt.before if doubt and way_out and doubt.before else counted
    unknown = dict.fromkeys((*gaps, *gaps_between(counted, counted, calendar)))
    return DeadlineProposal(day=day, counted=counted, doubt=doubt, gaps=tuple(unknown))
