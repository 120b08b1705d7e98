"""Buildings, floors, places and contacts of a school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.schools.models import Building, Contact, Floor, Place
from tests.cast import Cast
from tests.factories import schools

SignIn = Callable[[str], FlaskClient]
HOUSE = {
    "name": "教学楼",
    "use": "teaching",
    "floors_above": "3",
    "floors_below": "1",
    "hazard_class": "middle",
    "fire_rating": "二级",
}


def _one(model: Any) -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(model)).one()


def _acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_building_comes_with_its_floors(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    form = {**HOUSE, "height_m": "１２．５", "facilities": ["sprinkler"], "completed_on": "2019年6月1日"}
    assert client.post(f"/schools/{cast.school_id}/buildings/new", data=form).status_code == 302
    house = _one(Building)
    assert [floor.level for floor in house.floors] == [-1, 1, 2, 3]
    assert [floor.name for floor in house.floors] == ["地下1层", "1层", "2层", "3层"]
    assert (house.height_m, house.facilities, house.completed_on.year) == (12.5, ["sprinkler"], 2019)
    assert "教学楼" in client.get(f"/schools/{cast.school_id}/grounds").text
    assert _acts() == ["add_building"]


def test_the_same_building_twice_is_refused(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    client.post(f"/schools/{cast.school_id}/buildings/new", data=HOUSE)
    answer = client.post(f"/schools/{cast.school_id}/buildings/new", data=HOUSE)
    assert answer.status_code == 422
    assert "同名的建筑" in answer.text
    assert db.session.query(Building).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("floors_above", "0"),
        ("floors_above", "99"),
        ("height_m", "-3"),
        ("use", "palace"),
        ("completed_on", "2999-01-01"),
    ],
)
def test_a_building_that_cannot_be_is_refused(as_person: SignIn, cast: Cast, field: str, value: str) -> None:
    answer = as_person("ines").post(f"/schools/{cast.school_id}/buildings/new", data={**HOUSE, field: value})
    assert answer.status_code == 422
    assert db.session.query(Building).count() == 0


def test_more_storeys_add_floors_and_fewer_take_none_away(as_person: SignIn, cast: Cast) -> None:
    house_id = schools.building(cast, floors=2).id
    client = as_person("ines")
    for above, floors in (("4", 4), ("1", 4)):
        client.post(f"/buildings/{house_id}", data={**HOUSE, "floors_above": above, "floors_below": "0"})
        db.session.expire_all()
        assert db.session.query(Floor).count() == floors
    assert _acts()[-1] == "change_building"


def test_a_floor_has_a_name_and_a_number_of_people(as_person: SignIn, cast: Cast) -> None:
    house = schools.building(cast)
    house_id, floor_id = house.id, house.floors[0].id
    client = as_person("ines")
    client.post(f"/buildings/{house_id}/floors/{floor_id}", data={"name": "首层", "heads": "240"})
    floor = db.session.get_one(Floor, floor_id, populate_existing=True)
    assert (floor.name, floor.heads) == ("首层", 240)
    assert client.post(f"/buildings/{house_id}/floors/new", data={"level": "9", "name": "屋顶"}).status_code == 302
    assert client.post(f"/buildings/{house_id}/floors/new", data={"level": "9"}).status_code == 422
    assert client.post(f"/buildings/{house_id}/floors/new", data={"level": "0"}).status_code == 422


def test_a_retired_building_and_its_places_leave_the_page_but_not_the_records(as_person: SignIn, cast: Cast) -> None:
    house_id = schools.building(cast).id
    schools.place(cast, building_id=house_id)
    client = as_person("ines")
    assert client.post(f"/buildings/{house_id}/retire", data={"reason": ""}).status_code == 409
    assert client.post(f"/buildings/{house_id}/retire", data={"reason": "拆除"}).status_code == 302
    page = client.get(f"/schools/{cast.school_id}/grounds").text
    assert "教学楼" not in page
    assert "配电室" not in page
    assert (db.session.query(Building).count(), db.session.query(Place).count()) == (1, 1)
    client.post(f"/buildings/{house_id}/retire", data={"reason": "拆除"})
    assert _acts().count("retire_building") == 1


def test_a_place_stands_on_a_floor_of_the_school(as_person: SignIn, cast: Cast) -> None:
    house = schools.building(cast)
    floor_id, house_id = house.floors[1].id, house.id
    form = {"kind": "room", "use": "laboratory", "name": "化学实验室", "where": f"floor:{floor_id}", "area_m2": "86.5"}
    client = as_person("ines")
    assert client.post(f"/schools/{cast.school_id}/places/new", data=form).status_code == 302
    place = _one(Place)
    assert (place.floor_id, place.building_id, place.area_m2) == (floor_id, house_id, 86.5)
    assert client.post(f"/places/{place.id}", data={**form, "where": "", "name": "操场"}).status_code == 302
    assert (_one(Place).building_id, _one(Place).name) == (None, "操场")
    assert client.post(f"/places/{place.id}/retire", data={"reason": "改建"}).status_code == 302
    assert _one(Place).retired_on == clock.today()


def test_a_place_cannot_stand_in_another_school_s_building(as_person: SignIn, cast: Cast) -> None:
    house_id = schools.building(cast).id
    form = {"kind": "room", "use": "", "name": "x", "where": f"building:{house_id}"}
    assert as_person("ines").post(f"/schools/{cast.ottos_school_id}/places/new", data=form).status_code == 422
    assert db.session.query(Place).count() == 0


def test_a_contact_comes_changes_and_leaves(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    client.post(f"/schools/{cast.school_id}/contacts/new", data={"name": "拉姆", "post": "宿管", "phone": "0891-1"})
    contact = _one(Contact)
    client.post(f"/contacts/{contact.id}", data={"name": "拉姆", "post": "宿管", "phone": "0891-2"})
    assert "0891-2" in client.get(f"/schools/{cast.school_id}").text
    assert client.post(f"/contacts/{contact.id}/end").status_code == 302
    assert "拉姆" not in client.get(f"/schools/{cast.school_id}").text
    assert _one(Contact).ended_on - clock.today() == timedelta(0)
    assert client.post(f"/contacts/{contact.id}/end").status_code == 404
    assert _acts() == ["add_contact", "change_contact", "end_contact"]


@pytest.mark.parametrize(("name", "status"), [("stan", 403), ("pema", 403), ("beate", 403), ("oskar", 404)])
def test_who_may_not_change_what_stands_on_the_ground(as_person: SignIn, cast: Cast, name: str, status: int) -> None:
    house = schools.building(cast)
    place, contact = schools.place(cast), schools.contact(cast)
    addresses = (
        f"/buildings/{house.id}", f"/buildings/{house.id}/retire", f"/buildings/{house.id}/floors/new",
        f"/buildings/{house.id}/floors/{house.floors[0].id}", f"/places/{place.id}", f"/places/{place.id}/retire",
        f"/contacts/{contact.id}", f"/contacts/{contact.id}/end",
    )  # fmt: skip
    client = as_person(name)
    for address in addresses:
        assert client.post(address, data=HOUSE).status_code == status, address
