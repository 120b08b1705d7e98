"""Judging a drill, and the lessons that are followed as findings."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.db import new_id
from app.core.web import found
from app.drills.plan_forms import JudgeForm, LessonForm, as_id, judged_before
from app.drills.service import judging as service
from app.drills.views.blueprint import bp
from app.drills.views.logs import own
from app.schools import queries as schools


@bp.route("/drills/<uuid:drill_id>/judge", methods=["GET", "POST"])
@requires(Permission.LOG_DRILLS)
def judge(drill_id: uuid.UUID) -> ResponseReturnValue:
    """The points of the guide, and what the record still lacks."""
    drill = own(drill_id).drill
    form = JudgeForm(data=judged_before(drill))
    if form.validate_on_submit() and done(form, lambda: service.judge(viewer, drill, form.judgement())):
        flash(_("评估已保存。"))
        return redirect(url_for(".show", drill_id=drill_id))
    school = found(schools.get(viewer, drill.school_id))
    page = render_template("drills/judge.html", form=form, drill=drill, school=school)
    return page, 422 if form.is_submitted() else 200


@bp.route("/drills/<uuid:drill_id>/lessons", methods=["GET", "POST"])
@requires(Permission.LOG_DRILLS)
def lesson(drill_id: uuid.UUID) -> ResponseReturnValue:
    """What to do better, who sees to it by when; it is followed as a finding."""
    drill = own(drill_id).drill
    form: Any = LessonForm(key=request.form.get("key") or str(new_id()))
    if form.validate_on_submit():
        kept = made(
            form,
            lambda: service.learn(
                viewer,
                drill,
                lesson_id=as_id(form.key.data),
                text=form.text.data,
                measure=form.measure.data or "",
                owner=form.owner.data,
                due_on=form.due_on.data,
                place=form.place.data or "",
            ),
        )
        if kept is not None:
            flash(_("已记下，并列入问题清单跟踪。"))
            return redirect(url_for(".show", drill_id=drill_id))
    school = found(schools.get(viewer, drill.school_id))
    return render_template(
        "drills/lesson.html", form=form, drill=drill, school=school
    ), 422 if form.is_submitted() else 200
