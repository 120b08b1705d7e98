"""Two entries that are one school: merged by a pointer, undone the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.errors import DomainError
from app.core.extensions import db
from app.schools import queries, service
from app.schools.models import School, SchoolStatus
from app.schools.queries import register
from tests.cast import Cast
from tests.factories import rectification, schools

SignIn = Callable[[str], FlaskClient]


def _merge(client: FlaskClient, cast: Cast, **form: str) -> int:
    data = {"into_id": str(cast.ottos_school_id), "reason": "同一所学校", **form}
    return client.post(f"/schools/{cast.school_id}/merge?q=示范区", data=data).status_code


@pytest.fixture
def indexed(cast: Cast) -> Cast:
    """The cast, whose schools search finds."""
    service.reindex_all()
    db.session.commit()
    return cast


def test_a_merged_school_s_page_leads_to_the_other_and_no_row_was_rewritten(as_person: SignIn, indexed: Cast) -> None:
    house_id = schools.building(indexed).id
    client = as_person("lea")
    assert _merge(client, indexed) == 302
    db.session.expire_all()
    assert (indexed.school.status, indexed.school.merged_into_id) == (SchoolStatus.MERGED, indexed.ottos_school_id)
    assert client.get(f"/schools/{indexed.school_id}").headers["Location"] == f"/schools/{indexed.ottos_school_id}"
    assert "示范区第一小学" in client.get(f"/schools/{indexed.ottos_school_id}").text
    there = queries.building(indexed.viewer("lea"), house_id)
    assert there is not None
    assert there.school_id == indexed.school_id


def test_the_list_leaves_merged_schools_out(as_person: SignIn, indexed: Cast) -> None:
    client = as_person("lea")
    _merge(client, indexed)
    client.get("/schools")  # says what was done, once
    assert "示范区第一小学" not in client.get("/schools?q=第一").text
    assert "示范区第一小学" in client.get("/schools?status=merged").text


def test_the_family_of_a_school_are_all_that_were_merged_into_it(indexed: Cast) -> None:
    viewer = indexed.viewer("lea")
    third = schools.school(indexed, "示范区第三小学")
    target = db.session.get_one(School, indexed.ottos_school_id)
    service.merge(viewer, third, into=indexed.school, reason="一")
    service.merge(viewer, indexed.school, into=target, reason="二")
    family = set(db.session.scalars(queries.family_ids(target.id)))
    assert family == {third.id, indexed.school_id, target.id}


def test_undoing_a_merge_brings_the_school_back(as_person: SignIn, indexed: Cast) -> None:
    client = as_person("lea")
    _merge(client, indexed)
    assert client.post(f"/schools/{indexed.school_id}/unmerge", data={"reason": ""}).status_code == 409
    assert client.post(f"/schools/{indexed.school_id}/unmerge", data={"reason": "误并"}).status_code == 302
    db.session.expire_all()
    assert (indexed.school.status, indexed.school.merged_into_id) == (SchoolStatus.OPEN, None)
    history = client.get(f"/schools/{indexed.school_id}/history").text
    assert "误并" in history
    assert client.post(f"/schools/{indexed.school_id}/unmerge", data={"reason": "误并"}).status_code == 409


def test_the_last_visit_goes_along(indexed: Cast) -> None:
    service.note_visit(indexed.school_id, day=date(2026, 5, 1))
    target = db.session.get_one(School, indexed.ottos_school_id)
    service.merge(indexed.viewer("lea"), indexed.school, into=target, reason="一")
    db.session.refresh(target)
    assert target.last_visited_on == date(2026, 5, 1)


@pytest.mark.parametrize("stop", [service.close, service.suspend])
def test_undoing_a_merge_brings_back_the_state_that_the_school_had(indexed: Cast, stop: Callable[..., None]) -> None:
    viewer, target = indexed.viewer("lea"), db.session.get_one(School, indexed.ottos_school_id)
    for why in ("一", "二"):  # the last merge counts, also where there was another
        stop(viewer, indexed.school, reason=why)
        before = indexed.school.status
        service.merge(viewer, indexed.school, into=target, reason=why)
        service.unmerge(viewer, indexed.school, reason="误并")
        assert indexed.school.status is before is not SchoolStatus.OPEN
        service.reopen(viewer, indexed.school, reason="恢复")
    service.merge(viewer, indexed.school, into=target, reason="三")
    service.unmerge(viewer, indexed.school, reason="误并")
    assert indexed.school.status is SchoolStatus.OPEN


def test_undoing_a_merge_takes_back_the_visits_that_were_not_to_the_other(indexed: Cast) -> None:
    viewer, one = indexed.viewer("lea"), indexed.school
    target, top = db.session.get_one(School, indexed.ottos_school_id), schools.school(indexed, "示范区第三小学")
    for school_id, day in ((one.id, date(2026, 5, 1)), (target.id, date(2026, 3, 2))):
        rectification.inspection(indexed, school_id=school_id, on=day)
        service.note_visit(school_id, day=day)
    rectification.inspection(indexed, school_id=top.id, on=date(2026, 4, 1), state="draft")
    service.merge(viewer, one, into=target, reason="一")
    service.merge(viewer, target, into=top, reason="二")
    db.session.expire_all()
    assert (target.last_visited_on, top.last_visited_on) == (date(2026, 5, 1), date(2026, 5, 1))
    service.unmerge(viewer, one, reason="误并")
    assert (one.last_visited_on, target.last_visited_on) == (date(2026, 5, 1), date(2026, 3, 2))
    assert top.last_visited_on == date(2026, 3, 2)
    service.unmerge(viewer, target, reason="误并")
    assert (target.last_visited_on, top.last_visited_on) == (date(2026, 3, 2), None)


def test_a_visit_after_the_merge_stays_with_the_other(indexed: Cast) -> None:
    viewer, target = indexed.viewer("lea"), db.session.get_one(School, indexed.ottos_school_id)
    rectification.inspection(indexed, on=date(2026, 5, 1))
    service.note_visit(indexed.school_id, day=date(2026, 5, 1))
    service.merge(viewer, indexed.school, into=target, reason="一")
    rectification.inspection(indexed, school_id=target.id, on=date(2026, 6, 1))
    service.note_visit(target.id, day=date(2026, 6, 1))
    service.unmerge(viewer, indexed.school, reason="误并")
    assert target.last_visited_on == date(2026, 6, 1)


@pytest.mark.parametrize("form", [{"reason": ""}, {"into_id": ""}, {"into_id": "nonsense"}])
def test_a_merge_wants_a_target_and_a_reason(as_person: SignIn, indexed: Cast, form: dict[str, str]) -> None:
    assert _merge(as_person("lea"), indexed, **form) == 422
    assert indexed.school.status == SchoolStatus.OPEN


def test_what_cannot_be_merged(indexed: Cast) -> None:
    viewer, school = indexed.viewer("lea"), indexed.school
    foreign, otto = (db.session.get_one(School, key) for key in (indexed.foreign_school_id, indexed.ottos_school_id))
    campus = schools.school(indexed, "第一小学分校", parent_id=school.id)
    for one, into in ((school, school), (school, foreign), (campus, school), (school, campus)):
        with pytest.raises(DomainError):
            service.merge(viewer, one, into=into, reason="x")
    service.merge(viewer, school, into=otto, reason="x")
    for one, into in ((school, otto), (otto, school)):
        with pytest.raises(DomainError):
            service.merge(viewer, one, into=into, reason="x")


@pytest.mark.parametrize(
    ("name", "status"), [("ines", 403), ("stan", 403), ("pema", 403), ("beate", 403), ("oskar", 403)]
)
def test_who_may_not_merge(as_person: SignIn, cast: Cast, name: str, status: int) -> None:
    client = as_person(name)
    assert client.get("/schools/duplicates").status_code == status
    assert client.post(f"/schools/{cast.school_id}/merge", data={}).status_code == status


def test_pairs_that_may_be_one_are_listed_with_the_reason(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "示范区第1小学", phone="0891-6000001")
    schools.school(cast, "雪山中学", phone="08916000001")
    schools.school(cast, "示范区第二小学分校", parent_id=cast.ottos_school_id, phone="1")
    pairs = {(a.name, b.name, why) for a, b, why in register.alike(cast.viewer("lea"))}
    assert pairs == {("示范区第1小学", "示范区第一小学", "same_name"), ("示范区第1小学", "雪山中学", "same_phone")} or pairs == {
        ("示范区第一小学", "示范区第1小学", "same_name"), ("示范区第1小学", "雪山中学", "same_phone")
    }  # fmt: skip
    page = as_person("lea").get("/schools/duplicates").text
    assert "名称相同" in page
    assert "电话相同" in page


def test_merging_lists_whom_to_merge_into(as_person: SignIn, indexed: Cast) -> None:
    page = as_person("lea").get(f"/schools/{indexed.school_id}/merge?q=第二小学").text
    assert "示范区第二小学" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(School)) == 3
