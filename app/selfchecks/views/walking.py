"""The patrols of a school, and one round of them on the phone."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import can, requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import done, made
from app.core.db import new_id
from app.core.web import found
from app.equipment.rules import tags
from app.equipment.service.labels import sentence
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.logbook.pages import readable, tell_of
from app.schools import queries as schools
from app.schools.models import School
from app.selfchecks.forms import CodeForm, DoneForm, FinishForm, StartForm, TickForm
from app.selfchecks.models import PatrolPoint, PatrolRoute
from app.selfchecks.queries import patrols as queries
from app.selfchecks.queries import todos
from app.selfchecks.queries.patrols import Walk
from app.selfchecks.rules.rounds import LEFT_AFTER, code_in
from app.selfchecks.service import walking as service
from app.selfchecks.views import bp, own_school


def patrols_page(school: School, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The patrols of a school, with the form that was refused."""
    own = can(Permission.KEEP_PATROLS) and schools.serves(viewer, school)
    return (
        render_template(
            "selfchecks/patrols.html",
            school=school,
            own=own,
            stand=queries.of_school(school),
            todos=todos.open_of(school.id),
            closed=todos.done_of(school.id),
            start_form=forms.get("start_form") or StartForm(formdata=None, key=str(new_id()), done_by=viewer.name),
            done_form=forms.get("done_form") or DoneForm(formdata=None),
            wrong_todo=forms.get("wrong_todo"),
        ),
        status,
    )


@bp.get("/schools/<uuid:school_id>/patrols")
@requires(Permission.SEE_DUTIES)
def patrols(school_id: uuid.UUID) -> ResponseReturnValue:
    """A school's patrols: begin one, what is still to be put right, the last rounds and nights."""
    return patrols_page(found(schools.get(viewer, school_id)))


def own_route(route_id: uuid.UUID) -> PatrolRoute:
    """A route of the viewer's own school."""
    route = found(queries.route(viewer, route_id))
    own_school(route.school_id)
    return route


@bp.post("/patrols/routes/<uuid:patrol_route_id>/start")
@requires(Permission.KEEP_PATROLS)
def start(patrol_route_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a round, or go along with the one that is on the way."""
    route, form = own_route(patrol_route_id), StartForm()
    if form.validate_on_submit():
        device_at = service.device_moment(form.device_at.data or "")
        round_id = uuid.uuid5(form.made_id(), str(route.id))  # the page has one key for all its routes
        begun = made(
            form,
            lambda: service.start(
                viewer, route, round_id=round_id, done_by=form.done_by.data or "", device_at=device_at
            ),
        )
        if begun is not None:
            return redirect(_after_start(begun.id, request.args.get("code", "")[:20]))
    form.done_by.id = f"by-{patrol_route_id}"  # each route has its own field on the page
    return patrols_page(own_school(own_route(patrol_route_id).school_id), status=422, start_form=form)


def _after_start(round_id: uuid.UUID, code: str) -> str:
    """The round; where it was begun at a label, the point of that label."""
    labelled = queries.point_by_code(viewer, code) if code else None
    if labelled is None:
        return url_for(".walk", patrol_round_id=round_id)
    return _at_label(round_id, labelled)


def _at_label(round_id: uuid.UUID, labelled: PatrolPoint) -> str:
    """A point in a round, reached by its label."""
    return url_for(".point", patrol_round_id=round_id, patrol_point_id=labelled.id, code=labelled.code, scanned=1)


def _walk_page(walk: Walk, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    school = found(schools.get(viewer, walk.round.school_id))
    pictures: dict[str, list[Any]] = {}
    for photo in fieldwork.photos_of(TargetKind.SELFCHECK, [walk.round.id]):
        pictures.setdefault(photo.item, []).append(photo)
    return (
        render_template(
            "selfchecks/walk.html",
            school=school,
            walk=walk,
            round=walk.round,
            own=can(Permission.KEEP_PATROLS) and schools.serves(viewer, school),
            photos=pictures,
            code_form=forms.get("code_form") or CodeForm(formdata=None),
            finish_form=forms.get("finish_form") or FinishForm(formdata=None),
        ),
        status,
    )


@bp.get("/patrols/<uuid:patrol_round_id>")
@requires(Permission.SEE_DUTIES)
def walk(patrol_round_id: uuid.UUID) -> ResponseReturnValue:
    """One round: what comes next, what was seen, what was missed."""
    return _walk_page(found(queries.walk(viewer, patrol_round_id)))


def _own_walk(round_id: uuid.UUID, *, locked: bool = True) -> Walk:
    """A round of the viewer's own school; locked where it is to be changed."""
    own = found(queries.walk(viewer, round_id, locked=locked))
    own_school(own.round.school_id)
    return own


@bp.post("/patrols/<uuid:patrol_round_id>/code")
@requires(Permission.KEEP_PATROLS)
def type_code(patrol_round_id: uuid.UUID) -> ResponseReturnValue:
    """The code of a label was typed: lead to its point."""
    own, form = _own_walk(patrol_round_id), CodeForm()
    if form.validate_on_submit():
        point = made(form, lambda: service.point_meant(own, form.code.data or ""))
        if point is not None:
            return redirect(
                url_for(".point", patrol_round_id=patrol_round_id, patrol_point_id=point.id, code=point.code)
            )
    return _walk_page(_own_walk(patrol_round_id), status=422, code_form=form)


def _point_of(own: Walk, point_id: uuid.UUID) -> PatrolPoint:
    if str(point_id) not in own.stop_names:
        abort(404)
    return found(queries.point(viewer, point_id))


def _point_page(own: Walk, point: PatrolPoint, form: TickForm, *, status: int = 200) -> ResponseReturnValue:
    school = found(schools.get(viewer, own.round.school_id))
    known = own.seen.get(str(point.id))
    form.text.flags.required = True
    page = render_template(
        "selfchecks/point.html", school=school, walk=own, round=own.round, point=point, form=form, known=known
    )
    return page, status


@bp.get("/patrols/<uuid:patrol_round_id>/points/<uuid:patrol_point_id>")
@requires(Permission.KEEP_PATROLS)
def point(patrol_round_id: uuid.UUID, patrol_point_id: uuid.UUID) -> ResponseReturnValue:
    """One point of a round: in order, or what is wrong with it."""
    own = _own_walk(patrol_round_id, locked=False)
    form = TickForm(formdata=None, code=request.args.get("code", "")[:20], scanned=request.args.get("scanned", "")[:1])
    return _point_page(own, _point_of(own, patrol_point_id), form)


@bp.post("/patrols/<uuid:patrol_round_id>/points/<uuid:patrol_point_id>")
@requires(Permission.KEEP_PATROLS)
def tick(patrol_round_id: uuid.UUID, patrol_point_id: uuid.UUID) -> ResponseReturnValue:
    """Tick a point."""
    form = TickForm()
    own = _own_walk(patrol_round_id)
    meant = _point_of(own, patrol_point_id)
    photos, problems = readable(form.photos.chosen())
    if form.validate_on_submit() and done(
        form, lambda: service.tick(viewer, own, meant, said=form.ticked(), photos=photos)
    ):
        flash(_("已记：%(name)s", name=own.stop_names[str(patrol_point_id)]))
        tell_of(problems)
        return redirect(url_for(".walk", patrol_round_id=patrol_round_id))
    again = _own_walk(patrol_round_id)
    return _point_page(again, _point_of(again, patrol_point_id), form, status=422)


@bp.post("/patrols/<uuid:patrol_round_id>/finish")
@requires(Permission.KEEP_PATROLS)
def finish(patrol_round_id: uuid.UUID) -> ResponseReturnValue:
    """End a round."""
    own, form = _own_walk(patrol_round_id), FinishForm()
    if form.validate_on_submit() and done(form, lambda: service.finish(viewer, own, reason=form.reason.data or "")):
        flash(_("巡查已结束。"))
        return redirect(url_for(".walk", patrol_round_id=patrol_round_id))
    return _walk_page(_own_walk(patrol_round_id), status=422, finish_form=form)


@bp.get("/w/<path:text>")
@requires(Permission.SEE_DUTIES)
def open_label(text: str) -> ResponseReturnValue:
    """What a point's label opens: its place in the round that is on the way, or the offer to begin one."""
    try:
        code = tags.read(code_in(text))
    except tags.NotATag as problem:
        return render_template("equipment/wrong_code.html", text=text, problem=sentence(problem)), 404
    labelled = found(queries.point_by_code(viewer, code))
    school = found(schools.get(viewer, labelled.school_id))
    own = can(Permission.KEEP_PATROLS) and schools.serves(viewer, school)
    walks = queries.open_with(school.id, labelled.id, since=clock.now() - LEFT_AFTER) if own else []
    if walks:
        return redirect(_at_label(walks[0].round.id, labelled))
    routes = [one for one in queries.routes_of(school.id) if str(labelled.id) in one.stops]
    form = StartForm(formdata=None, key=str(new_id()), done_by=viewer.name)
    return render_template(
        "selfchecks/label.html", school=school, point=labelled, routes=routes, own=own, start_form=form
    )
