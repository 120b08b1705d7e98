"""Planning a session, logging it, its list, quiz results; who may what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.trainings.models import Attendee, Audience, QuizTry, Training, TrainingSession
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings as make

TODAY = clock.today()
PLAN = {
    "audience": "canteen", "form": "hands_on", "day": (TODAY + timedelta(days=2)).isoformat(), "time": "14:30", "hours": "1.5",
    "expected": "14", "topics": "油锅火处置", "trainer": "扎西", "materials": "灭火毯 2 张", "pass_percent": "80",
}  # fmt: skip
HELD = {"attended": "2", "notes": "请假二人", "outcome": "都会用", "reflections": "多练"}


def _only(table: Any) -> Any:
    return db.session.scalars(sa.select(table)).one()


def _acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_from_the_plan_to_the_whole_record(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    page = pema.page("/trainings/sessions/new")
    page = pema.send(page, PLAN, form="topics").page
    session = _only(TrainingSession)
    assert (session.school_id, session.pass_percent, session.is_half_day) == (cast.school_id, 80, False)
    assert "14:30" in page.text
    assert "油锅火处置" in pema.page("/trainings").text
    page = pema.send(page, {"names": "次仁，食堂\n央金，食堂\n次仁，食堂"}, form="names").page
    assert db.session.scalar(sa.select(sa.func.count(Attendee.id))) == 2
    page = pema.send(
        pema.page(page.link("登记测验成绩")), {_field("次仁"): "70", _field("央金"): "90"}, form="pass_percent"
    ).page
    page = pema.send(pema.page(page.link("登记测验成绩")), {_field("次仁"): "85"}, form="pass_percent").page
    assert "2 人参加，合格线 80 分" in page.text
    session.starts_at = clock.now() - timedelta(minutes=5)
    session.made_at = clock.now() - timedelta(days=1)
    db.session.commit()
    page = pema.page(f"/trainings/sessions/{session.id}")
    page = pema.page(page.link("登记为已举办"))
    held = {"time": "00:01"} | HELD
    page = pema.send(page, held, form="attended").page
    training = _only(Training)
    assert (training.session_id, training.hours, training.topics) == (session.id, session.hours, "油锅火处置")
    assert "9 / 9" in page.text
    assert _acts()[:1] == ["plan_training"]


def _field(name: str) -> str:
    return f"person_{db.session.scalar(sa.select(Attendee.id).where(Attendee.name == name))}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": (TODAY - timedelta(days=1)).isoformat()}, "不能早于今天"),
        ({"topics": " "}, "请填写培训内容"),
        ({"hours": "0"}, "学时应大于 0"),
        ({"pass_percent": "101"}, "合格线应在 1 到 100 之间"),
    ],
)
@pytest.mark.one_database
def test_a_plan_that_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("ines").post(f"/trainings/sessions/new?school={cast.school_id}", data=PLAN | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(sa.select(sa.func.count(TrainingSession.id))) == 0


def test_a_plan_is_changed_called_off_and_then_left_alone(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast)
    db.session.commit()
    at, lea = f"/trainings/sessions/{session.id}", as_person("lea")
    page = lea.send(lea.page(f"{at}/edit"), {"topics": "改讲灭火毯", "is_half_day": "y"}, form="topics").page
    assert "改讲灭火毯" in page.text
    lea.post(f"{at}/call-off", data={"reason": "  "})
    db.session.refresh(session)
    assert session.called_off_at is None
    for _time in range(2):
        page = lea.post(f"{at}/call-off", data={"reason": "停电"}, follow_redirects=True).text
    assert "停电" in page
    db.session.refresh(session)
    assert (session.is_half_day, session.called_off_reason) == (True, "停电")
    assert lea.post(f"{at}/edit", data=PLAN).status_code == 422
    assert lea.post(f"{at}/names", data={"names": "次仁"}).status_code == 422
    assert _acts().count("call_off_training") == 1


@pytest.mark.parametrize(
    ("name", "status"), [("otto", 404), ("oskar", 404), ("beate", 403), ("dora", 403), ("ada", 403)]
)
@pytest.mark.one_database
def test_others_plan_nothing_here(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    browser = as_person(name)
    browser.checks = False
    assert browser.post(f"/trainings/sessions/new?school={cast.school_id}", data=PLAN).status_code == status
    assert db.session.scalar(sa.select(sa.func.count(TrainingSession.id))) == 0


def test_one_session_becomes_one_training(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast, starts_at=clock.now() - timedelta(minutes=1))
    db.session.commit()
    pema, at = as_person("pema"), f"/trainings/new?school={cast.school_id}&session={session.id}"
    filled = PLAN | HELD | {"day": TODAY.isoformat(), "time": "00:01"}
    assert pema.post(at, data=filled).status_code == 302
    again = pema.post(at, data=filled)
    assert again.status_code == 422
    assert "这次培训已登记" in again.text
    assert pema.get(f"/trainings/new?school={cast.ottos_school_id}&session={session.id}").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(Training.id))) == 1


def test_pupils_are_counted_and_never_named(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast, audience=Audience.PUPILS)
    db.session.commit()
    pema = as_person("pema")
    page = pema.page(f"/trainings/sessions/{session.id}")
    assert "学生只登记人数" in page.text
    assert "扫码" not in page.text
    refused = pema.post(f"/trainings/sessions/{session.id}/names", data={"names": "小明"})
    assert refused.status_code == 422
    assert pema.post(f"/trainings/sessions/{session.id}/sign-in/open").status_code in (409, 422)
    assert db.session.scalar(sa.select(sa.func.count(Attendee.id))) == 0


def test_names_are_kept_for_what_was_logged_without_a_plan_and_that_is_no_plan(cast: Cast, as_person: SignInAs) -> None:
    training = make.training(cast, notes="好")
    db.session.commit()
    pema = as_person("pema")
    page = pema.send(pema.page(f"/trainings/{training.id}"), button="录入名单").page
    pema.send(page, {"names": "次仁，食堂"}, form="names")
    shown = pema.page(f"/trainings/{training.id}").text
    assert "培训开始前没有列入计划" in shown
    assert "名单上有 1 人" in shown


def test_what_was_left_empty_is_added_and_what_was_written_stands(cast: Cast, as_person: SignInAs) -> None:
    training = make.training(cast, notes="原来的话")
    db.session.commit()
    sonam = as_person("sonam")
    page = sonam.page(f"/trainings/{training.id}/more")
    assert "notes" not in page.form("补充").names
    sonam.send(page, {"reflections": "下次多练", "materials": "灭火毯"}, button="补充")
    sonam.post(f"/trainings/{training.id}/more", data={"notes": "改写", "reflections": "再改"})
    db.session.refresh(training)
    assert (training.notes, training.reflections, training.materials) == ("原来的话", "下次多练", "灭火毯")
    assert _acts() == ["amend_training"]


def test_a_name_is_taken_off_with_a_reason_and_may_come_again(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast)
    one = make.attendee(session)
    db.session.commit()
    pema, at = as_person("pema"), f"/trainings/sessions/{session.id}/people/{one.id}/off"
    assert pema.post(at, data={"reason": ""}).status_code == 422
    pema.post(at, data={"reason": "没有来"})
    pema.post(f"/trainings/sessions/{session.id}/names", data={"names": "次仁，食堂"})
    states = db.session.execute(sa.select(Attendee.withdrawn_reason).order_by(Attendee.signed_at)).scalars().all()
    assert states == ["没有来", ""]


@pytest.mark.one_database
def test_a_result_beyond_a_hundred_is_refused(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast)
    one = make.attendee(session)
    db.session.commit()
    answer = as_person("ines").post(
        f"/trainings/sessions/{session.id}/results", data={"pass_percent": "80", f"person_{one.id}": "101"}
    )
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(QuizTry.id))) == 0


@pytest.mark.one_database
def test_a_long_list_is_turned_page_by_page(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast)
    for n in range(51):
        make.attendee(session, f"教师{n}")
    db.session.commit()
    ines = as_person("ines")
    for part in ("", "/results"):
        first = ines.page(f"/trainings/sessions/{session.id}{part}")
        assert "教师50" in ines.page(first.link("下一页")).text
        assert "教师50" not in first.text
