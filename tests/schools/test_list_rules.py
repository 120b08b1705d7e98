"""What the cells of a list say, and which school of the register a row is."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
import xlsxwriter
from flask import Flask

from app.core.tables.headings import guess_mapping, read_table
from app.core.tables.reading import UnreadableTable
from app.organisations.rules import AreaBook, AreaFact
from app.schools.rules import lists, matching
from app.schools.rules.lists import ReadRow, Setting
from app.schools.rules.search import identity_of

BOOK = AreaBook(
    [
        AreaFact("54", "西藏自治区"), AreaFact("5401", "拉萨市"), AreaFact("540102", "城关区"), AreaFact("540103", "堆龙德庆区"),
        AreaFact("540125", "堆龙德庆县", "540103"), AreaFact("62", "甘肃省"), AreaFact("6201", "兰州市"), AreaFact("620102", "城关区"),
    ]
)  # fmt: skip
SETTING = Setting(book=BOOK, brigade_area="5401", area_code="540102", source="moe")


def _row(number: int = 4, /, *, numeric: tuple[str, ...] = (), damaged: tuple[str, ...] = (), **texts: str) -> ReadRow:
    return lists.read_row(number, texts, SETTING, numeric=set(numeric), damaged=set(damaged))


@pytest.mark.parametrize(
    ("text", "count"),
    [("620", 620), ("620人", 620), ("1,240", 1240), ("１２４０", 1240), ("620.0", 620), (" 62 名", 62), ("约600", None), ("-5", None), ("", None), ("12.5", None)],
)  # fmt: skip
def test_numbers_of_people_are_read_as_lists_write_them(text: str, count: int | None) -> None:
    assert lists.heads(text) == count


@pytest.mark.parametrize(
    ("text", "said"),
    [("是", True), ("寄宿制", True), ("√", True), ("Y", True), ("1", True), ("否", False), ("走读", False), ("0", False), ("×", False), ("也许", None)],
)  # fmt: skip
def test_yes_and_no(text: str, said: bool | None) -> None:
    assert lists.yes_or_no(text) is said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("小学", "primary"), ("完全小学", "primary"), ("小学教学点", "primary"), ("幼儿园", "kindergarten"), ("初级中学", "junior"),
        ("高级中学", "senior"), ("完全中学", "complete_secondary"), ("九年一贯制学校", "nine_year"), ("十二年一贯制学校", "twelve_year"),
        ("中等职业学校", "vocational"), ("特殊教育学校", "special"), ("培训机构", "training"), ("211", "primary"), ("111 幼儿园", "kindergarten"),
        ("312-九年一贯制学校", "nine_year"), ("High School", "senior"), ("Elementary", "primary"), ("primary", "primary"), ("教育局", None), ("", None),
    ],
)  # fmt: skip
def test_kinds_of_schools(text: str, kind: str | None) -> None:
    assert lists.kind_of(text) == kind


def test_a_row_says_what_its_cells_say_and_nothing_more() -> None:
    row = _row(
        name="河谷小学", external_code="0054000001", area="堆龙德庆县", pupils="620人", is_boarding="是", phone=""
    )
    assert row.errors == []
    assert row.content == {
        "name": "河谷小学", "external_code": "0054000001", "source": "moe", "area_code": "540103", "pupils": 620,
        "is_boarding": True, "kind": "primary", "kind_guessed": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"name": ""}, "no_name"),
        ({"name": "校" * 121}, "too_long"),
        ({"name": "甲\x00"}, "unstorable"),
        ({"name": "甲", "pupils": "很多"}, "no_number"),
        ({"name": "甲", "is_boarding": "不详"}, "yes_or_no"),
        ({"name": "甲", "area": "不存在县"}, "area_unknown"),
        ({"name": "甲", "area": "620102"}, "area_outside"),
    ],
)
def test_a_row_that_cannot_be_right_is_an_error(texts: dict[str, str], code: str) -> None:
    assert [remark[0] for remark in _row(**texts).errors] == [code]


def test_an_old_area_code_is_understood_and_said() -> None:
    row = _row(name="甲小学", area="540125")
    assert row.content["area_code"] == "540103"
    assert ("area_renamed", {"old": "540125", "new": "西藏自治区拉萨市堆龙德庆区"}) in row.notices


def test_a_code_that_was_a_number_is_doubted_and_one_that_lost_digits_refused() -> None:
    assert ("code_number", {"text": "12"}) in _row(
        name="甲小学", external_code="12", numeric=("external_code",)
    ).notices
    broken = _row(name="甲小学", external_code="5.4e+17", numeric=("external_code",), damaged=("external_code",))
    assert broken.errors[0][0] == "code_damaged"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["合计", "", "1200"], "sum"), (["", "总 计", "5"], "sum"), (["填表人：央金", ""], "foot"), (["学校名称", "代码", "电话"], "header_again"),
        (["备注：以上为全部学校"], "foot"), (["1", "河谷小学", "5"], None), (["合计小学", "0012", ""], None),
    ],
)  # fmt: skip
def test_lines_that_are_no_school_are_told_apart(cells: list[str], code: str | None) -> None:
    found = lists.is_no_school(cells, ("学校名称", "代码", "电话"), "" if code else cells[1])
    assert (found and found[0]) == code


ID = uuid.UUID(int=1)


def _known(name: str = "河谷小学", *, code: str = "", address: str = "", **more: Any) -> matching.Known:
    values: dict[str, Any] = dict.fromkeys(matching.COMPARED, "")
    values |= {
        "name": name, "area_code": "540102", "address": address, "kind": "primary", "is_boarding": False, "is_key_unit": False,
        "pupils": None, "boarders": None, "staff": None,
    }  # fmt: skip
    return matching.Known(
        id=more.pop("id", ID),
        codes=(("moe", code),) if code else (),
        identities=(identity_of(name=name, area_code="540102", address=address),),
        merged_into_id=more.pop("merged_into_id", None),
        is_closed=more.pop("is_closed", False),
        changed_at="2026-11-22T00:00:00+00:00",
        values=values | more,
    )


def _check(*rows: ReadRow, known: tuple[matching.Known, ...] = (), **more: Any) -> list[matching.Found]:
    return list(matching.check(rows, matching.Register(known, **more)))


def _verdicts(*rows: ReadRow, known: tuple[matching.Known, ...] = (), **more: Any) -> list[str]:
    return [found.verdict for found in _check(*rows, known=known, **more)]


def test_a_school_is_known_again_by_its_code_even_under_a_new_name() -> None:
    (found,) = _check(_row(name="河谷实验小学", external_code="01"), known=(_known(code="01"),))
    assert (found.verdict, found.target_id) == ("changed", ID)
    assert found.changes == {"name": ["河谷小学", "河谷实验小学"]}


def test_a_school_without_code_is_known_again_by_name_area_and_address() -> None:
    assert _verdicts(_row(name="河谷 小学", address="河谷路１号"), known=(_known(address="河谷路1号"),)) == ["changed"]
    assert _verdicts(_row(name="河谷小学", address="河谷路1号"), known=(_known(address="河谷路1号"),)) == ["unchanged"]


def test_an_empty_cell_and_a_guess_change_nothing() -> None:
    known = _known(code="01", phone="123", kind="special")
    assert _verdicts(_row(name="河谷小学", external_code="01", phone=""), known=(known,)) == ["unchanged"]


@pytest.mark.parametrize(
    ("texts", "known", "why"),
    [
        ({"name": "河谷小学", "address": "别处"}, {"address": "河谷路"}, "same_name"),
        ({"name": "第1小学"}, {"name": "第一中心小学"}, "similar_name"),
        ({"name": "雪山小学", "phone": "0891-6000001"}, {"phone": "08916000001"}, "same_phone"),
        ({"name": "河谷小学", "external_code": "9"}, {}, "same_name"),
    ],
)
def test_what_looks_like_a_known_school_waits_for_a_decision(
    texts: dict[str, str], known: dict[str, str], why: str
) -> None:
    (found,) = _check(_row(**texts), known=(_known(**known),))
    assert (found.verdict, found.matches) == ("likely", [(ID, why)])


def test_two_codes_of_one_source_are_two_schools_and_that_is_said() -> None:
    (found,) = _check(_row(name="河谷小学", external_code="02"), known=(_known(code="01"),))
    assert found.verdict == "new"
    assert found.remarks[-1][0] == "like_known"


def test_a_row_that_stands_twice_is_taken_once() -> None:
    row = {"name": "甲小学", "external_code": "01"}
    assert _verdicts(_row(4, **row), _row(5, **row)) == ["new", "duplicate"]
    assert _verdicts(_row(4, **row), _row(5, **{**row, "name": "乙小学"})) == ["new", "error"]


def test_rows_that_look_like_each_other_wait_unless_their_codes_differ() -> None:
    assert _verdicts(_row(4, name="甲小学", address="一"), _row(5, name="甲小学", address="二")) == ["new", "likely"]
    first, second = _row(4, name="甲小学", external_code="1"), _row(5, name="甲小学", external_code="2")
    assert _verdicts(first, second) == ["new", "new"]


def test_a_telephone_that_many_share_is_the_office_s() -> None:
    rows = [
        _row(n, name=name, phone="0891-6000001")
        for n, name in enumerate(("甲小学", "乙小学", "丙幼儿园", "丁中学", "戊小学", "己幼儿园"))
    ]
    assert _verdicts(*rows)[-1] == "new"


def test_a_code_of_another_brigade_s_school_is_refused() -> None:
    row = _row(name="甲小学", external_code="01")
    assert _verdicts(row, codes_elsewhere={("moe", "01")}) == ["error"]


def test_a_merged_school_is_not_touched_and_a_closed_one_is_said() -> None:
    target = uuid.UUID(int=2)
    (found,) = _check(_row(name="新名小学", external_code="01"), known=(_known(code="01", merged_into_id=target),))
    assert (found.verdict, found.target_id) == ("unchanged", target)
    (closed,) = _check(_row(name="河谷小学", external_code="01"), known=(_known(code="01", is_closed=True),))
    assert [remark[0] for remark in closed.remarks if remark[0] == "is_closed"] == ["is_closed"]


def test_a_contact_is_nobodys_principal_and_a_header_of_two_lines_is_one() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        page = made.add_worksheet()
        page.merge_range(0, 0, 0, 4, "学校名单")
        for column, text in enumerate(("序号", "学校名称", "学校标识码")):
            page.write(1, column, text)
        page.merge_range(1, 3, 1, 4, "联系人")
        page.write_row(2, 3, ("姓名", "电话"))
        page.write_row(3, 0, ("1", "示范区河谷小学", "0054990190", "张三", "0891-1"))
    table = read_table(book.getvalue(), "名单.xlsx", known=lists.HEADINGS)
    assert table.headings == ("序号", "学校名称", "学校标识码", "联系人 姓名", "联系人 电话")
    assert len(table.rows) == 1
    mapping = guess_mapping(table.headings, lists.HEADINGS)
    assert {name: table.headings[column] for column, name in mapping.items() if name in lists.FIELDS} == {
        "name": "学校名称", "external_code": "学校标识码", "phone": "联系人 电话",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["随便一句话", "this is no table at all", "a\n"])
def test_what_is_no_list_is_told_so(app: Flask, text: str) -> None:
    with pytest.raises(UnreadableTable, match="不像一份名单"):
        read_table(text.encode(), "照片.jpg", known=lists.HEADINGS)
