"""Logging, photos, withdrawal, the paper, the list: the same ladder for either log."""

from __future__ import annotations

import html
import io
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.fieldwork.models import Photo
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import papers
from tests.factories.pictures import picture
from tests.logbook.logs import Log


def _count(log: Log) -> int:
    return db.session.scalar(sa.select(sa.func.count(log.table.id))) or 0


def test_the_same_form_twice_logs_once(cast: Cast, as_person: SignInAs, log: Log) -> None:
    key, pema = str(uuid.uuid4()), as_person("pema")
    for _ in range(2):
        answer = pema.post(f"{log.at}/new?school={cast.school_id}", data=log.filled | {"key": key})
        assert answer.status_code == 302
    assert _count(log) == 1


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (timedelta(minutes=10), ""),  # two clocks that differ
        (timedelta(minutes=20), "还没有到"),
        (timedelta(days=1), "不能晚于"),
        (-timedelta(days=9 * 365), ""),
        (-timedelta(days=100 * 365), "以前的请核对年份"),
    ],
)
def test_what_cannot_have_been_held_then_is_refused(
    cast: Cast, as_person: SignInAs, log: Log, at: timedelta, said: str
) -> None:
    moment = clock.local(clock.now() + at)
    when = {"day": moment.date().isoformat(), "time": moment.strftime("%H:%M")}
    answer = as_person("pema").post(f"{log.at}/new?school={cast.school_id}", data=log.filled | when)
    assert answer.status_code == (422 if said else 302)
    assert said in answer.text
    assert _count(log) == (0 if said else 1)


def test_the_same_words_from_a_page_that_was_gone_back_to_log_once(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address, pema = f"{log.at}/new?school={cast.school_id}", as_person("pema")
    first = pema.post(address, data=log.filled)
    again = pema.post(address, data=log.filled)
    assert again.status_code == 422
    assert "没有再记一遍" in again.text
    assert as_person("ines").post(address, data=log.filled).status_code == 302, "somebody else may have seen another"
    assert pema.post(f"{first.headers['Location']}/withdraw", data={"reason": "误录"}).status_code == 302
    assert pema.post(address, data=log.filled).status_code == 302, "what was taken back may be logged anew"
    assert _count(log) == 3


def test_photos_come_along_and_later(cast: Cast, as_person: SignInAs, log: Log) -> None:
    pema = as_person("pema")
    sent = log.filled | {"photos": [(io.BytesIO(picture(seed=1)), "a.jpg"), (io.BytesIO(picture(seed=2)), "b.jpg")]}
    address = pema.post(f"{log.at}/new?school={cast.school_id}", data=sent).headers["Location"]
    for _ in range(2):  # the same picture twice is one
        assert (
            pema.post(f"{address}/photos", data={"photos": [(io.BytesIO(picture(seed=3)), "c.jpg")]}).status_code == 302
        )
    photos = db.session.scalars(sa.select(Photo.id)).all()
    assert len(photos) == 3
    assert as_person("otto").get(f"/photos/{photos[0]}").status_code == 404


def test_a_broken_photo_is_named_and_costs_neither_the_log_nor_the_good_ones(
    cast: Cast, as_person: SignInAs, log: Log
) -> None:
    good, bad = (io.BytesIO(picture(seed=1)), "a.jpg"), (io.BytesIO(b"text"), "坏的.jpg")
    pema = as_person("pema")
    answer = pema.post(
        f"{log.at}/new?school={cast.school_id}", data=log.filled | {"photos": [good, bad]}, follow_redirects=True
    )
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "照片“坏的.jpg”没有保存" in page
    assert "已登记" in page
    assert _count(log) == 1
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 1


def test_a_log_is_kept_when_its_only_photo_is_broken_and_more_photos_want_one_that_can_be_read(
    cast: Cast, as_person: SignInAs, log: Log
) -> None:
    pema = as_person("pema")
    address = pema.post(
        f"{log.at}/new?school={cast.school_id}", data=log.filled | {"photos": [(io.BytesIO(b"text"), "a.jpg")]}
    ).location
    assert _count(log) == 1
    again = pema.post(f"{address}/photos", data={"photos": [(io.BytesIO(b"text"), "b.jpg")]})
    assert again.status_code == 422
    assert "照片“b.jpg”没有保存" in again.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 0


def test_another_school_is_not_there(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address = f"{log.at}/{log.make(cast).id}"
    db.session.commit()
    for name in ("otto", "oskar", "otilia"):
        browser = as_person(name)
        assert browser.get(address).status_code == 404
        assert browser.post(f"{log.at}/new?school={cast.school_id}", data=log.filled).status_code == 404
        assert browser.post(f"{address}/withdraw", data={"reason": "x"}).status_code == 404
        assert log.telling not in browser.get(log.at).get_data(as_text=True)


@pytest.mark.parametrize("name", ["beate", "dora"])
def test_readers_read_only(cast: Cast, as_person: SignInAs, log: Log, name: str) -> None:
    address = f"{log.at}/{log.make(cast).id}"
    db.session.commit()
    browser = as_person(name)
    assert browser.get(address).status_code == 200
    assert log.button not in browser.get(log.at).get_data(as_text=True)
    for path in (f"{log.at}/new?school={cast.school_id}", f"{address}/withdraw", f"{address}/issue"):
        assert browser.post(path, data=log.filled | {"reason": "x"}).status_code == 403


def test_withdrawn_counts_no_more_and_is_kept(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address = f"{log.at}/{log.make(cast).id}"
    db.session.commit()
    pema = as_person("pema")
    assert pema.post(f"{address}/withdraw", data={"reason": "  "}).status_code == 422
    assert "重复登记" in pema.post(f"{address}/withdraw", data={"reason": "重复登记"}, follow_redirects=True).text
    assert pema.post(f"{address}/withdraw", data={"reason": "再次"}).status_code == 409
    assert address not in pema.get(log.at).text
    assert address in pema.get(f"{log.at}?withdrawn=y").text


def test_a_school_does_not_withdraw_what_the_brigade_logged(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address = f"{log.at}/{log.make(cast, logged_by_id=cast.people['ines']).id}"
    db.session.commit()
    assert as_person("pema").post(f"{address}/withdraw", data={"reason": "x"}).status_code == 409
    assert as_person("lea").post(f"{address}/withdraw", data={"reason": "误录"}).status_code == 302


def test_the_paper_is_issued_once_with_number_and_stored(cast: Cast, as_person: SignInAs, log: Log) -> None:
    entry = log.make(cast)
    address = f"{log.at}/{entry.id}"
    db.session.commit()
    ines = as_person("ines")
    first = ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"]
    assert ines.post(f"{address}/issue", data={"language": "zh_Hans_CN"}).headers["Location"] == first
    assert jobs.run_all() == 1
    paper = db.session.scalars(sa.select(IssuedDocument)).one()
    assert (paper.state, paper.kind, paper.subject_id) == (DocumentState.ISSUED, log.record, entry.id)
    assert paper.number.startswith(log.number)
    assert paper.number in as_person("pema").get(address).text


def test_the_preview_has_no_number(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address = f"{log.at}/{log.make(cast).id}"
    db.session.commit()
    answer = as_person("pema").post(f"{address}/preview", data={"language": "en"})
    assert answer.status_code == 302
    assert jobs.run_all() == 1
    assert as_person("pema").post(f"{address}/issue", data={}).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0


def test_list_and_page_cost_the_same_however_many(cast: Cast, as_person: SignInAs, log: Log, count_queries) -> None:
    lea, numbers = as_person("lea"), []
    for n in (3, 40):
        entries = [log.make(cast) for _ in range(n)]
        address = f"{log.at}/{entries[0].id}"
        db.session.commit()
        counted_now = []
        for path in (log.at, address):
            with count_queries() as counted:
                assert lea.get(path).status_code == 200
            counted_now.append(counted.number)
        numbers.append(counted_now)
    assert numbers[0] == numbers[1]
    assert max(numbers[1]) <= 15


def test_the_next_page_of_the_list_holds_the_rest(cast: Cast, as_person: SignInAs, log: Log) -> None:
    for _ in range(52):
        log.make(cast)
    db.session.commit()
    lea, address = as_person("lea"), log.at + "/[0-9a-f]{8}-"
    first = lea.get(log.at).get_data(as_text=True)
    following = re.search(rf'href="({log.at}\?[^"]*page=[^"]+)"', first)
    assert following
    second = lea.get(html.unescape(following[1])).get_data(as_text=True)
    assert (len(re.findall(f'href="{address}', first)), len(re.findall(f'href="{address}', second))) == (50, 2)


@pytest.mark.one_database
def test_a_paper_whose_number_was_voided_is_issued_anew(cast: Cast, as_person: SignInAs, log: Log) -> None:
    address = f"{log.at}/{log.make(cast).id}/issue"
    db.session.commit()
    ines = as_person("ines")
    papers.pressed_anew(cast, lambda: ines.post(address, data={"language": "zh_Hans_CN"}))
