"""Ledgers of former orders as a brigade keeps them: clean ones, and those with every kind of date people type."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter
import xlwt

HEADINGS = ("序号", "文书编号", "单位名称", "下发日期", "存在问题", "整改期限", "销号日期", "整改结果", "备注")
Cell = str | int
ROWS: tuple[tuple[Cell, ...], ...] = (
    (1, "示消限字〔2023〕第0001号", "示范区第一小学", "2023-05-08", "灭火器过期3具", "2023-05-31", "2023-05-29", "已整改", ""),
    (2, "示消限字〔2023〕第0002号", "示范区第二小学", "2023/5/9", "安全出口上锁", "2023.5.31", "", "未整改", "校方称放假后办理"),
    (3, "示消限字〔2023〕第0003号", "示范区第一小学", "2023年5月10日", "应急灯损坏", "2023/05/00", "", "", ""),
    (4, "示消限字〔2023〕第0004号", "示范区第一小学", "23.5.11", "消火栓无水", "45077", "23.6.1", "已整改", ""),
    (5, "示消限字〔2023〕第0005号", "示范区第一小学", "2023-05-12", "线路私拉", "农历四月廿八", "", "", ""),
    (6, "示消限字〔2023〕第0006号", "示范区第一小学", "2023-05-13", "堵塞通道", "2023-06-13", "2023-05-01", "合格", ""),
    (7, "示消限字〔2023〕第0007号", "示范第一小学", "2023-05-14", "无演练记录", "2023-06-30", "", "", ""),
    (8, "示消限字〔2023〕第0008号", "没有登记的学校", "2023-05-15", "无值班记录", "2023-06-30", "", "", ""),
)  # fmt: skip


def ledger_csv(
    rows: Sequence[Sequence[Cell]] = ROWS, *, encoding: str = "gb18030", headings: Sequence[str] = HEADINGS
) -> bytes:
    """The ledger as Excel saves it to CSV in Chinese Windows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["2023年责令改正通知书台账"] + [""] * (len(headings) - 1))
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def ledger_xlsx(rows: Sequence[Sequence[Cell]] = ROWS, *, headings: Sequence[str] = HEADINGS) -> bytes:
    """The same as a workbook with a title over it; figures are numbers, as an unformatted date is."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("2023")
    page.merge_range(0, 0, 0, len(headings) - 1, "2023年责令改正通知书台账")
    page.write_row(1, 0, headings)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, int) or value == "45077":
                page.write_number(number, column, int(value))
            else:
                page.write_string(number, column, value)
    book.close()
    return out.getvalue()


def ledger_xls(rows: Sequence[Sequence[Cell]] = ROWS, *, headings: Sequence[str] = HEADINGS) -> bytes:
    """The same as an old workbook."""
    book = xlwt.Workbook()
    page = book.add_sheet("2023")
    for column, heading in enumerate(headings):
        page.write(0, column, heading)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            page.write(number, column, int(value) if value == "45077" else value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
