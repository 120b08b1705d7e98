"""The monthly summary of a district: the same figures and pictures on the page and on the paper for the bureau's meeting."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.formats import full_date
from app.core.i18n import language, localised
from app.documents.kinds import DocumentKind, declare
from app.regulations import queries as regulations
from app.reporting.queries.statistics import STEPS, MonthFigures, Statistics


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure beside those of the month before and of a year ago; empty where there is none."""

    label: str
    now: str
    before: str = ""
    year_ago: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of a picture, or two beside each other; `value` is what the bar says, none where nothing was counted."""

    label: str
    value: int | None = None
    other: int | None = None


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """Everything the summary prints."""

    title_month: str
    lines: tuple[Line, ...]
    by_month: tuple[Bar, ...] = ()
    by_group: tuple[Bar, ...] = ()
    days: tuple[Bar, ...] = ()
    on_time: tuple[Bar, ...] = ()
    as_of: str

    @classmethod
    def sample(cls, language: str) -> Monthly:
        """An invented October."""
        english = language == "en"
        return cls(
            title_month="October 2026" if english else "2026年10月",
            lines=(
                Line(label="Faults found" if english else "发现问题（项）", now="38", before="41", year_ago="52"),
                Line(label="Struck off in time" if english else "按期销号率", now="86%", before="79%"),
            ),
            by_month=tuple(Bar(label=str(m), value=30 + m % 5 * 4, other=26 + m % 4 * 5) for m in range(1, 13)),
            by_group=(
                Bar(label="Extinguishers" if english else "灭火器", value=64),
                Bar(label="Ways out" if english else "疏散通道和安全出口", value=41),
            ),
            days=(Bar(label="0–7", value=40), Bar(label="8–15", value=31), Bar(label="61+", value=2)),
            on_time=tuple(Bar(label=str(m), value=None if m == 2 else 70 + m) for m in range(1, 13)),
            as_of="22 November 2026" if english else "2026年11月22日",
        )


MONTHLY = declare(
    DocumentKind(
        code="monthly_summary",
        title=_l("学校消防安全工作月报"),
        template="documents/monthly_summary.html",
        context=Monthly,
        numbering="{code_word}消月报〔{year}〕第{serial:04d}号",
        copies=_l("供会议使用。数字取自制作时的系统记录。"),
    )
)


def _percent(value: int | None) -> str:
    return f"{value}%" if value is not None else ""


def _month_words(year: int, month: int) -> str:
    return f"{year}-{month:02d}" if language() == "en" else f"{year}年{month}月"


def _lines(told: Statistics) -> tuple[Line, ...]:
    def line(label: str, name: str) -> Line:
        def words(figures: MonthFigures) -> str:
            value = getattr(figures, name)
            return _percent(value) if name == "on_time" else str(value)

        return Line(label=label, now=words(told.now), before=words(told.before), year_ago=words(told.year_ago))

    return (
        Line(label=_("学校（所）"), now=str(told.schools)),
        line(_("检查和复查（次）"), "visits"),
        line(_("检查的学校（所）"), "schools_checked"),
        line(_("发现问题（项）"), "found"),
        line(_("其中当场改正（项）"), "spot"),
        line(_("签发责令改正文书（份）"), "orders"),
        line(_("结束问题（项）"), "closed"),
        line(_("按期销号率"), "on_time"),
        line(_("演练（次）"), "drills"),
        line(_("培训（次）"), "trainings"),
        Line(label=_("目前逾期未改（项）"), now=str(told.overdue)),
    )


def _steps() -> dict[int, str]:
    ends = [*STEPS[1:], None]
    return {first: f"{first}–{end - 1}" if end else f"{first}+" for first, end in zip(STEPS, ends, strict=True)}


def _group(key: str) -> str:
    """What the checklist in force calls a group; a key that it no longer knows stays as it is."""
    try:
        said = regulations.current_checklist().label("categories", key)
    except (KeyError, StopIteration):
        return key
    return localised(said.zh, said.en)


def summary(told: Statistics) -> Monthly:
    """The figures in words, in the language of the moment."""
    steps = _steps()
    words = {key: _group(key) for key, _n in told.by_group}
    return Monthly(
        title_month=_month_words(*told.month),
        lines=_lines(told),
        by_month=tuple(Bar(label=str(month[1]), value=found, other=closed) for month, found, closed in told.by_month),
        by_group=tuple(Bar(label=words[key], value=number) for key, number in told.by_group),
        days=tuple(Bar(label=steps[first], value=number) for first, number in told.days),
        on_time=tuple(Bar(label=str(month[1]), value=share) for month, share in told.on_time),
        as_of=full_date(clock.today()),
    )
