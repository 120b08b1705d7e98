"""The dates by which faults should be put right, reckoned with the calendar of the school's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.inspections import wording
from app.rectification.rules import findings as rectification
from app.regulations import queries as regulations
from app.regulations.rules.items import Deadline

if TYPE_CHECKING:
    from app.inspections.sheet import Sheet

#: What to take where the pack gives no days for something that must be put right.
DEFAULT_DEADLINE = Deadline(days=15, kind="calendar", source="proposal")


class Deadlines:
    """Proposes dates for one sheet; each number of days is reckoned once."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._known: dict[tuple[int, str], rectification.DeadlineProposal] = {}

    def propose(self, deadline: Deadline | None) -> rectification.DeadlineProposal:
        """The day by which to put right, counted from the visit."""
        wanted = deadline or DEFAULT_DEADLINE
        key = (wanted.days, wanted.kind)
        if key not in self._known:
            school = self._sheet.school
            self._known[key] = rectification.propose_deadline(
                self._sheet.day,
                days=wanted.days,
                kind=wanted.kind,
                calendar=regulations.calendar_of(school.area_code, school_id=school.id),
            )
        return self._known[key]

    def words(self, deadline: Deadline | None) -> str:
        """The same in words."""
        return wording.due(self.propose(deadline), (deadline or DEFAULT_DEADLINE).days)
