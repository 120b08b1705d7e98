"""How patrols and own checks read in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.selfchecks.rules.checks import CheckForm, Match
from app.selfchecks.rules.rounds import Ended, Gap, Origin, RouteKind

KINDS = {RouteKind.DAILY: _l("每日巡查"), RouteKind.NIGHT: _l("夜间巡查"), RouteKind.KEY: _l("重点场所巡查")}
ENDED = {
    Ended.WALKING: _l("巡查中"),
    Ended.WHOLE: _l("全部走到"),
    Ended.SHORT: _l("没有走全"),
    Ended.LEFT: _l("没有结束"),
}
ENDED_LOOKS = {Ended.WALKING: "info", Ended.WHOLE: "ok", Ended.SHORT: "warn", Ended.LEFT: "warn"}
ORIGINS = {Origin.SCAN: _l("扫码"), Origin.TYPE: _l("输入编号"), Origin.TAP: _l("点选"), Origin.PAPER: _l("纸质")}

FORMS = {
    CheckForm.MONTHLY: _l("每月自查"),
    CheckForm.WARDEN: _l("宿舍管理员岗位清单"),
    CheckForm.KITCHEN: _l("食堂厨房岗位清单"),
    CheckForm.CONTROL_ROOM: _l("消防控制室岗位清单"),
}
MATCHES = {
    Match.AGREES: _l("结论一致，合格"),
    Match.REPORTED: _l("学校已先发现"),
    Match.MISSED: _l("学校自查合格，大队查出问题"),
    Match.STRICTER: _l("学校自查不合格，检查时合格"),
}
MATCH_LOOKS = {Match.AGREES: "ok", Match.REPORTED: "info", Match.MISSED: "warn", Match.STRICTER: "na"}


def length(gap: Gap) -> str:
    """How long a gap was: 2 小时 35 分."""
    hours, minutes = divmod(gap.minutes, 60)
    whole = str(ngettext("%(num)d 小时", "%(num)d 小时", hours))
    return f"{whole} {_('%(num)d 分', num=minutes)}" if minutes else whole
