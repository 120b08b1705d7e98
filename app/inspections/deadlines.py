"""The dates by which faults should be put right, reckoned with the calendar of the school's place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.inspections import wording
from app.inspections.rules.faults import Chip, Problem
from app.rectification.rules.deadlines import DeadlineProposal, Doubt, blocks_way_out, doubt_of, propose_deadline
from app.regulations import queries as regulations
from app.regulations.rules.calendars import Calendar
from app.regulations.rules.items import Deadline

if TYPE_CHECKING:
    from app.inspections.sheet import Sheet

#: What to take where the pack gives no days for something that must be put right.
DEFAULT_DEADLINE = Deadline(days=15, kind="calendar", source="proposal")


class Deadlines:
    """Proposes dates for one sheet; each number of days is reckoned once."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known: dict[tuple[int, str, bool], DeadlineProposal] = {}

    def _calendar(self) -> Calendar:
        school = self._sheet.school
        return regulations.calendar_of(school.area_code, school_id=school.id)

    def propose(self, deadline: Deadline | None, *, way_out: bool = False) -> DeadlineProposal:
        """The day by which to put right, counted from the visit."""
        wanted = deadline or DEFAULT_DEADLINE
        key = (wanted.days, wanted.kind, way_out)
        if key not in self._known:
            self._known[key] = propose_deadline(
                self._sheet.day, days=wanted.days, kind=wanted.kind, calendar=self._calendar(), way_out=way_out
            )
        return self._known[key]

    def of(self, problem: Problem) -> DeadlineProposal:
        """The day for one problem: by its own days, and by whether it blocks a way out."""
        return self.propose(problem.deadline, way_out=_is_way_out(problem))

    def doubt(self, day: date, problem: Problem) -> Doubt | None:
        """The question that a day raises, whoever chose it."""
        return doubt_of(day, earliest=self._sheet.day, calendar=self._calendar(), way_out=_is_way_out(problem))

    def words(self, chip: Chip) -> str:
        """The day that a chip leads to, in words."""
        way_out = blocks_way_out(
            severity=chip.fault.severity, category=chip.item.category, violation=chip.fault.violation
        )
        proposal = self.propose(chip.fault.deadline, way_out=way_out)
        return wording.due(proposal, (chip.fault.deadline or DEFAULT_DEADLINE).days)


def _is_way_out(problem: Problem) -> bool:
    return blocks_way_out(severity=problem.severity, category=problem.category, violation=problem.violation)
