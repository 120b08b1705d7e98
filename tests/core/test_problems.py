"""What goes wrong is said in a sentence, and what a page guards is guarded."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.errors import CONSTRAINT_SENTENCES, DomainError, sentence_for
from app.core.extensions import db
from app.core.i18n import safe_back
from app.organisations.models import Area
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make


def test_a_page_that_is_not_there_says_so_in_chinese(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_the_language_stays_chosen(client: FlaskClient) -> None:
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert '<html lang="en"' in client.get("/sign-in").text


def test_the_page_of_a_refused_form_leads_back_to_where_the_form_was(as_person: SignInAs, cast: Cast) -> None:
    """An address that takes forms only cannot be opened: choosing a language there leads to the page before."""
    drill = make.drill(cast)
    db.session.commit()
    refused = as_person("pema").post(
        f"/drills/{drill.id}/note", data={"text": ""}, headers={"Referer": f"http://localhost/drills/{drill.id}?a=1"}
    )
    assert refused.status_code == 422
    assert f'name="next" value="/drills/{drill.id}?a=1"' in refused.text
    elsewhere = as_person("pema").post(
        f"/drills/{drill.id}/note", data={"text": ""}, headers={"Referer": "http://evil.example/x"}
    )
    assert 'name="next" value="/"' in elsewhere.text


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    client.post("/language", data={"language": "tlh"})
    assert '<html lang="zh-CN"' in client.get("/sign-in").text


def test_a_form_without_its_token_is_refused_with_what_to_do(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-in", data={"username": "x", "password": "y"})
    assert answer.status_code == 400
    assert "页面已过期" in answer.text


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/schools", "/schools"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        (None, "/"),
        ("", "/"),
    ],
)
def test_back_is_never_another_site(target: str | None, goes: str) -> None:
    assert safe_back(target, "/") == goes


def test_a_refused_row_is_told_by_the_sentence_of_its_constraint(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONSTRAINT_SENTENCES, "pk_area", "这个代码已有。")
    monkeypatch.setitem(CONSTRAINT_SENTENCES, "area.code", "这个代码已有。")
    db.session.add(Area(code="54", name="x"))
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.flush()
    db.session.rollback()
    assert sentence_for(refused.value) == "这个代码已有。"


def test_a_tablet_is_answered_in_json_and_never_sent_to_a_page(client: FlaskClient) -> None:
    answer = client.get("/sync/nothing-here")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]


def test_a_domain_error_knows_its_field() -> None:
    problem = DomainError("日期不对。", field="day")
    assert (problem.message, problem.field) == ("日期不对。", "day")


def test_a_signed_in_person_is_sent_to_sign_in_again_when_the_sign_in_has_ended(as_person: SignInAs) -> None:
    browser = as_person("ines")
    db.session.execute(sa.text("UPDATE sign_in SET ended_at = made_at"))
    db.session.commit()
    answer = browser.post("/sign-out")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]
