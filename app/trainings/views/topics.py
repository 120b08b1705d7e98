"""What the next training should be about."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.logbook import pages
from app.schools import queries as schools
from app.schools.models import School
from app.trainings.queries import topics as queries
from app.trainings.rules.topics import MONTHS_TO_CHOOSE
from app.trainings.views import bp


def _school() -> School | None:
    """The school in the address, else the only one of a school's own people."""
    school = pages.school_named()
    if school is None and viewer.is_school and len(viewer.school_ids) == 1:
        return schools.get(viewer, next(iter(viewer.school_ids)))
    return school


@bp.get("/trainings/topics")
@requires(Permission.SEE_TRAININGS)
def topics() -> ResponseReturnValue:
    """The faults found most often, to be chosen as topics."""
    school, months = _school(), queries.months_of(request.args.get("months", ""))
    may_plan = viewer.may(Permission.LOG_TRAININGS) and (school is None or schools.serves(viewer, school))
    choose = may_plan and school is None and not viewer.is_school
    return render_template(
        "trainings/topics.html",
        school=school,
        months=months,
        months_to_choose=MONTHS_TO_CHOOSE,
        proposal=queries.proposed(viewer, school, months=months),
        may_plan=may_plan and (choose or school is not None),
        schools=queries.schools_to_plan_for(viewer) if choose else [],
    )


def chosen() -> dict[str, Any]:
    """The topics of the items that the address names, as a form takes them; nothing where it names none."""
    codes = request.args.getlist("item")
    return {"topics": queries.text_of(codes)} if codes else {}
