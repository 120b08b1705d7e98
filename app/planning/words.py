"""The words for visits and complaints."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.core.formats import full_date, moment, weekday
from app.planning.models.visits import DayPart, VisitKind, VisitState
from app.planning.rules.complaints import (
    Act,
    ComplaintKind,
    ComplaintState,
    Intake,
    Outcome,
    ReplyChannel,
)
from app.regulations.rules.clocks import Due

STATES = {
    VisitState.PLANNED: _l("已计划"),
    VisitState.UNDER_WAY: _l("进行中"),
    VisitState.DONE: _l("已完成"),
    VisitState.CANCELLED: _l("已取消"),
}
LOOKS = {
    VisitState.PLANNED: "info",
    VisitState.UNDER_WAY: "warn",
    VisitState.DONE: "ok",
    VisitState.CANCELLED: "na",
}
PARTS = {DayPart.MORNING: _l("上午"), DayPart.AFTERNOON: _l("下午")}
VISIT_KINDS = {
    VisitKind.CHECK: _l("检查"),
    VisitKind.COMPLAINT: _l("举报投诉核查"),
    VisitKind.RECHECK: _l("复查"),
    VisitKind.MIDTERM: _l("期中检查"),
    VisitKind.LOOK_BACK: _l("回头看"),
    VisitKind.SAMPLE: _l("抽查核实"),
    VisitKind.OTHER: _l("其他"),
}

KINDS = {
    ComplaintKind.BLOCKED: _l("疏散通道、安全出口被堵塞或锁闭"),
    ComplaintKind.STOPPED: _l("消防设施被擅自停用"),
    ComplaintKind.LANE: _l("消防车通道被占用"),
    ComplaintKind.EQUIPMENT: _l("消防设施、器材损坏、缺少或过期"),
    ComplaintKind.ELECTRIC: _l("用电、用气、用火不安全"),
    ComplaintKind.OTHER: _l("其他消防安全问题"),
}
#: The same in a few characters, for the heads of columns.
SHORT_KINDS = {
    ComplaintKind.BLOCKED: _l("疏散通道"),
    ComplaintKind.STOPPED: _l("设施停用"),
    ComplaintKind.LANE: _l("消防车通道"),
    ComplaintKind.EQUIPMENT: _l("设施器材"),
    ComplaintKind.ELECTRIC: _l("电、气、火"),
    ComplaintKind.OTHER: lazy_pgettext("complaint", "其他"),
}
INTAKES = {
    Intake.PHONE: _l("电话"),
    Intake.LETTER: _l("来信"),
    Intake.IN_PERSON: _l("来访"),
    Intake.WALL: _l("扫墙上二维码"),
    Intake.OFFICE: _l("其他单位转来"),
}
COMPLAINT_STATES = {
    ComplaintState.RECEIVED: _l("待受理"),
    ComplaintState.ACCEPTED: _l("已受理"),
    ComplaintState.TRANSFERRED: _l("已移送"),
    ComplaintState.REJECTED: _l("不受理"),
    ComplaintState.PLANNED: _l("已安排核查"),
    ComplaintState.VISITED: _l("已现场核查"),
    ComplaintState.REPLIED: _l("已答复"),
    ComplaintState.CLOSED: _l("已办结"),
}
COMPLAINT_LOOKS = {
    ComplaintState.RECEIVED: "warn",
    ComplaintState.ACCEPTED: "warn",
    ComplaintState.PLANNED: "info",
    ComplaintState.VISITED: "info",
    ComplaintState.TRANSFERRED: "info",
    ComplaintState.REJECTED: "na",
    ComplaintState.REPLIED: "ok",
    ComplaintState.CLOSED: "na",
}
#: What somebody with the receipt of a complaint from the wall is told of where it stands.
PUBLIC_STATES = {
    ComplaintState.RECEIVED: _l("已收到，等待受理"),
    ComplaintState.ACCEPTED: _l("已受理，正在安排现场核查"),
    ComplaintState.PLANNED: _l("已受理，正在安排现场核查"),
    ComplaintState.VISITED: _l("已现场核查，正在处理"),
    ComplaintState.TRANSFERRED: _l("已移送有关单位处理"),
    ComplaintState.REJECTED: _l("不属于受理范围，正在答复"),
    ComplaintState.REPLIED: _l("已答复"),
    ComplaintState.CLOSED: _l("已办结"),
}
OUTCOMES = {
    Outcome.CONFIRMED: _l("属实"),
    Outcome.PARTLY: _l("部分属实"),
    Outcome.UNFOUNDED: _l("不属实"),
    Outcome.TRANSFERRED: _l("移送其他单位"),
    Outcome.REJECTED: _l("不受理"),
}
CHANNELS = {
    ReplyChannel.PHONE: _l("电话"),
    ReplyChannel.LETTER: _l("书面"),
    ReplyChannel.IN_PERSON: _l("当面"),
    ReplyChannel.MESSAGE: _l("短信或微信"),
    ReplyChannel.OFFICE: _l("回复转来单位"),
    ReplyChannel.PAGE: _l("回执页面"),
    ReplyChannel.NONE: _l("无法告知（在内容中写明原因）"),
}
#: The lines of a complaint's timeline.
EVENTS = {
    "receive": _l("接到投诉"),
    "name_school": _l("指明学校"),
    "show_complainant": _l("查看投诉人信息"),
    "link": _l("与同一问题的投诉并联"),
    Act.ACCEPT.value: _l("受理"),
    Act.TRANSFER.value: _l("移送"),
    Act.REJECT.value: _l("不受理"),
    Act.PLAN.value: _l("安排核查"),
    Act.UNPLAN.value: _l("取消核查安排"),
    Act.ARRIVE.value: _l("到现场核查"),
    Act.REPLY.value: _l("答复"),
    Act.RETAKE.value: _l("收回办理"),
    Act.CLOSE.value: _l("办结"),
}


def due_words(due: Due) -> str:
    """Until when somebody must be on site: to the minute where hours count, else the end of a day."""
    if due.moment is not None:
        return moment(due.moment)
    return f"{full_date(due.day)} {weekday(due.day)}"


def rule_words(kind: ComplaintKind, urgent: frozenset[ComplaintKind]) -> str:
    """How soon somebody comes, as the law has it."""
    return str(_("24 小时内到场核查") if kind in urgent else _("3 个工作日内到场核查"))


#: Which words of a timeline's detail are enumerated, and what they are called.
_SAID = {
    "intake": {one.value: label for one, label in INTAKES.items()},
    "kind": {one.value: label for one, label in KINDS.items()},
    "outcome": {one.value: label for one, label in OUTCOMES.items()},
    "channel": {one.value: label for one, label in CHANNELS.items()},
}
_TYPED = ("to", "school", "first", "on", "reason")


def event_words(act: str, detail: dict[str, str]) -> str:
    """One line of the timeline, without its time and person."""
    more = [str(labels.get(detail[name], detail[name])) for name, labels in _SAID.items() if detail.get(name)]
    more += [detail[name] for name in _TYPED if detail.get(name)]
    said = str(EVENTS.get(act, act))
    return f"{said}{_('：')}{_('，').join(more)}" if more else said
