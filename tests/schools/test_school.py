"""One school's page, and registering, changing, closing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools import service
from app.schools.models import School, SchoolKind, SchoolStatus, SearchTerm
from tests.cast import Cast
from tests.factories import schools

SignIn = Callable[[str], FlaskClient]
NAUGHTY: list[str] = json.loads((Path(__file__).parents[1] / "data" / "blns.json").read_text("utf-8"))
FORM = {"name": "示范区河谷小学", "kind": "primary", "area_code": "540102"}


def _by_name(name: str) -> School:
    return db.session.scalars(sa.select(School).where(School.name == name)).one()


def _last_act() -> AuditEntry:
    entry = db.session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("name", "status"),
    [("ines", 200), ("stan", 200), ("pema", 200), ("sonam", 200), ("beate", 200), ("dora", 200), ("otto", 404), ("oskar", 404), ("otilia", 404)],
)  # fmt: skip
@pytest.mark.parametrize("page", ["", "/grounds", "/history"])
def test_who_may_open_a_school(as_person: SignIn, cast: Cast, name: str, status: int, page: str) -> None:
    assert as_person(name).get(f"/schools/{cast.school_id}{page}").status_code == status


def test_the_tibetan_name_is_marked_as_tibetan(as_person: SignIn, cast: Cast) -> None:
    assert (
        '<span class="tibetan" lang="bo">དཔེ་སྟོན་ཁུལ་སློབ་ཆུང་དང་པོ།</span>'
        in as_person("ines").get(f"/schools/{cast.school_id}").text
    )


def test_registering_a_school_writes_it_and_leaves_who_did(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    answer = client.post("/schools/new", data={**FORM, "pupils": "６２０", "is_boarding": "y", "external_code": "0012"})
    school = _by_name("示范区河谷小学")
    assert answer.headers["Location"] == f"/schools/{school.id}"
    assert (school.pupils, school.is_boarding, school.external_code, school.source) == (620, True, "0012", "manual")
    assert (school.brigade_id, school.status) == (cast.brigade_id, SchoolStatus.OPEN)
    assert (_last_act().action, _last_act().person_id) == ("register_school", cast.people["ines"])
    assert "示范区河谷小学" in client.get("/schools?q=hegu").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "请填写"),
        ("name", "校" * 121, "最多 120 个字"),
        ("kind", "palace", "Not a valid choice"),
        ("pupils", "-1", "请填 0 到"),
        ("pupils", "many", "Not a valid integer"),
        ("latitude", "91", "请填 -90 到 90"),
        ("longitude", "91", "经度和纬度要一起填写"),
        ("boarders", "9", "住校人数不能多于学生人数"),
    ],
)
def test_a_form_that_is_not_right_is_shown_again(
    as_person: SignIn, cast: Cast, field: str, value: str, said: str
) -> None:
    answer = as_person("ines").post("/schools/new", data={**FORM, "pupils": "5", field: value})
    assert answer.status_code == 422
    if not said.startswith("Not"):
        assert said in answer.text
    assert db.session.query(School).filter_by(name="示范区河谷小学").count() == 0


@pytest.mark.parametrize("name", ["stan", "pema", "sonam", "beate", "dora"])
def test_who_only_sees_cannot_register_or_change(as_person: SignIn, cast: Cast, name: str) -> None:
    client = as_person(name)
    assert client.post("/schools/new", data=FORM).status_code == 403
    assert client.post(f"/schools/{cast.school_id}/edit", data=FORM).status_code == 403
    assert client.post(f"/schools/{cast.school_id}/close", data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["edit", "close", "buildings/new", "places/new", "contacts/new"])
def test_another_brigade_does_not_even_find_the_school(as_person: SignIn, cast: Cast, path: str) -> None:
    assert as_person("oskar").post(f"/schools/{cast.school_id}/{path}", data=FORM).status_code == 404


def test_a_school_that_looks_like_another_wants_a_second_word(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    form = {**FORM, "name": "示范区第1小学", "address": "别处"}
    answer = client.post("/schools/new", data=form)
    assert answer.status_code == 422
    assert "示范区第一小学" in answer.text
    assert client.post("/schools/new", data={**form, "is_sure": "y"}).status_code == 302


def test_a_code_belongs_to_one_school(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "甲校", source="moe", external_code="0012")
    answer = as_person("ines").post("/schools/new", data={**FORM, "external_code": "0012", "source": "moe"})
    assert answer.status_code == 422
    assert "已经登记在另一所学校" in answer.text


def test_an_old_area_code_is_kept_as_the_new_one(cast: Cast) -> None:
    viewer = cast.viewer("ines")
    school = service.create_school(
        viewer, brigade_id=cast.brigade_id, name="堆龙小学", kind=SchoolKind.PRIMARY, area_code="540125"
    )
    assert school.area_code == "540103"
    with pytest.raises(DomainError):
        service.edit_school(viewer, school, area_code="999999")


def test_changing_a_school_keeps_old_and_new_in_its_history(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    page = {**FORM, "name": "示范区实验小学", "address": "河谷路1号", "pupils": "700"}
    assert client.post(f"/schools/{cast.school_id}/edit", data=page).status_code == 302
    db.session.expire_all()
    assert (cast.school.name, cast.school.pupils) == ("示范区实验小学", 700)
    assert _last_act().detail["changes"]["name"] == ["示范区第一小学", "示范区实验小学"]
    history = client.get(f"/schools/{cast.school_id}/history").text
    assert "<del>示范区第一小学</del> → <ins>示范区实验小学</ins>" in history
    assert "实验小学" in client.get("/schools?q=syxx").text


def test_the_form_shows_figures_as_they_are_stored(as_person: SignIn, cast: Cast) -> None:
    school = schools.school(cast, "雪山小学", latitude=29.64327, longitude=91.148047)
    page = as_person("ines").get(f"/schools/{school.id}/edit").text
    assert 'value="29.64327"' in page
    assert 'value="91.148047"' in page


def test_saving_without_a_change_leaves_no_trace(cast: Cast) -> None:
    assert service.edit_school(cast.viewer("ines"), cast.school, name=cast.school.name) == {}
    assert db.session.query(AuditEntry).count() == 0


def test_closing_wants_a_reason_and_keeps_the_school(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    assert client.post(f"/schools/{cast.school_id}/close", data={"reason": " "}).status_code == 409
    assert client.post(f"/schools/{cast.school_id}/close", data={"reason": "并校"}).status_code == 302
    db.session.expire_all()
    assert cast.school.status == SchoolStatus.CLOSED
    assert "示范区第一小学" not in client.get("/schools").text
    assert "并校" in client.get(f"/schools/{cast.school_id}/history").text


def test_closing_twice_does_no_harm_and_reopening_brings_it_back(cast: Cast) -> None:
    viewer = cast.viewer("ines")
    for _twice in range(2):
        service.close(viewer, cast.school, reason="并校")
    assert db.session.query(AuditEntry).count() == 1
    service.reopen(viewer, cast.school, reason="误撤")
    assert cast.school.status == SchoolStatus.OPEN


def test_a_campus_has_a_school_above_it(as_person: SignIn, cast: Cast) -> None:
    client = as_person("ines")
    client.post("/schools/new", data={**FORM, "name": "第一小学东校区", "parent_id": str(cast.school_id)})
    campus = _by_name("第一小学东校区")
    assert campus.parent_id == cast.school_id
    assert "第一小学东校区" in client.get(f"/schools/{cast.school_id}").text
    with pytest.raises(DomainError, match="分校不能再有分校"):
        service.edit_school(cast.viewer("ines"), cast.school, parent_id=cast.ottos_school_id)


def test_a_school_of_another_brigade_cannot_be_above(cast: Cast) -> None:
    with pytest.raises(DomainError):
        service.edit_school(cast.viewer("ines"), cast.school, parent_id=cast.foreign_school_id)


TEXTS = (
    "name",
    "name_bo",
    "name_en",
    "address",
    "phone",
    "responsible_person",
    "safety_manager",
    "note",
    "external_code",
)


def _storable(text: str) -> bool:
    return "\x00" not in text and bool(text.strip())


@pytest.mark.parametrize("field", TEXTS)
def test_naughty_texts_are_stored_as_they_are_and_shown_harmless(as_person: SignIn, cast: Cast, field: str) -> None:
    """Every string of the list goes through one page; forms cut outer white space and nothing else."""
    client = as_person("ines")
    most = School.__table__.c[field].type.length or 4000
    for text in [text for text in NAUGHTY if _storable(text) and len(text) <= min(most, 120)][
        :: 8 if field == "name" else 150
    ]:
        form = {**FORM, "name": "校", field: text}
        answer = client.post(f"/schools/{cast.school_id}/edit", data=form)
        assert answer.status_code == 302, (text, answer.text[:2000])
        db.session.expire_all()
        stored = getattr(cast.school, field)
        assert stored == text.replace("\r\n", "\n").strip() or stored == text.strip(), text
        page = client.get(f"/schools/{cast.school_id}")
        assert page.status_code == 200
        assert "<script>" not in page.text.replace('<script src="', "")


def test_a_page_of_a_school_costs_the_same_whatever_hangs_on_it(
    as_person: SignIn, cast: Cast, count_queries: Any
) -> None:
    client = as_person("ines")
    client.get(f"/schools/{cast.school_id}")  # what a process reads once
    db.session.commit()
    numbers = []
    for _round in range(2):
        for page in ("", "/grounds", "/history"):
            with count_queries() as counted:
                assert client.get(f"/schools/{cast.school_id}{page}").status_code == 200
            numbers.append(counted.number)
        for number in range(40):
            house = service.add_building(
                cast.viewer("ines"),
                cast.school,
                name=f"{len(numbers)}-{number}号楼",
                floors_above=3,
                floors_below=1,
                facilities=["sprinkler"],
            )
            service.add_place(cast.viewer("ines"), cast.school, name="x", kind="room", building_id=house.id)
            service.add_contact(cast.viewer("ines"), cast.school, name=f"{number}")
        db.session.commit()
    assert max(numbers) < 15
    assert numbers[3:5] == [numbers[0], numbers[1] + 1]  # floors are asked for once there are buildings


def test_terms_are_written_anew_when_a_name_changes(cast: Cast) -> None:
    service.reindex_all()
    service.edit_school(cast.viewer("ines"), cast.school, name="雪莲小学")
    terms = set(db.session.scalars(sa.select(SearchTerm.term).where(SearchTerm.school_id == cast.school_id)))
    assert "雪莲小学" in terms
    assert "示范区第一小学" not in terms
