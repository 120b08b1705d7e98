"""The server's part of the key under which an officer's work lies on a tablet."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import SignIn
from app.core import clock
from app.core.extensions import db
from app.sync.models import Tablet
from tests.browse import CheckedClient
from tests.conftest import SignInAs


def part(client: CheckedClient, device: str = "tab-1") -> str:
    """What the server gives."""
    answer = client.get("/sync/key", query_string={"device": device})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_json()["part"])


def test_the_part_is_the_same_each_time_and_differs_by_person_and_tablet(as_person: SignInAs) -> None:
    ines = as_person("ines")
    assert len(part(ines)) == 64
    assert part(ines) == part(ines)
    assert part(ines, "tab-2") != part(ines)
    assert part(as_person("ivo")) != part(ines)


def test_without_a_sign_in_of_the_last_quarter_of_an_hour_it_stays_here(as_person: SignInAs) -> None:
    ines = as_person("ines")
    db.session.execute(sa.update(SignIn).values(made_at=clock.now() - timedelta(minutes=16)))
    db.session.commit()
    assert part(ines) == ""


def test_a_tablet_that_was_marked_lost_gets_nothing(as_person: SignInAs) -> None:
    ines = as_person("ines")
    ines.get("/sync/session", query_string={"device": "tab-1"})
    db.session.execute(sa.update(Tablet).values(lost_at=clock.now()))
    db.session.commit()
    assert part(ines) == ""
    assert part(ines, "tab-2") != ""


def test_nobody_gets_one_without_a_name(client: CheckedClient) -> None:
    assert client.get("/sync/key", query_string={"device": "tab-1"}).status_code == 401
