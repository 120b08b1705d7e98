"""What checking a list says about a row, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.schools import labels

SENTENCES: dict[str, Any] = {
    "blank": _l("空行。"),
    "header_again": _l("这一行又是表头。"),
    "sum": _l("合计行，不是学校。"),
    "foot": _l("填表说明，不是学校：%(text)s"),
    "unstorable": _l("“%(field)s”含有不能保存的字符，请在原表中删去。"),
    "no_name": _l("没有学校名称。"),
    "too_long": _l("“%(field)s”有 %(is)s 字，最多 %(most)s 字。"),
    "yes_or_no": _l("“%(field)s”写的是“%(text)s”，看不出是或否。"),
    "no_number": _l("“%(field)s”写的是“%(text)s”，不是人数。"),
    "kind_text": _l("办学类型“%(text)s”不认识，按“其他”登记。"),
    "kind_from_name": _l("没有办学类型，按校名登记为“%(kind)s”。"),
    "kind_unknown": _l("没有办学类型，按“其他”登记。"),
    "area_unknown": _l("区县“%(text)s”不认识，或有多个同名区县。"),
    "area_outside": _l("%(area)s不在本大队辖区。"),
    "area_renamed": _l("旧区划代码 %(old)s，现为%(new)s。"),
    "code_number": _l("代码在表格中是数字，前面的 0 可能已丢失，请核对：%(text)s"),
    "code_damaged": _l("代码在表格中是数字且太长，后几位已被表格软件改成 0：%(text)s"),
    "code_elsewhere": _l("代码 %(code)s 已登记在其他大队的学校。"),
    "repeats_row": _l("与第 %(row)s 行相同。"),
    "contradicts_row": _l("与第 %(row)s 行是同一所学校，但内容不同。"),
    "is_merged": _l("这所学校已并入另一所学校，不再更新。"),
    "is_closed": _l("这所学校在登记册中已撤销。"),
    "like_known": _l("%(why)s：登记册中的“%(name)s”，代码不同，按两所学校处理。"),
    "like_row": _l("%(why)s：第 %(row)s 行“%(name)s”。"),
    "undecided": _l("疑似重复，没有决定，未写入。"),
    "left": _l("按您的决定没有写入。"),
    "not_applied": _l("与登记册不同，没有选择采用。"),
}


def sentence(remark: Iterable[Any]) -> str:
    """One remark in words."""
    code, about = remark
    words = dict(about)
    if "field" in words:
        words["field"] = str(labels.FIELDS.get(words["field"], words["field"]))
    if "why" in words:
        words["why"] = str(labels.WHY_ALIKE[words["why"]])
    if "kind" in words:
        words["kind"] = str(labels.KINDS[words["kind"]])
    return str(SENTENCES[code]) % words
