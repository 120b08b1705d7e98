"""Words of calendars in the reader's language: names of holidays, what is not entered, which clocks moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formats import full_date, moment, weekday
from app.regulations.rules.calendars import ClockMove, Gap
from app.regulations.rules.clocks import CLOCKS as LAW
from app.regulations.rules.clocks import ClockKind, Due, Unit
from app.regulations.rules.items import Evidence

HOLIDAYS = {
    "元旦": _l("元旦"),
    "春节": _l("春节"),
    "清明节": _l("清明节"),
    "劳动节": _l("劳动节"),
    "端午节": _l("端午节"),
    "中秋节": _l("中秋节"),
    "国庆节": _l("国庆节"),
    "藏历新年": _l("藏历新年"),
    "雪顿节": _l("雪顿节"),
}
CLOCKS_NAMED = 5
CLOCKS = {
    ClockKind.SERVE: _l("送达责令限期改正通知书"),
    ClockKind.SERVE_AT_ONCE: _l("当场送达责令立即改正通知书"),
    ClockKind.RECHECK: _l("复查"),
    ClockKind.MAJOR_PROPOSAL: _l("重大火灾隐患集体研究"),
    ClockKind.MAJOR_PROPOSAL_EXPERTS: _l("重大火灾隐患集体研究（专家论证）"),
    ClockKind.MAJOR_NOTICE: _l("制发重大火灾隐患整改通知书"),
    ClockKind.SEAL_DOCUMENT: _l("制发临时查封决定书"),
    ClockKind.SEAL_DOCUMENT_URGENT: _l("紧急查封后补办决定书"),
    ClockKind.SEAL_TERM: _l("临时查封期限"),
    ClockKind.UNSEAL_CHECK: _l("解除查封的检查"),
    ClockKind.UNSEAL_DECISION: _l("解除查封的决定"),
    ClockKind.RESUME_CHECK: _l("恢复使用的检查"),
    ClockKind.RESUME_DECISION: _l("恢复使用的决定"),
    ClockKind.COMPLAINT_URGENT: _l("举报投诉到场核查（紧急）"),
    ClockKind.COMPLAINT: _l("举报投诉到场核查"),
    ClockKind.POLICE_REFERRAL: _l("公安派出所移交"),
    ClockKind.PENALTY_DECISION: _l("行政处罚决定"),
    ClockKind.HEARING_REQUEST: _l("申请听证"),
    ClockKind.FINE_PAYMENT: _l("缴纳罚款"),
}
EVIDENCE = {
    Evidence.FOUND: _l("已见原文"),
    Evidence.KNOWLEDGE: _l("原文待核"),
    Evidence.UNSURE: _l("依据待核"),
    Evidence.PROPOSAL: _l("建议值"),
}


def holiday(name: str) -> str:
    """The name of a holiday in the reader's language; one's own names stay as they were written."""
    return str(HOLIDAYS.get(name, name))


def gap_sentence(gap: Gap) -> str:
    """What is not entered, in a sentence."""
    if gap.holiday:
        return str(_("%(year)s年%(name)s未录入放假安排。", year=gap.year, name=holiday(gap.holiday)))
    return str(_("%(year)s年未录入放假安排，暂按周一至周五为工作日计算。", year=gap.year))


def gap_sentences(gaps: Iterable[Gap]) -> list[str]:
    """All gaps, in sentences."""
    return [gap_sentence(gap) for gap in gaps]


def moves_sentence(moves: tuple[ClockMove, ...]) -> str:
    """Which open clocks moved with a calendar: their number and the first of them with old and new day."""
    if not moves:
        return str(_("没有进行中的期限因此变动。"))
    named = "；".join(
        _(
            "%(label)s：%(before)s → %(after)s",
            label=move.clock.label,
            before=full_date(move.before),
            after=full_date(move.after),
        )
        for move in moves[:CLOCKS_NAMED]
    )
    more = "……" if len(moves) > CLOCKS_NAMED else ""
    return str(_("%(num)s 个期限随之变动：%(named)s%(more)s", num=len(moves), named=named, more=more))


def time_given(kind: ClockKind) -> str:
    """How long the law gives: 3 个工作日."""
    rule = LAW[kind]
    if rule.amount == 0:
        return str(_("当场"))
    words = {
        Unit.WORKDAYS: ngettext("%(num)d 个工作日", "%(num)d 个工作日", rule.amount),
        Unit.DAYS: ngettext("%(num)d 日", "%(num)d 日", rule.amount),
        Unit.HOURS: ngettext("%(num)d 小时", "%(num)d 小时", rule.amount),
    }
    return str(words[rule.unit])


def due_words(due: Due) -> str:
    """Until when: a day with its weekday, or a moment."""
    return moment(due.moment) if due.moment else f"{full_date(due.day)} {weekday(due.day)}"


def time_left(due: Due, *, now: datetime, today: date) -> str:
    """还剩 2 天, 今天到期, 逾期 1 天; hours where hours count."""
    if due.moment is not None:
        hours = round(abs((due.moment - now).total_seconds()) // 3600)
        if due.is_late(now, today):
            return str(ngettext("超时 %(num)d 小时", "超时 %(num)d 小时", hours))
        return str(ngettext("还剩 %(num)d 小时", "还剩 %(num)d 小时", hours))
    days = (due.day - today).days
    if days == 0:
        return str(_("今天到期"))
    if days < 0:
        return str(ngettext("逾期 %(num)d 天", "逾期 %(num)d 天", -days))
    return str(ngettext("还剩 %(num)d 天", "还剩 %(num)d 天", days))
