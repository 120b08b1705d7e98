"""A week and a month of everything that stands in the plan."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.web import found
from app.schools import queries as schools
from app.schools.models import School
from app.workcalendar import presenting, rules, words
from app.workcalendar.forms import FilterForm
from app.workcalendar.queries import agenda as queries
from app.workcalendar.queries.entries import Wanted
from app.workcalendar.rules import Kind
from app.workcalendar.views.blueprint import bp

#: How many things of a day a month names.
NAMED = 3
#: What stays in the address from page to page.
KEPT = ("kind", "officer", "q", "school")


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _schools() -> tuple[list[School] | None, School | None]:
    """The schools asked for, and the one if it is one; None: every school."""
    asked, text = request.args.get("school", ""), request.args.get("q", "").strip()[:200]
    if asked:
        school = found(schools.get(viewer, found(_id(asked))))
        return [school], school
    if text:
        named = queries.schools_named(viewer, text)
        return named, named[0] if len(named) == 1 else None
    return None, None


def _wanted(chosen: Iterable[School] | None) -> Wanted:
    kind = request.args.get("kind", "")
    return Wanted(
        kind=Kind(kind) if kind in set(Kind) else None,
        officer_id=_id(request.args.get("officer", "")) if viewer.brigade_ids else None,
        school_ids=None if chosen is None else tuple(school.id for school in chosen),
    )


def _page(
    template: str, days: tuple[date, ...], day: date, *, before: date, after: date, most: int | None = None
) -> ResponseReturnValue:
    chosen, school = _schools()
    wanted = _wanted(chosen)
    agenda = queries.agenda(viewer, days, wanted)
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}

    def at(endpoint: str, on: date | None = None, **more: Any) -> str:
        return url_for(endpoint, **({"on": on.isoformat()} if on else {}) | kept | more)

    return render_template(
        template,
        agenda=agenda,
        lines=presenting.lines(agenda, most=most),
        tallies=presenting.tallies(agenda),
        day=day,
        before=before,
        after=after,
        at=at,
        kept=kept,
        form=FilterForm(request.args, officers={load.person_id: load.name for load in agenda.loads}),
        school=school,
        officer_id=wanted.officer_id,
        words=words,
        Kind=Kind,
    )


@bp.get("/calendar")
@requires(Permission.SEE_DRILLS)
def week() -> ResponseReturnValue:
    """A week, day by day, with what each officer has to do."""
    day = rules.asked_day(request.args.get("on", ""), today=clock.today())
    days = rules.week_of(day)
    return _page(
        "workcalendar/week.html", days, day, before=days[0] - timedelta(days=7), after=days[-1] + timedelta(days=1)
    )


@bp.get("/calendar/month")
@requires(Permission.SEE_DRILLS)
def month() -> ResponseReturnValue:
    """A month: how much of what is on each day."""
    day = rules.asked_day(request.args.get("on", ""), today=clock.today())
    return _page(
        "workcalendar/month.html",
        rules.month_of(day),
        day,
        before=rules.month_before(day),
        most=NAMED,
        after=rules.month_after(day),
    )


@bp.get("/calendar/plan")
@requires(Permission.INSPECT)
def choose_school() -> ResponseReturnValue:
    """Which school the visit is to, that begins in a cell of the calendar."""
    text = request.args.get("q", "").strip()[:200]
    return render_template(
        "workcalendar/choose_school.html",
        text=text,
        schools=queries.schools_named(viewer, text) if text else [],
        on=rules.asked_day(request.args.get("on", ""), today=clock.today()),
        lead=_id(request.args.get("lead", "")),
    )
