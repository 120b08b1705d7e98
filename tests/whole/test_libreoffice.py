"""Every workbook that the product gives out opens in LibreOffice: days are days, numbers numbers, codes and Chinese text."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from app.core import clock
from app.core.extensions import db
from app.core.tables.reports import write_workbook
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import equipment, orders
from tests.factories import rectification as make

TODAY = clock.today()
#: What people might type; a spreadsheet would take most of it for a formula, a number or a day.
NAUGHTY = (
    "=1+1", "+86 13800000000", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "＝1+1", "0012", "1E5", "2026-11-18", "12:30", "TRUE",
    "示消限字〔2026〕第0001号", "藏文 སློབ་ཆུང།", "两行\n文字", "𠮷野 <b>&amp;",
)  # fmt: skip
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
Cell = object


def convert(books: Mapping[str, bytes], folder: Path) -> dict[str, dict[str, list[list[Cell]]]]:
    """Open all workbooks in one run of LibreOffice, with a profile of its own; each as sheets of rows as it understood them."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is not installed: `make test` installs it (libreoffice-calc-nogui)"
    for name, content in books.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    subprocess.run(
        [
            office, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "ods",
            "--outdir", str(folder / "out"), *(str(folder / f"{name}.xlsx") for name in books),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return {name: dict(_sheets(folder / "out" / f"{name}.ods")) for name in books}


def _sheets(path: Path) -> Iterator[tuple[str, list[list[Cell]]]]:
    with zipfile.ZipFile(path) as parts:
        content = parts.read("content.xml")
    assert b"table:formula" not in content, path.name
    for sheet in ElementTree.fromstring(content).iter(f"{TABLE}table"):
        rows = [[cell for found in row for cell in _cells(found)] for row in sheet.iter(f"{TABLE}table-row")]
        yield sheet.get(f"{TABLE}name", ""), [_shorn(row) for row in rows if _shorn(row)]


def _cells(cell: ElementTree.Element) -> list[Cell]:
    value: Cell = None
    match cell.get(f"{OFFICE}value-type"):
        case "string":
            value = "\n".join(_text(part) for part in cell.iter(f"{TEXT}p"))
        case "float":
            value = float(cell.get(f"{OFFICE}value", ""))
        case "date":
            value = date.fromisoformat(cell.get(f"{OFFICE}date-value", "")[:10])
        case other:
            assert other is None, other
    return [value] * min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 200)


def _text(part: ElementTree.Element) -> str:
    found = part.text or ""
    for inner in part:
        if inner.tag == f"{TEXT}s":
            found += " " * int(inner.get(f"{TEXT}c", "1"))
        found += _text(inner) + (inner.tail or "")
    return found


def _shorn(row: list[Cell]) -> list[Cell]:
    """Without the empty cells at its end."""
    while row and row[-1] in (None, ""):
        row = row[:-1]
    return row


def written(content: bytes) -> dict[str, list[list[Cell]]]:
    """The same of the workbook as we wrote it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {
        name: [_shorn([None if cell == "" else cell for cell in row]) for row in rows if any(c != "" for c in row)]
        for name, rows in sheets.items()
    }


def columns(sheet: list[list[Cell]]) -> dict[str, list[Cell]]:
    """What stands under each heading, without what is empty."""
    head, *rows = sheet
    return {
        str(name): [row[n] for row in rows if len(row) > n and row[n] is not None]
        for n, name in enumerate(head)
        if name
    }


def _fill(cast: Cast) -> None:
    """Findings, orders, costs and pieces whose words are all that people might type."""
    order = orders.served(cast, count=2)
    order.national_number, order.penalty_number = "0012", "=1+1"
    for n, text in enumerate(NAUGHTY):
        finding = make.finding(
            cast,
            item_code=f"X-{n}",
            text=text,
            measure=text,
            place_label=text,
            found_on=TODAY,
            deadline=TODAY + timedelta(days=n),
        )
        make.evidence(cast, finding).cost = Decimal("1280.50")
    house = equipment.building(cast.school_id, "=2号楼")
    long_ago = date(TODAY.year - 11, 1, 1)
    for n, text in enumerate(NAUGHTY):
        piece = equipment.extinguisher(cast.school_id, building_id=house.id, label=text[:20], made_on=long_ago)
        if n < 2:
            make.finding(cast, item_code=f"EXT-1{n}", category="extinguisher", text=text, equipment_id=piece.id)
    db.session.commit()


@pytest.mark.timeout(240)
@pytest.mark.one_database
def test_every_workbook_opens_in_libreoffice_as_it_was_written(cast: Cast, as_person: SignInAs, tmp_path: Path) -> None:
    _fill(cast)
    zoo = [[1, TODAY, Decimal("1280.50"), None, *NAUGHTY], [2.5, date(1999, 12, 31), -3, "", *NAUGHTY]]
    books = {"zoo": write_workbook([("动物园", ["序号", "日期", "数", "空", *map(str, range(len(NAUGHTY)))], zoo)])}
    for name, person, address in (
        ("ledger", "ines", f"/schools/{cast.school_id}/ledger.xlsx"),
        ("orders", "ines", "/orders.xlsx"),
        ("findings", "ines", "/findings.xlsx"),
        ("shopping", "pema", f"/portal/shopping.xlsx?school={cast.school_id}"),
        ("forecast", "ines", "/equipment/forecast.xlsx?months=12"),
    ):
        answer = as_person(person).get(address)
        assert answer.status_code == 200, address
        books[name] = answer.data
    read = convert(books, tmp_path)
    for name, content in books.items():
        assert read[name] == written(content), name

    assert [row[4:] for row in read["zoo"]["动物园"][1:]] == [list(NAUGHTY)] * 2
    assert [row[:3] for row in read["zoo"]["动物园"][1:]] == [[1.0, TODAY, 1280.5], [2.5, date(1999, 12, 31), -3.0]]
    found = {name: [columns(rows) for rows in sheets.values()] for name, sheets in read.items()}
    for name, kind, headings in (
        ("ledger", date, ("发现日期", "改正期限")),
        ("ledger", float, ("序号", "费用（元）")),
        ("ledger", str, ("部位", "问题", "整改措施", "文书")),
        ("orders", date, ("检查日期", "签发日期", "送达日期", "最近期限")),
        ("orders", float, ("项目数",)),
        ("orders", str, ("文号", "国家系统文书编号", "处罚案号")),
        ("findings", date, ("发现日期", "改正期限")),
        ("findings", float, ("剩余天数",)),
        ("findings", str, ("学校", "问题", "部位", "检查项")),
        ("shopping", float, ("数量",)),
        ("shopping", str, ("建筑", "物品和规格")),
    ):
        for heading in headings:
            cells = found[name][0][heading]
            assert cells, (name, heading)
            assert {type(cell) for cell in cells} == {kind}, (name, heading)
    assert set(NAUGHTY) <= set(found["ledger"][0]["问题"])
    assert set(NAUGHTY) <= set(found["findings"][0]["问题"])
    assert found["orders"][0]["国家系统文书编号"] == ["0012"]
    assert found["orders"][0]["处罚案号"] == ["=1+1"]
    forecast = read["forecast"]
    assert set(columns(forecast["逐件"])["校内编号"]) == {text[:20] for text in NAUGHTY}
    assert {type(cell) for cell in columns(forecast["按月汇总"])["更换（具）"]} == {float}
