"""Judging a drill by the points of the guide, and its lessons as findings."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import Drill, DrillLesson
from app.rectification.models.findings import Finding, Handling, RecheckOutcome, Severity
from app.rectification.service import findings as service
from app.rectification.service.findings import RecheckReading
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make
from tests.factories import rectification

DUE = clock.today() + timedelta(days=10)
JUDGED = {"grade_signal_heard": "done", "grade_stairs": "partly", "note_stairs": "一层平台", "weather": "晴", "staff_on_duty": "教师 26 人", "special": "东侧楼梯封闭"}  # fmt: skip
LESSON = {
    "text": "三、四年级在西侧楼梯汇合",
    "measure": "四年级改走东侧楼梯",
    "owner": "达瓦",
    "due_on": DUE.isoformat(),
    "place": "西侧楼梯",
}


@pytest.fixture
def at(cast: Cast) -> str:
    """Where a drill is that was held today."""
    drill = make.drill(cast)
    db.session.commit()
    return f"/drills/{drill.id}"


def test_a_drill_is_judged_by_the_points_of_the_guide(as_person: SignInAs, at: str) -> None:
    page = as_person("pema").post(f"{at}/judge", data=JUDGED, follow_redirects=True).text
    drill = db.session.scalars(sa.select(Drill)).one()
    assert drill.grades == {"signal_heard": ["done", ""], "stairs": ["partly", "一层平台"]}
    assert (drill.weather, drill.special) == ("晴", "东侧楼梯封闭")
    assert "部分做到" in page
    assert "一层平台" in as_person("ines").get(f"{at}/judge").text


@pytest.mark.parametrize("change", [{"grade_time": "splendid"}, {"note_stairs": "长" * 201}, {"weather": "晴" * 61}])
def test_a_judgement_that_cannot_be_is_refused(as_person: SignInAs, at: str, change: dict[str, str]) -> None:
    assert as_person("pema").post(f"{at}/judge", data=JUDGED | change).status_code == 422
    assert db.session.scalars(sa.select(Drill.grades)).one() == {}


def test_a_lesson_is_followed_as_a_finding_with_owner_and_date_until_two_officers_strike_it_off(
    cast: Cast, as_person: SignInAs, at: str
) -> None:
    pema, key = as_person("pema"), str(uuid.uuid4())
    for _ in range(2):
        assert pema.post(f"{at}/lessons", data=LESSON | {"key": key}).status_code == 302
    finding = db.session.scalars(sa.select(Finding)).one()
    assert (finding.severity, finding.handling, finding.deadline) == (Severity.MINOR, Handling.ADVISE, DUE)
    assert (finding.owner, finding.inspection_id) == ("达瓦", None)
    page = pema.get(at).text
    assert "三、四年级在西侧楼梯汇合" in page
    story = as_person("ines").get(f"/findings/{finding.id}").text
    assert "演练总结提出" in story
    assert "责任人 达瓦" in story
    assert "三、四年级在西侧楼梯汇合" in as_person("ines").get("/findings").text
    look = rectification.facts(cast, rectification.inspection(cast))
    result = RecheckReading(finding_id=finding.id, outcome=RecheckOutcome.CORRECTED)
    service.apply_recheck(cast.viewer("ines"), inspection=look, results=[result])
    db.session.commit()
    assert "已销号" in pema.get(at).text
    assert as_person("ines").get(f"/findings/{finding.id}").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "请写明要改进什么"),
        ({"owner": ""}, "请填写责任人"),
        ({"due_on": ""}, "请填写改进期限"),
        ({"due_on": (clock.today() - timedelta(days=1)).isoformat()}, "改进期限应从今天起"),
        ({"due_on": (clock.today() + timedelta(days=400)).isoformat()}, "改进期限应从今天起"),
    ],
)
def test_a_lesson_without_owner_or_date_is_refused(
    as_person: SignInAs, at: str, change: dict[str, str], said: str
) -> None:
    answer = as_person("pema").post(f"{at}/lessons", data=LESSON | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(sa.select(sa.func.count(DrillLesson.id))) == 0


@pytest.mark.parametrize("what", ["judge", "lessons"])
def test_readers_and_other_schools_judge_nothing(as_person: SignInAs, at: str, what: str) -> None:
    assert as_person("beate").post(f"{at}/{what}", data=JUDGED | LESSON).status_code == 403
    assert as_person("otto").post(f"{at}/{what}", data=JUDGED | LESSON).status_code == 404


def test_a_withdrawn_record_is_judged_no_more(cast: Cast, as_person: SignInAs) -> None:
    drill = make.drill(cast, withdrawn_at=clock.now(), withdrawn_reason="误登")
    db.session.commit()
    assert as_person("pema").post(f"/drills/{drill.id}/judge", data=JUDGED).status_code == 422


def test_a_drill_is_shown_beside_those_before_it(cast: Cast, as_person: SignInAs, at: str) -> None:
    make.drill(cast, held_at=clock.now() - timedelta(days=30), last_out_s=126)
    db.session.commit()
    assert "快 12 秒" in as_person("pema").get(at).text


@pytest.mark.one_database
def test_the_record_prints_classes_points_lessons_and_the_drills_before(
    cast: Cast, as_person: SignInAs, at: str
) -> None:
    make.drill(cast, held_at=clock.now() - timedelta(days=30), last_out_s=126)
    drill = db.session.get_one(Drill, uuid.UUID(at.rpartition("/")[2]))
    drill.classes = [{"name": "一班", "expected": 40, "present": 39, "elsewhere": 0, "missing": 1, "seconds": 100}]
    db.session.commit()
    ines = as_person("ines")
    ines.post(f"{at}/judge", data=JUDGED)
    ines.post(f"{at}/lessons", data=LESSON)
    ines.post(f"{at}/issue", data={"language": "zh_Hans_CN"})
    jobs.run_all()
    paper = db.session.scalars(sa.select(IssuedDocument)).one()
    assert paper.state == DocumentState.ISSUED
    for said in ("一层平台", "四年级改走东侧楼梯", "达瓦", "−12"):
        assert said in paper.context
