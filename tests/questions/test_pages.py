"""Questions from asking to the answer for all schools: who may, what it wrote, what is refused, twice, other schools."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.notifications.models import Outbox
from app.questions import reminders, service
from app.questions.models import PublicAnswer, Question, QuestionPost
from app.questions.queries import Line
from app.questions.rules import QuestionAct, State
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import questions as make
from tests.factories.pictures import picture

TODAY = clock.today()
FILLED: dict[str, Any] = {
    "kind": "question",
    "title": "应急灯多久测一次",
    "words": "宿舍楼的应急灯，多久要测一次？",
    "key": "01a20000-0000-7000-8000-000000000002",
}


def _told(event: str) -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == event).order_by(Outbox.made_at)))


def _acts(row: Question) -> list[tuple[QuestionAct, bool]]:
    posts = sa.select(QuestionPost).where(QuestionPost.question_id == row.id).order_by(QuestionPost.at, QuestionPost.id)
    return [(post.act, post.by_brigade) for post in db.session.scalars(posts)]


@pytest.fixture
def asked(cast: Cast) -> Question:
    """A question of Pema's, and one of Otto's."""
    make.question(cast, school_id=cast.ottos_school_id, asked_by_id=cast.people["otto"], title="旺堆问的")
    row = make.question(cast)
    db.session.commit()
    return row


@pytest.mark.parametrize("name", ["pema", "sonam"])
def test_a_school_asks_once_with_a_photo_and_the_brigade_is_told(cast: Cast, as_person: SignInAs, name: str) -> None:
    browser = as_person(name)
    photo = (io.BytesIO(picture()), "lamp.jpg")
    page = browser.post("/questions/new", data=FILLED | {"photos": photo}, follow_redirects=True).text
    assert "已提交" in page
    browser.post("/questions/new", data=FILLED)
    row = db.session.scalars(sa.select(Question)).one()
    assert (row.state, row.school_id, row.asked_by_id) == (State.OPEN, cast.school_id, cast.people[name])
    assert row.due_on == clock.today() + timedelta(days=7)  # five working days from a Monday
    kept = db.session.scalars(sa.select(Photo)).one()
    post = db.session.scalars(sa.select(QuestionPost)).one()
    assert (kept.target_id, kept.place) == (row.id, str(post.id))
    assert [(one.brigade_id, one.data["title"]) for one in _told("question_asked")] == [(cast.brigade_id, row.title)]
    for reader, status in (("pema", 200), ("ines", 200), ("dora", 200), ("otto", 404), ("oskar", 404), ("stan", 404)):
        assert as_person(reader).get(f"/photos/{kept.id}").status_code == status, reader


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "请写明标题"), ({"title": "长" * 121}, "不超过 120 字"), ({"words": ""}, "请写明内容"),
        ({"words": "长" * 4001}, "不超过 4000 字"), ({"kind": "gossip"}, "error-summary"), ({"photos": (io.BytesIO(b"x"), "x.jpg")}, "x.jpg"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, Any], said: str) -> None:
    pema = as_person("pema")
    answer = pema.post("/questions/new", data=FILLED | change)
    if "photos" in change:  # the words are kept, and the page says what the photo was
        answer = pema.get(answer.location)
        assert db.session.scalar(sa.select(sa.func.count(Question.id))) == 1
    else:
        assert answer.status_code == 422
        assert db.session.scalar(sa.select(sa.func.count(Question.id))) == 0
    assert said in answer.text


def test_only_a_schools_own_people_ask(cast: Cast, as_person: SignInAs) -> None:
    for name in ("ines", "lea", "olga", "stan", "beate", "dora", "ada"):
        assert as_person(name).post(f"/questions/new?school={cast.school_id}", data=FILLED).status_code == 403, name
    assert as_person("otto").post(f"/questions/new?school={cast.school_id}", data=FILLED).status_code == 404
    for name in ("stan", "beate", "ada"):
        assert as_person(name).get("/questions").status_code == 403, name


def test_from_asking_to_closing_and_again(cast: Cast, as_person: SignInAs, asked: Question) -> None:
    at = f"/questions/{asked.id}"
    pema, ines = as_person("pema"), as_person("ines")
    assert "请写明内容" in ines.post(f"{at}/answer", data={"words": " "}).text
    assert "还没有答复，不能关闭" in ines.post(f"{at}/settle").text
    assert "还在等待答复" in pema.post(f"{at}/reopen", data={"words": "快一点"}).text
    for _twice in range(2):
        pema.post(f"{at}/add", data={"words": "是宿舍楼的灯"})
        ines.post(f"{at}/answer", data={"words": "每月一次功能检查"})
    assert asked.state is State.ANSWERED
    assert "已经答复" in pema.post(f"{at}/add", data={"words": "还有"}).text
    assert [one.school_id for one in _told("question_answered")] == [cast.school_id]
    assert "每月一次功能检查" in pema.get(at).text
    assert "请写明内容" in pema.post(f"{at}/reopen", data={"words": ""}).text
    asked.due_on = TODAY - timedelta(days=3)
    db.session.commit()
    pema.post(f"{at}/reopen", data={"words": "持续时间呢？"})
    assert (asked.state, asked.due_on) == (State.REOPENED, TODAY + timedelta(days=7))
    assert [one.brigade_id for one in _told("question_reopened")] == [cast.brigade_id]
    ines.post(f"{at}/answer", data={"words": "每年一次"})
    ines.post(f"{at}/answer", data={"words": "放电到灯灭"})
    for _twice in range(2):
        pema.post(f"{at}/close", data={"words": "明白了"})
    assert asked.state is State.CLOSED
    assert "学校已经关闭" in ines.post(f"{at}/answer", data={"words": "再说一句"}).text
    A = QuestionAct
    assert _acts(asked) == [
        (A.ASK, False), (A.ADD, False), (A.ANSWER, True), (A.REOPEN, False), (A.ANSWER, True), (A.ANSWER, True), (A.CLOSE, False),
    ]  # fmt: skip
    pema.post(f"{at}/reopen", data={"words": "又坏了"})
    assert asked.state is State.REOPENED
    ines.post(f"{at}/answer", data={"words": "请报修"})
    ines.post(f"{at}/settle")
    assert (asked.state, _acts(asked)[-1]) == (State.CLOSED, (A.CLOSE, True))


def test_another_school_and_another_brigade_find_nothing(cast: Cast, as_person: SignInAs, asked: Question) -> None:
    at = f"/questions/{asked.id}"
    for name in ("otto", "otilia", "oskar"):
        browser = as_person(name)
        assert browser.get(at).status_code == 404
        assert "灭火器送修" not in browser.get("/questions?q=灭火器").text
    for act in ("add", "close", "reopen"):
        assert as_person("otto").post(f"{at}/{act}", data={"words": "x"}).status_code == 404
        assert as_person("ines").post(f"{at}/{act}", data={"words": "x"}).status_code == 403
    for act in ("answer", "settle", "publish"):
        assert as_person("oskar").post(f"{at}/{act}", data={"words": "x"}).status_code == 404
        for name in ("pema", "dora"):
            assert as_person(name).post(f"{at}/{act}", data={"words": "x"}).status_code == 403
    assert _acts(asked) == [(QuestionAct.ASK, False)]


def test_lists_of_both_sides_are_searched_narrowed_and_paged(cast: Cast, as_person: SignInAs, asked: Question) -> None:
    for n in range(31):
        make.question(cast, title=f"第{n:02d}个", due_on=TODAY - timedelta(days=n), words="维修单位名单")
    make.question(cast, title="答完的", answered_at=clock.now(), due_on=TODAY - timedelta(days=1))
    db.session.commit()
    ines, pema = as_person("ines"), as_person("pema")
    assert "旺堆问的" in ines.get("/questions?q=示范区第二小学").text
    assert "旺堆问的" not in pema.get("/questions?q=旺堆").text
    found = ines.get("/questions?q=维修单位&state=late").text
    assert found.count('href="/questions/0') == 30
    assert found.index("第30个") < found.index("第29个")
    assert "第00个" not in found  # due today is not late
    first = ines.get(f"/questions?school={cast.school_id}&state=waiting").text
    assert 'rel="next"' in first
    assert "答完的" not in first
    assert "迟于应答复日期" in pema.get("/questions?state=answered").text
    assert "答完的" not in pema.get("/questions?state=closed").text
    assert pema.get("/questions?state=x&kind=y&page=z").status_code == 200


def test_the_brigade_sets_how_long_it_may_take(cast: Cast, asked: Question) -> None:
    cast.brigade.settings = {"answer_workdays": 1}
    db.session.commit()
    assert service.due_on(cast.school, asked=TODAY) == TODAY + timedelta(days=1)
    assert asked.due_on == TODAY + timedelta(days=7)


def test_the_brigade_is_reminded_around_the_day_until_it_answers(cast: Cast, asked: Question) -> None:
    other = db.session.scalars(sa.select(Question).where(Question.title == "旺堆问的")).one()
    other.closed_at = clock.now()
    db.session.commit()
    days = [n for n in range(-3, 4) if list(reminders.of_questions(asked.due_on + timedelta(days=n)))]
    assert days == [-1, 0, 1]
    late = next(iter(reminders.of_questions(asked.due_on + timedelta(days=1))))
    assert (late.urgent, late.brigade_id) == (True, cast.brigade_id)
    line = Line(question=asked, school=cast.school, asker="白玛")
    service.answer(cast.viewer("ines"), line, words="送县里的维修站")
    assert list(reminders.of_questions(asked.due_on)) == []


def test_an_answer_is_made_public_without_the_asker_and_withdrawn(
    cast: Cast, as_person: SignInAs, asked: Question
) -> None:
    ines, otto = as_person("ines"), as_person("otto")
    at = f"/questions/{asked.id}"
    words = {"question": "灭火器到哪里送修？", "answer": "送有资质的单位。"}
    assert "还没有答复，不能公开" in ines.post(f"{at}/publish", data=words).text
    ines.post(f"{at}/answer", data={"words": "送县里的维修站"})
    page = ines.get(f"{at}/publish").text
    assert "送县里的维修站" in page.split('id="answer"')[1]
    for named in ("示范区第一小学问", "白玛问"):
        assert "不能出现" in ines.post(f"{at}/publish", data=words | {"question": named}).text
    for _twice in range(2):
        ines.post(f"{at}/publish", data=words)
    row = db.session.scalars(sa.select(PublicAnswer)).one()
    seen = otto.get("/questions/answers?q=送修").text
    assert "送有资质的单位" in seen
    assert "白玛" not in seen
    assert "示范区第一小学" not in seen
    assert "送有资质的单位" not in otto.get("/questions/answers?q=水泵").text
    for name in ("otilia", "oskar"):
        assert "送有资质的单位" not in as_person(name).get("/questions/answers").text
    withdraw = f"/questions/answers/{row.id}/withdraw"
    assert otto.post(withdraw, data={"reason": "x"}).status_code == 403
    assert as_person("oskar").post(withdraw, data={"reason": "x"}).status_code == 404
    assert "请写明理由" in ines.post(withdraw, data={"reason": ""}).text
    for _twice in range(2):
        ines.post(withdraw, data={"reason": "名单已变"})
    assert row.withdrawn_reason == "名单已变"
    assert "送有资质的单位" not in otto.get("/questions/answers").text


def test_the_pages_ask_few_questions_of_the_database(cast: Cast, as_person: SignInAs, count_queries: Any) -> None:
    for n in range(20):
        row = make.question(cast, title=f"第{n}个")
        make.public(cast, question=f"第{n}个")
        for _post in range(5):
            service.add(cast.viewer("pema"), Line(question=row, school=cast.school, asker=""), words=f"补充{_post}")
    db.session.commit()
    for browser in (as_person("ines"), as_person("pema")):
        for path in ("/questions", f"/questions/{row.id}", "/questions/answers"):
            with count_queries() as counted:
                assert browser.get(path).status_code == 200
            assert counted.number <= 12, path
