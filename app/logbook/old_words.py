"""The words for a list of a log's former entries: what is doubtful in a row, what became of it; and the report of a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.tables import write_report
from app.imports.models import ImportRow, Outcome, Verdict
from app.imports.words import DAYS
from app.logbook.reading import Doubt

DOUBTS: dict[str, Any] = {
    Doubt.RANGE: _l("是一个范围"),
    Doubt.ABOUT: _l("是约数"),
    Doubt.NO_UNIT: _l("没有写是分还是秒"),
    Doubt.TOO_LONG: _l("过大"),
    Doubt.IMPOSSIBLE: _l("没有这样的时间"),
    Doubt.UNREADABLE: _l("看不出数值"),
}
REMARKS: dict[str, Any] = {
    "no_school": _l("没有学校名称或标识码。"),
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


@dataclass(frozen=True)
class OldWords:
    """One log's own words: its fields, its doubts and remarks beside the common ones, the fields a row is shown by."""

    fields: Mapping[str, Any]
    flags: Mapping[str, Any]
    remarks: Mapping[str, Any]
    shown: Sequence[str]
    doubts: Mapping[str, Any] = field(default_factory=dict)

    def _typed(self, name: str, texts: Mapping[str, str], doubt: object) -> str:
        said = {"field": self.fields.get(name, name), "text": texts.get(name, ""), "doubt": doubt}
        return str(_("%(field)s“%(text)s”%(doubt)s", **said))

    def flag(self, flag: str, texts: Mapping[str, str]) -> str:
        """What is doubtful, in a sentence with what was typed."""
        if flag in self.flags:
            return str(self.flags[flag])
        name, _sign, doubt = flag.partition(":")
        return self._typed(name, texts, self.doubts.get(doubt, DOUBTS.get(doubt, doubt)))

    def flags_of(self, flags: Collection[str], texts: Mapping[str, str]) -> list[str]:
        """All that is doubtful in a row."""
        return [self.flag(one, texts) for one in flags]

    def _remark(self, code: str, texts: Mapping[str, str]) -> str:
        if code.startswith("day:"):
            return self._typed("day", texts, DAYS.get(code.removeprefix("day:"), ""))
        return str(self.remarks.get(code, REMARKS.get(code, code)))

    def remarks_of(self, row: ImportRow) -> list[str]:
        """What checking says of a row: why it is no entry, and what of it stays as typed."""
        texts = row.content["texts"]
        return [self._remark(code, texts) for code, _about in row.remarks] + self.flags_of(row.content["flags"], texts)

    def report(self, rows: Sequence[ImportRow], *, kind: str) -> bytes:
        """Every row of a list: its number in the file, what was typed, what was found, what became of it."""
        typed = [str(self.fields[name]) for name in self.shown]
        headings = [_("行号"), _("学校"), *typed, _("核对"), _("结果"), _("说明")]
        lines = [
            (
                row.number,
                row.name,
                *(row.content["texts"].get(name, "") for name in self.shown),
                str(VERDICTS[row.verdict]),
                str(OUTCOMES[row.outcome]) if row.outcome else "",
                str(_("；")).join(self.remarks_of(row)),
            )
            for row in rows
        ]
        return write_report(headings, lines, kind=kind)
