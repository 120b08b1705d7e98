"""Duties in the browser's eyes: the grid, a school's year, recording, taking on a rule; who may what."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.drills.models import DrillKind
from app.duties.models import DutyAdoption, DutyRecord
from app.regulations.models import Term
from app.schools.models import School, SchoolKind
from app.schools.service import reindex_all
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills, pictures

TODAY = clock.today()
FILLED = {"duty": "fire_check", "day": TODAY.isoformat(), "time": "00:01", "done_by": "索南", "notes": ""}


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Pema's school has been on record for a year, with terms entered."""
    for school in db.session.scalars(sa.select(School)):
        school.made_at = clock.start_of(TODAY - timedelta(days=400))
    for name, start, end in (("春", "2026-03-02", "2026-07-10"), ("秋", "2026-09-01", "2027-01-08")):
        first, last = (date.fromisoformat(day) for day in (start, end))
        db.session.add(Term(area_code=cast.school.area_code, name=f"2026年{name}季学期", starts_on=first, ends_on=last))
    db.session.commit()
    return cast


def _records() -> int:
    return db.session.scalar(sa.select(sa.func.count(DutyRecord.id))) or 0


def _year(as_person: SignInAs, name: str, cast: Cast, school_id: uuid.UUID | None = None) -> str:
    return as_person(name).get(f"/schools/{school_id or cast.school_id}/duties").get_data(as_text=True)


def test_a_drill_that_was_held_turns_its_month_green(known: Cast, as_person: SignInAs) -> None:
    before = _year(as_person, "pema", known)
    drills.drill(known, held_at=clock.start_of(TODAY.replace(day=2)), kind=DrillKind.EVACUATION)
    db.session.commit()
    after = _year(as_person, "pema", known)
    assert "应急疏散演练" in before
    assert after.count('class="is-ok"') > before.count('class="is-ok"')
    assert after.count('class="is-bad"') <= before.count('class="is-bad"')


def test_what_was_not_done_in_time_stands_red_with_words(known: Cast, as_person: SignInAs) -> None:
    page = _year(as_person, "lea", known)
    assert "未按期完成：应完成 1 项，已完成 0 项" in page
    assert "现在要做的" in page


def test_where_no_term_is_entered_the_page_says_so(cast: Cast, as_person: SignInAs) -> None:
    db.session.execute(sa.update(Term).values(withdrawn_at=clock.now()))
    db.session.commit()
    assert "没有录入今年的学期" in _year(as_person, "pema", cast)


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "stan", "lea", "olga"])
def test_school_and_brigade_record_a_check(known: Cast, as_person: SignInAs, name: str) -> None:
    files = {"photos": (io.BytesIO(pictures.picture()), "a.jpg")}
    answer = as_person(name).post(f"/duties/new?school={known.school_id}", data=FILLED | files, follow_redirects=True)
    page = answer.get_data(as_text=True)
    record = db.session.scalars(sa.select(DutyRecord)).one()
    assert (record.duty, record.done_by, record.logged_by_id) == ("fire_check", "索南", known.people[name])
    assert "已登记" in page
    assert "未发现问题" in page
    shown = as_person(name).get(f"/duties/records/{record.id}").get_data(as_text=True)
    assert "/photos/" in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"duty": ""}, "请选择做了哪一项"),
        ({"duty": "evacuation_drill"}, "Not a valid choice"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "日期不能晚于"),
        ({"day": "2001-12-31"}, "以前不在可查看的年度内"),
        ({"time": "25:00"}, "Not a valid time"),
        ({"done_by": ""}, "请填写检查人"),
        ({"found_faults": "y"}, "发现问题时请写明问题和处理情况"),
    ],
)
def test_what_cannot_be_is_refused(known: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("pema").post(f"/duties/new?school={known.school_id}", data=FILLED | change)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page or "Not a valid" in said
    assert "error-summary" in page
    assert _records() == 0


def test_sent_twice_it_is_kept_once(known: Cast, as_person: SignInAs) -> None:
    client, key = as_person("pema"), str(uuid.uuid4())
    for _time in range(2):
        client.post(f"/duties/new?school={known.school_id}", data=FILLED | {"key": key})
    assert _records() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("beate", 403), ("dora", 403), ("ada", 403), ("otto", 404), ("oskar", 404), ("otilia", 404)]
)
def test_who_may_not_record_is_refused(known: Cast, as_person: SignInAs, name: str, status: int) -> None:
    answer = as_person(name).post(f"/duties/new?school={known.school_id}", data=FILLED)
    assert answer.status_code == status
    assert _records() == 0


def test_a_record_taken_back_counts_no_more(known: Cast, as_person: SignInAs) -> None:
    client = as_person("pema")
    client.post(f"/duties/new?school={known.school_id}", data=FILLED)
    record = db.session.scalars(sa.select(DutyRecord)).one()
    before = _year(as_person, "pema", known).count('class="is-ok"')
    refused = client.post(f"/duties/records/{record.id}/withdraw", data={"reason": ""})
    assert refused.status_code == 422
    client.post(f"/duties/records/{record.id}/withdraw", data={"reason": "登记错了"})
    assert _year(as_person, "pema", known).count('class="is-ok"') == before - 1
    assert "登记错了" in client.get(f"/duties/records/{record.id}").get_data(as_text=True)
    assert as_person("otto").get(f"/duties/records/{record.id}").status_code == 404


def test_a_rule_of_unsure_source_counts_once_the_brigade_adopts_it(known: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    assert "应急照明功能检查" in lea.get("/admin/duties").get_data(as_text=True)
    for _twice in range(2):
        lea.post("/admin/duties/light_function/adopt")
    row = db.session.scalars(sa.select(DutyAdoption)).one()
    assert (row.since, row.by_id, row.ended_on) == (TODAY, known.people["lea"], None)
    lea.post("/admin/duties/light_function/drop")
    db.session.refresh(row)
    assert (row.ended_on, row.ended_by_id) == (TODAY, known.people["lea"])
    lea.post("/admin/duties/evacuation_drill/adopt")
    assert db.session.scalar(sa.select(sa.func.count(DutyAdoption.id))) == 1


@pytest.mark.parametrize("name", ["pema", "ines", "stan", "beate", "dora"])
def test_who_may_not_adopt_is_refused(known: Cast, as_person: SignInAs, name: str) -> None:
    assert as_person(name).post("/admin/duties/light_function/adopt").status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(DutyAdoption.id))) == 0


def test_the_grid_shows_who_sees_which_schools(known: Cast, as_person: SignInAs) -> None:
    reindex_all()
    db.session.commit()
    mine, others = "示范区第一小学", "邻区第一小学"
    for name in ("lea", "beate", "dora"):
        page = as_person(name).get("/duties").get_data(as_text=True)
        assert mine in page
        assert others not in page
    assert mine in as_person("lea").get("/duties?q=第一").get_data(as_text=True)
    assert mine in as_person("lea").get("/duties?q=sfqdyxx").get_data(as_text=True)
    assert "没有符合条件的学校" in as_person("lea").get("/duties?q=没有这所").get_data(as_text=True)
    assert "没有符合条件的学校" in as_person("lea").get("/duties?kind=college").get_data(as_text=True)
    answer = as_person("pema").get("/duties")
    assert (answer.status_code, answer.location) == (302, f"/schools/{known.school_id}/duties")


def test_the_grid_sends_as_many_statements_for_thirty_schools_as_for_two(
    known: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    lea = as_person("lea")
    lea.get("/duties")
    with count_queries() as few:
        lea.get("/duties")
    db.session.add_all(
        School(
            name=f"第{n}中学", kind=SchoolKind.JUNIOR, brigade_id=known.brigade_id, area_code=known.school.area_code,
            made_at=clock.start_of(TODAY - timedelta(days=n)),
        )
        for n in range(30)
    )  # fmt: skip
    db.session.commit()
    lea.get("/duties")
    with count_queries() as many:
        page = lea.get("/duties").get_data(as_text=True)
    assert "第29中学" in page
    assert len(many.statements) == len(few.statements) <= 15


def test_home_and_page_of_a_school_lead_to_its_duties(known: Cast, as_person: SignInAs) -> None:
    for name, page in (("pema", "/portal"), ("lea", f"/schools/{known.school_id}")):
        assert f"/schools/{known.school_id}/duties" in as_person(name).get(page).get_data(as_text=True)


def test_the_year_of_a_school_sends_few_statements(known: Cast, as_person: SignInAs, count_queries: Any) -> None:
    pema = as_person("pema")
    _year(as_person, "pema", known)
    with count_queries() as counted:
        pema.get(f"/schools/{known.school_id}/duties")
    assert len(counted.statements) <= 15


def test_what_only_informs_is_never_red(known: Cast, as_person: SignInAs) -> None:
    page = _year(as_person, "lea", known)
    table = page[page.index("duty-grid") :]
    row = table[table.index("灭火器检查") : table.index("消火栓、水泵接合器检查")]
    assert "仅提示" in page
    assert 'class="is-na"' in row[row.index("<td") :]
    assert "is-bad" not in row


def test_the_grid_can_be_asked_for_one_duty_and_for_an_order(known: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    rows = {}
    for duty in ("", "evacuation_drill", "fire_check", "nonsense"):
        page = lea.get(f"/duties?duty={duty}&order=name").get_data(as_text=True)
        row = page[page.index("示范区第一小学") :]
        rows[duty] = row[: row.index("</tr>")]
    assert "is-bad" in rows["evacuation_drill"]
    assert "is-bad" not in rows["fire_check"]  # only informs
    assert rows["nonsense"] == rows[""] != rows["evacuation_drill"]
    assert 'class="is-sum"' in page


def test_a_drill_is_seen_in_the_grid_at_once(known: Cast, as_person: SignInAs) -> None:
    reindex_all()
    db.session.commit()
    lea = as_person("lea")

    def cell() -> str:
        page = lea.get("/duties?duty=evacuation_drill&q=第一").get_data(as_text=True)
        row = page[page.index("示范区第一小学</a>") :]
        return row.split("<td")[TODAY.month]

    assert "0/1" in cell()
    drills.drill(known, kind=DrillKind.EVACUATION)
    db.session.commit()
    assert "1/1" in cell()
