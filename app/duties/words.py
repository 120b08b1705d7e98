"""How duties read in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core.formats import full_date
from app.duties.rules.counting import Standing, Stood, Tally
from app.duties.rules.duties import Source
from app.duties.rules.holders import Post
from app.duties.rules.periods import Per, Period
from app.duties.rules.trainings import Due

POSTS = {
    Post.RESPONSIBLE: _l("消防安全责任人（校长）"),
    Post.MANAGER: _l("消防安全管理人"),
    Post.SAFETY_OFFICER: _l("安全干事"),
    Post.CONTROL_ROOM: _l("消防控制室值班员"),
    Post.GUARD: _l("门卫、保安"),
    Post.WARDEN: _l("宿管"),
    Post.CANTEEN: _l("食堂（厨房）负责人"),
    Post.LAB: _l("实验室负责人"),
    Post.MAINTENANCE: _l("消防设施维护人员"),
    Post.TEACHER: _l("班主任、教师"),
    Post.OTHER: _l("其他岗位"),
}
PERS = {
    Per.HOUR: _l("每隔数小时"),
    Per.DAY: _l("每日"),
    Per.WEEK: _l("每周"),
    Per.HALF_MONTH: _l("每半月"),
    Per.MONTH: _l("每月"),
    Per.QUARTER: _l("每季度"),
    Per.HALF_YEAR: _l("每半年"),
    Per.YEAR: _l("每年"),
    Per.SCHOOL_YEAR: _l("每学年"),
    Per.TERM: _l("每学期"),
    Per.NEW_POST: _l("每次上岗、转岗前"),
}
STANDINGS = {
    Standing.MET: _l("已完成"),
    Standing.LATE: _l("逾期后补做"),
    Standing.MISSED: _l("未按期完成"),
    Standing.SOON: _l("即将到期"),
    Standing.OPEN: _l("进行中"),
    Standing.AHEAD: _l("未开始"),
}
LOOKS = {
    Standing.MET: "ok",
    Standing.LATE: "warn",
    Standing.MISSED: "bad",
    Standing.SOON: "warn",
    Standing.OPEN: "info",
    Standing.AHEAD: "na",
}
SIGNS = {
    Standing.MET: "✓",
    Standing.LATE: "◆",
    Standing.MISSED: "●",
    Standing.SOON: "◆",
    Standing.OPEN: "○",
    Standing.AHEAD: "·",
}
SOURCES = {
    Source.DRILL: _l("登记演练"),
    Source.TRAINING: _l("登记培训"),
    Source.SELF_CHECK: _l("登记自查"),
    Source.REPORT: _l("登记检测"),
}

DUES = {
    Due.OVERDUE: _l("已逾期"),
    Due.NEVER: _l("没有记录"),
    Due.SOON: _l("即将到期"),
    Due.OPEN: _l("待完成"),
    Due.DONE: _l("有效"),
}
DUE_LOOKS = {Due.OVERDUE: "bad", Due.NEVER: "na", Due.SOON: "warn", Due.OPEN: "info", Due.DONE: "ok"}


def due_look(due: Due, *, informs: bool) -> str:
    """The colour of a training; what only informs is never red."""
    return "na" if informs and due is Due.OVERDUE else DUE_LOOKS[due]


def period_text(period: Period) -> str:
    """A period for people: its own name, one day, a whole month, or from and to."""
    if period.name:
        return period.name
    if period.start == period.end:
        return full_date(period.start)
    return str(_("%(start)s至%(end)s", start=full_date(period.start), end=full_date(period.end)))


def left_text(stood: Stood, today: date) -> str:
    """How a period stands, with its days: what is left, or when it was made up for."""
    if stood.late_on:
        return str(_("逾期，%(day)s补做", day=full_date(stood.late_on)))
    if stood.standing in (Standing.SOON, Standing.OPEN):
        left = (stood.period.end - today).days
        return str(ngettext("还剩 %(num)d 天", "还剩 %(num)d 天", left) if left else _("今天截止"))
    if stood.entered_late:
        return str(_("按期完成，事后登记"))
    return str(STANDINGS[stood.standing])


def done_words(sums: Tally) -> str:
    """How much is done of what is owed: the figures of the cell, and how much of that has not begun yet."""
    owed = sums.owed + sums.ahead
    if sums.ahead:
        return str(
            _(
                "应完成 %(owed)d 项（%(ahead)d 项还没有开始），已完成 %(met)d 项",
                owed=owed,
                ahead=sums.ahead,
                met=sums.met,
            )
        )
    return str(_("应完成 %(owed)d 项，已完成 %(met)d 项", owed=owed, met=sums.met))


def cell_words(sums: Tally) -> str:
    """What a cell of a grid says to who cannot see its colour."""
    worst = sums.worst
    if worst is None:
        return str(_("无应尽职责"))
    return f"{STANDINGS[worst]}：{done_words(sums)}" if worst is not Standing.AHEAD else str(STANDINGS[worst])
