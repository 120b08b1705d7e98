"""Writing a plan, sending it, returning it with the reason, agreeing; its papers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import DrillPlan
from app.drills.rules.plans import PlanState
from app.notifications.models import Outbox
from app.schools.models import Place, PlaceKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make
from tests.factories import papers

FILLED = {
    "kind": "evacuation", "day": clock.today().isoformat(), "time": "10:20", "is_announced": "y", "signal": "电铃三长声",
    "assembly_point": "操场北侧", "target": "2:00", "scenario": "二层起烟", "post_command": "白玛", "guides": "东侧楼梯：德吉",
    "classes": "一年级1班，45，扎西\n一年级2班，44", "notes": "",
}  # fmt: skip


def _plans() -> list[DrillPlan]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(DrillPlan)))


def _ask_approval(cast: Cast) -> None:
    cast.brigade.settings = {"drills_need_approval": True}
    db.session.commit()


def test_a_school_writes_a_plan_and_settles_it(cast: Cast, as_person: SignInAs) -> None:
    pema, key = as_person("pema"), str(uuid.uuid4())
    for _ in range(2):
        answer = pema.post(f"/drills/plans/new?school={cast.school_id}", data=FILLED | {"key": key})
        assert answer.status_code == 302
    plan = _plans()[0]
    assert len(_plans()) == 1
    assert (plan.heads, plan.target_s, plan.posts, plan.state) == (89, 120, {"command": "白玛"}, PlanState.DRAFT)
    page = pema.get(answer.location).text
    assert "定稿" in page
    assert pema.post(f"/drills/plans/{plan.id}/submit", follow_redirects=True).status_code == 200
    assert _plans()[0].state is PlanState.READY
    assert pema.post(f"/drills/plans/{plan.id}/edit", data=FILLED).status_code == 422
    assert pema.post(f"/drills/plans/{plan.id}/reopen").status_code == 302
    assert pema.post(f"/drills/plans/{plan.id}/edit", data=FILLED | {"signal": "哨声"}).status_code == 302
    assert _plans()[0].signal == "哨声"
    assert [step.act for step in _plans()[0].story] == ["write", "settle", "reopen", "change"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": ""}, "请填写演练日期"),
        ({"classes": "一年级1班"}, "第 1 行没有读到人数"),
        ({"guides": "东侧楼梯\n东侧楼梯"}, "第 2 行与前面重复"),
        ({"target": "0:00"}, "目标用时应大于零"),
        ({"target": "120"}, "请按“分:秒”填写"),
        ({"signal": "长" * 121}, "120"),
        ({"building": str(uuid.uuid4())}, ""),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("pema").post(f"/drills/plans/new?school={cast.school_id}", data=FILLED | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert _plans() == []


def test_a_plan_that_lacks_something_is_not_sent(cast: Cast, as_person: SignInAs) -> None:
    plan = make.plan(cast, state=PlanState.DRAFT, guides=[])
    db.session.commit()
    answer = as_person("pema").post(f"/drills/plans/{plan.id}/submit")
    assert answer.status_code == 409
    assert "楼梯、转角的引导人员" in answer.text
    assert _plans()[0].state is PlanState.DRAFT


def test_the_brigade_returns_a_plan_once_and_then_agrees(cast: Cast, as_person: SignInAs) -> None:
    _ask_approval(cast)
    plan_id = make.plan(cast, state=PlanState.DRAFT).id
    db.session.commit()
    pema, ines, at = as_person("pema"), as_person("ines"), f"/drills/plans/{plan_id}"
    pema.post(f"{at}/submit")
    assert _plans()[0].state is PlanState.SUBMITTED
    assert "同意前不能开始演练" in pema.get(at).text
    assert pema.post(f"{at}/approve").status_code == 403
    assert ines.post(f"{at}/return", data={"reason": ""}).status_code == 422
    ines.post(f"{at}/return", data={"reason": "西侧楼梯没有引导人员"})
    assert "西侧楼梯没有引导人员" in pema.get(at).text
    pema.post(f"{at}/submit")
    ines.post(f"{at}/approve")
    assert _plans()[0].state is PlanState.READY
    assert [step.act for step in _plans()[0].story] == ["submit", "return", "submit", "approve"]
    told = db.session.scalars(sa.select(Outbox.event).order_by(Outbox.id)).all()
    assert told == ["drill_plan_sent", "drill_plan_returned", "drill_plan_sent", "drill_plan_approved"]
    assert as_person("lea").post(f"{at}/approve").status_code == 409  # twice


def test_nobody_agrees_to_what_they_wrote_themselves(cast: Cast, as_person: SignInAs) -> None:
    plan = make.plan(cast, state=PlanState.SUBMITTED, made_by_id=cast.people["ines"])
    at = f"/drills/plans/{plan.id}"
    db.session.commit()
    assert as_person("ines").post(f"{at}/approve").status_code == 409
    assert as_person("lea").post(f"{at}/approve").status_code == 302


def test_another_school_is_not_there_and_readers_read_only(cast: Cast, as_person: SignInAs) -> None:
    at = f"/drills/plans/{make.plan(cast, state=PlanState.DRAFT).id}"
    db.session.commit()
    for name in ("otto", "oskar", "otilia"):
        assert as_person(name).get(at).status_code == 404
        assert as_person(name).get(f"{at}/live/state").status_code == 404
        assert as_person(name).post(f"{at}/withdraw", data={"reason": "x"}).status_code == 404
    for name in ("beate", "dora"):
        assert as_person(name).get(at).status_code == 200
        assert as_person(name).post(f"{at}/submit").status_code == 403


def test_a_plan_is_withdrawn_with_a_reason_until_the_signal(cast: Cast, as_person: SignInAs) -> None:
    at = f"/drills/plans/{make.plan(cast).id}"
    db.session.commit()
    pema = as_person("pema")
    assert pema.post(f"{at}/withdraw", data={"reason": ""}).status_code == 422
    assert pema.post(f"{at}/withdraw", data={"reason": "下雪"}).status_code == 302
    assert pema.post(f"{at}/withdraw", data={"reason": "再次"}).status_code == 422
    assert "下雪" in pema.get(at).text
    assert pema.post(f"{at}/tap", data={"kind": "signal"}).status_code == 409


def test_the_stairs_are_told_before_the_teachers_are_blamed(cast: Cast, as_person: SignInAs) -> None:
    house = make.building(cast)
    for width in (1.2, 1.35):
        db.session.add(
            Place(school_id=cast.school_id, building_id=house.id, kind=PlaceKind.STAIR, name="楼梯", width_m=width)
        )
    plan = make.plan(cast, classes=8, building_id=house.id)
    at = f"/drills/plans/{plan.id}"
    db.session.commit()
    page = as_person("pema").get(at).text
    assert "至少约 2:09" in page  # 320 people through four lanes of 37 a minute
    assert "不能使用时约 4:19" in page
    assert "目标 2:00 很紧" in page


@pytest.mark.one_database
def test_plan_and_announcement_are_the_schools_own_papers(cast: Cast, as_person: SignInAs) -> None:
    at = f"/drills/plans/{make.plan(cast).id}"
    db.session.commit()
    pema = as_person("pema")
    for paper in ("plan", "notice", "plan"):
        assert pema.post(f"{at}/issue", data={"paper": paper}).status_code == 302
    assert pema.post(f"{at}/issue", data={"paper": "poem"}).status_code == 404
    jobs.run_all()
    made: Any = db.session.execute(sa.select(IssuedDocument.kind, IssuedDocument.state)).all()
    assert sorted(made) == [("drill_notice", DocumentState.ISSUED), ("drill_plan", DocumentState.ISSUED)]
    assert as_person("beate").post(f"{at}/issue", data={"paper": "plan"}).status_code == 403


def test_the_list_and_the_next_plan_begin_from_what_is_there(cast: Cast, as_person: SignInAs) -> None:
    make.plan(cast)
    make.plan(cast, state=PlanState.WITHDRAWN)
    db.session.commit()
    pema = as_person("pema")
    assert pema.get("/drills/plans").text.count('href="/drills/plans/0') == 1
    assert "1班，40" in pema.get(f"/drills/plans/new?school={cast.school_id}").text
    assert "已撤回" in pema.get("/drills/plans?state=withdrawn").text


@pytest.mark.one_database
def test_a_plan_whose_papers_number_was_voided_is_printed_anew(cast: Cast, as_person: SignInAs) -> None:
    address = f"/drills/plans/{make.plan(cast).id}/issue"
    db.session.commit()
    pema = as_person("pema")
    papers.pressed_anew(cast, lambda: pema.post(address, data={"paper": "plan"}))
