"""Printing the labels of points and the paper sheet of a route."""

from __future__ import annotations

import uuid

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.extensions import db
from app.core.files import files
from app.core.i18n import language
from app.core.web import found
from app.selfchecks.queries import printing as queries
from app.selfchecks.service import printing as service
from app.selfchecks.views import bp, own_school
from app.selfchecks.views.walking import own_route


@bp.post("/schools/<uuid:school_id>/patrols/labels")
@requires(Permission.KEEP_PATROLS)
def print_labels(school_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the labels of all points in use."""
    job = service.print_labels(viewer, own_school(school_id), language=language())
    db.session.commit()
    return redirect(url_for(".print_job", job_id=job.id))


@bp.post("/patrols/routes/<uuid:patrol_route_id>/sheet")
@requires(Permission.KEEP_PATROLS)
def print_sheet(patrol_route_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the paper sheet of a route."""
    job = service.print_sheet(viewer, own_route(patrol_route_id), language=language())
    db.session.commit()
    return redirect(url_for(".print_job", job_id=job.id))


@bp.get("/patrols/print/<uuid:job_id>")
@requires(Permission.KEEP_PATROLS)
def print_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """How far the printing is, then the file."""
    job = found(queries.job_of(viewer, job_id))
    school = own_school(uuid.UUID(job.arguments["school"]))
    return render_template("selfchecks/print_job.html", job=job, school=school, refresh=0 if job.is_finished else 2)


@bp.get("/patrols/print/<uuid:job_id>.pdf")
@requires(Permission.KEEP_PATROLS)
def print_file(job_id: uuid.UUID) -> ResponseReturnValue:
    """The file, for who asked for it."""
    job = found(queries.job_of(viewer, job_id))
    answer = Response(files().get(found(job.result)["sha256"]), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="patrol.pdf"'
    return answer
