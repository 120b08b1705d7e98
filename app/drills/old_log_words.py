"""The words for drills of former years: fields, and what is doubtful in a row beside what every log has."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.logbook.old_words import OldWords

WORDS = OldWords(
    fields={
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
    },
    flags={
        "kind:unknown": _l("看不出演练类型，按其他演练登记，不计入疏散演练"),
        "times:contradict": _l("几个用时互相矛盾，都只保存原文"),
    },
    remarks={"no_day": _l("没有演练日期。")},
    shown=("day", "last_out"),
)
