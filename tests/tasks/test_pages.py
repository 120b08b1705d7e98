"""Tasks from sending to the spot check: who may, what it wrote, what is refused, twice, other schools."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, Role
from app.core import clock
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.notifications.models import Outbox
from app.tasks import reminders
from app.tasks.models import Task, TaskAt, TaskTemplate
from app.tasks.rules import State
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import tasks as make
from tests.factories.pictures import picture

TODAY = clock.today()
FILLED: dict[str, Any] = {
    "kind": "common",
    "title": "开学前消防自查",
    "text": "检查疏散通道、灭火器和应急灯，报告情况。",
    "due_on": (TODAY + timedelta(days=10)).isoformat(),
    "whom": "all",
    "key": "01a20000-0000-7000-8000-000000000001",
}


def _told(event: str) -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == event)))


def _photo(seed: int = 0) -> tuple[io.BytesIO, str]:
    return io.BytesIO(picture(seed=seed)), "proof.jpg"


@pytest.fixture
def sent(cast: Cast) -> TaskAt:
    """A task of the brigade's at Pema's school, photos required; another at Otto's."""
    task = make.task(cast, needs_proof=True)
    make.at(task, cast.ottos_school_id)
    row = make.at(task, cast.school_id)
    db.session.commit()
    return row


@pytest.mark.parametrize(("name", "units"), [("ines", "brigade"), ("lea", "brigade"), ("beate", "bureau")])
def test_brigade_and_bureau_send_a_task_to_all_their_schools_once(
    cast: Cast, as_person: SignInAs, name: str, units: str
) -> None:
    browser = as_person(name)
    page = browser.post("/tasks/new", data=FILLED, follow_redirects=True).text
    assert "已发给 2 所学校" in page
    browser.post("/tasks/new", data=FILLED)
    task = db.session.scalars(sa.select(Task)).one()
    assert (task.brigade_id == cast.brigade_id, task.area_code is not None) == (units == "brigade", units == "bureau")
    rows = db.session.scalars(sa.select(TaskAt)).all()
    assert {row.school_id for row in rows} == {cast.school_id, cast.ottos_school_id}
    assert {one.school_id for one in _told("task_sent")} == {cast.school_id, cast.ottos_school_id}
    assert "开学前消防自查" in browser.get("/tasks").text
    assert as_person("pema").get("/tasks").text.count("开学前消防自查") == 1


@pytest.mark.parametrize(
    ("whom", "reached"),
    [
        ({"whom": "kinds", "kinds": "primary"}, 2),
        ({"whom": "kinds", "kinds": "vocational"}, None),
        ({"whom": "some", "schools": "own"}, 1),
        ({"whom": "some", "schools": "foreign"}, None),
        ({"whom": "some"}, None),
        ({"whom": "kinds"}, None),
    ],
)
def test_a_task_goes_to_whom_it_is_for(
    cast: Cast, as_person: SignInAs, whom: dict[str, str], reached: int | None
) -> None:
    if "schools" in whom:
        whom = whom | {"schools": str(cast.school_id if whom["schools"] == "own" else cast.foreign_school_id)}
    answer = as_person("ines").post("/tasks/new", data=FILLED | {"kind": "ad_hoc"} | whom)
    assert answer.status_code == (302 if reached else 422)
    assert len(db.session.scalars(sa.select(TaskAt)).all()) == (reached or 0)
    assert all(one.urgent for one in _told("task_sent"))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "请填写任务名称"), ({"title": "长" * 121}, "不超过 120 字"), ({"text": ""}, "请写明要做什么"), ({"due_on": ""}, "请填写完成期限"),
        ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "日期不能早于"), ({"due_on": "2062-01-01"}, "太远"), ({"kind": "x"}, "error-summary"), ({"whom": "nobody"}, "error-summary"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("ines").post("/tasks/new", data=FILLED | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(sa.select(Task)).all() == []


@pytest.mark.parametrize("name", ["pema", "stan", "dora"])
def test_whoever_may_not_send_is_refused(cast: Cast, as_person: SignInAs, name: str) -> None:
    browser = as_person(name)
    assert browser.get("/tasks/new").status_code == 403
    assert browser.post("/tasks/new", data=FILLED).status_code == 403
    assert browser.get("/tasks").status_code == 200


def test_from_reading_to_the_spot_check(cast: Cast, as_person: SignInAs, sent: TaskAt) -> None:
    at, board = f"/tasks/at/{sent.id}", f"/tasks/{sent.task_id}"
    pema, ines = as_person("pema"), as_person("ines")
    assert "打开，并登记已读" in pema.get(at).text
    assert "检查疏散通道" not in pema.get(at).text
    assert "检查疏散通道" in pema.post(f"{at}/read", follow_redirects=True).text
    first = sent.read_at
    assert first is not None
    pema.post(f"{at}/read")
    assert sent.read_at == first
    refused = pema.post(f"{at}/report", data={"words": "都查过了"})
    assert (refused.status_code, "要求附照片或文件" in refused.text) == (422, True)
    assert "请写明完成情况" in pema.post(f"{at}/report", data={"words": " ", "photos": _photo()}).text
    pema.post(f"{at}/report", data={"words": "都查过了", "photos": _photo()})
    assert sent.state is State.REPORTED
    assert db.session.scalar(sa.select(sa.func.count(Photo.id)).where(Photo.target_id == sent.id)) == 1
    assert [one.person_ids for one in _told("task_reported")] == [[str(cast.people["ines"])]]
    assert 'data-colour="yellow"' in ines.get(at).text
    assert "请写明理由" in ines.post(f"{at}/return", data={"reason": ""}).text
    ines.post(f"{at}/return", data={"reason": "照片看不清"})
    assert sent.state is State.RETURNED
    assert [one.data["reason"] for one in _told("task_returned")] == ["照片看不清"]
    assert "照片看不清" in pema.get(at).text
    pema.post(f"{at}/report", data={"words": "重拍了", "photos": _photo(1)})
    ines.post(f"{at}/accept")
    ines.post(f"{at}/accept")
    assert sent.state is State.ACCEPTED
    assert 'data-colour="green"' in pema.get("/tasks").text
    assert "不需要再报" in pema.post(f"{at}/report", data={"words": "再一次"}).text
    assert "抽中 1 所学校" in ines.post(f"{board}/sample", data={"percent": "10"}, follow_redirects=True).text
    assert "都抽过了" in ines.post(f"{board}/sample", data={"percent": "10"}).text
    assert "请写明情况" in ines.post(f"{at}/look", data={"held": "no", "words": ""}).text
    ines.post(f"{at}/look", data={"held": "no", "words": "灭火器没有换"})
    assert (sent.state, sent.held) == (State.RETURNED, False)
    assert "没有抽中，或已经抽查过" in ines.post(f"{at}/look", data={"held": "yes"}).text
    assert [step["act"] for step in sent.steps] == ["read", "report", "return", "report", "accept", "look_false"]
    page = ines.get(f"{board}?sampled=1").text
    assert "不属实" in page
    assert ines.get(f"{board}?colour=red").status_code == 200


def test_another_schools_people_and_another_brigade_find_nothing(cast: Cast, as_person: SignInAs, sent: TaskAt) -> None:
    at = f"/tasks/at/{sent.id}"
    for name in ("otto", "otilia", "oskar"):
        assert as_person(name).get(at).status_code == 404
        assert "开学前" not in as_person(name).get(f"/tasks?school={cast.school_id}").text
    assert as_person("otto").post(f"{at}/report", data={"words": "x"}).status_code == 404
    assert as_person("otto").get(f"/tasks/{sent.task_id}", follow_redirects=True).text.count("示范区第一小学") == 0
    assert as_person("oskar").get(f"/tasks/{sent.task_id}").status_code == 404
    assert as_person("oskar").post(f"{at}/accept").status_code == 404


def test_who_only_sees_a_task_does_not_answer_it(cast: Cast, as_person: SignInAs, sent: TaskAt) -> None:
    at, board = f"/tasks/at/{sent.id}", f"/tasks/{sent.task_id}"
    beate = as_person("beate")
    assert beate.get(at).status_code == 200
    for path in (f"{at}/accept", f"{at}/return", f"{at}/look", f"{board}/withdraw", f"{board}/sample"):
        assert beate.post(path).status_code == 403
    for name in ("ines", "stan"):
        assert as_person(name).post(f"{at}/report", data={"words": "x"}).status_code == 403
    assert "还没有报告完成" in as_person("ines").post(f"{at}/accept").text
    assert sent.state is State.SENT


def test_a_task_is_withdrawn_with_a_reason_and_nothing_more_is_asked(
    cast: Cast, as_person: SignInAs, sent: TaskAt
) -> None:
    ines, pema = as_person("ines"), as_person("pema")
    board = f"/tasks/{sent.task_id}"
    assert ines.post(f"{board}/withdraw", data={"reason": ""}).status_code == 422
    ines.post(f"{board}/withdraw", data={"reason": "发错了"})
    assert "发错了" in ines.get(board).text
    assert "开学前" not in pema.get("/tasks").text
    assert "已撤回" in pema.post(f"/tasks/at/{sent.id}/report", data={"words": "x", "photos": _photo()}).text
    assert list(reminders.of_tasks(TODAY + timedelta(days=10))) == []


def test_schools_are_reminded_before_and_on_the_day_until_they_report(cast: Cast, sent: TaskAt) -> None:
    due = TODAY + timedelta(days=10)
    on_the_day = list(reminders.of_tasks(due))
    assert {one.school_id for one in on_the_day} == {cast.school_id, cast.ottos_school_id}
    assert {one.data["title"] for one in on_the_day} == {"开学前消防自查"}
    days = [
        n
        for n in range(12)
        if any(one.school_id == cast.school_id for one in reminders.of_tasks(due - timedelta(days=n)))
    ]
    assert days[0] == 0
    assert len(days) > 1
    sent.reported_at = clock.now()
    db.session.flush()
    assert {one.school_id for one in reminders.of_tasks(due)} == {cast.ottos_school_id}


def test_a_template_is_kept_once_used_and_retired(cast: Cast, as_person: SignInAs) -> None:
    ines = as_person("ines")
    row = {"list_name": "开学前", "title": "消防自查", "text": "检查疏散通道", "days": "14", "needs_proof": "y"}
    for _twice in range(2):
        ines.post("/tasks/templates", data=row)
    template = db.session.scalars(sa.select(TaskTemplate)).one()
    page = ines.get(f"/tasks/new?template={template.id}").text
    assert (TODAY + timedelta(days=14)).isoformat() in page
    assert "检查疏散通道" in page
    assert "天数应在" in ines.post("/tasks/templates", data=row | {"days": "400"}).text
    there = Membership(person_id=cast.people["oskar"], role=Role.LEADER, brigade_id=cast.other_brigade_id)
    db.session.add(there)
    db.session.commit()
    assert as_person("oskar").post(f"/tasks/templates/{template.id}/retire").status_code == 404
    assert as_person("pema").get("/tasks/templates").status_code == 403
    for _twice in range(2):
        ines.post(f"/tasks/templates/{template.id}/retire")
    assert template.retired_at is not None
    assert "消防自查" not in ines.get("/tasks/templates").text


def test_the_pages_of_tasks_ask_few_questions(cast: Cast, as_person: SignInAs, count_queries: Any) -> None:
    for _n in range(12):
        task = make.task(cast)
        make.at(task, cast.ottos_school_id)
        row = make.at(task, cast.school_id)
    db.session.commit()
    ines, pema = as_person("ines"), as_person("pema")
    for browser, path in (
        (ines, "/tasks"),
        (ines, f"/tasks/{task.id}"),
        (ines, "/tasks/new"),
        (pema, "/tasks"),
        (pema, f"/tasks/at/{row.id}"),
    ):
        with count_queries() as counted:
            assert browser.get(path).status_code == 200
        assert counted.number <= 15, path
