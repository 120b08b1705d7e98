"""五有四落实: what a training must leave behind, and what must be settled about it, each told apart."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.trainings.rules.attendance import keeps_names
from app.trainings.rules.sessions import Audience


class Point(enum.StrEnum):
    """The nine points: five that are had, four that are settled."""

    PLAN = "plan"
    ATTENDANCE = "attendance"
    MATERIALS = "materials"
    NOTES = "notes"
    REFLECTIONS = "reflections"
    TIME = "time"
    PEOPLE = "people"
    CONTENT = "content"
    RESULT = "result"


FIVE = (Point.PLAN, Point.ATTENDANCE, Point.MATERIALS, Point.NOTES, Point.REFLECTIONS)
FOUR = (Point.TIME, Point.PEOPLE, Point.CONTENT, Point.RESULT)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is on record of a training. `planned_at` is None where nobody planned it; `hours` are class hours."""

    audience: Audience
    held_at: datetime
    planned_at: datetime | None = None
    has_time: bool = True
    hours: Decimal | None = None
    expected: int | None = None
    attended: int | None = None
    signed: int = 0
    topics: str = ""
    materials: str = ""
    notes: str = ""
    reflections: str = ""
    outcome: str = ""
    examined: int = 0


def _has_attendance(proof: Proof) -> bool:
    """Names, or where none are kept a count; a list that holds fewer than are said to have come is no proof."""
    if not keeps_names(proof.audience):
        return bool(proof.attended)
    return proof.signed > 0 and proof.signed >= (proof.attended or 0)


def met(proof: Proof) -> dict[Point, bool]:
    """Each point and whether it is met. A plan is one that was there before the session began."""
    return {
        Point.PLAN: proof.planned_at is not None and proof.planned_at < proof.held_at,
        Point.ATTENDANCE: _has_attendance(proof),
        Point.MATERIALS: bool(proof.materials.strip()),
        Point.NOTES: bool(proof.notes.strip()),
        Point.REFLECTIONS: bool(proof.reflections.strip()),
        Point.TIME: proof.has_time and bool(proof.hours),
        Point.PEOPLE: bool(proof.attended) and proof.expected is not None,
        Point.CONTENT: bool(proof.topics.strip()),
        Point.RESULT: bool(proof.outcome.strip()) or proof.examined > 0,
    }


@dataclass(frozen=True)
class Meter:
    """How complete a training is."""

    points: dict[Point, bool]

    @property
    def done(self) -> int:
        """How many points are met."""
        return sum(self.points.values())

    @property
    def all(self) -> int:
        """How many there are."""
        return len(self.points)

    @property
    def missing(self) -> tuple[Point, ...]:
        """Those that are not, in their order."""
        return tuple(point for point, is_met in self.points.items() if not is_met)


def meter(proof: Proof) -> Meter:
    """The nine points of a training."""
    return Meter(met(proof))
