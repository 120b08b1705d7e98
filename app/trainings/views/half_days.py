"""The brigade's weekly half day of fire education: a year in weeks, what is planned, statistics."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock, paging
from app.logbook.pages import neighbours
from app.trainings.queries import half_days as queries
from app.trainings.rules.half_days import WeekState
from app.trainings.views import bp


def _year() -> int:
    """The year that the address names, this one if it names none that can be."""
    asked, this = request.args.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and this - 5 <= int(asked) <= this + 1 else this


@bp.get("/trainings/half-days")
@requires(Permission.SEE_MEASURES)
def half_days() -> ResponseReturnValue:
    """Which weeks had their half day and which did not, what lies ahead, by officer and by school."""
    if viewer.own_brigade_id is None:
        abort(404)
    year, this = _year(), clock.today().year
    found = queries.year_of(viewer.own_brigade_id, year)
    page = paging.cut(found.schools, place=lambda one: one.place, key=request.args.get("page"))
    return render_template(
        "trainings/half_days.html",
        found=found,
        year=year,
        years=range(this - 2, this + 2),
        schools=page.rows,
        week_state=WeekState,
        **neighbours(".half_days", page),
    )
