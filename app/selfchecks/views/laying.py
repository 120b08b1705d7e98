"""Laying out a school's patrol points and routes."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.db import new_id
from app.core.extensions import db
from app.core.web import found
from app.equipment.rules.tags import spaced
from app.selfchecks.forms import PointForm, route_form
from app.selfchecks.models import PatrolPoint
from app.selfchecks.queries import patrols as queries
from app.selfchecks.service import laying as service
from app.selfchecks.views import bp, own_school
from app.selfchecks.views.walking import own_route


def _point_form(school_id: uuid.UUID, **known: Any) -> PointForm:
    form = PointForm(**known)
    form.offer(queries.places_to_choose(school_id))
    return form


def _page(school_id: uuid.UUID, form: PointForm, *, status: int = 200) -> ResponseReturnValue:
    school, points = own_school(school_id), queries.points_of(school_id)
    names = {str(one.id): one.name for one in points}
    page = render_template(
        "selfchecks/layout.html",
        school=school,
        points=points,
        names=names,
        routes=queries.routes_of(school_id),
        form=form,
        spaced=spaced,
    )
    return page, status


@bp.get("/schools/<uuid:school_id>/patrols/layout")
@requires(Permission.KEEP_PATROLS)
def layout(school_id: uuid.UUID) -> ResponseReturnValue:
    """The points and routes of a school, and the form for one more point."""
    return _page(own_school(school_id).id, _point_form(school_id, formdata=None, key=str(new_id())))


@bp.post("/schools/<uuid:school_id>/patrols/points")
@requires(Permission.KEEP_PATROLS)
def add_point(school_id: uuid.UUID) -> ResponseReturnValue:
    """One more point."""
    school, form = own_school(school_id), _point_form(school_id)
    if form.validate_on_submit():
        new = form.new_point()
        point = made(form, lambda: service.add_point(viewer, school, point_id=form.made_id(), new=new))
        if point is not None:
            flash(_("已添加巡查点，编号 %(code)s。", code=spaced(point.code)))
            return redirect(url_for(".layout", school_id=school_id))
    return _page(school_id, form, status=422)


def _own_point(point_id: uuid.UUID) -> PatrolPoint:
    point = found(queries.point(viewer, point_id))
    own_school(point.school_id)
    return point


@bp.route("/patrols/points/<uuid:patrol_point_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_PATROLS)
def edit_point(patrol_point_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a point."""
    point = _own_point(patrol_point_id)
    at = point.place_id or point.building_id
    known = {"name": point.name, "at": str(at) if at else "", "look_at": point.look_at}
    form = _point_form(point.school_id, **known)
    if form.validate_on_submit() and done(
        form, lambda: service.change_point(viewer, _own_point(patrol_point_id), new=form.new_point())
    ):
        flash(_("已保存。"))
        return redirect(url_for(".layout", school_id=_own_point(patrol_point_id).school_id))
    point = _own_point(patrol_point_id)
    page = render_template(
        "selfchecks/point_form.html",
        school=own_school(point.school_id),
        point=point,
        form=form,
        shown=spaced(point.code),
    )
    return page, 422 if form.errors else 200


@bp.post("/patrols/points/<uuid:patrol_point_id>/retire")
@requires(Permission.KEEP_PATROLS)
def retire_point(patrol_point_id: uuid.UUID) -> ResponseReturnValue:
    """A point is not walked to any more."""
    point = _own_point(patrol_point_id)
    service.retire_point(viewer, point)
    db.session.commit()
    flash(_("已停用，以前的巡查记录保留。"))
    return redirect(url_for(".layout", school_id=point.school_id))


@bp.route("/schools/<uuid:school_id>/patrols/routes", methods=["GET", "POST"])
@requires(Permission.KEEP_PATROLS)
def add_route(school_id: uuid.UUID) -> ResponseReturnValue:
    """A new route."""
    school, form = own_school(school_id), route_form(queries.points_of(school_id))
    if form.validate_on_submit():
        new = form.new_route()
        route = made(form, lambda: service.add_route(viewer, school, route_id=form.made_id(), new=new))
        if route is not None:
            flash(_("已保存。"))
            return redirect(url_for(".layout", school_id=school_id))
    page = render_template("selfchecks/route.html", school=own_school(school_id), route=None, form=form)
    return page, 422 if form.errors else 200


@bp.route("/patrols/routes/<uuid:patrol_route_id>", methods=["GET", "POST"])
@requires(Permission.KEEP_PATROLS)
def edit_route(patrol_route_id: uuid.UUID) -> ResponseReturnValue:
    """Change a route."""
    route = own_route(patrol_route_id)
    form = route_form(queries.points_of(route.school_id), route)
    if form.validate_on_submit() and done(
        form, lambda: service.change_route(viewer, own_route(patrol_route_id), new=form.new_route())
    ):
        flash(_("已保存。"))
        return redirect(url_for(".layout", school_id=own_route(patrol_route_id).school_id))
    route = own_route(patrol_route_id)
    page = render_template("selfchecks/route.html", school=own_school(route.school_id), route=route, form=form)
    return page, 422 if form.errors else 200


@bp.post("/patrols/routes/<uuid:patrol_route_id>/retire")
@requires(Permission.KEEP_PATROLS)
def retire_route(patrol_route_id: uuid.UUID) -> ResponseReturnValue:
    """A route is not walked any more."""
    route = own_route(patrol_route_id)
    service.retire_route(viewer, route)
    db.session.commit()
    flash(_("已停用，以前的巡查记录保留。"))
    return redirect(url_for(".layout", school_id=route.school_id))
