"""The words for drills of former years: fields, what is doubtful in a row, what became of it; and the report of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.tables import write_report
from app.imports.models import ImportRow, Outcome, Verdict
from app.logbook.reading import Doubt
from app.rectification.old_order_words import DOUBTS as DAYS

FIELDS: dict[str, Any] = {
    "school": _l("学校名称"),
    "school_code": _l("学校标识码"),
    "day": _l("演练日期"),
    "kind": _l("演练类型"),
    "first_out": _l("第一人离开"),
    "last_out": _l("最后一人离开"),
    "counted": _l("清点完毕"),
    "expected": _l("应到人数"),
    "present": _l("在校人数"),
    "accounted": _l("集合点清点到"),
    "led_by": _l("组织人"),
    "weather": _l("天气"),
    "problems": _l("发现的问题"),
    "note": _l("备注"),
}
DOUBTS: dict[str, Any] = {
    Doubt.RANGE: _l("是一个范围"),
    Doubt.ABOUT: _l("是约数"),
    Doubt.NO_UNIT: _l("没有写是分还是秒"),
    Doubt.TOO_LONG: _l("过大"),
    Doubt.IMPOSSIBLE: _l("没有这样的时间"),
    Doubt.UNREADABLE: _l("看不出数值"),
}
OTHER_DOUBTS: dict[str, Any] = {
    "kind:unknown": _l("看不出演练类型，按其他演练登记，不计入疏散演练"),
    "times:contradict": _l("几个用时互相矛盾，都只保存原文"),
}
REMARKS: dict[str, Any] = {
    "no_school": _l("没有学校名称或标识码。"),
    "no_day": _l("没有演练日期。"),
    "too_long": _l("有一格超过 2000 字，请在原表中缩短。"),
    "unknown_school": _l("登记册中没有这所学校，请先登记，或核对校名。"),
    "known": _l("以前已导入过，不再重复。"),
    "twice": _l("清单中前面已有相同的一行。"),
}
VERDICTS = {
    Verdict.NEW: _l("新增"),
    Verdict.UNCHANGED: _l("已导入过"),
    Verdict.DUPLICATE: _l("表内重复"),
    Verdict.ERROR: _l("有错误"),
}
LOOKS = {Verdict.NEW: "ok", Verdict.UNCHANGED: "na", Verdict.DUPLICATE: "na", Verdict.ERROR: "bad"}
OUTCOMES = {
    Outcome.ADDED: _l("已登记"),
    Outcome.UNCHANGED: _l("已导入过"),
    Outcome.DUPLICATE: _l("表内重复"),
    Outcome.REJECTED: _l("未导入"),
}


def _flag(flag: str, texts: dict[str, str]) -> str:
    if flag in OTHER_DOUBTS:
        return str(OTHER_DOUBTS[flag])
    name, _sign, doubt = flag.partition(":")
    known = DOUBTS.get(doubt, doubt)
    return str(_("%(field)s“%(text)s”%(doubt)s", field=FIELDS.get(name, name), text=texts.get(name, ""), doubt=known))


def _remark(code: str, texts: dict[str, str]) -> str:
    if code.startswith("day:"):
        doubt = DAYS.get(code.removeprefix("day:"), "")
        return str(_("%(field)s“%(text)s”%(doubt)s", field=FIELDS["day"], text=texts.get("day", ""), doubt=doubt))
    return str(REMARKS.get(code, code))


def remarks_of(row: ImportRow) -> list[str]:
    """What checking says of a row: why it is no drill, and what of it stays as typed."""
    texts = row.content["texts"]
    return [_remark(code, texts) for code, _about in row.remarks] + [_flag(one, texts) for one in row.content["flags"]]


def report(rows: Sequence[ImportRow], *, kind: str) -> bytes:
    """Every row of a list: its number in the file, what was typed, what was found, what became of it."""
    headings = [_("行号"), _("学校"), _("演练日期"), _("最后一人离开"), _("核对"), _("结果"), _("说明")]
    lines = [
        (
            row.number,
            row.name,
            row.content["texts"].get("day", ""),
            row.content["texts"].get("last_out", ""),
            str(VERDICTS[row.verdict]),
            str(OUTCOMES[row.outcome]) if row.outcome else "",
            str(_("；")).join(remarks_of(row)),
        )
        for row in rows
    ]
    return write_report(headings, lines, kind=kind)
