"""How measures read in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.measures.models import Measure
from app.measures.rules import MeasureKind, MeasureState
from app.schools.labels import KINDS as SCHOOL_KINDS
from app.schools.models import SchoolKind

KINDS = {
    MeasureKind.VISITS: _l("出行（次）"),
    MeasureKind.INSPECTIONS: _l("检查（次）"),
    MeasureKind.DRILLS: _l("演练（次）"),
    MeasureKind.TRAININGS: _l("培训（次）"),
    MeasureKind.OTHER: _l("其他，不自动统计"),
}
STATES = {
    MeasureState.PLANNED: _l("计划中"),
    MeasureState.LATE: _l("逾期未完成"),
    MeasureState.DONE: _l("已完成"),
    MeasureState.DONE_LATE: _l("逾期完成"),
    MeasureState.CANCELLED: _l("已取消"),
}
LOOKS = {
    MeasureState.PLANNED: "info",
    MeasureState.LATE: "bad",
    MeasureState.DONE: "ok",
    MeasureState.DONE_LATE: "warn",
    MeasureState.CANCELLED: "na",
}


def period(year: int, quarter: int | None) -> str:
    """The year, or one of its quarters."""
    if quarter is None:
        return str(_("%(year)d年全年", year=year))
    return str(_("%(year)d年第%(quarter)d季度", year=year, quarter=quarter))


def schools_of(measure: Measure, team: str) -> str:
    """For which schools it is."""
    kinds = "、".join(str(SCHOOL_KINDS[SchoolKind(one)]) for one in measure.school_kinds)
    parts = [part for part in (kinds, str(_("“%(team)s”的学校", team=team)) if team else "") if part]
    return "，".join(parts) or str(_("全部学校"))
