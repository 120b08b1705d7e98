"""A brigade's data and settings, and the commands that begin an installation."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.core.extensions import db
from app.organisations import brigades, queries
from app.organisations.models import Brigade, BrigadeKind
from tests.cast import AREA, Cast


def test_a_brigades_names_change_and_no_two_are_alike(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    ada.send(ada.page("/admin/brigade"), {"code_word": "河", "name_bo": "དཔེ་སྟོན།"}, form="code_word")
    assert (cast.brigade.code_word, cast.brigade.name_bo) == ("河", "དཔེ་སྟོན།")
    answer = ada.send(ada.page("/admin/brigade"), {"name": "邻区消防救援大队"}, form="code_word")
    assert answer.status_code == 422
    assert cast.brigade.name == "示范区消防救援大队"


def test_a_station_is_founded_below_the_own_brigade_only(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    data = {"kind": "station", "area_code": AREA, "name": "东路消防救援站"}
    assert ada.post("/admin/brigade/new", data={**data, "parent": str(cast.other_brigade_id)}).status_code == 422
    assert ada.post("/admin/brigade/new", data={**data, "parent": str(cast.brigade_id)}).status_code == 302
    station = queries.brigade_named("东路消防救援站")
    assert station is not None
    assert (station.kind, station.parent_id) == (BrigadeKind.STATION, cast.brigade_id)


def test_another_brigade_does_not_exist(as_person: Any, cast: Cast) -> None:
    assert as_person("ada").get(f"/admin/brigade/{cast.other_brigade_id}").status_code == 404


def _run(app: Flask, *args: str) -> Any:
    return app.test_cli_runner().invoke(args=list(args))


def test_an_empty_installation_begins_with_two_commands(app: Flask) -> None:
    added = _run(app, "brigades", "add", "--name", "某区消防救援大队", "--area", AREA, "--code-word", "某")
    assert added.exit_code == 0, added.output
    made = _run(app, "users", "add", "--username", "Ada", "--role", "admin", "--brigade", "某区消防救援大队")
    assert made.exit_code == 0, made.output
    assert "password, shown this once:" in made.output
    person = accounts.person_by_username("ada")
    assert person is not None
    assert accounts.viewer_for(person).roles == {Role.ADMIN}
    assert person.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--username", "x y", "--role", "admin", "--brigade", "示范区消防救援大队"],
        ["--username", "ines", "--role", "admin", "--brigade", "示范区消防救援大队"],
        ["--username", "new", "--role", "admin", "--brigade", "没有的大队"],
        ["--username", "new", "--role", "admin"],
        ["--username", "new", "--role", "principal", "--brigade", "示范区消防救援大队"],
        ["--username", "new", "--role", "principal", "--school", "没有的学校"],
        ["--username", "new", "--role", "bureau", "--area", "999999"],
        ["--username", "new", "--role", "king", "--area", AREA],
    ],
)
def test_a_wrong_argument_is_one_line_and_status_two(app: Flask, cast: Cast, wrong: list[str]) -> None:
    before = len(accounts.own_staff(cast.viewer("ada")))
    answer = _run(app, "users", "add", *wrong)
    assert answer.exit_code == 2, answer.output
    assert answer.output.strip().splitlines()[-1].startswith("Error: ")
    assert len(accounts.own_staff(cast.viewer("ada"))) == before


def test_the_bureau_and_schools_get_people_by_command_too(app: Flask, cast: Cast) -> None:
    assert _run(app, "users", "add", "--username", "bb1", "--role", "bureau", "--area", AREA).exit_code == 0
    school = _run(app, "users", "add", "--username", "ss1", "--role", "principal", "--school", "示范区第一小学")
    assert school.exit_code == 0
    person = accounts.person_by_username("ss1")
    assert person is not None
    assert accounts.viewer_for(person).school_ids == {cast.school_id}


def test_a_demo_database_stays_one(app: Flask) -> None:
    assert not brigades.is_demo()
    brigades.mark_as_demo()
    brigades.mark_as_demo()
    db.session.commit()
    assert brigades.is_demo()


def test_a_station_needs_a_brigade_above_it(app: Flask) -> None:
    answer = _run(app, "brigades", "add", "--name", "孤站", "--area", AREA, "--kind", "station")
    assert answer.exit_code == 2
    assert db.session.query(Brigade).count() == 0
