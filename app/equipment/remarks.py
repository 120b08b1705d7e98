"""What checking a list of equipment says about a row, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.equipment import wording
from app.equipment.rules.lists import HEADINGS
from app.imports.models import Outcome, Verdict

#: Fields of a list that are no column of the register and no fact of a specification.
_OWN = {
    "school": _l("学校"),
    "kind": _l("种类"),
    "tag_code": _l("标签编号"),
    "building": _l("建筑"),
    "floor": _l("楼层"),
    "model": _l("规格型号"),
    "rating": _l("灭火级别"),
    "quantity": _l("数量"),
}
SENTENCES: dict[str, Any] = {
    "no_identity": _l("没有编号：校内编号、标签编号、外部编号至少要有一个，下次导入才能对应到同一件。"),
    "no_kind": _l("看不出是哪种器材：“%(text)s”。"),
    "bad_tag": _l("标签编号“%(text)s”不正确，请对照标签核对。"),
    "bad_day": _l("“%(field)s”写的是“%(text)s”，看不出日期，请写成 2023-09 或 2023-09-15。"),
    "bad_fact": _l("“%(field)s”写的是“%(text)s”，看不懂。"),
    "bad_quantity": _l("数量“%(text)s”应是 1 到 %(most)s 的整数。"),
    "one_tag_for_many": _l("一个标签编号不能用于多件器材。"),
    "too_long": _l("“%(field)s”太长，最多 %(most)s 字。"),
    "unstorable": _l("“%(field)s”含有不能保存的字符，请在原表中删去。"),
    "fact_missing": _l("缺少“%(field)s”。"),
    "fact_out_of_range": _l("“%(field)s”的数值不合理。"),
    "fact_not_whole": _l("“%(field)s”应是整数。"),
    "fact_too_long": _l("“%(field)s”太长。"),
    "powder_taken_for_abc": _l("没有注明 ABC 或 BC，按 ABC 干粉登记。"),
    "no_school": _l("没有学校名称。"),
    "unknown_school": _l("登记册中没有“%(text)s”，请先登记这所学校，或核对校名。"),
    "many_schools": _l("有多所学校叫“%(text)s”，请改用学校标识码。"),
    "other_school": _l("“%(text)s”不是正在导入的学校。"),
    "tag_elsewhere": _l("这个标签编号已贴在另一所学校的器材上。"),
    "label_twice": _l("这所学校有几件器材都编号“%(text)s”，分不清是哪一件。"),
    "label_taken": _l("编号“%(text)s”已属于另一件有外部编号的器材。"),
    "retired": _l("这件器材已停用或已更换，不再更新。"),
    "other_kind": _l("登记册中这件器材是另一种类。"),
    "twice_in_list": _l("与第 %(row)s 行是同一件。"),
    "unknown_floor": _l("没有登记这一层：%(text)s。"),
    "new_building": _l("新登记建筑“%(text)s”。"),
    "unknown_building": _l("没有登记建筑“%(text)s”，写入具体位置。"),
    "impossible_day": _l("“%(field)s”%(text)s 不可能，请核对。"),
    "day_before_made": _l("“%(field)s”%(text)s 早于出厂日期。"),
}
VERDICTS = {
    Verdict.NEW: _l("新增"),
    Verdict.CHANGED: _l("更新"),
    Verdict.UNCHANGED: _l("没有变化"),
    Verdict.ERROR: _l("有错误"),
}
VERDICT_LOOKS = {Verdict.NEW: "ok", Verdict.CHANGED: "info", Verdict.UNCHANGED: "na", Verdict.ERROR: "bad"}
OUTCOMES = {
    Outcome.ADDED: _l("已新增"),
    Outcome.UPDATED: _l("已更新"),
    Outcome.UNCHANGED: _l("没有变化"),
    Outcome.REJECTED: _l("未写入"),
}


def field_words(name: str) -> str:
    """What a field of a list is called."""
    if name in _OWN:
        return str(_OWN[name])
    return str(wording.COLUMNS[name]) if name in wording.COLUMNS else wording.short_fact(name)


def field_choices() -> list[tuple[str, str]]:
    """Every field that a column can be, with its name."""
    return [("", str(_("不导入"))), *((name, field_words(name)) for name in HEADINGS)]


def sentence(remark: Iterable[Any]) -> str:
    """One remark in words."""
    code, about = remark
    words = dict(about)
    if "field" in words:
        words["field"] = field_words(words["field"])
    return str(SENTENCES[code]) % words


def sentences(remarks: Iterable[Iterable[Any]]) -> str:
    """All remarks about a row."""
    return " ".join(sentence(remark) for remark in remarks)
