"""Trainings of former years from a list: what is sure is taken, what is not stays as typed, no pupil's name is kept."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Membership, Role
from app.core import clock, jobs
from app.core.extensions import db
from app.core.tables import write_report
from app.imports.models import ImportRow, ImportRun
from app.schools.models import School, SchoolStatus
from app.trainings import queries
from app.trainings.models import Training
from app.trainings.rules import old_logs as rules
from app.trainings.rules.sessions import STAFF, Audience, TrainingForm
from tests.cast import Cast
from tests.conftest import SignInAs

TODAY = clock.today()
HEADINGS = (
    "学校",
    "培训日期",
    "培训对象",
    "培训方式",
    "时长",
    "培训内容",
    "授课人",
    "实到人数",
    "签到名单",
    "考核结果",
)
ROWS = (
    ("示范区第一小学", "2025-03-12 14:30", "保安、门卫", "实操", "2小时", "灭火器使用", "扎西", "6人", "", "全部会用"),
    ("示范区第一小学", "2025年4月9日", "全体教职工", "讲座", "2:05", "疏散引导", "次仁", "", "白玛、索南、达瓦", ""),
    ("示范区第二小学", "2025-05-07", "三年级学生", "观看影片", "70-79 seconds", "报火警", "", "约120", "小明、小红", ""),
    ("示范区第二小学", "2025-05-08", "食堂", "", "一上午", "油锅起火", "", "8", "", ""),
    ("示范区第一小学", "2025年6月", "教师", "讲座", "1.5小时", "只有年月", "", "40", "", ""),
    ("示范区第一小学", "6月3日", "教师", "讲座", "1小时", "没有年份", "", "40", "", ""),
    ("示范区第九小学", "2025-05-09", "教师", "讲座", "1小时", "没有这所学校", "", "40", "", ""),
    ("邻区第一小学", "2025-05-09", "教师", "讲座", "1小时", "别的大队的学校", "", "40", "", ""),
    ("示范区第一小学", "2025-05-20", "师生", "疏散", "3 mins 20 seconds", "", "", "660", "", ""),
    ("示范区第一小学", "2025年4月9日", "全体教职工", "讲座", "2:05", "疏散引导", "次仁", "", "白玛、索南、达瓦", "再一次"),
)  # fmt: skip


def _sent(browser: Any, content: bytes, name: str) -> Any:
    return browser.post("/trainings/import", data={"file": (io.BytesIO(content), name)})


def _bring(browser: Any, kind: str = "csv", rows: Any = ROWS) -> ImportRun:
    """Bring the list in; its columns are taken as the headings tell them."""
    answer = _sent(browser, write_report(HEADINGS, rows, kind=kind), f"旧台账.{kind}")
    db.session.rollback()
    run = db.session.scalars(sa.select(ImportRun).order_by(ImportRun.made_at.desc())).first()
    assert run is not None
    columns = {f"column_{column}": name for column, name in run.mapping["columns"].items()}
    db.session.rollback()
    assert browser.post(answer.location, data=columns).status_code == 302
    jobs.run_all()
    db.session.rollback()
    return db.session.get_one(ImportRun, run.id)


def _accept(browser: Any, run: ImportRun, **more: str) -> None:
    address = f"/trainings/import/{run.id}/accept"
    db.session.rollback()
    browser.post(address, data=more)
    jobs.run_all()
    db.session.expire_all()


def _held() -> dict[str, Training]:
    return {clock.day_of(one.held_at).isoformat(): one for one in db.session.scalars(sa.select(Training))}


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Training.id))) or 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_sure_is_taken_and_the_rest_stays_as_typed(cast: Cast, as_person: SignInAs, kind: str) -> None:
    lea = as_person("lea")
    run = _bring(lea, kind)
    assert run.summary["verdicts"] == {"new": 5, "error": 4, "duplicate": 1}
    at = f"/trainings/import/{run.id}"
    page = lea.get(at).text
    for said in (
        "“2:05”没有写是小时、分还是秒", "“70-79 seconds”是一个范围", "“约120”是约数", "“一上午”看不出数值", "“2025年6月”缺少年、月或日",
        "“6月3日”缺少年、月或日", "登记册中没有这所学校", "学生或对象不详的名单不保存", "没有写人数，按名单计数", "培训对象写了几类",
    ):  # fmt: skip
        assert said in page
    _accept(lea, run, only_good="y")
    held = _held()
    assert sorted(held) == ["2025-03-12", "2025-04-09", "2025-05-07", "2025-05-08", "2025-05-20"]
    guards, staff, pupils, cooks, all_ = (held[day] for day in sorted(held))
    assert (guards.hours, guards.attended, clock.local(guards.held_at).hour) == (Decimal("2.67"), 6, 14)
    assert (guards.audience, guards.form, guards.outcome) == (Audience.GUARDS, TrainingForm.HANDS_ON, "全部会用")
    assert (staff.hours, staff.attended, staff.audience) == (None, 3, Audience.ALL_STAFF)
    assert staff.typed is not None
    assert staff.typed["texts"]["names"] == "白玛、索南、达瓦"
    assert (pupils.hours, pupils.attended, pupils.audience) == (None, None, Audience.PUPILS)
    assert "小明" not in str(pupils.typed) + str([row.content for row in db.session.scalars(sa.select(ImportRow))])
    assert (cooks.hours, cooks.form) == (None, TrainingForm.UNKNOWN)
    assert (all_.audience, all_.hours) == (Audience.UNKNOWN, Decimal("0.07"))
    assert lea.get(f"{at}/report.{kind}").status_code == 200


def test_its_page_and_list_say_where_it_is_from_and_what_could_not_be_read(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea), only_good="y")
    staff = _held()["2025-04-09"]
    assert not staff.has_time
    assert lea.get("/trainings").text.count("旧清单") >= 5
    page = lea.get(f"/trainings/{staff.id}").text
    for said in (
        "旧清单原文",
        "白玛、索南、达瓦",
        "时长（格内写明单位）“2:05”没有写是小时、分还是秒",
        "旧清单没有写几点",
    ):
        assert said in page
    assert "12:00" not in page
    assert "录入名单" not in page
    refused = lea.post(f"/trainings/{staff.id}/names")
    assert "没有确切的学时" in refused.text
    assert staff.session_id is None


def test_what_is_not_known_counts_for_nobody(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea, rows=[(*ROWS[8][:1], TODAY.isoformat(), *ROWS[8][2:])]), only_good="y")
    assert Audience.UNKNOWN not in STAFF
    counts = queries.counts(cast.school_id)
    assert (counts.year, counts.staff) == (1, 0)


def test_the_same_list_again_brings_nothing_twice(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea), only_good="y")
    run = _bring(lea, "xlsx")
    assert run.summary["verdicts"]["unchanged"] == 6
    assert "new" not in run.summary["verdicts"]
    assert _count() == 5


def test_a_list_with_errors_is_not_taken_whole(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea))
    assert _count() == 0


def test_a_school_merged_away_is_meant_by_its_former_name(cast: Cast, as_person: SignInAs) -> None:
    old = db.session.get_one(School, cast.ottos_school_id)
    old.status, old.merged_into_id = SchoolStatus.MERGED, cast.school_id
    db.session.commit()
    lea = as_person("lea")
    _accept(lea, _bring(lea, rows=ROWS[2:4]), only_good="y")
    assert {one.school_id for one in _held().values()} == {cast.school_id}
    assert _count() == 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 no list", "plan.pdf", "PDF"),
        (write_report(HEADINGS, ROWS, kind="xlsx")[:900], "half.xlsx", "文件"),
        ("姓名,电话\n甲,1\n".encode(), "wrong.csv", "请指明哪一列是学校名称"),
        ("学校,培训内容\n示范区第一小学,灭火\n".encode(), "dayless.csv", "请指明哪一列是培训日期"),
    ],
)
def test_a_wrong_or_half_file_is_refused_with_a_sentence(
    cast: Cast, as_person: SignInAs, content: bytes, name: str, said: str
) -> None:
    lea = as_person("lea")
    answer = _sent(lea, content, name)
    if answer.status_code == 302:
        columns = {"column_0": "school" if "学校" in content.decode() else "", "column_1": ""}
        answer = lea.post(answer.location, data=columns)
    assert answer.status_code == 422
    assert said in answer.text


def test_whoever_may_not_bring_lists_is_refused_and_another_brigade_finds_nothing(
    cast: Cast, as_person: SignInAs
) -> None:
    at = f"/trainings/import/{_bring(as_person('lea')).id}"
    there = Membership(person_id=cast.people["oskar"], role=Role.LEADER, brigade_id=cast.other_brigade_id)
    db.session.add(there)
    db.session.commit()
    for name, status in (("pema", 403), ("ines", 403), ("beate", 403), ("oskar", 404)):
        assert as_person(name).get(at).status_code == status
        assert as_person(name).post(f"{at}/accept").status_code == status


@pytest.mark.soak
@pytest.mark.parametrize("number", [5000])
def test_thousands_of_rows_go_through_as_one_job_each(cast: Cast, as_person: SignInAs, number: int) -> None:
    first = date(2005, 1, 1)
    rows = [(*ROWS[0][:1], (first + timedelta(days=n)).isoformat(), *ROWS[0][2:]) for n in range(number)]
    lea = as_person("lea")
    run = _bring(lea, "xlsx", rows)
    assert run.summary["verdicts"] == {"new": number}
    _accept(lea, run)
    done = db.session.scalars(sa.select(jobs.Job).order_by(jobs.Job.made_at)).all()
    assert [(one.state, one.done_steps, one.all_steps) for one in done] == [(jobs.JobState.DONE, number, number)] * 2
    assert _count() == number


def _row(**texts: str) -> rules.ReadRow:
    return rules.read_row(2, {"school": "一小", "day": "2025-09-16", "audience": "教师", **texts}, texts, today=TODAY)


@pytest.mark.parametrize(
    ("texts", "hours", "flag"),
    [
        ({"hours": "2"}, "2.00", None), ({"hours": "2学时"}, "2.00", None), ({"hours": "2课时"}, "2.00", None), ({"length": "2学时"}, None, "length:unreadable"),
        ({"length": "2"}, None, "length:no_unit"), ({"minutes": "90"}, "2.00", None), ({"clock_hours": "1.5"}, "2.00", None), ({"hours": "2", "minutes": "90"}, "2.00", None),
        ({"hours": "2", "length": "2小时"}, None, "lengths:differ"), ({"time": "14:30-16:00"}, "2.00", None), ({"time": "2:30"}, None, "time:no_unit"),
        ({"time": "16:00-14:00"}, None, "time:impossible"), ({"time": "下午"}, None, "time:unreadable"), ({"length": "10秒"}, None, "length:too_short"),
        ({"hours": "200"}, None, "hours:too_long"), ({"time": "14:30-16:00", "length": "一上午"}, None, "length:unreadable"),
    ],
)  # fmt: skip
@pytest.mark.one_database
def test_how_long_it_was_is_read_or_flagged(texts: dict[str, str], hours: str | None, flag: str | None) -> None:
    row = _row(**texts)
    assert row.class_hours == (Decimal(hours) if hours else None)
    assert row.flags == ([flag] if flag else [])


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "audience", "doubt"),
    [
        ("保安", Audience.GUARDS, ""), ("学生家长", Audience.PARENTS, ""), ("宿管老师", Audience.WARDENS, ""), ("新教师", Audience.NEW_STAFF, ""),
        ("幼儿园教师", Audience.TEACHERS, ""), ("三年级学生", Audience.PUPILS, ""), ("教师和学生", None, "several"), ("师生", None, "several"),
        ("教师代表", None, "several"), ("社区", None, "unknown"), ("", None, "unknown"),
    ],
)  # fmt: skip
def test_whom_it_was_for_is_read_or_left_open(typed: str, audience: Audience | None, doubt: str) -> None:
    assert rules.audience_of(typed) == (audience, doubt)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("白玛、索南,达瓦\n白玛", ["白玛", "索南", "达瓦"]), ("白玛 索南", ["白玛", "索南"]), ("Tashi Dorje; Pema", ["Tashi Dorje", "Pema"]),
        ("白玛、索南等", None), ("白玛等30人", None), ("共30人", None),
    ],
)  # fmt: skip
def test_names_in_one_cell_are_counted_or_not_at_all(typed: str, names: list[str] | None) -> None:
    assert rules.names_in(typed) == names


@pytest.mark.one_database
def test_figures_that_contradict_are_none_of_them_taken() -> None:
    row = _row(quiz_taken="10", quiz_passed="12")
    assert (row.values, row.flags) == ({}, ["quiz:contradicts"])
    assert _row(attended="白玛、索南").values == {"attended": 2}
    assert _row(attended="30", names="白玛、索南").flags == ["names:differ"]


@pytest.mark.one_database
@given(st.dictionaries(st.sampled_from(rules.FIELDS), st.text(max_size=30)))
def test_every_row_keeps_its_texts_and_invents_no_day_and_no_figure(texts: dict[str, str]) -> None:
    row = rules.read_row(2, texts, {}, today=TODAY)
    kept = {name: text.strip() for name, text in texts.items() if text.strip()}
    left_out = {kept.get("names"), kept.get("attended")} if "names:left_out" in row.flags else set()
    assert set(kept.values()) - left_out <= set(row.texts.values())
    if row.day.clean is None:
        assert row.errors
    else:
        assert f"{row.day.clean.year}" in rules.plain_text(kept["day"])
    for name in set(rules.HEADS) & row.values.keys():
        assert kept.get(name) or "names" in kept
