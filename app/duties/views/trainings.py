"""Who is due for training: the schools of a brigade, and one school's groups and people."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import paging
from app.core.web import found
from app.duties.forms import DueForm
from app.duties.queries import facts
from app.duties.queries import trainings as queries
from app.duties.rules.trainings import Due
from app.duties.views import bp
from app.logbook.pages import neighbours
from app.schools import queries as schools
from app.trainings.words import AUDIENCES


@bp.get("/duties/trainings")
@requires(Permission.SEE_TRAININGS)
def due_trainings() -> ResponseReturnValue:
    """The schools where a training is due, those first where most is; a school's own people are led to theirs."""
    if viewer.is_school and len(viewer.school_ids) == 1:
        return redirect(url_for(".school_trainings", school_id=next(iter(viewer.school_ids))))
    form = DueForm(request.args)
    due = queries.listing(viewer, form.choice())
    page = paging.cut(due, place=lambda one: one.place, key=request.args.get("page"))
    return render_template(
        "duties/due_trainings.html",
        form=form,
        lines=page.rows,
        overdue=sum(bool(one.of(Due.OVERDUE, informs=False)) for one in due),
        soon=sum(bool(one.of(Due.SOON, informs=False)) for one in due),
        people=sum(one.people for one in due),
        due=Due,
        duties=_named(),
        audiences=AUDIENCES,
        **neighbours(".due_trainings", page),
    )


def _named() -> dict[str, tuple[str, str]]:
    return {duty.code: (duty.content["zh"], duty.content["en"]) for duty in facts.duties_in_force()}


@bp.get("/schools/<uuid:school_id>/duties/trainings")
@requires(Permission.SEE_TRAININGS)
def school_trainings(school_id: uuid.UUID) -> ResponseReturnValue:
    """One school: its groups with their last and next day, and the people who were last trained too long ago."""
    school = found(schools.get(viewer, school_id))
    (line,) = queries.due_of([school])
    page = queries.people_due(line, key=request.args.get("page"))
    return render_template(
        "duties/school_trainings.html",
        school=school,
        line=line,
        people=page.rows,
        may_log=schools.serves(viewer, school),
        duties=_named(),
        audiences=AUDIENCES,
        **neighbours(".school_trainings", page, school_id=school.id),
    )
