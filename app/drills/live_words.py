"""How a live drill reads: which class misses how many, what became of a tap."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formats import time_of_day
from app.drills.rules.live import Standing, Tap, TapKind
from app.drills.service.live import TapStatus

STATUSES = {
    TapStatus.KEPT: _l("已记下。"),
    TapStatus.SAME: _l("已经记过，没有重复记录。"),
    TapStatus.EARLY: _l("还没有发出信号，没有记下。"),
    TapStatus.REFUSED: _l("没有记下：这一下与方案不符，或已不能撤回。"),
}
TAPS = {
    TapKind.SIGNAL: _l("发出信号"),
    TapKind.FIRST_OUT: _l("第一人离开"),
    TapKind.LAST_OUT: _l("最后一人离开"),
    TapKind.STAIR: _l("楼梯清空"),
    TapKind.HEADS: _l("清点人数"),
    TapKind.FINISH: _l("结束演练"),
}


def tap(one: Tap, name: str) -> str:
    """One tap in words, with who tapped."""
    said = str(TAPS[one.kind])
    if one.kind is TapKind.HEADS:
        said = _("%(name)s 清点到 %(count)d 人", name=name, count=one.present or 0)
    elif name:
        said = _("%(name)s 清空", name=name)
    return f"{said} · {one.by}"


def summary(standing: Standing) -> dict[str, str]:
    """Since when it goes on, who is missing, how many classes have not reported; and how good or bad that looks."""
    short = [(one.line.name, one.missing) for one in standing.classes if one.missing]
    silent = len(standing.classes) - standing.reported
    missing = "；".join(_("%(name)s 缺 %(count)d 人", name=name, count=count) for name, count in short)
    look = "bad" if missing else "info" if silent else "ok"
    return {
        "look": look,
        "signal": _signal(standing.signal_at),
        "missing": _("全部班级已清点，没有缺少的人。") if look == "ok" else missing,
        "silent": ngettext("还有 %(num)d 个班没有报告", "还有 %(num)d 个班没有报告", silent) if silent else "",
    }


def _signal(at: datetime | None) -> str:
    return str(_("信号 %(when)s", when=time_of_day(at)) if at else _("还没有发出信号"))
