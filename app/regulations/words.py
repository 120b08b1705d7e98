"""Words of calendars in the reader's language: names of holidays, what is not entered, which clocks moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formats import full_date
from app.regulations import queries
from app.regulations.rules.calendars import ClockMove, Gap, Reckoned, add_workdays

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


def workdays_after(start: date, amount: int, *, area_code: str | None) -> Reckoned:
    """The day on which so many working days have passed at a place, and what is not entered on the way."""
    return add_workdays(start, amount, queries.calendar_of(area_code))


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
