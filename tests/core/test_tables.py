"""Reading lists of any make into the same rows, and refusing what is no list with a sentence that says where."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import tables
from app.core.tables import UnreadableTable
from tests.factories.tables import HEADINGS, ROWS, bureau_csv, bureau_xls, bureau_xlsx

KNOWN = {
    "name": ("学校名称", "名称", "单位名称", "school name"),
    "code": ("学校标识码", "代码"),
    "kind": ("办学类型",),
    "phone": ("电话", "联系电话"),
    "address": ("地址",),
    "head": ("校长", "姓名"),
}


def _texts(data: bytes, name: str = "list") -> list[tuple[str, ...]]:
    return [row.cells for row in tables.read_table(data, name, known=KNOWN).rows]


def _workbook(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


EXPECTED = [tuple(str(value) for value in row) for row in ROWS]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_csv_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert _texts(bureau_csv(encoding=encoding))[:3] == EXPECTED


def test_the_workbook_and_its_csv_twin_read_the_same() -> None:
    assert _texts(bureau_xlsx()) == _texts(bureau_csv())


def test_an_old_workbook_reads_the_same() -> None:
    assert _texts(bureau_xls()) == EXPECTED


def test_the_kind_of_file_is_told_by_content_not_by_name() -> None:
    assert _texts(bureau_xlsx(), "list.csv") == _texts(bureau_xlsx(), "list.xlsx")


def test_the_header_is_found_below_titles_and_rows_keep_their_number() -> None:
    table = tables.read_table(bureau_xlsx(), "x", known=KNOWN)
    assert (table.header_row, table.headings, table.rows[0].number) == (3, HEADINGS, 4)


def test_a_number_cell_is_marked_and_a_text_cell_keeps_its_zeros() -> None:
    table = tables.read_table(_workbook(("学校名称", "代码"), ("甲", "0012"), ("乙", 12)), "x", known=KNOWN)
    assert [row.cells[1] for row in table.rows] == ["0012", "12"]
    assert [1 in row.numeric for row in table.rows] == [False, True]


def test_a_number_too_long_for_excel_is_marked_as_damaged() -> None:
    table = tables.read_table(_workbook(("学校名称", "代码"), ("甲", 540102001234567890)), "x", known=KNOWN)
    assert table.rows[0].damaged == {1}


def test_newlines_in_cells_are_kept() -> None:
    assert _texts('学校名称,地址\n甲,"一\n二"\n'.encode()) == [("甲", "一\n二")]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found(sign: str) -> None:
    assert _texts(f"学校名称{sign}地址{sign}电话\n甲{sign}一,二\n".replace("一,二", "一").encode()) == [("甲", "一")]


def test_a_header_of_two_lines_is_joined() -> None:
    rows = ["学校名称,联系人,,地址", ",姓名,电话,", "甲,白玛,123,一路"]
    table = tables.read_table("\n".join(rows).encode(), "x", known=KNOWN)
    assert table.headings == ("学校名称", "联系人 姓名", "联系人 电话", "地址")
    assert [row.cells for row in table.rows] == [("甲", "白玛", "123", "一路")]


def test_a_header_of_two_lines_with_merged_cells_is_joined_too() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.merge_range(0, 0, 1, 0, "学校名称")
    page.merge_range(0, 1, 0, 2, "联系人")
    page.write_row(1, 1, ["姓名", "电话"])
    page.write_row(2, 0, ["甲", "白玛", "123"])
    book.close()
    table = tables.read_table(out.getvalue(), "x", known=KNOWN)
    assert table.headings == ("学校名称", "联系人 姓名", "联系人 电话")
    assert len(table.rows) == 1


def test_the_sheet_with_the_best_known_header_is_taken_and_hidden_ones_are_not() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("说明").write(0, 0, "请按说明填写")
    hidden = book.add_worksheet("旧")
    hidden.write_row(0, 0, ["学校名称", "代码", "地址"])
    hidden.write_row(1, 0, ["旧学校", "1", "x"])
    hidden.hide()
    page = book.add_worksheet("名录")
    page.write_row(0, 0, ["学校名称", "代码"])
    page.write_row(1, 0, ["甲", "1"])
    book.close()
    table = tables.read_table(out.getvalue(), "x", known=KNOWN)
    assert (table.sheet, table.sheets) == ("名录", ("说明", "名录"))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("序号", "学校名称", "地址"), {0: "-", 1: "name", 2: "address"}),
        (("No.", " 学校 名称 *", "地址（详细）", "电话："), {0: "-", 1: "name", 2: "address", 3: "phone"}),
        (("名称", "学校名称"), {0: "name"}),
        (("School Name", "Location"), {0: "name"}),
        (("是谁", "什么"), {}),
    ],
)
def test_columns_are_recognised_by_their_headings(headings: tuple[str, ...], expected: dict[int, str]) -> None:
    assert tables.guess_mapping(headings, KNOWN) == expected


def test_the_fingerprint_forgets_how_a_heading_is_typed_but_not_the_order() -> None:
    assert tables.fingerprint(["学校名称", "地 址"]) == tables.fingerprint(["学校名称 ", "地址："])
    assert tables.fingerprint(["学校名称", "地址"]) != tables.fingerprint(["地址", "学校名称"])


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"\0" * (310 * 1024 * 1024))
    return out.getvalue()


def _far_cell() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write("XFD1048576", "x")
    book.close()
    return out.getvalue()


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def _other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("学校.txt", "x")
    return out.getvalue()


BROKEN = {
    "nothing": (b"", "空的"),
    "only white space": (b"\xef\xbb\xbf \r\n", "空的"),
    "a truncated workbook": (bureau_xlsx()[:3000], "已损坏或不完整"),
    "a truncated old workbook": (bureau_xls()[:2000], "已损坏或不完整"),
    "a bomb": (_bomb(), "太大"),
    "a cell far out": (_far_cell(), "工作表太大"),
    "a password": (_encrypted(), "密码"),
    "a web page called xls": (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
    "a PDF": (b"%PDF-1.7\n...", "PDF"),
    "an archive": (_other_zip(), "压缩包"),
    "random bytes": (bytes((i * 7919 + i // 3 * 31) % 256 for i in range(5000)), ""),
    "an open quote": ('学校名称,地址\n甲,一\n乙,"二\n'.encode(), "第 3 行的引号没有结束"),
    "text cut in a character": ("学校名称,地址\n甲,一路".encode()[:-1], "第 2 行"),
    "one broken byte": ("学校名称,地址\n甲路东校区,一路\n".encode() + b"\xff\n" + "乙,二".encode(), "第 3 行"),
    "a header and nothing else": ("学校名称,地址\n".encode(), "没有任何数据"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(case: str) -> None:
    data, expected = BROKEN[case]
    with pytest.raises(UnreadableTable) as refused:
        tables.read_table(data, "list.xlsx", known=KNOWN)
    assert expected in refused.value.message


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6))
def test_a_damaged_workbook_never_does_more_than_be_refused(cut: int, changes: list[tuple[int, int]]) -> None:
    data = bytearray(bureau_xlsx())
    for at, value in changes:
        data[at % len(data)] = value
    with contextlib.suppress(UnreadableTable):
        assert tables.read_table(bytes(data[: len(data) - cut % len(data)]), "x", known=KNOWN).rows


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip()) and not text.startswith("=")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8))
def test_whatever_is_written_reads_back_from_csv_and_workbook(rows: list[tuple[str, str, str]]) -> None:
    headings = ("学校名称", "地址", "电话")
    for kind in ("xlsx", "csv"):
        data = tables.write_report(headings, rows, kind=kind)
        expected = [tuple(tables.guarded(cell) for cell in row) if kind == "csv" else row for row in rows]
        assert _texts(data) == expected


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM(A1)", "\t=1", "＝1"])
def test_a_report_holds_no_formula(text: str) -> None:
    assert tables.write_report(["a"], [[text]], kind="csv").decode("utf-8-sig").splitlines()[1].lstrip('"')[
        0
    ] == "'" or (text == "+86")
    with zipfile.ZipFile(io.BytesIO(tables.write_report(["a"], [[text]]))) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_column_can_be_named_by_heading_or_number() -> None:
    headings = ("School Name", "Location 1")
    assert tables.mapping_from_options(headings, ["school name=name", "2=address"], list(KNOWN)) == {
        0: "name",
        1: "address",
    }
