"""The two logs: what a filled form sends, how an entry is made, what is typical of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.drills.models import Drill
from app.trainings.models import Training
from tests.drills import test_pages as drill_pages
from tests.factories import drills, trainings
from tests.trainings.views import test_held as training_pages


@dataclass(frozen=True)
class Log:
    """One of them. `telling` stands on the list of its entries and nowhere else; `longest` are its free texts,
    `language` is one of its paper's."""

    at: str
    table: Any
    make: Callable[..., Any]
    filled: dict[str, Any]
    telling: str
    button: str
    record: str
    number: str
    longest: Mapping[str, int]
    language: str


LOGS = (
    Log(
        at="/drills",
        table=Drill,
        make=drills.drill,
        filled=dict(drill_pages.FILLED),
        telling="600",
        button="登记演练",
        record="drill_record",
        number="示消演记字〔",
        longest={"led_by": 80, "weather": 60, "observers": 200, "scenario": 2000, "problems": 4000, "notes": 4000},
        language="zh_Hans_CN",
    ),
    Log(
        at="/trainings",
        table=Training,
        make=trainings.training,
        filled=dict(training_pages.FILLED),
        telling="油锅火处置",
        button="登记培训",
        record="training_record",
        number="示消训记字〔",
        longest={"trainer": 80, "topics": 4000, "materials": 2000, "outcome": 2000, "notes": 4000},
        language="en",
    ),
)
