"""The colour of a task at a school: by Python and by the database the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.extensions import db
from app.schools.models import School
from app.tasks import queries
from app.tasks.models import Task, TaskAt
from app.tasks.rules import Colour, Stamps, State, colour_of, reminded_on, state_of
from tests.cast import Cast
from tests.factories import tasks as make

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 1, tzinfo=clock.ZONE)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("state", "days", "colour"),
    [
        (State.SENT, -1, Colour.RED), (State.READ, -1, Colour.RED), (State.RETURNED, -1, Colour.RED), (State.REPORTED, -1, Colour.YELLOW),
        (State.ACCEPTED, -90, Colour.GREEN), (State.SENT, 0, Colour.YELLOW), (State.READ, 3, Colour.YELLOW), (State.READ, 4, Colour.GREEN),
        (State.RETURNED, 30, Colour.YELLOW), (State.REPORTED, 30, Colour.YELLOW), (State.SENT, 30, Colour.GREEN),
    ],
)  # fmt: skip
def test_the_colour_of_a_task(state: State, days: int, colour: Colour) -> None:
    assert colour_of(state, TODAY + timedelta(days=days), today=TODAY) is colour


@pytest.mark.one_database
@given(
    st.builds(Stamps, read_at=st.none() | st.just(AT), reported_at=st.none() | st.just(AT), returned_at=st.none() | st.just(AT), accepted_at=st.none() | st.just(AT))
)  # fmt: skip
def test_every_set_of_stamps_is_one_state(stamps: Stamps) -> None:
    assert state_of(stamps) in State


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("due_in", "before", "told"), [(0, set(), True), (7, {7, 1}, True), (3, {7, 1}, False), (-1, {7, 1}, False), (1, {1}, True)]
)  # fmt: skip
def test_a_school_is_reminded_before_and_on_the_day(due_in: int, before: set[int], told: bool) -> None:
    assert reminded_on(TODAY + timedelta(days=due_in), before=before, today=TODAY) is told


def test_the_database_says_the_same_colours(cast: Cast) -> None:
    now = clock.now()
    stands: tuple[dict[str, object], ...] = (
        {}, {"read_at": now}, {"reported_at": now}, {"returned_at": now, "returned_reason": "x"}, {"reported_at": now, "accepted_at": now},
    )  # fmt: skip
    for days in (-1, 0, 3, 4):
        for stamps in stands:
            make.at(make.task(cast, due_on=clock.today() + timedelta(days=days)), cast.school_id, **stamps)
    rows = db.session.execute(
        sa.select(TaskAt, Task.due_on, queries.colour()).join(Task, Task.id == TaskAt.task_id).join(School)
    ).all()
    assert len(rows) == 20
    assert [at.colour(due).value for at, due, _shade in rows] == [shade for _at, _due, shade in rows]
