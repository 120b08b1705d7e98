"""The year of a district and of one school."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.web import found
from app.duties.forms import GridForm
from app.duties.queries import records
from app.duties.queries import standing as queries
from app.duties.rules.duties import Source
from app.duties.views import bp
from app.logbook.pages import neighbours
from app.regulations.rules.calendars import is_in_term
from app.schools import queries as schools


def _year() -> int:
    """The year that the address names, this one if it names none that can be."""
    asked = request.args.get("year", "")
    this = clock.today().year
    return int(asked) if asked.isdecimal() and this - 20 <= int(asked) <= this else this


def _latest_months(year: int) -> range:
    """This month and the one before, as far as they are of this year; of a year gone by all twelve."""
    today = clock.today()
    return range(max(1, today.month - 1), today.month + 1) if year == today.year else range(1, 13)


@bp.get("/duties")
@requires(Permission.SEE_DUTIES)
def index() -> ResponseReturnValue:
    """A district's grid: schools by months; a school's own people are led to their year."""
    if viewer.is_school and len(viewer.school_ids) == 1:
        return redirect(url_for(".school", school_id=next(iter(viewer.school_ids))))
    form, year = GridForm(request.args), _year()
    months = _latest_months(year)
    page = queries.grid_page(viewer, form.choice(), key=request.args.get("page"))
    years = queries.years_of(page.rows, year)
    return render_template(
        "duties/index.html",
        form=form,
        year=year,
        years=queries.years_on_record(viewer),
        lines=[(one, queries.cells(one)) for one in years],
        sums=queries.sums(years, months),
        months=months,
        **neighbours(".index", page),
    )


def _action(source: Source, school_id: uuid.UUID, code: str) -> str:
    """Where the thing that fulfils a duty is entered."""
    if source is Source.DRILL:
        return url_for("drills.new", school=school_id)
    if source is Source.TRAINING:
        return url_for("trainings.new", school=school_id)
    return url_for(".new", school=school_id, duty=code)


@bp.get("/schools/<uuid:school_id>/duties")
@requires(Permission.SEE_DUTIES)
def school(school_id: uuid.UUID) -> ResponseReturnValue:
    """One school's year, what it has to do now, and what it recorded."""
    one = found(schools.get(viewer, school_id))
    year, today = _year(), clock.today()
    reckoned = queries.year_of(one, year)
    now = reckoned if year == today.year else queries.year_of(one, today.year)
    shown: dict[str, Any] = {
        "school": one,
        "year": year,
        "years": queries.years_on_record(viewer),
        "reckoned": reckoned,
        "rows": [(kept, queries.duty_cells(kept)) for kept in reckoned.kept],
        "pressing": queries.pressing(now, today=today),
        "terms_known": is_in_term(today, reckoned.calendar) is not None,
        "may_log": schools.serves(viewer, one),
        "action": _action,
        "latest": records.latest(viewer, one.id),
        "this_day": today,
    }
    return render_template("duties/school.html", **shown)
