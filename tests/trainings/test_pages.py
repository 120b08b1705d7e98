"""Logging trainings, the list, the page, photos, withdrawal, the paper."""

from __future__ import annotations

import html
import io
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.fieldwork.models import Photo
from app.trainings.models import Audience, Training
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings as make
from tests.factories.pictures import picture

TODAY = clock.today()
FILLED = {
    "audience": "canteen",
    "form": "hands_on",
    "day": TODAY.isoformat(),
    "time": "00:01",
    "hours": "１.5",
    "expected": "14",
    "attended": "12",
    "topics": "油锅火处置、灭火毯使用",
    "trainer": "扎西",
}


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Training.id))) or 0


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "stan", "lea", "olga"])
def test_school_and_brigade_log_a_training(cast: Cast, as_person: SignInAs, name: str) -> None:
    answer = as_person(name).post(f"/trainings/new?school={cast.school_id}", data=FILLED, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "到课率 85%" in page
    training = db.session.scalars(sa.select(Training)).one()
    assert (training.hours, training.expected, training.attended) == (Decimal("1.5"), 14, 12)
    assert clock.day_of(training.held_at) == TODAY
    assert training.logged_by_id == cast.people[name]


def test_the_same_form_twice_logs_once(cast: Cast, as_person: SignInAs) -> None:
    key, pema = str(uuid.uuid4()), as_person("pema")
    for _ in range(2):
        answer = pema.post(f"/trainings/new?school={cast.school_id}", data=FILLED | {"key": key})
        assert answer.status_code == 302
    assert _count() == 1


def test_photos_come_along_and_later(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    sent = FILLED | {"photos": [(io.BytesIO(picture(seed=1)), "a.jpg"), (io.BytesIO(picture(seed=2)), "b.jpg")]}
    address = pema.post(f"/trainings/new?school={cast.school_id}", data=sent).headers["Location"]
    for _ in range(2):  # the same picture twice is one
        assert (
            pema.post(f"{address}/photos", data={"photos": [(io.BytesIO(picture(seed=3)), "c.jpg")]}).status_code == 302
        )
    photos = db.session.scalars(sa.select(Photo.id)).all()
    assert len(photos) == 3
    assert as_person("otto").get(f"/photos/{photos[0]}").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"audience": "cats"}, "Not a valid"),
        ({"form": "dance"}, "Not a valid"),
        ({"day": ""}, "请填写培训日期"),
        ({"day": (TODAY + timedelta(days=1)).isoformat()}, "日期不能晚于"),
        ({"time": ""}, "请填写开始时间"),
        ({"hours": ""}, "请填写学时"),
        ({"hours": "0"}, "学时应大于 0"),
        ({"hours": "100.5"}, "学时应大于 0"),
        ({"hours": "NaN"}, "学时应大于 0"),
        ({"hours": "1.234"}, "学时最多两位小数"),
        ({"attended": ""}, "请填写实到人数"),
        ({"attended": "-1"}, "人数应在 0 到 100000 之间"),
        ({"topics": "  "}, "请填写培训内容"),
        ({"trainer": "长" * 81}, "80"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs, change: dict[str, str], said: str) -> None:
    answer = as_person("pema").post(f"/trainings/new?school={cast.school_id}", data=FILLED | change)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "error-summary" in page
    assert said in page or "Not a valid" in said
    assert _count() == 0


def test_a_broken_photo_keeps_nothing(cast: Cast, as_person: SignInAs) -> None:
    sent = FILLED | {"photos": [(io.BytesIO(b"text"), "a.jpg")]}
    answer = as_person("pema").post(f"/trainings/new?school={cast.school_id}", data=sent)
    assert answer.status_code == 422
    assert "不是 JPEG" in answer.get_data(as_text=True)
    assert (_count(), db.session.scalar(sa.select(sa.func.count(Photo.id)))) == (0, 0)


def test_another_school_is_not_there(cast: Cast, as_person: SignInAs) -> None:
    address = f"/trainings/{make.training(cast).id}"
    db.session.commit()
    for name in ("otto", "oskar", "otilia"):
        browser = as_person(name)
        assert browser.get(address).status_code == 404
        assert browser.post(f"/trainings/new?school={cast.school_id}", data=FILLED).status_code == 404
        assert browser.post(f"{address}/withdraw", data={"reason": "x"}).status_code == 404
        assert "油锅火处置" not in browser.get("/trainings").get_data(as_text=True)


@pytest.mark.parametrize("name", ["beate", "dora"])
def test_readers_read_only(cast: Cast, as_person: SignInAs, name: str) -> None:
    address = f"/trainings/{make.training(cast).id}"
    db.session.commit()
    browser = as_person(name)
    assert browser.get(address).status_code == 200
    assert "登记培训" not in browser.get("/trainings").get_data(as_text=True)
    for path in ("/trainings/new?school=" + str(cast.school_id), f"{address}/withdraw", f"{address}/issue"):
        assert browser.post(path, data=FILLED | {"reason": "x"}).status_code == 403


def test_withdrawn_counts_no_more_and_is_kept(cast: Cast, as_person: SignInAs) -> None:
    address = f"/trainings/{make.training(cast).id}"
    db.session.commit()
    pema = as_person("pema")
    assert pema.post(f"{address}/withdraw", data={"reason": "  "}).status_code == 422
    assert "重复登记" in pema.post(f"{address}/withdraw", data={"reason": "重复登记"}, follow_redirects=True).text
    assert pema.post(f"{address}/withdraw", data={"reason": "再次"}).status_code == 409
    assert address not in pema.get("/trainings").text
    assert address in pema.get("/trainings?withdrawn=y").text


def test_a_school_does_not_withdraw_what_the_brigade_logged(cast: Cast, as_person: SignInAs) -> None:
    address = f"/trainings/{make.training(cast, logged_by_id=cast.people['ines']).id}"
    db.session.commit()
    assert as_person("pema").post(f"{address}/withdraw", data={"reason": "x"}).status_code == 409
    assert as_person("lea").post(f"{address}/withdraw", data={"reason": "误录"}).status_code == 302


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", 3),
        ("audience=pupils", 1),
        ("form=hands_on", 3),
        ("q=第二小学", 1),
        (f"since={TODAY}", 2),
        (f"until={TODAY - timedelta(days=1)}", 1),
        ("since=nonsense&audience=nonsense&form=nonsense", 3),
    ],
)
def test_the_list_is_filtered(cast: Cast, as_person: SignInAs, query: str, seen: int) -> None:
    make.training(cast)
    make.training(cast, audience=Audience.PUPILS, held_at=clock.now() - timedelta(days=40))
    make.training(cast, school_id=cast.ottos_school_id)
    db.session.commit()
    page = as_person("lea").get(f"/trainings?{query}").text
    assert page.count("</th></tr>") >= 0
    assert page.count('href="/trainings/') - page.count('href="/trainings/new') == seen


def test_the_paper_is_issued_once_with_number_and_stored(cast: Cast, as_person: SignInAs) -> None:
    training = make.training(cast, topics="油锅火处置")
    address = f"/trainings/{training.id}"
    db.session.commit()
    ines = as_person("ines")
    first = ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"]
    assert ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"] == first
    assert jobs.run_all() == 1
    paper = db.session.scalars(sa.select(IssuedDocument)).one()
    assert (paper.state, paper.kind, paper.subject_id) == (DocumentState.ISSUED, "training_record", training.id)
    assert paper.number.startswith("示消训记字〔")
    assert paper.number in as_person("pema").get(address).text


def test_the_preview_has_no_number(cast: Cast, as_person: SignInAs) -> None:
    address = f"/trainings/{make.training(cast).id}"
    db.session.commit()
    answer = as_person("pema").post(f"{address}/preview", data={"language": "en"})
    assert answer.status_code == 302
    assert jobs.run_all() == 1
    assert as_person("pema").post(f"{address}/issue", data={}).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0


def test_list_and_page_cost_the_same_however_many(cast: Cast, as_person: SignInAs, count_queries) -> None:
    lea, numbers = as_person("lea"), []
    for n in (3, 40):
        trainings = [make.training(cast) for _ in range(n)]
        address = f"/trainings/{trainings[0].id}"
        db.session.commit()
        counted_now = []
        for path in ("/trainings", address):
            with count_queries() as counted:
                assert lea.get(path).status_code == 200
            counted_now.append(counted.number)
        numbers.append(counted_now)
    assert numbers[0] == numbers[1]
    assert max(numbers[1]) <= 15


def test_the_next_page_of_the_list_holds_the_rest(cast: Cast, as_person: SignInAs) -> None:
    for _ in range(52):
        make.training(cast)
    db.session.commit()
    lea, address = as_person("lea"), "/trainings/[0-9a-f]{8}-"
    first = lea.get("/trainings").get_data(as_text=True)
    following = re.search(r'href="(/trainings\?[^"]*page=[^"]+)"', first)
    assert following
    second = lea.get(html.unescape(following[1])).get_data(as_text=True)
    assert (len(re.findall(f'href="{address}', first)), len(re.findall(f'href="{address}', second))) == (50, 2)
