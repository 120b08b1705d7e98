"""Strings that break programs go through the forms about people and units: kept unchanged, shown harmless."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models import Invitation, Person
from app.core.extensions import db
from app.organisations.models import Brigade
from tests.cast import Cast
from tests.factories.naughty import KEPT, fillings, opened

PERSON = {"name": 80, "name_bo": 120, "credential_number": 40, "phone": 40}
UNIT = {"name_bo": 200, "name_en": 200, "code_word": 20, "phone": 40, "address": 200}
LINK = re.compile(r"(?<=http://127.0.0.1:8000)/invitations/[\w-]{20,}")


def test_a_persons_data_keep_what_was_typed(as_person: Any, cast: Cast) -> None:
    ada, identity = as_person("ada"), cast.people["ines"]
    for number, filled in enumerate(fillings(PERSON)):
        data = {"name": "尼玛", **filled}
        assert ada.post(f"/admin/people/{identity}", data=data).status_code == 302, filled
        kept = db.session.get_one(Person, identity)
        assert {name: getattr(kept, name) for name in filled} == filled
        if number % 12 == 0:
            assert opened(ada, f"/admin/people/{identity}", filled.values()).status_code == 200
            assert opened(ada, "/admin/people", filled.values()).status_code == 200
            assert opened(ada, "/admin/audit", filled.values()).status_code == 200
        db.session.rollback()


def test_a_units_data_keep_what_was_typed(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    for number, filled in enumerate(fillings(UNIT)):
        data = {"name": "示范区消防救援大队", **filled}
        assert ada.post(f"/admin/brigade/{cast.brigade_id}", data=data).status_code == 302, filled
        kept = db.session.get_one(Brigade, cast.brigade_id)
        assert {name: getattr(kept, name) for name in filled} == filled
        if number % 12 == 0:
            assert opened(ada, "/admin/brigade", filled.values()).status_code == 200
        db.session.rollback()


def test_an_invitation_keeps_the_name_and_shows_it_harmless(as_person: Any, client: Any, cast: Cast) -> None:
    ada = as_person("ada")
    for text in [text for text in KEPT if len(text) <= 80][::12]:
        data = {"name": text, "role": "office", "place": f"brigade:{cast.brigade_id}"}
        answer = ada.post("/admin/people/invite", data=data)
        assert answer.status_code == 302, text
        assert opened(ada, answer.headers["Location"], [text]).status_code == 200
        kept = db.session.query(Invitation).order_by(Invitation.made_at.desc()).first()
        assert kept is not None
        assert kept.name == text
        db.session.rollback()


def test_search_and_filters_take_anything(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    for text in KEPT[::25]:
        for address in ("/admin/people", "/admin/people/invite", "/admin/audit"):
            query = {"q": text, "subject_id": text, "person": text, "page": text, "role": text}
            assert FlaskClient.open(ada, address, query_string=query).status_code == 200, text


def test_a_login_name_is_refused_in_a_sentence_or_makes_the_account_it_says(
    as_person: Any, client: Any, cast: Cast
) -> None:
    ada, secret = as_person("ada"), "a long enough one"
    for text in KEPT[::15]:
        invited = ada.post(
            "/admin/people/invite",
            data={"name": "次旦", "role": "office", "place": f"brigade:{cast.brigade_id}"},
            follow_redirects=True,
        )
        link = LINK.search(invited.text)
        assert link, invited.text
        before = db.session.query(Person).count()
        db.session.rollback()
        data = {"name": "次旦", "username": text, "password": secret, "again": secret}
        answer = FlaskClient.open(client, link.group(), method="POST", data=data)
        made = db.session.query(Person).count() - before
        assert (answer.status_code, made) in ((302, 1), (422, 0)), text
        if made:
            assert db.session.query(Person).filter_by(username=text.lower()).count() == 1
        db.session.rollback()


def test_nobody_signs_in_by_a_string_that_breaks_programs(client: Any, cast: Cast) -> None:
    for text in KEPT[::60]:
        data = {"username": text, "password": text}
        answer = FlaskClient.open(client, "/sign-in", method="POST", data=data)
        assert answer.status_code in (422, 429), text
        assert "<script>alert" not in answer.text
