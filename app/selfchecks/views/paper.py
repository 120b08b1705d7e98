"""Entering a round that was walked with the paper sheet."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import made
from app.selfchecks.forms import paper_form
from app.selfchecks.rules.rounds import stops_of
from app.selfchecks.service import paper as service
from app.selfchecks.service.walking import kept_stops
from app.selfchecks.views import bp, own_school
from app.selfchecks.views.walking import own_route


@bp.route("/patrols/routes/<uuid:patrol_route_id>/paper", methods=["GET", "POST"])
@requires(Permission.KEEP_PATROLS)
def from_paper(patrol_route_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet as a form: the points of the route in its order."""
    route = own_route(patrol_route_id)
    stops = stops_of(kept_stops(route))
    form = paper_form(stops, done_by="")
    if form.validate_on_submit() and form.is_whole(stops):
        sheet = form.sheet(stops)
        kept = made(
            form,
            lambda: service.enter(viewer, own_route(patrol_route_id), round_id=form.made_id(), sheet=sheet),
        )
        if kept is not None:
            flash(_("已按纸质记录补录。"))
            return redirect(url_for(".walk", patrol_round_id=kept.id))
    route = own_route(patrol_route_id)
    page = render_template(
        "selfchecks/paper.html", school=own_school(route.school_id), route=route, form=form, lines=form.lines_of(stops)
    )
    return page, 422 if form.errors else 200
