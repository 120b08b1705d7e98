"""Lists that people take away: XLSX or CSV in which no cell can turn into a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return "'" + text if text.startswith(_DANGEROUS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return not text.startswith(("\t", "\r", "\n"))


def write_report(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, kind: str = "xlsx", sheet: str = "Report"
) -> bytes:
    """A report as bytes. kind: `xlsx`, or `csv` (UTF-8 with the mark Excel wants, formulas guarded). Codes stay text."""
    return _csv(headings, rows) if kind == "csv" else _xlsx(headings, rows, sheet)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(heading) for heading in headings])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _plain(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[object]], sheet: str) -> bytes:
    return write_workbook([(sheet, headings, rows)])


def write_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A workbook of several reports: name, headings and rows of each sheet.

    Numbers and days become numbers and days; codes stay text, nothing is a formula.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8EDF5"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for name, headings, rows in sheets:
        page = book.add_worksheet(name[:31])
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
                    page.write_number(number, column, cell)
                elif isinstance(cell, date) and not isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, day)
                elif cell not in (None, ""):
                    page.write_string(number, column, str(cell).translate(_NO_XML)[:32_767], wrapped)
        page.freeze_panes(1, 0)
        page.autofit(400)
    book.close()
    return out.getvalue()
