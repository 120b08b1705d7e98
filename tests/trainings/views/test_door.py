"""The door: signing in by the code on the wall, once a person and a device; narrow, expiring, revocable; a whole hall behind one address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Attempts
from app.core import clock
from app.core.extensions import db
from app.trainings.models import Attendee, TrainingSession
from app.trainings.service import signing
from app.trainings.views import door
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import trainings as make


@pytest.fixture
def token(cast: Cast) -> str:
    """The address of a session that begins in half an hour."""
    session = make.session(cast, starts_at=clock.now() + timedelta(minutes=30))
    opened = signing.open_sign_in(cast.viewer("pema"), session)
    db.session.commit()
    return opened


def _people() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(sa.select(Attendee.name, Attendee.post).order_by(Attendee.name))]


def _session() -> TrainingSession:
    return db.session.scalars(sa.select(TrainingSession)).one()


def _sign(app: Flask, token: str, name: str, post: str = "") -> int:
    client = app.test_client()
    client.get(f"/t/{token}")
    return client.post(f"/t/{token}", data={"name": name, "post": post}).status_code


def test_somebody_signs_in_once_however_often_they_press(client: Any, token: str) -> None:
    page = client.page(f"/t/{token}")
    assert "示范区第一小学" in page.text
    client.send(page, {"name": "次仁", "post": "食堂"}, button="现在签到")
    client.send(page, {"name": "次仁", "post": "食堂"}, button="现在签到")
    client.post(f"/t/{token}", data={"name": "别人", "post": ""})
    assert _people() == [("次仁", "食堂")]
    assert "已签到" in client.page(f"/t/{token}").text
    assert _session().token_sha256 != token


def test_another_device_with_the_same_name_is_asked_for_more(app: Flask, client: Any, token: str) -> None:
    assert _sign(app, token, "次仁", "教师") == 302
    assert _sign(app, token, "次 仁", "教师") == 422
    assert _sign(app, token, "次仁", "三年级语文") == 302
    assert _sign(app, token, "   ") == 422
    assert len(_people()) == 2


def test_a_device_that_keeps_no_cookies_is_let_in_too(app: Flask, client: Any, token: str) -> None:
    bare = app.test_client(use_cookies=False)
    assert bare.post(f"/t/{token}", data={"name": "次仁"}).status_code == 302
    assert bare.post(f"/t/{token}", data={"name": "次仁"}).status_code == 422
    assert len(_people()) == 1


def test_an_address_that_nobody_made_opens_nothing_and_guessing_is_slow(client: Any) -> None:
    assert client.get("/t/nobody-has-this-token").status_code == 404
    client.checks = False
    codes = [client.get(f"/t/guess-{n}").status_code for n in range(door.GUESSES)]
    assert codes[-1] == 429


def test_what_is_closed_renewed_or_called_off_opens_nothing(cast: Cast, app: Flask, client: Any, token: str) -> None:
    pema = cast.viewer("pema")
    signing.close_sign_in(pema, _session())
    db.session.commit()
    assert "签到已关闭" in client.page(f"/t/{token}").text
    assert _sign(app, token, "次仁") == 422
    renewed = signing.open_sign_in(pema, _session())
    db.session.commit()
    assert (renewed == token, client.get(f"/t/{token}").status_code) == (False, 404)
    assert _sign(app, renewed, "次仁") == 302
    session = _session()
    session.called_off_at, session.called_off_reason = clock.now(), "停电"
    db.session.commit()
    assert client.get(f"/t/{renewed}").status_code == 410


@pytest.mark.one_database
def test_too_early_and_too_late_nobody_signs_in(app: Flask, client: Any, token: str) -> None:
    session, hour = _session(), timedelta(hours=1)
    for start, said in ((hour, "签到尚未开始"), (-3 * hour, "签到时间已过")):
        session.sign_in_from, session.sign_in_until = clock.now() + start, clock.now() + start + hour
        db.session.commit()
        assert said in client.page(f"/t/{token}").text
        assert _sign(app, token, "次仁") == 422
    assert _people() == []


def test_a_hall_behind_one_address_comes_in_and_one_device_that_sends_on_is_stopped(
    app: Flask, client, token: str
) -> None:
    assert [_sign(app, token, f"教师{n}") for n in range(40)] == [302] * 40
    one = app.test_client()
    one.get(f"/t/{token}")
    codes = [one.post(f"/t/{token}", data={"name": ""}).status_code for _n in range(door.OF_A_DEVICE + 1)]
    assert codes == [422] * door.OF_A_DEVICE + [429]
    counted = db.session.scalars(sa.select(Attempts.count).where(Attempts.key.startswith("door:"))).all()
    assert max(counted) <= door.OF_A_HALL
    assert door.OF_A_HALL >= 4 * 500
    assert len(_people()) == 40


def test_whoever_signed_in_says_what_they_think_once_it_has_begun(app: Flask, client: Any, token: str) -> None:
    client.post(f"/t/{token}", data={"name": "次仁"})
    assert "培训开始后" in client.page(f"/t/{token}").text
    _session().starts_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    page = client.page(f"/t/{token}")
    client.send(page, {"mark": "4", "words": "多练"}, button="提交评价")
    client.send(client.page(f"/t/{token}"), {"mark": "5", "words": "很好"}, button="提交评价")
    row = db.session.scalars(sa.select(Attendee)).one()
    assert (row.feedback, row.feedback_words) == (5, "很好")
    assert app.test_client().post(f"/t/{token}/feedback", data={"mark": "1"}).status_code == 422


@pytest.mark.one_database
def test_the_code_on_the_wall_is_the_address_and_only_its_hash_is_kept(
    cast: Cast, as_person: SignInAs, token: str
) -> None:
    pema, at = as_person("pema"), f"/trainings/sessions/{_session().id}"
    page = pema.page(f"{at}/code")
    assert f"/t/{token}" in page.text
    assert pema.get(f"{at}/code.svg").mimetype == "image/svg+xml"
    otto = as_person("otto")
    otto.checks = False
    assert otto.get(f"{at}/code").status_code == 404
    assert as_person("beate").get(f"{at}/code").status_code == 403
