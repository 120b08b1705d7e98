"""Signing in, and what a wrong try does."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.accounts import service
from app.accounts.models import Person, SignIn
from app.core.extensions import db
from tests.cast import Cast
from tests.conftest import SignInAs


def _with_password(cast: Cast, name: str, password: str) -> None:
    db.session.get_one(Person, cast.people[name]).password_hash = service.hash_password(password)
    db.session.commit()


def test_somebody_with_the_right_password_gets_in(client: FlaskClient, cast: Cast) -> None:
    _with_password(cast, "ines", "a long enough one")
    answer = client.post("/sign-in", data={"username": "INES ", "password": "a long enough one"})
    assert answer.status_code == 302
    assert db.session.query(SignIn).count() == 1


def test_a_wrong_password_opens_nothing(client: FlaskClient, cast: Cast) -> None:
    _with_password(cast, "ines", "a long enough one")
    answer = client.post("/sign-in", data={"username": "ines", "password": "another"})
    assert answer.status_code == 422
    assert "登录名或密码不正确" in answer.text
    assert db.session.query(SignIn).count() == 0


def test_after_too_many_tries_even_the_right_password_waits(client: FlaskClient, cast: Cast) -> None:
    _with_password(cast, "ines", "a long enough one")
    for _try in range(service.SIGN_IN_TRIES):
        client.post("/sign-in", data={"username": "ines", "password": "x"})
    answer = client.post("/sign-in", data={"username": "ines", "password": "a long enough one"})
    assert answer.status_code == 429


def test_where_to_go_after_is_never_another_site(client: FlaskClient, cast: Cast) -> None:
    _with_password(cast, "ines", "a long enough one")
    answer = client.post(
        "/sign-in", data={"username": "ines", "password": "a long enough one", "next": "//evil.example"}
    )
    assert answer.headers["Location"] == "/"


def test_an_answer_to_who_is_signed_in_does_not_send_the_cookie_again(as_person: SignInAs) -> None:
    """Else one that comes late would put it back over that of who has signed in meanwhile."""
    ines = as_person("ines")
    ines.get("/sync/session")  # makes the secret of its forms
    for path in ("/sync/session", "/sync/", "/static/js/app.js"):
        with ines.get(path) as answer:
            assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, []), path
