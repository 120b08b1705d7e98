"""The list of schools: who sees what, search, filters, pages, and how much it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core import clock
from app.core.extensions import db
from app.organisations.service import load_areas
from app.schools import service
from app.schools.models import School, SchoolKind, SchoolStatus
from app.schools.queries import register
from app.schools.queries.register import Wanted
from tests.cast import Cast
from tests.factories import schools

SignIn = Callable[[str], FlaskClient]


def _names(client: FlaskClient, **query: Any) -> list[str]:
    text = client.get("/schools", query_string=query).text
    return re.findall(r'<a href="/schools/[0-9a-f-]{36}">([^<]+)</a>', text)


@pytest.fixture
def indexed(cast: Cast) -> Cast:
    """The cast, whose schools search finds."""
    service.reindex_all()
    db.session.commit()
    return cast


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("ines", ["示范区第一小学", "示范区第二小学"]),
        ("stan", ["示范区第一小学", "示范区第二小学"]),
        ("lea", ["示范区第一小学", "示范区第二小学"]),
        ("beate", ["示范区第一小学", "示范区第二小学"]),
        ("dora", ["示范区第一小学", "示范区第二小学"]),
        ("pema", ["示范区第一小学"]),
        ("otto", ["示范区第二小学"]),
        ("oskar", ["邻区第一小学"]),
    ],
)
def test_everybody_sees_the_schools_that_are_theirs(
    as_person: SignIn, indexed: Cast, name: str, sees: list[str]
) -> None:
    assert _names(as_person(name)) == sees
    assert set(_names(as_person(name), q="小学")) == set(sees)


@pytest.mark.parametrize(
    "text",
    [
        "第一小学",
        "一",
        "sfqdyxx",
        "diyi",
        "shifan district",
        "དང་པོ",
        "１小",
        "第一小學",
        "no.1",
        "范区一小",
        "师范区地一小学",
    ],
)
def test_a_school_is_found_by_what_it_is_called(as_person: SignIn, indexed: Cast, text: str) -> None:
    assert "示范区第一小学" in _names(as_person("ines"), q=text)


def test_a_search_that_finds_nothing_says_so(as_person: SignIn, indexed: Cast) -> None:
    client = as_person("ines")
    assert "没有符合条件的学校" in client.get("/schools?q=不存在").text
    assert _names(client, q="。") == []


def test_what_is_written_as_typed_is_found_before_what_only_sounds_so(as_person: SignIn, indexed: Cast) -> None:
    for name in ("石桥小学", "实桥小学"):
        schools.school(indexed, name)
    assert _names(as_person("ines"), q="石桥") == ["石桥小学"]
    assert set(_names(as_person("ines"), q="时桥")) == {"石桥小学", "实桥小学"}


def test_names_that_begin_with_what_is_typed_come_first(as_person: SignIn, indexed: Cast) -> None:
    for name in ("新河谷小学", "河谷小学", "河谷小学分校"):
        schools.school(indexed, name)
    assert _names(as_person("ines"), q="河谷小学") == ["河谷小学", "河谷小学分校", "新河谷小学"]


def test_a_code_is_found_with_its_zeros_and_by_its_end(as_person: SignIn, indexed: Cast) -> None:
    schools.school(indexed, "雪山小学", source="moe", external_code="0054000042")
    assert _names(as_person("ines"), q="0054000042") == ["雪山小学"]
    assert _names(as_person("ines"), q="000042") == ["雪山小学"]


def test_filters_narrow_the_list(as_person: SignIn, indexed: Cast) -> None:
    schools.school(indexed, "甲中学", kind=SchoolKind.JUNIOR, is_boarding=True)
    schools.school(indexed, "乙小学", is_key_unit=True, status=SchoolStatus.CLOSED)
    client = as_person("ines")
    assert _names(client, kind="junior") == ["甲中学"]
    assert _names(client, boarding="y") == ["甲中学"]
    assert _names(client, status="closed") == ["乙小学"]
    assert _names(client, key_unit="y", status="closed") == ["乙小学"]
    assert _names(client, q="甲", kind="primary") == []


def test_an_unknown_filter_changes_nothing(as_person: SignIn, indexed: Cast) -> None:
    assert len(_names(as_person("ines"), kind="nonsense", area="999999", page="x!")) == 2


def test_schools_without_a_visit_this_year_are_one_tap_away(as_person: SignIn, indexed: Cast) -> None:
    this_year, last_year = clock.today(), date(clock.today().year - 1, 12, 31)
    service.note_visit(indexed.school_id, day=this_year)
    service.note_visit(indexed.ottos_school_id, day=last_year)
    db.session.commit()
    assert _names(as_person("lea"), unvisited=1) == ["示范区第二小学"]


def test_an_earlier_visit_does_not_take_the_place_of_a_later_one(indexed: Cast) -> None:
    for day in (date(2026, 5, 2), date(2026, 3, 1)):
        service.note_visit(indexed.school_id, day=day)
    assert indexed.school.last_visited_on == date(2026, 5, 2)


@pytest.mark.parametrize("text", ["", "小学"])
def test_pages_follow_each_other_without_gap_or_repeat(indexed: Cast, text: str) -> None:
    for number in range(1, 24):
        schools.school(indexed, f"第{number}小学")
    viewer, key, seen = indexed.viewer("ines"), None, []
    for _round in range(20):
        page = register.find(viewer, Wanted(text=text), key=key, size=4)
        seen += [school.name for school in page.rows]
        key = page.next_key
        if key is None:
            break
    assert len(seen) == len(set(seen)) == 25


def test_names_stand_in_the_order_of_a_chinese_list(indexed: Cast) -> None:
    for name in ("阿里小学", "第十小学", "第二小学", "昌都小学"):
        schools.school(indexed, name)
    found = [school.name for school in register.find(indexed.viewer("ines"), Wanted()).rows]
    assert found == ["阿里小学", "昌都小学", "第二小学", "第十小学", "示范区第一小学", "示范区第二小学"]


@pytest.mark.parametrize("query", ["", "?q=小学", "?q=范区一小", "?unvisited=1&kind=primary"])
def test_the_list_costs_the_same_with_three_schools_and_with_three_hundred(
    as_person: SignIn, cast: Cast, count_queries: Any, query: str
) -> None:
    numbers = []
    client = as_person("lea")
    for _round in range(2):
        with count_queries() as counted:
            assert client.get(f"/schools{query}").status_code == 200
        numbers.append(counted.number)
        rows = [
            School(name=f"示范区第{n}小学", kind=SchoolKind.PRIMARY, brigade_id=cast.brigade_id, area_code="540102")
            for n in range(300)
        ]
        db.session.add_all(rows)
        db.session.flush()
        service.index_schools(rows)
        db.session.commit()
    assert numbers[1] <= 15
    assert numbers[1] <= numbers[0] + 1  # an empty list has no areas to name


def test_the_areas_are_loaded_once(app: Any) -> None:
    assert load_areas() == 0
