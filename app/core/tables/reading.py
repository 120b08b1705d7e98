"""Bytes of a list into sheets of text cells. The kind of file is told by its content, never by its name."""

from __future__ import annotations

import io
import logging
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine
from flask_babel import gettext as _

from app.core.errors import DomainError

log = logging.getLogger(__name__)

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 300
MOST_CELL = 32_767  # what a cell of Excel can hold
MOST_PRECISE = 10**15  # Excel keeps fifteen digits of a number

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
)


class UnreadableTable(DomainError):
    """The file is no list that can be read; the message says what is wrong and where."""


@dataclass(frozen=True)
class Row:
    """A row as the file has it. `number` counts from 1 as Excel does; `numeric` are columns that held a number, not text."""

    number: int
    cells: tuple[str, ...]
    numeric: frozenset[int] = frozenset()
    damaged: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a whole CSV file. `merged` are (first row, first column, last row, last column) from 0."""

    name: str
    rows: list[Row]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    encoding: str = ""
    problems: list[str] = field(default_factory=list)


def read_sheets(data: bytes, *, encoding: str = "") -> list[Sheet]:
    """Every visible sheet. Raises UnreadableTable with a sentence; `encoding` overrules what a text file looks like."""
    from app.core.tables.texts import read_text

    if not data.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise UnreadableTable(_("文件是空的，没有任何内容。"))
    if len(data) > MOST_BYTES:
        raise UnreadableTable(_("文件超过 %(most)s MB，请分成几份再导入。", most=MOST_BYTES // 1024 // 1024))
    if data.startswith(_ZIP):
        _check_package(data)
        return _read_workbook(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableTable(_("工作簿设有打开密码，请在 Excel 中取消密码后再导入。"))
        return _read_workbook(data)
    _refuse_other_kinds(data)
    return [read_text(data, encoding=encoding)]


def _refuse_other_kinds(data: bytes) -> None:
    kind = next((name for start, name in _OTHER_KINDS if data.startswith(start)), "")
    if kind:
        raise UnreadableTable(_("这是 %(kind)s 文件，不是表格。请导入 CSV、XLSX 或 XLS 文件。", kind=kind))
    start = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<style")):
        raise UnreadableTable(
            _("这是网页（HTML），只是用了表格文件的名字。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。")
        )
    if start.startswith(b"<?xml"):
        raise UnreadableTable(_("这是 XML 文件，不是工作簿。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。"))


def _check_package(data: bytes) -> None:
    """Unpack once with limits, so that the reader proper never meets a bomb or a damaged part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "xl/workbook.xml" not in names:
                raise UnreadableTable(_("这是压缩包，里面没有 Excel 工作簿。请先解压，再导入其中的表格文件。"))
            if sum(info.file_size for info in package.infolist()) > MOST_UNPACKED:
                raise UnreadableTable(_("工作簿解开后太大，不予读取（可能是恶意压缩文件）。"))
            longest, shared = 0, 0
            for info in package.infolist():
                if info.filename.startswith("xl/worksheets/") or info.filename == "xl/sharedStrings.xml":
                    content = package.read(info)
                    if info.filename == "xl/sharedStrings.xml":
                        longest = max((len(text) for text in re.split(rb"<si\b", content)), default=0)
                    else:
                        _check_extent(content)
                        shared += content.count(b't="s"')
            if longest > 4 * MOST_CELL or longest * shared > 20 * MOST_UNPACKED:
                raise UnreadableTable(_("工作簿里有超长的单元格，不予读取。"))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as problem:
        raise UnreadableTable(_broken(problem)) from problem


def _broken(problem: BaseException) -> str:
    log.info("A workbook could not be read: %s", problem)
    return str(_("工作簿已损坏或不完整，无法读取。请重新导出或重新下载后再试。"))


def _check_extent(sheet: bytes) -> None:
    """A single cell far out makes readers fill everything before it; refuse that before it is read."""
    last_row, last_column = 0, 0
    for match in re.finditer(rb'<c\b[^>]{0,80}?\br="([A-Z]{1,4})([0-9]{1,9})"', sheet):
        last_row = max(last_row, int(match[2]))
        if len(match[1]) > 1:
            number = 0
            for letter in match[1]:
                number = number * 26 + letter - 64
            last_column = max(last_column, number)
    if last_row > 4 * MOST_ROWS or last_column > 4 * MOST_COLUMNS:
        raise UnreadableTable(
            _(
                "工作表太大：用到第 %(row)s 行、第 %(column)s 列。请删去多余的行列后再导入。",
                row=last_row,
                column=last_column,
            )
        )


def _read_workbook(data: bytes) -> list[Sheet]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            _sheet(book.get_sheet_by_name(about.name))
            for about in book.sheets_metadata
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet
            and about.visible == python_calamine.SheetVisibleEnum.Visible
        ]
    except python_calamine.PasswordError as problem:
        raise UnreadableTable(_("工作簿设有打开密码，请在 Excel 中取消密码后再导入。")) from problem
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError) as problem:
        raise UnreadableTable(_broken(problem)) from problem
    except BaseException as problem:  # a panic of the reader is not an Exception; everything else goes on
        if type(problem).__name__ != "PanicException":
            raise
        raise UnreadableTable(_broken(problem)) from problem
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableTable(_("工作簿里没有任何内容。"))
    return sheets


def _sheet(sheet: Any) -> Sheet:
    merged = tuple((top[0], top[1], end[0], end[1]) for top, end in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows_of(sheet.to_python(skip_empty_area=False)), merged)


def rows_of(values: Iterable[Iterable[Any]]) -> list[Row]:
    """Rows of text cells from rows of values, without the blank ones. Refuses more than can be shown to a person."""
    rows: list[Row] = []
    for number, cells in enumerate(values, start=1):
        texts, numeric, damaged = [], set(), set()
        for column, value in enumerate(cells):
            texts.append(cell_text(value))
            if isinstance(value, int | float) and not isinstance(value, bool):
                numeric.add(column)
                if abs(value) >= MOST_PRECISE:
                    damaged.add(column)
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        if len(rows) >= MOST_ROWS:
            raise UnreadableTable(_("一次最多导入 %(most)s 行，请分成几份。", most=MOST_ROWS))
        if len(texts) > MOST_COLUMNS:
            raise UnreadableTable(
                _(
                    "第 %(row)s 行有 %(columns)s 列，超过上限 %(most)s 列。",
                    row=number,
                    columns=len(texts),
                    most=MOST_COLUMNS,
                )
            )
        rows.append(Row(number, tuple(texts), frozenset(numeric), frozenset(damaged)))
    return rows


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def cell_text(value: Any) -> str:
    """What a person sees in the cell: whole numbers without a point, days as 2026-11-22; newlines stay."""
    if isinstance(value, str):
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < MOST_PRECISE else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)
