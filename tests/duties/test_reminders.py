"""Before a period ends its school is told once: what is owed as owed, what only informs as such; nothing of what is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.extensions import db
from app.drills.models import DrillKind
from app.duties import reminders, service
from app.organisations.models import Brigade
from app.organisations.setting_kinds import days_of
from app.organisations.settings import settings_of
from app.regulations.models import Term
from tests.cast import Cast
from tests.factories import drills

END = date(2026, 11, 30)


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Pema's school has been on record for a year, in term."""
    cast.school.made_at = clock.start_of(clock.today() - timedelta(days=400))
    area = cast.school.area_code
    db.session.add(Term(area_code=area, name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 8)))
    db.session.flush()
    return cast


def _told(cast: Cast, day: date) -> list[reminders.Reminder]:
    return [one for one in reminders.of_duties(day) if one.school_id == cast.school_id]


def _first_day(cast: Cast) -> date:
    stored = db.session.get_one(Brigade, cast.brigade_id).settings
    return END - timedelta(days=max(days_of(settings_of(stored).remind_before)))


@pytest.mark.one_database
def test_a_school_is_told_once_of_the_drill_that_its_month_lacks(known: Cast) -> None:
    (told,) = _told(known, _first_day(known))
    assert "应急疏散演练" in told.data["owed"]
    assert "（11-30）" in told.data["owed"]
    assert "防火检查" not in told.data["owed"]  # recorded by the school itself: only informs
    assert "防火检查" in told.data["informs"]
    assert _told(known, _first_day(known) - timedelta(days=1)) == []


@pytest.mark.one_database
def test_what_is_done_is_not_reminded_of_and_what_is_taken_on_is_owed(known: Cast) -> None:
    known.school.made_at = clock.start_of(date(2026, 10, 20))
    drills.drill(known, kind=DrillKind.EVACUATION, held_at=clock.start_of(date(2026, 11, 10)))
    assert _told(known, _first_day(known)) == []
    row = service.adopt(known.viewer("lea"), brigade_id=known.brigade_id, code="fire_check")
    row.since = date(2026, 11, 1)
    (told,) = _told(known, _first_day(known))
    assert "防火检查" in told.data["owed"]
    assert "应急疏散演练" not in told.data["owed"]
