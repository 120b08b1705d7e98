"""What a school was when, and what counts for what it owes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock
from app.core.extensions import db
from app.drills.models import DrillKind
from app.duties.queries import facts
from app.duties.rules.duties import Source
from app.schools.models import Building, BuildingUse, SchoolKind
from app.schools.service import register
from app.trainings.models import Audience
from tests.cast import Cast
from tests.duties.years import duty
from tests.factories import drills, trainings

TODAY = clock.today()


def test_a_school_that_changes_keeps_what_it_was(cast: Cast) -> None:
    school = cast.school
    school.made_at = clock.start_of(TODAY - timedelta(days=400))
    register.edit_school(cast.viewer("lea"), school, kind=SchoolKind.KINDERGARTEN, is_boarding=True)
    (before, now) = facts.phases_of([school])[school.id]
    assert (before.since, now.since) == (TODAY - timedelta(days=400), TODAY)
    assert before.traits == {"primary"}
    assert now.traits == {"kindergarten", "boarding", "boarding_kindergarten"}


def test_changing_the_phone_leaves_no_past(cast: Cast) -> None:
    register.edit_school(cast.viewer("lea"), cast.school, phone="0891-6000000")
    assert len(facts.phases_of([cast.school])[cast.school_id]) == 1


def test_what_stands_at_a_school_decides_too(cast: Cast) -> None:
    cast.school.facilities = ["pump"]
    db.session.add(Building(school_id=cast.school_id, name="食堂", use=BuildingUse.CANTEEN, floors_below=1))
    db.session.flush()
    (now,) = facts.phases_of([cast.school])[cast.school_id]
    assert now.traits == {"primary", "pump", "kitchen", "basement"}


def test_drills_and_trainings_count_by_kind_and_withdrawn_ones_do_not(cast: Cast) -> None:
    drills.drill(cast, kind=DrillKind.EVACUATION)
    drills.drill(cast, kind=DrillKind.NIGHT, withdrawn_at=clock.now(), withdrawn_reason="记错")
    trainings.training(cast, audience=Audience.PUPILS, hours=Decimal("2.5"))
    deeds = facts.deeds([cast.school_id], TODAY - timedelta(days=30))[cast.school_id]
    assert {key: len(done) for key, done in deeds.items()} == {
        (Source.DRILL, "evacuation"): 1,
        (Source.TRAINING, "pupils"): 1,
    }
    assert [d.amount for d in facts.done_for(duty("freshmen_hours", "school_year", "training"), deeds)] == [
        Decimal("2.5")
    ]
    assert [d.amount for d in facts.done_for(duty("pupil_lessons", "term", "training"), deeds)] == [Decimal(1)]


@pytest.mark.usefixtures("cast")
def test_the_pack_in_force_brings_its_duties() -> None:
    duties = {rule.code: rule for rule in facts.duties_in_force()}
    assert len(duties) == 26
    assert duties["light_function"].is_unsure
    assert not duties["kitchen_duct"].is_unsure
    assert [code for code, rule in duties.items() if rule.is_unsure] == [
        "light_function", "light_duration", "night_drill", "warden_training",
    ]  # fmt: skip
    assert not duties["patrol_night"].has_periods
