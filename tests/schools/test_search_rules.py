"""What a school is found by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import spelling
from app.schools.rules import search

NAMES = ["重庆市第一中学", "དཔེ་སྟོན་ཁུལ་སློབ་ཆུང་དང་པོ།", "Chongqing No. 1 Middle School"]
CODE = "0054000001"


def _found(text: str, names: list[str] | None = None, codes: tuple[str, ...] = (CODE,)) -> bool:
    terms = search.terms_of(names=names or NAMES, codes=codes)
    words = search.asked(text)
    return bool(words) and all(any(t.startswith(form) for t in terms for form in word) for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "重庆市第一中学", "重庆", "第一中学", "一中", "学", "庆市",
        "chongqing", "zhongqing", "chong", "qingshi", "diyizhongxue", "CHONGQING", "chong qing", "c",
        "cqsdyzx", "zqsdyzx", "dyzx", "yz",
        "重慶", "第一中學", "ｃｈｏｎｇ", "第1中学", "第１中学",
        "0054000001", "００５４", "000001", "4000001",
        "chongqing middle", "no.1", "middle school", "school",
        "སློབ་ཆུང", "དཔེ་སྟོན", "ཁུལ", "དང་པོ།",
        "第一 重庆", "重庆 school",
    ],
)  # fmt: skip
def test_a_school_is_found_by_any_part_of_what_it_is_called(text: str) -> None:
    assert _found(text)


@pytest.mark.parametrize("text", ["上海", "xyz", "庆重", "ongqing", "99", "第二", "", "   ", "。", "།"])
def test_a_school_is_not_found_by_what_it_is_not_called(text: str) -> None:
    assert not _found(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("长寿小学", "changshou"), ("长寿小学", "zhangshou"), ("乐都中学", "leduz"), ("乐都中学", "yuedu"),
        ("西藏中学", "xizang"), ("藏热小学", "zangre"), ("藏热小学", "cangre"), ("六安小学", "luan"), ("六安小学", "liuan"),
        ("绿水小学", "lvshui"), ("绿水小学", "lushui"), ("绿水小学", "lüshui"), ("第十一小学", "11小学"), ("第11小学", "十一小"),
        ("第二十三中学", "23"), ("东邨学校", "东村"), ("東村學校", "东邨"), ("纳金中心小学（分校）", "小学分校"),
        ("École Élémentaire", "ecole elem"), ("Straße School", "strasse"), ("小学A校区", "a校区"), ("𠮷祥小学", "𠮷"),
        ("纳金乡〇五小学", "零五"), ("123小学", "123"), ("No.105 School", "105"),
    ],
)  # fmt: skip
def test_readings_variants_and_numerals(name: str, text: str) -> None:
    assert _found(text, [name])


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("", []),
        ("。", []),
        ("xiao", [[["xiao"]]]),
        ("三小", [[["三小", "3小"]], [["sanxiao"]], [["三", "3"], ["小"]]]),
        ("重庆 8中", [[["重庆"], ["8中"]], [["chongqing"], ["8zhong"]], [["重"], ["庆"], ["8"], ["中"]]]),
        ("重庆 no8", [[["重庆"], ["no8"]], [["重"], ["庆"], ["no"], ["8"]]]),
    ],
)
def test_the_ways_to_look_for_a_text_go_from_strict_to_loose(text: str, ways: list[list[list[str]]]) -> None:
    assert list(search.tries(text)) == ways


def test_what_begins_a_name_weighs_less_than_what_stands_inside() -> None:
    terms = search.terms_of(names=["河谷小学"])
    assert (terms["河谷小学"], terms["heguxiaoxue"], terms["小学"]) == (0, 1, 2)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("第十一中学", "第11中学"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("三零", "30"),
        ("一二三", "123"),
        ("无", "无"),
        ("十", "10"),
    ],
)
def test_numerals_become_digits(text: str, digits: str) -> None:
    assert spelling.as_digits(text) == digits


def test_names_sort_by_sound_and_numbers_by_value() -> None:
    names = ["第十小学", "第二小学", "阿里小学", "第一小学", "昌都小学"]
    assert sorted(names, key=spelling.sort_key) == ["阿里小学", "昌都小学", "第一小学", "第二小学", "第十小学"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("示范区第一小学", "示范区第1小学"),
        ("河谷 小学", "河谷小学"),
        ("河谷小學", "河谷小学"),
        ("Ａ学校", "a学校"),
        ("（东）校", "东校"),
    ],
)
def test_the_same_however_typed(one: str, other: str) -> None:
    first, second = (search.identity_of(name=name, area_code="540102", address="") for name in (one, other))
    assert first == second


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_every_text_can_be_folded_and_every_part_of_a_name_finds_it(name: str) -> None:
    parts = spelling.units(name)
    terms = search.terms_of(names=[name])
    assert all(0 < len(term) <= search.MOST_TERM for term in terms)
    for start in range(min(len(parts), 5)):
        text = "".join(parts[start : start + 3])[: search.MOST_TERM]
        assert any(term.startswith(text) for term in terms)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert spelling.fold(spelling.fold(text)) == spelling.fold(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_question_or_none(text: str) -> None:
    for words in search.tries(text):
        assert words
        assert all(word and all(word) for word in words)
