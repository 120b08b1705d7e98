"""What else a city has: how its schools are found, their equipment, drills and trainings, visits and complaints."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from app.drills.models import Drill, DrillKind
from app.equipment.models import Equipment, EquipmentKind
from app.planning.models import Visit, VisitState
from app.planning.models.complaints import Complaint
from app.planning.rules.complaints import ComplaintKind, ComplaintState, Intake, Outcome
from app.schools.models import SearchTerm
from app.schools.rules.search import terms_of
from app.trainings.models import Audience, Training, TrainingForm

if TYPE_CHECKING:
    from tests.bench.city import City

MODELS = (SearchTerm, Equipment, Drill, Training, Visit, Complaint)
#: Of each school: pieces of equipment by kind, drills and trainings of two years.
_PIECES = (
    (EquipmentKind.EXTINGUISHER, 12, {"agent": "powder_abc", "charge": 4.0, "rating_a": 2, "rating_b": 55}),
    (EquipmentKind.EMERGENCY_LIGHT, 4, {}),
    (EquipmentKind.EXIT_DOOR, 2, {"opening": "final_exit", "leaves": 2}),
    (EquipmentKind.INDOOR_HYDRANT, 2, {}),
)
_DRILLS, _TRAININGS = 12, 4
_DAYS_BACK = 730
#: Every so many schools have a complaint that nobody has looked at yet; one in two had one some time.
_RUNNING = 50


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=hour)


def add(city: City, school: uuid.UUID, name: str, number: int) -> None:
    """Give one school of the city its share."""
    for term, weight in terms_of(names=[name]).items():
        city.add(SearchTerm, term=term, school_id=school, weight=weight)
    _equipment(city, school)
    _logs(city, school)
    _visits(city, school, number)
    if number % _RUNNING == 0 or number % 2:
        _complaint(city, school, number)


def _equipment(city: City, school: uuid.UUID) -> None:
    for kind, count, specification in _PIECES:
        for n in range(count):
            made = city.today - timedelta(days=city.random.randrange(3_500))
            city.add(
                Equipment, school_id=school, kind=kind, label=f"{kind.value[:2].upper()}-{n + 1:02d}", location="教学楼走道", position=n,
                made_on=made, serviced_on=city.today - timedelta(days=city.random.randrange(900)), specification=specification,
                agent=specification.get("agent"),
            )  # fmt: skip


def _logs(city: City, school: uuid.UUID) -> None:
    for _n in range(_DRILLS):
        at = _moment(city.today - timedelta(days=city.random.randrange(_DAYS_BACK)), 2)
        city.add(
            Drill, school_id=school, kind=DrillKind.EVACUATION, held_at=at, led_by="白玛", last_out_s=180, expected=400, present=400,
            accounted=400, logged_by_id=city.sender,
        )  # fmt: skip
    for _n in range(_TRAININGS):
        at = _moment(city.today - timedelta(days=city.random.randrange(_DAYS_BACK)), 6)
        city.add(
            Training, school_id=school, audience=Audience.TEACHERS, form=TrainingForm.LECTURE, held_at=at, hours=2, attended=30,
            topics="灭火器的使用", logged_by_id=city.sender,
        )  # fmt: skip


def _visits(city: City, school: uuid.UUID, number: int) -> None:
    days = [-city.random.randrange(1, _DAYS_BACK) for _n in range(3)] + (
        [city.random.randrange(14)] * (number % 8 == 0)
    )
    for ahead in days:
        day, over = city.today + timedelta(days=ahead), ahead < 0
        city.add(
            Visit, school_id=school, brigade_id=city.brigade_id, planned_on=day, purpose="日常检查", lead_id=city.officers[0],
            second_id=city.officers[1], state=VisitState.DONE if over else VisitState.PLANNED,
            started_at=_moment(day, 1) if over else None, done_at=_moment(day, 4) if over else None,
        )  # fmt: skip


def _complaint(city: City, school: uuid.UUID, number: int) -> None:
    running = number % _RUNNING == 0
    day = city.today - timedelta(days=city.random.randrange(5) if running else city.random.randrange(10, _DAYS_BACK))
    at, seen = _moment(day, 3), _moment(day + timedelta(days=2), 3)
    city.add(
        Complaint, brigade_id=city.brigade_id, year=day.year, serial=100_000 + number, school_id=school, intake=Intake.PHONE,
        kind=city.random.choice(list(ComplaintKind)), text="安全出口上锁", received_at=at, recorded_at=at,
        state=ComplaintState.RECEIVED if running else ComplaintState.CLOSED, outcome=None if running else Outcome.CONFIRMED,
        decided_at=None if running else at, visited_at=None if running else seen, closed_at=None if running else seen,
        replied_on=None if running else day + timedelta(days=3),
    )  # fmt: skip
