"""How drills read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.drills.rules import DrillKind, Hint, Mistake

KINDS = {
    DrillKind.EVACUATION: _l("应急疏散演练"),
    DrillKind.FIRE_PLAN: _l("灭火和应急疏散预案演练"),
    DrillKind.NIGHT: _l("夜间疏散演练"),
    DrillKind.EXTINGUISHER: _l("灭火器材使用演练"),
    DrillKind.SCHOOL_BUS: _l("校车逃生演练"),
    DrillKind.EARTHQUAKE: _l("地震疏散演练"),
    DrillKind.OTHER: _l("其他演练"),
}
MISTAKES = {
    Mistake.LAST_BEFORE_FIRST: ("last_out", _l("最后一人离开的时间不能早于第一人离开。")),
    Mistake.COUNTED_BEFORE_LAST: ("counted", _l("清点完毕的时间不能早于最后一人离开。")),
}
HINTS = {
    Hint.MORE_COUNTED_THAN_PRESENT: _l("清点到的人数多于在校人数，请核对。"),
    Hint.MORE_PRESENT_THAN_EXPECTED: _l("在校人数多于应到人数，请核对。"),
    Hint.NOBODY_COUNTED: _l("没有清点人数。演练应在集合点清点到每一个人。"),
    Hint.FASTER_THAN_STAIRS: _l("用时短于按楼梯宽度估算的时间，请核对人数和时间（估算仅供参考）。"),
    Hint.VERY_LONG: _l("疏散用时超过 30 分钟，请核对。"),
}
