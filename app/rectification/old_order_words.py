"""The words for orders of former years: fields, what is doubtful in a row, what became of it; and the report of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.tables import write_report
from app.imports.models import ImportRow, Outcome, Verdict
from app.imports.words import DAYS

FIELDS: dict[str, Any] = {
    "number": _l("文书编号"),
    "school": _l("学校名称"),
    "school_code": _l("学校标识码"),
    "kind": _l("文书种类"),
    "issued": _l("下发日期"),
    "items": _l("存在问题"),
    "deadline": _l("整改期限"),
    "closed": _l("销号日期"),
    "result": _l("整改结果"),
    "officers": _l("检查人员"),
    "note": _l("备注"),
}
#: What else is doubtful in a row.
OTHER_DOUBTS: dict[str, Any] = {
    "number:missing": _l("没有文书编号"),
    "kind:assumed": _l("看不出文书种类，按责令限期改正登记"),
    "result:unclear": _l("整改结果看不出是否已改正，按未销号登记"),
    "result:contradicts": _l("写了销号日期，结果却是未改正，按未销号登记"),
    "deadline:missing": _l("没有整改期限"),
}
REMARKS: dict[str, Any] = {
    "no_school": _l("没有学校名称或标识码。"),
    "says_nothing": _l("既没有文书编号，也没有存在问题。"),
    "too_long": _l("有一格超过 2000 字，请在原表中缩短。"),
    "unknown_school": _l("登记册中没有这所学校，请先登记，或核对校名。"),
    "known": _l("以前已导入过，不再重复。"),
    "twice": _l("清单中前面已有相同的一行。"),
}
VERDICTS = {
    Verdict.NEW: _l("新增"),
    Verdict.LIKELY: _l("请指明学校"),
    Verdict.UNCHANGED: _l("已导入过"),
    Verdict.DUPLICATE: _l("表内重复"),
    Verdict.ERROR: _l("有错误"),
}
VERDICT_LOOKS = {
    Verdict.NEW: "ok",
    Verdict.LIKELY: "warn",
    Verdict.UNCHANGED: "na",
    Verdict.DUPLICATE: "na",
    Verdict.ERROR: "bad",
}
OUTCOMES = {
    Outcome.ADDED: _l("已登记"),
    Outcome.UNCHANGED: _l("已导入过"),
    Outcome.DUPLICATE: _l("表内重复"),
    Outcome.REJECTED: _l("未导入"),
    Outcome.LEFT: _l("未采用"),
}


def flag_sentence(flag: str, source: dict[str, str] | None = None) -> str:
    """One doubt in words, with what was typed where that is at hand."""
    if flag in OTHER_DOUBTS:
        return str(OTHER_DOUBTS[flag])
    name, _sign, doubt = flag.partition(":")
    typed = (source or {}).get(name, "")
    known = DAYS.get(doubt, doubt)
    if typed:
        return str(_("%(field)s“%(text)s”%(doubt)s", field=FIELDS.get(name, name), text=typed, doubt=known))
    return str(_("%(field)s：%(doubt)s", field=FIELDS.get(name, name), doubt=known))


def flag_sentences(flags: Iterable[str], texts: dict[str, str] | None = None) -> list[str]:
    """All doubts of a row or an order."""
    return [flag_sentence(flag, texts) for flag in flags]


def remarks_of(row: ImportRow) -> list[str]:
    """What checking says of a row: why it is no order yet, and what is doubtful in it."""
    said = [str(REMARKS.get(code, code)) for code, _about in row.remarks]
    return said + flag_sentences(row.content["flags"], row.content["texts"])


def report(rows: Sequence[ImportRow], *, kind: str) -> bytes:
    """Every row of a list: its number in the file, what was typed, what was found, what became of it."""
    headings = [_("行号"), _("文书编号"), _("学校"), _("核对"), _("结果"), _("说明")]
    lines = [
        (
            row.number,
            row.name,
            row.content["texts"].get("school") or row.content["texts"].get("school_code", ""),
            str(VERDICTS[row.verdict]),
            str(OUTCOMES[row.outcome]) if row.outcome else "",
            str(_("；")).join(remarks_of(row)),
        )
        for row in rows
    ]
    return write_report(headings, lines, kind=kind)
