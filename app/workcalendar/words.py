"""The words of the calendar."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.workcalendar.rules import Clash, Kind

KINDS = {
    Kind.VISIT: _l("出行"),
    Kind.DRILL: _l("演练"),
    Kind.TRAINING: _l("培训"),
    Kind.TASK: _l("任务到期"),
    Kind.DEADLINE: _l("整改到期"),
}
#: In the narrow cells of a month.
SHORT = {
    Kind.VISIT: lazy_pgettext("calendar", "出行"),
    Kind.DRILL: lazy_pgettext("calendar", "演练"),
    Kind.TRAINING: lazy_pgettext("calendar", "培训"),
    Kind.TASK: lazy_pgettext("calendar", "任务"),
    Kind.DEADLINE: lazy_pgettext("calendar", "整改"),
}
CLASHES = {
    Clash.SAME_HALF: _l("同一名人员同一个半天有两项安排"),
    Clash.DAY_FULL: _l("同一名人员一天超过两项安排"),
    Clash.SCHOOL_TWICE: _l("同一所学校同一天有两次出行"),
    Clash.DAY_OFF: _l("休息日"),
    Clash.NO_SCHOOL: _l("学校不上课"),
    Clash.TOO_LATE: _l("晚于复查期限"),
    Clash.NO_OFFICER: _l("人员已不在岗，请另行安排"),
}
WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
