"""How findings read: states, colours with their reason, gravity, handling and outcomes in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formats import full_date, weekday
from app.core.i18n import language
from app.rectification.rules.deadlines import Doubt, NoSchool
from app.rectification.rules.findings import (
    ClosedHow,
    Colour,
    Handling,
    RecheckOutcome,
    Severity,
    Standing,
    State,
    Why,
)
from app.regulations.words import holiday

STATES = {
    State.OPEN: _l("整改中"),
    State.DUE_SOON: _l("临近到期"),
    State.EVIDENCE_SENT: _l("已报送整改"),
    State.OVERDUE: _l("逾期未改"),
    State.CLOSED: _l("已结束"),
}
#: The look of a state's tag.
LOOKS = {
    State.OPEN: "na",
    State.DUE_SOON: "warn",
    State.EVIDENCE_SENT: "info",
    State.OVERDUE: "bad",
    State.CLOSED: "ok",
}
COLOURS = {Colour.RED: _l("红"), Colour.YELLOW: _l("黄"), Colour.GREEN: _l("绿")}
SEVERITIES = {Severity.CRITICAL: _l("重大"), Severity.MAJOR: _l("较大"), Severity.MINOR: _l("一般")}
HANDLINGS = {
    Handling.SPOT: _l("责令当场改正"),
    Handling.ORDER_IMMEDIATE: _l("责令立即改正"),
    Handling.ORDER_LIMITED: _l("责令限期改正"),
    Handling.ADVISE: _l("建议改进"),
    Handling.TRANSFER: _l("移送主管部门"),
    Handling.RECORD: _l("记录在案"),
}
OUTCOMES = {
    RecheckOutcome.CORRECTED: _l("已改正"),
    RecheckOutcome.PARTLY: _l("部分改正"),
    RecheckOutcome.NOT_CORRECTED: _l("未改正"),
}
CLOSINGS = {
    ClosedHow.SPOT: _l("当场改正"),
    ClosedHow.RECHECK: _l("复查合格，已销号"),
    ClosedHow.WITHDRAWN: _l("已撤回"),
}


def reason(standing: Standing) -> str:
    """Why a finding has its colour."""
    days = standing.days or 0
    if standing.why is Why.OVERDUE:
        return str(ngettext("逾期 %(num)d 天", "逾期 %(num)d 天", -days))
    if standing.why in (Why.NEAR, Why.IN_TIME):
        return str(ngettext("还剩 %(num)d 天", "还剩 %(num)d 天", days))
    words = {
        Why.LAST_DAY: _("今天到期"),
        Why.RETURNED: _("材料已退回，请补充后重新报送"),
        Why.NOT_ACCEPTED: _("复查仍未改正"),
        Why.NO_DEADLINE: _("未定期限"),
        Why.CLOSED: _("已结束"),
    }
    return str(words[standing.why])


def with_weekday(day: date) -> str:
    """2026年11月30日（星期一）."""
    return f"{full_date(day)} ({weekday(day)})" if language() == "en" else f"{full_date(day)}（{weekday(day)}）"


def _why_no_school(doubt: Doubt) -> str:
    day = with_weekday(doubt.day)
    if doubt.why is NoSchool.VACATION:
        return str(_("%(day)s 在学校假期中。", day=day))
    if doubt.holiday:
        return str(_("%(day)s %(holiday)s放假，不上课。", day=day, holiday=holiday(doubt.holiday)))
    return str(_("%(day)s 不上课。", day=day))


def doubt(asked: Doubt) -> str:
    """The question about a date that is no school day: why, and which days there are instead. Nothing moves by itself."""
    why, before, after = _why_no_school(asked), asked.before, asked.after
    if asked.blocks_way_out:
        if before:
            said = _(
                "妨碍疏散的问题不推到放假以后，建议 %(before)s 前改正，或仍定这一天。", before=with_weekday(before)
            )
        else:
            said = _("妨碍疏散的问题不推到放假以后，请仍定这一天或更早。")
    elif before and after:
        said = _(
            "可改为 %(before)s 或 %(after)s，或仍定这一天，请核对。",
            before=with_weekday(before),
            after=with_weekday(after),
        )
    elif after:
        said = _("可改为 %(after)s，或仍定这一天，请核对。", after=with_weekday(after))
    else:
        said = _("请核对是否仍定这一天。")
    return f"{why} {said}" if language() == "en" else f"{why}{said}"
