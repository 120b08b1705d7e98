"""The week and the month: what stands there for whom, what it is narrowed to, what clashes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.extensions import db
from app.drills.rules.plans import PlanState
from app.planning import service as planning
from app.planning.models import DayPart, Visit, VisitKind, VisitState
from app.rectification.models.looks import PlannedLook
from app.schools import service as register
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills, rectification, schools, tasks, trainings

MONDAY = date(2026, 11, 23)


def visit(cast: Cast, *, days: int = 1, lead: str = "ines", second: str | None = None, **more: Any) -> Visit:
    """A visit to Pema's school, tomorrow unless said otherwise."""
    row = Visit(
        **{
            "school_id": cast.school_id,
            "brigade_id": cast.brigade_id,
            "planned_on": MONDAY + timedelta(days=days),
            "lead_id": cast.people[lead],
            "second_id": cast.people[second] if second else None,
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def everything(cast: Cast) -> None:
    """One of each kind at Pema's school in this week."""
    visit(cast, purpose="秋季检查", second="ivo", part=DayPart.MORNING)
    drills.plan(cast, planned_at=clock.now() + timedelta(days=1), state=PlanState.SUBMITTED)
    trainings.session(cast)
    tasks.at(tasks.task(cast, due_on=MONDAY + timedelta(days=3)), cast.school_id)
    rectification.finding(cast, deadline=MONDAY + timedelta(days=2))
    register.index_schools([cast.school])
    db.session.commit()


def day_of(page: Any, day: date) -> str:
    """The words of one day on the page."""
    return str(page.find(f"#d-{day.isoformat()}"))


def test_a_week_shows_each_kind_on_its_day(cast: Cast, as_person: SignInAs) -> None:
    everything(cast)
    page = as_person("ines").page("/calendar")
    for words in ("检查", "上午", "尼玛、次仁", "应急疏散演练", "待大队审核", "培训：食堂人员", "任务到期：开学前消防自查",
                  "1 / 1 所未报告", "整改到期 1 项", "示范区第一小学"):  # fmt: skip
        assert words in page.main


@pytest.mark.parametrize(
    ("name", "sees", "not_"),
    [
        ("stan", ("出行", "演练"), ("改期", "计划出行")),
        ("dora", ("上午",), ("改期",)),
        ("pema", ("应急疏散演练", "任务到期", "整改到期", "未报告"), ("上午", "工作量", "改期")),
        ("beate", ("应急疏散演练", "任务到期", "整改到期"), ("上午", "工作量")),
        ("otto", ("还没有安排",), ("应急疏散演练", "任务到期：", "整改到期 1")),
        ("oskar", ("还没有安排",), ("应急疏散演练", "上午", "任务到期：", "整改到期 1")),
    ],
)
def test_everybody_sees_what_is_theirs(
    cast: Cast, as_person: SignInAs, name: str, sees: tuple[str, ...], not_: tuple[str, ...]
) -> None:
    everything(cast)
    page = as_person(name).page("/calendar")
    assert [words for words in sees if words not in page.main] == []
    assert [words for words in not_ if words in page.main] == []


def test_an_administrator_has_no_calendar(cast: Cast, as_person: SignInAs) -> None:
    assert as_person("ada").get("/calendar").status_code == 403
    assert as_person("ada").get("/calendar/month").status_code == 403


def test_what_was_held_stands_on_its_day_and_its_plan_no_longer(cast: Cast, as_person: SignInAs) -> None:
    plan = drills.plan(cast)
    drills.drill(cast, plan_id=plan.id)
    session = trainings.session(cast, starts_at=clock.now() - timedelta(hours=1))
    trainings.training(cast, session_id=session.id, topics="用电安全")
    visit(cast, state=VisitState.CANCELLED, cancelled_reason="大雪")
    drills.plan(cast, state=PlanState.WITHDRAWN)
    trainings.session(cast, called_off_at=clock.now(), called_off_reason="停电")
    db.session.commit()
    page = as_person("lea").page("/calendar")
    assert page.main.count("应急疏散演练") == page.main.count("培训：食堂人员") == 1
    assert page.main.count("已完成") == 2
    assert "10:00" not in page.main


@pytest.mark.parametrize(
    ("query", "sees", "not_"),
    [
        ("kind=drill", ("应急疏散演练",), ("上午", "任务到期：", "整改到期 1", "培训：")),
        ("kind=visit", ("上午",), ("应急疏散演练",)),
        ("officer={ivo}", ("上午", "尼玛、次仁"), ("应急疏散演练", "任务到期：")),
        ("officer={lea}", ("没有符合条件",), ("上午",)),
        ("school={school}", ("上午", "应急疏散演练", "未报告"), ("1 / 1 所",)),
        ("school={ottos}", ("没有符合条件",), ("应急疏散演练", "上午")),
        ("q=第一小学", ("上午", "应急疏散演练"), ()),
        ("q=第二小学", ("没有符合条件",), ("应急疏散演练", "上午")),
        ("kind=nothing&officer=nobody&on=never", ("上午", "应急疏散演练"), ()),
        ("on=2026-11-30", ("还没有安排",), ("上午",)),
    ],
)
def test_the_week_is_narrowed(
    cast: Cast, as_person: SignInAs, query: str, sees: tuple[str, ...], not_: tuple[str, ...]
) -> None:
    everything(cast)
    places = {
        "school": cast.school_id,
        "ottos": cast.ottos_school_id,
        "ivo": cast.people["ivo"],
        "lea": cast.people["lea"],
    }
    page = as_person("ines").page("/calendar?" + query.format(**places))
    assert [words for words in sees if words not in page.main] == []
    assert [words for words in not_ if words in page.main] == []


def test_a_school_that_is_not_ones_own_is_not_there(cast: Cast, as_person: SignInAs) -> None:
    assert as_person("oskar").get(f"/calendar?school={cast.school_id}").status_code == 404
    assert as_person("otto").get(f"/calendar/month?school={cast.school_id}").status_code == 404
    assert as_person("ines").get("/calendar?school=none").status_code == 404


def test_clashes_and_the_workload_are_shown(cast: Cast, as_person: SignInAs) -> None:
    other = {"school_id": cast.ottos_school_id, "part": DayPart.MORNING}
    visit(cast, second="ivo", part=DayPart.MORNING)
    visit(cast, lead="ivo", **other)
    visit(cast, days=5, lead="lea")
    db.session.commit()
    page = as_person("lea").page("/calendar")
    assert page.main.count("同一名人员同一个半天有两项安排") == 2
    assert page.main.count("▲休息日") == 1
    assert "2 / 10" in " ".join(page.main.split())
    narrowed = as_person("lea").page(f"/calendar?officer={cast.people['ines']}")
    assert narrowed.main.count("同一名人员同一个半天有两项安排") == 1, "the other visit counts, though it is not shown"
    assert "冲突 2" in " ".join(as_person("lea").page("/calendar/month").main.split())


def test_a_recheck_after_its_last_day_is_marked(cast: Cast, as_person: SignInAs) -> None:
    finding = rectification.finding(cast)
    late = visit(cast, days=2, kind=VisitKind.RECHECK)
    db.session.add(
        PlannedLook(
            visit_id=late.id, finding_id=finding.id, kind=VisitKind.RECHECK, key="k", due_on=MONDAY + timedelta(days=1)
        )
    )
    db.session.commit()
    assert "晚于复查期限" in as_person("ines").page("/calendar").main


def test_who_left_is_named_and_marked(cast: Cast, as_person: SignInAs) -> None:
    visit(cast, lead="ivo")
    cast.person("ivo").active = False
    db.session.commit()
    page = as_person("ines").page("/calendar")
    assert "次仁" in page.main
    assert "人员已不在岗" in page.main


def test_a_month_counts_and_leads_to_the_week(cast: Cast, as_person: SignInAs) -> None:
    everything(cast)
    client = as_person("ines")
    page = client.page("/calendar/month?on=2026-11-05&kind=visit")
    words = " ".join(page.main.split())
    assert "2026年11月的安排" in words
    assert "出行 1" in words
    assert "演练 1" not in words
    assert any("/calendar?on=2026-11-24" in href and "kind=visit" in href for href in page.links)
    assert "还没有安排" in client.page("/calendar/month?on=2026-10-05").main


def test_a_visit_begins_in_a_cell_of_the_calendar(cast: Cast, as_person: SignInAs) -> None:
    register.index_schools([cast.school])
    db.session.commit()
    client = as_person("ines")
    page = client.page(f"/calendar?officer={cast.people['ivo']}")
    (link,) = [href for href in page.links if "/calendar/plan" in href and "2026-11-26" in href]
    assert not [href for href in client.page("/calendar?on=2026-11-16").links if "/calendar/plan" in href]
    chosen = client.page(f"{link}&q=第一小学")
    (new,) = [href for href in chosen.links if "/visits/new" in href]
    form = client.page(new)
    assert client.send(form, {"part": "afternoon"}, button="列入计划").status_code == 200
    kept = db.session.query(Visit).one()
    assert (kept.planned_on, kept.part, kept.lead_id) == (date(2026, 11, 26), DayPart.AFTERNOON, cast.people["ivo"])
    of_school = client.page(f"/calendar?school={cast.school_id}")
    assert any(f"/visits/new?school={cast.school_id}" in href for href in of_school.links)
    assert "没有找到" in client.page("/calendar/plan?q=没有").main
    assert as_person("olga").get("/calendar/plan").status_code == 403


def test_the_pages_send_as_many_statements_for_much_as_for_little(
    cast: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    client = as_person("lea")
    everything(cast)
    client.page("/calendar")
    with count_queries() as few:
        client.page("/calendar")
    for n in range(8):
        school = schools.school(cast, name=f"第{n}中学")
        for day in range(5):
            visit(cast, days=day, school_id=school.id, lead="lea", second="ivo")
        drills.plan(cast, school_id=school.id)
        trainings.session(cast, school_id=school.id)
        tasks.at(tasks.task(cast, due_on=MONDAY), school.id)
        rectification.finding(cast, school_id=school.id, deadline=MONDAY)
    db.session.commit()
    with count_queries() as many:
        page = client.page("/calendar")
    assert "第7中学" in page.main
    assert many.number == few.number <= 15
    with count_queries() as month:
        client.page("/calendar/month?q=中学")
    assert month.number <= 15


def test_a_visit_is_planned_for_half_a_day(cast: Cast) -> None:
    planned = planning.plan(
        cast.viewer("lea"), school=cast.school, planned_on=MONDAY, lead_id=cast.people["ines"], part=DayPart.MORNING
    )
    assert planned.part is DayPart.MORNING


def test_the_brigades_half_day_counts_for_who_planned_it(cast: Cast, as_person: SignInAs) -> None:
    morning = clock.start_of(MONDAY) + timedelta(days=1, hours=10)
    trainings.session(cast, made_by_id=cast.people["ines"], is_half_day=True, starts_at=morning)
    visit(cast, school_id=cast.ottos_school_id, part=DayPart.MORNING)
    trainings.session(cast, starts_at=morning)
    db.session.commit()
    page = as_person("lea").page(f"/calendar?officer={cast.people['ines']}")
    assert "半日宣传：食堂人员" in page.main
    assert "培训：食堂人员" not in page.main
    assert page.main.count("同一名人员同一个半天有两项安排") == 2
    assert "2 / 10" in " ".join(page.main.split())
