"""Entries that may be the same school, and merging them."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.organisations import queries as organisations
from app.schools import queries, service
from app.schools.forms import MergeForm, ReasonForm
from app.schools.queries import register
from app.schools.views import bp, served


@bp.get("/schools/duplicates")
@requires(Permission.MERGE_SCHOOLS)
def duplicates() -> ResponseReturnValue:
    """Pairs of schools that may be one."""
    pairs = register.alike(viewer)
    areas = organisations.area_names(school.area_code for pair in pairs for school in pair[:2])
    return render_template("schools/duplicates.html", pairs=pairs, areas=areas)


@bp.route("/schools/<uuid:school_id>/merge", methods=["GET", "POST"])
@requires(Permission.MERGE_SCHOOLS)
def merge(school_id: uuid.UUID) -> ResponseReturnValue:
    """Merge a school into another one of the brigade, found by search."""
    school = served(school_id)
    text = request.args.get("q", school.name)[:200]
    into = request.args.get("into", type=uuid.UUID)
    candidates = [one for one in register.find(viewer, register.Wanted(text=text), size=20).rows if one.id != school.id]
    if into and not any(one.id == into for one in candidates):
        candidates = [*register.by_ids(viewer, [into]).values(), *candidates]
    form = MergeForm()
    form.into_id.choices = [
        SelectChoice(str(one.id), f"{one.name}（{one.address}）" if one.address else one.name) for one in candidates
    ]
    if request.method == "GET" and into:
        form.into_id.data = into
    if form.validate_on_submit():
        target = found(queries.get(viewer, form.into_id.data))
        try:
            service.merge(viewer, school, into=target, reason=form.reason.data or "")
            db.session.commit()
            flash(_("“%(name)s”已并入“%(into)s”。", name=school.name, into=target.name))
            return redirect(url_for(".show", school_id=target.id))
        except DomainError as problem:
            db.session.rollback()
            form.add_problem(problem)
    status = 422 if request.method == "POST" else 200
    return render_template("schools/merge.html", form=form, school=school, text=text), status


@bp.post("/schools/<uuid:school_id>/unmerge")
@requires(Permission.MERGE_SCHOOLS)
def unmerge(school_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a merge."""
    school = served(school_id)
    form = ReasonForm()
    if not form.validate():
        raise DomainError(_("请写明原因（最多 500 字）。"))
    service.unmerge(viewer, school, reason=form.reason.data or "")
    db.session.commit()
    flash(_("已撤销合并，“%(name)s”恢复为独立的学校。", name=school.name))
    return redirect(url_for(".show", school_id=school_id))
