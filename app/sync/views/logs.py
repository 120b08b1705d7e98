"""Logging drills and trainings without network: the empty pages, and what there is to choose on them."""

from __future__ import annotations

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.web import public
from app.sync import shell
from app.sync.queries import logs as queries
from app.sync.reading import as_id
from app.sync.service.logs import LOGS
from app.sync.views.blueprint import bp


@bp.get("/sync/logs/<kind>")
@public
def log_page(kind: str) -> ResponseReturnValue:
    """The empty log; school, choices and what was filled in come from the tablet's own store."""
    if kind not in LOGS:
        abort(404)
    return shell.log_page(kind)


@bp.get("/sync/logs")
@requires(Permission.USE_TABLETS)
def own_logs() -> ResponseReturnValue:
    """What this person may log, at which schools; `?school=` asks for further ones."""
    also = [key for text in request.args.getlist("school")[: queries.MOST] if (key := as_id(text)) is not None]
    kinds = [kind for kind, log in LOGS.items() if viewer.may(log.permission)]
    listed = queries.schools_to_log_for(viewer, also=also) if kinds else []
    return jsonify(
        person={"id": str(viewer.person_id), "name": viewer.name},
        kinds=kinds,
        schools=queries.choices(viewer, listed),
        is_school=viewer.is_school,
    )
