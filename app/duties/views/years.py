"""The year of a district and of one school."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.db import leaving_a_trace
from app.core.extensions import db
from app.core.panels import rendered_panels
from app.core.web import found
from app.duties import recount
from app.duties.forms import GridForm
from app.duties.queries import facts, holders, records, tallies
from app.duties.queries import standing as queries
from app.duties.rules.duties import Duty, Source
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
    duties, year = facts.duties_in_force(), _year()
    form, months = GridForm(request.args, duties=_named(duties)), _latest_months(year)
    choice = form.choice()
    lines = tallies.read(viewer, choice, year)
    stale = [line.school_id for line in lines if line.months is None]
    if stale:
        lines = tallies.with_counted(lines, _count(stale, year), choice.duty)
    grid = tallies.grid(lines, choice, months=months, key=request.args.get("page"))
    return render_template(
        "duties/index.html",
        form=form,
        year=year,
        years=queries.years_on_record(viewer),
        grid=grid,
        months=months,
        **neighbours(".index", grid.page),
    )


def _named(duties: Sequence[Duty]) -> list[tuple[str, str]]:
    """The duties with periods, as a list to choose from."""
    language = "en" if str(get_locale()).startswith("en") else "zh"
    return [(duty.code, duty.content[language]) for duty in duties if duty.has_periods]


def _count(stale: Sequence[uuid.UUID], year: int) -> dict[uuid.UUID, recount.Counted]:
    """Count what no longer holds, and keep it for the next reader."""
    counted: dict[uuid.UUID, recount.Counted] = {}
    with leaving_a_trace():
        db.session.rollback()
        for part in recount.batches(stale):
            counted |= recount.count(part, year)
            db.session.commit()
    return counted


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
    one, held = found(holders.with_school(viewer, school_id))
    year, today = _year(), clock.today()
    reckoned = queries.year_of(one, year)
    now = reckoned if year == today.year else queries.year_of(one, today.year)
    shown: dict[str, Any] = {
        "school": one,
        "year": year,
        "years": queries.years_since(one.made_at),
        "reckoned": reckoned,
        "rows": [(kept, queries.duty_cells(kept)) for kept in reckoned.kept],
        "pressing": queries.pressing(now, today=today),
        "terms_known": is_in_term(today, reckoned.calendar) is not None,
        "may_log": schools.serves(viewer, one),
        "action": _action,
        "latest": records.latest(viewer, one.id),
        "this_day": today,
        "panels": rendered_panels("duties", viewer, one),
        "holders": held,
    }
    return render_template("duties/school.html", **shown)
