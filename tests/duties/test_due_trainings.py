"""Who is due for training: by the periods of the rules, by months for posts and people; what brigade and school see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.duties.queries import trainings as queries
from app.duties.queries.trainings import Choice
from app.duties.rules.counting import Done, stand
from app.duties.rules.periods import Period
from app.duties.rules.trainings import Due, after_months, months_after, of_duty
from app.regulations.models import Term
from app.schools.models import Building, BuildingUse, Contact, School
from app.trainings.models import Audience
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings
from tests.factories.schools import school as another_school

TODAY = clock.today()
#: The year before, this one and the next, as three periods of a yearly rule.
YEARS = [Period(date(year, 1, 1), date(year, 12, 31)) for year in (2025, 2026, 2027)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("held", "today", "due", "by"),
    [
        ([], "2026-03-01", Due.OVERDUE, "2025-12-31"),
        (["2025-05-01"], "2026-03-01", Due.OPEN, "2026-12-31"),
        (["2025-05-01"], "2026-11-01", Due.SOON, "2026-12-31"),
        (["2025-05-01", "2026-02-01"], "2026-03-01", Due.DONE, None),
        (["2026-02-01"], "2026-03-01", Due.DONE, None),
        (["2025-05-01"], "2027-01-01", Due.OVERDUE, "2026-12-31"),
    ],
)
def test_a_group_is_due_by_the_period_that_is_on_and_the_one_before(
    held: list[str], today: str, due: Due, by: str | None
) -> None:
    day = date.fromisoformat(today)
    stood = stand(YEARS, [Done(date.fromisoformat(one)) for one in held], today=day)
    group = of_duty("x", [(one, False) for one in stood], last=None, today=day)
    assert group is not None
    assert (group.due, group.by) == (due, date.fromisoformat(by) if by else None)


@pytest.mark.one_database
def test_between_two_terms_what_was_missed_is_overdue_and_before_the_first_nothing_is() -> None:
    terms = [Period(date(2026, 3, 2), date(2026, 7, 10)), Period(date(2026, 9, 1), date(2027, 1, 8))]
    for done, due in (([], Due.OVERDUE), ([Done(date(2026, 7, 1))], Due.DONE), ([Done(date(2026, 8, 1))], Due.DONE)):
        stood = stand(terms, done, today=date(2026, 8, 2))
        group = of_duty("x", [(one, False) for one in stood], last=None, today=date(2026, 8, 2))
        assert group is not None
        assert group.due is due
    assert of_duty("x", [], last=None, today=TODAY) is None


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("last", "months", "due", "by"),
    [
        (None, 12, Due.NEVER, None),
        ("2025-11-22", 12, Due.OVERDUE, "2026-11-22"),
        ("2025-11-23", 12, Due.SOON, "2026-11-23"),
        ("2025-12-24", 12, Due.DONE, "2026-12-24"),
        ("2026-08-31", 6, Due.DONE, "2027-02-28"),
    ],
)
def test_a_post_is_due_so_many_months_after_the_last_time(
    last: str | None, months: int, due: Due, by: str | None
) -> None:
    day = date.fromisoformat(last) if last else None
    group = after_months("guards", last=day, months=months, today=date(2026, 11, 23))
    assert (group.due, group.by and group.by.isoformat(), group.informs) == (due, by, True)


@pytest.mark.one_database
def test_months_end_where_the_shorter_month_ends() -> None:
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2026, 11, 23), -12) == date(2025, 11, 23)
    assert months_after(date(2026, 10, 31), 4) == date(2027, 2, 28)


# On record -------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(cast: Cast) -> Cast:
    """The schools have been on record for more than a year, in term."""
    for school in db.session.scalars(sa.select(School)):
        school.made_at = clock.start_of(date(2025, 1, 1))
    area = cast.school.area_code
    db.session.add(Term(area_code=area, name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 8)))
    db.session.commit()
    return cast


def _groups(cast: Cast) -> dict[str, tuple[Due, date | None]]:
    (line,) = queries.due_of([cast.school])
    return {one.code: (one.due, one.last) for one in line.groups}


def _held(cast: Cast, audience: Audience, day: date, *names: str, **more: Any) -> None:
    session = trainings.session(cast, audience=audience, starts_at=clock.start_of(day))
    for name in names:
        trainings.attendee(session, name, "门卫")
    trainings.training(cast, audience=audience, held_at=clock.start_of(day), session_id=session.id, **more)


def test_a_training_of_all_staff_trains_the_posts_and_a_canteen_needs_a_kitchen(known: Cast) -> None:
    assert _groups(known)["staff_training"] == (Due.OVERDUE, None)
    assert _groups(known)["guards"] == (Due.NEVER, None)
    assert "canteen" not in _groups(known)
    db.session.add(Building(school_id=known.school_id, name="食堂", use=BuildingUse.CANTEEN))
    _held(known, Audience.ALL_STAFF, TODAY - timedelta(days=3))
    _held(known, Audience.CANTEEN, TODAY - timedelta(days=1))
    found = _groups(known)
    assert found["staff_training"] == found["guards"] == (Due.DONE, TODAY - timedelta(days=3))
    assert found["canteen"] == (Due.DONE, TODAY - timedelta(days=1))
    assert found["pupil_lessons"] == (Due.OPEN, None)


def test_people_last_trained_too_long_ago_are_named_and_counted(known: Cast) -> None:
    _held(known, Audience.GUARDS, TODAY - timedelta(days=500), "扎西", "多吉", "旺堆")
    _held(known, Audience.GUARDS, TODAY - timedelta(days=40), "多吉")
    _held(known, Audience.GUARDS, TODAY - timedelta(days=20), "旺堆", withdrawn_at=clock.now(), withdrawn_reason="记错")
    db.session.add_all(Contact(school_id=known.school_id, name=name, post="保安") for name in ("扎西", "新来的"))
    lea = known.viewer("lea")
    (line,) = (one for one in queries.listing(lea, Choice()) if one.school.id == known.school_id)
    assert line.people == 2
    found = [(one.name, one.last) for one in queries.people_due(line).rows]
    assert found == [("新来的", None), *((name, TODAY - timedelta(days=500)) for name in ("扎西", "旺堆"))]
    known.brigade.settings = {**known.brigade.settings, "post_training_months": 24}
    db.session.flush()
    assert {one.people for one in queries.listing(lea, Choice())} == {0}


def test_the_brigade_sees_where_most_is_due_first_and_finds_a_school(known: Cast, as_person: SignInAs) -> None:
    other = another_school(known, name="示范区第九小学")
    other.made_at = clock.start_of(date(2025, 1, 1))
    for day in (date(2025, 6, 1), date(2026, 6, 1)):
        trainings.training(known, school_id=other.id, audience=Audience.ALL_STAFF, held_at=clock.start_of(day))
    db.session.commit()
    lea = as_person("lea")
    assert "示范区第九小学" not in lea.get("/duties/trainings").get_data(as_text=True)
    page = lea.get("/duties/trainings?everything=1").get_data(as_text=True)
    assert page.index("示范区第一小学") < page.index("示范区第九小学")
    assert "邻区第一小学" not in page
    found = lea.get("/duties/trainings?q=第九").get_data(as_text=True)
    assert "示范区第一小学" not in found
    assert "示范区第九小学" in found
    assert 'class="tag is-bad">' not in found
    assert "没有符合条件的学校" in lea.get("/duties/trainings?q=没有这所").get_data(as_text=True)
    assert "/duties/trainings" in lea.get("/trainings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "status"), [("pema", 200), ("lea", 200), ("beate", 200), ("otto", 404), ("oskar", 404), ("ada", 403)]
)
def test_who_sees_which_school(known: Cast, as_person: SignInAs, name: str, status: int) -> None:
    _held(known, Audience.GUARDS, TODAY - timedelta(days=500), "扎西")
    db.session.commit()
    answer = as_person(name).get(f"/schools/{known.school_id}/duties/trainings")
    assert answer.status_code == status
    assert ("扎西" in answer.get_data(as_text=True)) is (status == 200)


def test_a_school_is_led_to_its_own_and_finds_it_at_home(known: Cast, as_person: SignInAs) -> None:
    pema, own = as_person("pema"), f"/schools/{known.school_id}/duties/trainings"
    assert pema.get("/duties/trainings").location == own
    assert own in pema.get("/portal").get_data(as_text=True)
    assert own in as_person("lea").get(f"/schools/{known.school_id}").get_data(as_text=True)
    assert "没有须再次培训的人" in pema.get(own).get_data(as_text=True)


def test_the_list_sends_as_many_statements_for_thirty_schools_as_for_two(
    known: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    lea = as_person("lea")
    lea.get("/duties/trainings")
    with count_queries() as few:
        lea.get("/duties/trainings")
    for n in range(60):
        known_kind = {"kind": known.school.kind, "brigade_id": known.brigade_id, "area_code": known.school.area_code}
        db.session.add(School(name=f"第{n:02d}中学", made_at=clock.start_of(date(2025, 1, 1)), **known_kind))
    db.session.commit()
    lea.get("/duties/trainings")
    with count_queries() as many:
        page = lea.get("/duties/trainings").get_data(as_text=True)
    assert many.number == few.number <= 15
    assert page.count("中学</a>") + page.count("小学</a>") == 50
    assert 'rel="next"' in page
