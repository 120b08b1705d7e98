"""What is said of trainings alone; what they share with the other log is in tests/logbook."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.trainings.models import Audience, Training
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings as make

TODAY = clock.today()
FILLED = {
    "audience": "canteen",
    "form": "hands_on",
    "day": TODAY.isoformat(),
    "time": "00:01",
    "hours": "１.5",
    "expected": "14",
    "attended": "12",
    "topics": "油锅火处置、灭火毯使用",
    "trainer": "扎西",
}


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Training.id))) or 0


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "stan", "lea", "olga"])
def test_school_and_brigade_log_a_training(cast: Cast, as_person: SignInAs, name: str) -> None:
    answer = as_person(name).post(f"/trainings/new?school={cast.school_id}", data=FILLED, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "到课率 85%" in page
    training = db.session.scalars(sa.select(Training)).one()
    assert (training.hours, training.expected, training.attended) == (Decimal("1.5"), 14, 12)
    assert clock.day_of(training.held_at) == TODAY
    assert training.logged_by_id == cast.people[name]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"audience": "cats"}, "Not a valid"),
        ({"form": "dance"}, "Not a valid"),
        ({"day": ""}, "请填写培训日期"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "日期不能晚于"),
        ({"time": ""}, "请填写开始时间"),
        ({"hours": ""}, "请填写学时"),
        ({"hours": "0"}, "学时应大于 0"),
        ({"hours": "100.5"}, "学时应大于 0"),
        ({"hours": "NaN"}, "学时应大于 0"),
        ({"hours": "1.234"}, "学时最多两位小数"),
        ({"attended": ""}, "请填写实到人数"),
        ({"attended": "-1"}, "人数应在 0 到 100000 之间"),
        ({"topics": "  "}, "请填写培训内容"),
        ({"trainer": "长" * 81}, "80"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("pema").post(f"/trainings/new?school={cast.school_id}", data=FILLED | change)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "error-summary" in page
    assert said in page or "Not a valid" in said
    assert _count() == 0


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", 3),
        ("audience=pupils", 1),
        ("form=hands_on", 3),
        ("q=第二小学", 1),
        (f"since={TODAY}", 2),
        (f"until={TODAY - timedelta(days=1)}", 1),
        ("since=nonsense&audience=nonsense&form=nonsense", 3),
    ],
)
def test_the_list_is_filtered(cast: Cast, as_person: SignInAs, query: str, seen: int) -> None:
    make.training(cast)
    make.training(cast, audience=Audience.PUPILS, held_at=clock.now() - timedelta(days=40))
    make.training(cast, school_id=cast.ottos_school_id)
    db.session.commit()
    page = as_person("lea").get(f"/trainings?{query}").text
    assert len(re.findall(r'href="/trainings/[0-9a-f-]{36}"', page)) == seen
