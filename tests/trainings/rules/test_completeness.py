"""五有四落实 as a table: each point by itself, and what does not prove it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.trainings.rules.completeness import FIVE, FOUR, Point, Proof, meter
from app.trainings.rules.sessions import Audience

HELD = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "audience": Audience.CANTEEN, "held_at": HELD, "planned_at": HELD - timedelta(days=3), "hours": Decimal(2), "expected": 14,
    "attended": 12, "signed": 12, "topics": "油锅火", "materials": "灭火毯", "notes": "请假二人", "reflections": "多练",
    "outcome": "十一人会用",
}  # fmt: skip


def test_there_are_five_and_four() -> None:
    assert (len(FIVE), len(FOUR)) == (5, 4)
    assert {*FIVE, *FOUR} == set(Point)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, ()),
        ({"planned_at": None}, (Point.PLAN,)),
        ({"planned_at": HELD}, (Point.PLAN,)),
        ({"planned_at": HELD + timedelta(minutes=1)}, (Point.PLAN,)),
        ({"signed": 0}, (Point.ATTENDANCE,)),
        ({"signed": 11}, (Point.ATTENDANCE,)),
        ({"signed": 13}, ()),
        ({"audience": Audience.PUPILS, "signed": 0}, ()),
        ({"audience": Audience.PUPILS, "signed": 0, "attended": None}, (Point.ATTENDANCE, Point.PEOPLE)),
        ({"audience": Audience.PARENTS, "signed": 0}, (Point.ATTENDANCE,)),
        ({"materials": " "}, (Point.MATERIALS,)),
        ({"notes": ""}, (Point.NOTES,)),
        ({"reflections": "\n"}, (Point.REFLECTIONS,)),
        ({"hours": None}, (Point.TIME,)),
        ({"has_time": False}, (Point.TIME,)),
        ({"expected": None}, (Point.PEOPLE,)),
        ({"attended": 0, "signed": 0}, (Point.ATTENDANCE, Point.PEOPLE)),
        ({"attended": None, "signed": 3}, (Point.PEOPLE,)),
        ({"topics": ""}, (Point.CONTENT,)),
        ({"outcome": ""}, (Point.RESULT,)),
        ({"outcome": "", "examined": 1}, ()),
    ],
)
def test_each_point_has_its_own_proof(change: dict[str, Any], missing: tuple[Point, ...]) -> None:
    found = meter(Proof(**WHOLE | change))
    assert found.missing == missing
    assert (found.done, found.all) == (9 - len(missing), 9)
