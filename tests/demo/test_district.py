"""The demo district: believable, whole, the same for the same seed, and only ever on an empty database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.demo.district import SIGN_INS
from app.demo.seed import settle
from app.demo.writing import Writer
from app.equipment.models import Equipment
from app.equipment.rules import tags
from app.equipment.rules.specification import read_specification
from app.organisations import brigades
from app.schools.models import Building, Place, School


def _make(schools: int = 4, number: int = 1) -> dict[str, int]:
    writer, today = Writer(Random(number)), clock.today()
    since = date(today.year - 1, today.month, 1)
    settle(writer, schools=schools, today=today, since=since, password="a demo password", progress=lambda *_: None)
    db.session.commit()
    return writer.written


@pytest.fixture
def district(app: Flask) -> dict[str, int]:
    """A small district."""
    return _make()


@pytest.mark.one_database
def test_every_demo_sign_in_holds_its_role(district: dict[str, int]) -> None:
    for username, (_name, role, _title) in SIGN_INS.items():
        person = accounts.person_by_username(username)
        assert person is not None
        assert accounts.viewer_for(person).roles == {role}


@pytest.mark.one_database
def test_the_two_principals_see_different_schools(district: dict[str, int]) -> None:
    first, second = (accounts.person_by_username(name) for name in ("school", "school2"))
    assert first is not None
    assert second is not None
    one, other = accounts.viewer_for(first), accounts.viewer_for(second)
    assert len(one.school_ids) == len(other.school_ids) == 1
    assert one.school_ids != other.school_ids
    assert one.may(Permission.SEND_EVIDENCE)


@pytest.mark.one_database
def test_the_branch_campus_has_its_parent(district: dict[str, int]) -> None:
    branch = db.session.scalars(sa.select(School).where(School.name == "纳金中心小学分校")).one()
    assert branch.parent_id is not None
    assert db.session.get_one(School, branch.parent_id).name == "示范区纳金中心小学"


def test_every_piece_could_have_been_entered_by_hand(district: dict[str, int]) -> None:
    pieces = db.session.scalars(sa.select(Equipment)).all()
    assert len(pieces) == district["equipment"] >= 100
    for piece in pieces:
        read_specification(piece.kind.value, piece.specification)
        assert tags.read(piece.tag_code or "") == piece.tag_code


@pytest.mark.one_database
def test_there_are_dormitories_kindergartens_and_named_rooms(app: Flask) -> None:
    _make(schools=5)
    uses = set(db.session.scalars(sa.select(Building.use)))
    assert {"teaching", "dormitory", "canteen", "kindergarten"} <= uses
    assert {"kitchen", "switch_room"} <= set(db.session.scalars(sa.select(Place.use)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(School).where(School.name_bo != ""))


def _fingerprint() -> list[Any]:
    codes = db.session.scalars(sa.select(Equipment.tag_code).order_by(Equipment.tag_code)).all()
    schools = db.session.execute(sa.select(School.id, School.name, School.pupils).order_by(School.id)).all()
    return [*codes, *map(tuple, schools)]


@pytest.mark.one_database
@pytest.mark.parametrize(("number", "same"), [(1, True), (2, False)])
def test_the_same_seed_makes_the_same_district(app: Flask, number: int, same: bool) -> None:
    from tests import databases

    _make(schools=2, number=1)
    first = _fingerprint()
    databases.empty()
    _make(schools=2, number=number)
    assert (_fingerprint() == first) is same


def test_it_marks_the_database_as_a_demo(district: dict[str, int]) -> None:
    assert brigades.is_demo()


def test_a_database_with_schools_is_refused(district: dict[str, int]) -> None:
    with pytest.raises(DomainError):
        _make()


def test_the_command_says_what_it_made_and_who_may_sign_in(app: Flask) -> None:
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["demo", "seed", "--schools", "2", "--years", "1"])
    assert answer.exit_code == 0, answer.output
    assert "made 2 schools" in answer.output
    assert "inspector, inspector2" in answer.output
    address = answer.output.partition("opens it: ")[2].split()[0]
    opened = app.test_client().get(address.partition("8000")[2])
    assert (opened.status_code, "责令" in opened.get_data(as_text=True)) == (200, True)
    again = runner.invoke(args=["demo", "seed", "--schools", "2"])
    assert (again.exit_code, "already holds schools" in again.output) == (2, True)
    kept: Path = app.config["SETTINGS"].data / "demo-password"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.one_database
@pytest.mark.parametrize("wrong", [["--schools", "1"], ["--years", "0"], ["--seed", "x"]])
def test_a_wrong_argument_is_said_in_a_line(app: Flask, wrong: list[str]) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "seed", *wrong])
    assert answer.exit_code == 2
    assert answer.output.strip().splitlines()[-1].startswith("Error: ")


def test_roles_of_the_demo_are_all_roles() -> None:
    given = {role for _name, role, _title in SIGN_INS.values()}
    assert given == set(Role) - {Role.SAFETY_OFFICER}
