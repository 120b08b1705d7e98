"""How findings read: states, colours with their reason, gravity, handling and outcomes in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

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
    Handling.SPOT: _l("当场改正"),
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
        Why.NOT_ACCEPTED: _("复查仍未改正"),
        Why.NO_DEADLINE: _("未定期限"),
        Why.CLOSED: _("已结束"),
    }
    return str(words[standing.why])
