"""Areas after GB/T 2260: codes and names of any time are understood, and shown as they are today."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.config import load
from app.core.extensions import db
from app.demo.district import CITY as INVENTED
from app.organisations import queries, rules, service
from app.organisations.models import Area
from app.organisations.rules import AreaBook, AreaFact

BOOK = AreaBook(
    [
        AreaFact("54", "西藏自治区"),
        AreaFact("5401", "拉萨市"),
        AreaFact("540102", "城关区"),
        AreaFact("540103", "堆龙德庆区"),
        AreaFact("540125", "堆龙德庆县", "540103"),
        AreaFact("5402", "日喀则市"),
        AreaFact("5423", "日喀则地区", "5402"),
        AreaFact("62", "甘肃省"),
        AreaFact("6201", "兰州市"),
        AreaFact("620102", "城关区"),
        AreaFact("11", "北京市"),
        AreaFact("1101", "市辖区"),
        AreaFact("110101", "东城区"),
    ]
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("540102", "540102"),
        ("５４０１０２", "540102"),
        ("540100", "5401"),
        ("540000", "54"),
        ("540102003000", "540102"),
        ("540102003", "540102"),
        ("54010", None),
        ("城关区", None),
        ("", None),
    ],
)
def test_a_code_is_read_in_every_length(text: str, code: str | None) -> None:
    assert rules.plain_code(text) == code


@pytest.mark.parametrize(
    ("text", "near", "code"),
    [
        ("540102", "", "540102"),
        ("540125", "", "540103"),
        ("540125001000", "", "540103"),
        ("5423", "", "5402"),
        ("堆龙德庆县", "", "540103"),
        ("堆龙德庆", "", "540103"),
        ("城关区", "540102", "540102"),
        ("城关区", "5401", "540102"),
        ("城关区", "620103", "620102"),
        ("城关区", "11", None),
        ("拉萨市城关区", "", "540102"),
        ("西藏自治区拉萨市城关区", "", "540102"),
        ("西藏拉萨城关区", "", "540102"),
        ("兰州市 城关区", "540102", "620102"),
        ("北京市东城区", "", "110101"),
        ("不存在的区", "5401", None),
        ("999999", "", None),
    ],
)
def test_a_name_or_code_of_any_time_means_the_area_of_today(text: str, near: str, code: str | None) -> None:
    assert BOOK.resolve(text, near=near) == code


def test_the_full_name_leaves_out_what_only_groups() -> None:
    assert BOOK.full_name("110101") == "北京市东城区"
    assert BOOK.full_name("540103") == "西藏自治区拉萨市堆龙德庆区"


def test_the_shipped_table_holds_all_counties_and_old_codes(app: Flask) -> None:
    book = queries.area_book()
    assert sum(len(c) == 6 and not a.successor for c, a in book.by_code.items() if not c.startswith(INVENTED)) == 2978
    assert sum(len(code) == 2 for code in book.by_code) == 34
    assert [book.current(code) for code in ("540125", "540126", "542221", "542301", "542424")] == [
        "540103", "540104", "540502", "540202", "540623",
    ]  # fmt: skip


def test_every_retired_code_ends_at_one_in_force(app: Flask) -> None:
    book = queries.area_book()
    assert [code for code in book.by_code if (book.current(code) or "") not in book.by_code] == []
    assert all(book.by_code[book.current(code) or ""].successor is None for code in book.by_code)


def test_loading_twice_changes_nothing(app: Flask) -> None:
    assert service.load_areas() == 0


def test_loading_mends_a_name_that_was_changed(app: Flask) -> None:
    db.session.execute(sa.update(Area).where(Area.code == "540102").values(name="x"))
    assert service.load_areas() == 1
    assert db.session.get_one(Area, "540102").name == "城关区"


def test_zones_of_statistics_are_no_choice(app: Flask) -> None:
    codes = [area.code for area in queries.areas_below("5401")]
    assert "540102" in codes
    assert not {"540171", "540125"} & set(codes)


def test_a_single_code_is_brought_to_today(app: Flask) -> None:
    assert queries.current_code("540126") == "540104"
    assert queries.current_code("000000") is None


def test_the_command_says_what_it_did(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["areas", "load"])
    assert answer.output.strip() == "areas: 0 new or changed"


def test_each_application_knows_its_own_areas(app: Flask, tmp_path: Path) -> None:
    assert "540102" in queries.area_book().by_code
    other = create_app(load({"XF_DATA": str(tmp_path), "SECRET_KEY": "only for the tests"}))
    with other.app_context():
        db.create_all()
        assert queries.area_book().by_code == {}, "none are there yet, and that is not kept"
        db.session.add(Area(code="99", name="某市"))
        db.session.commit()
        assert list(queries.area_book().by_code) == ["99"]
        db.engine.dispose()
    assert "540102" in queries.area_book().by_code
