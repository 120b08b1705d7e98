"""A sign-in that runs out while a form is open: what was typed is kept, and sent again after signing in elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import service
from app.accounts.models import Person, SignIn
from app.core import clock
from app.core.extensions import db
from tests.browse import CheckedClient
from tests.cast import Cast

PASSWORD = "a long enough one"


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Iterator[CheckedClient]:
    """A browser that must send CSRF tokens, in which Ada and Ines can sign in."""
    for name in ("ada", "ines"):
        cast.person(name).password_hash = service.hash_password(PASSWORD)
    db.session.commit()
    app.config["WTF_CSRF_ENABLED"] = True
    yield app.test_client()  # type: ignore[misc]
    app.config["WTF_CSRF_ENABLED"] = False


def _sign_in(browser: CheckedClient, name: str) -> None:
    page = browser.page("/sign-in")
    answer = browser.send(page, {"username": name, "password": PASSWORD}, form="username", follow=False)
    assert answer.status_code == 302


def _let_it_run_out() -> None:
    db.session.execute(sa.update(SignIn).values(expires_at=clock.now() - timedelta(minutes=1)))
    db.session.commit()


def test_what_was_typed_comes_back_and_is_sent_again_after_signing_in(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ada")
    form = browser.page(f"/admin/people/{cast.people['ines']}")
    _let_it_run_out()
    kept = browser.send(form, {"phone": "0891-123"}, form="credential_number")
    assert kept.status_code == 401
    assert "内容还在" in kept.page.h1
    _sign_in(browser, "ada")  # in another tab: the same cookies
    answer = browser.send(kept.page, form="phone", follow=False)
    assert answer.status_code == 302
    assert db.session.get_one(Person, cast.people["ines"]).phone == "0891-123"


def test_the_open_form_itself_can_also_still_be_sent(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ada")
    form = browser.page(f"/admin/people/{cast.people['ines']}")
    _let_it_run_out()
    _sign_in(browser, "ada")
    assert browser.send(form, {"phone": "0891-123"}, form="credential_number", follow=False).status_code == 302


def test_another_person_cannot_send_what_the_first_left_open(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ada")
    form = browser.page(f"/admin/people/{cast.people['ines']}")
    _let_it_run_out()
    _sign_in(browser, "ines")
    assert browser.send(form, {"phone": "0891-123"}, form="credential_number").status_code == 400
    assert db.session.get_one(Person, cast.people["ines"]).phone == ""


def test_a_phone_that_forgot_its_cookies_keeps_what_was_typed(app: Flask, browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ada")
    form = browser.page(f"/admin/people/{cast.people['ines']}")
    browser = app.test_client()  # type: ignore[assignment]
    typed = dict(form.form("credential_number").fields) | {"phone": "0891-123"}
    address, ours = f"/admin/people/{cast.people['ines']}", {"Sec-Fetch-Site": "same-origin"}
    kept = browser.post(address, data=typed, headers=ours)
    assert kept.status_code == 400
    assert "内容还在" in kept.page.h1
    assert dict(kept.page.form("phone").fields)["phone"] == "0891-123"
    _sign_in(browser, "ada")  # in another tab, which brings a new secret
    again = browser.post(address, data=dict(kept.page.form("phone").fields), headers=ours)
    assert "登录已恢复" in again.text
    assert browser.send(again.page, form="phone", follow=False).status_code == 302
    assert db.session.get_one(Person, cast.people["ines"]).phone == "0891-123"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}],
)
def test_without_the_browsers_word_nothing_is_kept(browser: CheckedClient, cast: Cast, headers: dict[str, str]) -> None:
    _sign_in(browser, "ada")
    answer = browser.post("/account", data={"csrf_token": "x", "phone": "evil"}, headers=headers)
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_post_from_another_site_is_not_kept_for_sending(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ada")
    _let_it_run_out()
    answer = browser.post(f"/admin/people/{cast.people['ines']}", data={"phone": "evil"})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_passwords_are_never_given_back(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ines")
    form = browser.page("/account")
    _let_it_run_out()
    kept = browser.send(form, {"old": "secret one", "new": "secret two", "again": "secret two"}, form="old")
    assert kept.status_code == 401
    assert "secret" not in kept.text


def test_files_that_were_chosen_are_named(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ines")
    page = browser.page("/account")
    _let_it_run_out()
    data: dict[str, Any] = {
        "csrf_token": dict(page.form("phone").fields)["csrf_token"],
        "phone": "1",
        "photo": (BytesIO(b"x"), "灭火器.jpg"),
    }
    answer = browser.post("/account", data=data, content_type="multipart/form-data")
    assert answer.status_code == 401
    assert "灭火器.jpg" in answer.text


def test_a_fresh_browser_gets_a_fresh_secret_when_it_signs_in(browser: CheckedClient, cast: Cast) -> None:
    before = dict(browser.page("/sign-in").form("username").fields)["csrf_token"]
    _sign_in(browser, "ines")
    answer = browser.post("/account", data={"csrf_token": before, "phone": "1"})
    assert answer.status_code == 400


def test_a_script_is_told_to_sign_in_instead(browser: CheckedClient, cast: Cast) -> None:
    _sign_in(browser, "ines")
    token = dict(browser.page("/account").form("phone").fields)["csrf_token"]
    _let_it_run_out()
    answer = browser.post("/account", headers={"Accept": "application/json", "X-CSRFToken": token})
    assert answer.status_code == 401
    assert answer.json == {"error": "sign_in", "message": "请先登录。"}


def test_a_page_asked_for_comes_after_signing_in(browser: CheckedClient, cast: Cast) -> None:
    answer = browser.get("/account?x=1")
    assert answer.headers["Location"] == "/sign-in?next=/account?x%3D1"
    page = browser.page(answer.headers["Location"])
    answer = browser.send(page, {"username": "ines", "password": PASSWORD}, form="username", follow=False)
    assert answer.headers["Location"] == "/account?x=1"


def test_long_ago_seen_is_noted_in_a_reading_and_in_a_writing_request(as_person: Any, cast: Cast) -> None:
    ines = as_person("ines")
    long_ago = clock.now() - timedelta(hours=1)
    for send in (lambda: ines.get("/account"), lambda: ines.post("/account", data={"phone": "1"})):
        db.session.execute(sa.update(SignIn).values(seen_at=long_ago))
        db.session.commit()
        assert send().status_code in (200, 302)
        assert db.session.scalars(sa.select(SignIn.seen_at)).one() > long_ago
        db.session.rollback()
