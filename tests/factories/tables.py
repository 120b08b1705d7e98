"""Lists as education bureaus send them, made in the test: the same content as XLSX, XLS and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter
import xlwt

TITLE = "示范市2026年中小学（幼儿园）基本情况一览表"
HEADINGS = (
    "序号", "学校标识码", "学校名称", "办学类型", "是否寄宿", "所属区县", "地址", "校长", "联系电话", "在校学生数", "教职工数",
)  # fmt: skip
ROWS: tuple[tuple[str | int, ...], ...] = (
    (1, "0054000001", "示范区河谷小学", "小学", "否", "城关区", "河谷路12号\n东门进", "白玛", "0891-6000001", 620, 48),
    (2, "0054000002", "示范区雪山中学", "完全中学", "是", "堆龙德庆县", "雪山路3号", "次仁", "0891-6000002", 1240, 96),
    (3, "0054000003", "示范区格桑幼儿园", "幼儿园", "否", "540102", "格桑路8号", "卓玛", "0891-6000003", 180, 22),
)


def bureau_xlsx(
    rows: Sequence[Sequence[str | int]] = ROWS, *, headings: Sequence[str] = HEADINGS, title: str = TITLE
) -> bytes:
    """A workbook with a merged title, a merged line under it, the header, the rows, and a line for who filled it in."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("学校名录")
    last = len(headings) - 1
    page.merge_range(0, 0, 0, last, title)
    page.merge_range(1, 0, 1, 3, "填报单位：示范市教育局")
    page.merge_range(1, 4, 1, last, "填报日期：2026年9月1日")
    for column, heading in enumerate(headings):
        page.write_string(2, column, heading)
    for number, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value)
            else:
                page.write_number(number, column, value)
    page.write_string(len(rows) + 4, 0, "填表人：央金")
    book.close()
    return out.getvalue()


def bureau_csv(
    rows: Sequence[Sequence[str | int]] = ROWS,
    *,
    encoding: str = "gb18030",
    headings: Sequence[str] = HEADINGS,
    title: str = TITLE,
) -> bytes:
    """The twin of `bureau_xlsx` as Excel saves it to CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([title] + [""] * (len(headings) - 1))
    writer.writerow(["填报单位：示范市教育局", "", "", "", "填报日期：2026年9月1日"] + [""] * (len(headings) - 5))
    writer.writerow(headings)
    writer.writerows(rows)
    writer.writerow([""] * len(headings))
    writer.writerow(["填表人：央金"] + [""] * (len(headings) - 1))
    return out.getvalue().encode(encoding)


def bureau_xls(rows: Sequence[Sequence[str | int]] = ROWS, *, headings: Sequence[str] = HEADINGS) -> bytes:
    """The same as an old workbook (BIFF8)."""
    book = xlwt.Workbook()
    page = book.add_sheet("学校名录")
    page.write_merge(0, 0, 0, len(headings) - 1, TITLE)
    for column, heading in enumerate(headings):
        page.write(1, column, heading)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            page.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
