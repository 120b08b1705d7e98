"""How tasks read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tasks.rules import Colour, State, TaskKind

KINDS = {
    TaskKind.COMMON: _l("统一任务"),
    TaskKind.INDIVIDUAL: _l("个别任务"),
    TaskKind.AD_HOC: _l("临时任务"),
}
STATES = {
    State.SENT: _l("未读"),
    State.READ: _l("已读"),
    State.REPORTED: _l("已报告，待审看"),
    State.RETURNED: _l("已退回"),
    State.ACCEPTED: _l("已通过"),
}
LOOKS = {
    State.SENT: "na",
    State.READ: "info",
    State.REPORTED: "warn",
    State.RETURNED: "bad",
    State.ACCEPTED: "ok",
}
COLOURS = {
    Colour.RED: _l("逾期未报"),
    Colour.YELLOW: _l("临近、待审看或退回"),
    Colour.GREEN: _l("正常或已通过"),
}
ACTS = {
    "sent": _l("下发"),
    "read": _l("阅读"),
    "report": _l("报告完成"),
    "accept": _l("通过"),
    "return": _l("退回"),
    "look": _l("抽查属实"),
    "look_false": _l("抽查不属实，退回"),
}
