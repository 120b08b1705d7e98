"""Orders of former years from a brigade's own lists: what a row says, and which of its dates can be trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.spelling import plain_text
from app.imports.days import Day, Flag, read_day
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind

#: Field → headings it goes by.
HEADINGS: Mapping[str, Sequence[str]] = {
    "number": ("文书编号", "文书文号", "文号", "通知书编号", "通知书文号", "编号", "order number", "number"),
    "school": ("学校名称", "学校", "单位名称", "被检查单位", "受检单位", "单位", "school", "school name", "unit"),
    "school_code": ("学校标识码", "学校代码", "标识码", "单位代码", "school code"),
    "kind": ("文书种类", "文书名称", "文书类型", "种类", "类型", "kind", "type"),
    "issued": ("下发日期", "签发日期", "发文日期", "开具日期", "检查日期", "下达日期", "日期", "issued", "date", "issued on"),
    "items": ("存在问题", "隐患内容", "问题", "隐患", "违法行为", "检查情况", "问题描述", "items", "problem", "findings"),
    "deadline": ("整改期限", "限期", "改正期限", "整改时限", "期限", "deadline", "due"),
    "closed": ("销号日期", "整改完成日期", "完成日期", "复查日期", "整改日期", "结案日期", "closed", "closed on"),
    "result": ("整改结果", "复查结果", "整改情况", "复查情况", "结果", "是否整改", "result", "outcome"),
    "officers": ("检查人员", "监督员", "承办人", "officers", "inspector"),
    "note": ("备注", "说明", "note", "remarks"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
DATES = ("issued", "deadline", "closed")
LONGEST = 2000


@dataclass
class ReadRow:
    """A row of the list: its typed texts, its days, and the words that say what is wrong with it."""

    number: int
    texts: dict[str, str]
    source: dict[str, str]
    days: dict[str, Day]
    kind: OrderKind = OrderKind.LIMITED
    state: OrderState = OrderState.SERVED
    flags: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same for the same row of the same list, whoever sends it again: what was ordered whom on which day."""
        said = "\x1f".join(
            plain_text(self.texts.get(name, "")) for name in ("number", "school", "school_code", "issued", "items")
        )
        number = re.sub(r"\s+", "", self.texts.get("number", ""))[:60]
        return f"{number}|{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


_NOT_DONE = re.compile(r"未|没有|不合格|部分|逾期|否|正在|整改中|^no$")
_DONE = re.compile(r"已整改|已改正|整改完毕|整改完成|完成|合格|销号|消除|结案|^是$|^yes$|closed|done")


def read_row(number: int, texts: Mapping[str, str], source: Mapping[str, str], *, today: date) -> ReadRow:
    """Judge one row by itself. Texts stay as they were typed; what is doubtful becomes a flag, never another date."""
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    days = {name: read_day(said.get(name, ""), today=today, ahead=name == "deadline") for name in DATES}
    row = ReadRow(number, said, dict(source), _compared(days))
    row.flags = [f"{name}:{day.flag}" for name, day in row.days.items() if day.flag]
    if "school" not in said and "school_code" not in said:
        row.errors.append("no_school")
    if "number" not in said and "items" not in said:
        row.errors.append("says_nothing")
    if any(len(text) > LONGEST for text in said.values()):
        row.errors.append("too_long")
    if "number" not in said:
        row.flags.append("number:missing")
    _judge_kind(row)
    _judge_state(row)
    return row


def _compared(days: Mapping[str, Day]) -> dict[str, Day]:
    """What was struck off, or due, before the order was written cannot be: that day is doubtful too."""
    issued, found = days["issued"], dict(days)
    for name in ("deadline", "closed"):
        one = days[name]
        if issued.clean and one.clean and one.clean < issued.clean:
            found[name] = Day(one.text, one.day, Flag.BEFORE_ISSUED)
    return found


def _judge_kind(row: ReadRow) -> None:
    said = row.texts.get("kind", "") + row.texts.get("number", "")
    if "立即" in said or "消即" in said:
        row.kind = OrderKind.IMMEDIATE
    elif "限" not in said:
        row.flags.append("kind:assumed")


def _judge_state(row: ReadRow) -> None:
    result = plain_text(row.texts.get("result", ""))
    if _NOT_DONE.search(result):
        row.flags += ["result:contradicts"] if "closed" in row.texts else []
    elif "closed" in row.texts or _DONE.search(result):
        row.state = OrderState.CLOSED
    elif result:
        row.flags.append("result:unclear")
    if row.state is not OrderState.CLOSED and "deadline" not in row.texts:
        row.flags.append("deadline:missing")
