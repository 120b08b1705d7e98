"""Printing labels: of pieces, and blank ones; the job's progress and its files."""

from __future__ import annotations

import uuid

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.i18n import language
from app.core.web import found
from app.equipment import wording
from app.equipment.forms import BlanksForm, LabelsForm
from app.equipment.queries import printing
from app.equipment.queries import register as queries
from app.equipment.service import labels as service
from app.equipment.views import bp
from app.equipment.views.register import filters, uuid_or_none, wanted_from


def _wanted_ids() -> list[uuid.UUID]:
    """The pieces that the list in the address holds, or the one piece it names."""
    form, school = filters()
    piece = uuid_or_none(request.args.get("piece"))
    wanted = queries.Wanted(ids=(piece,)) if piece else wanted_from(form, school)
    return queries.ids(viewer, wanted, most=service.MOST_LABELS)


@bp.route("/equipment/labels", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def print_labels() -> ResponseReturnValue:
    """Choose the paper for the labels of what a list holds, and ask for them."""
    form, ids = LabelsForm(), _wanted_ids()
    if form.validate_on_submit():
        try:
            job = service.print_labels(viewer, ids=ids, paper=form.paper.data, language=language())
            db.session.commit()
            return redirect(url_for("equipment.label_job", job_id=job.id))
        except DomainError as problem:
            db.session.rollback()
            form.add_problem(problem)
    page = render_template(
        "equipment/labels.html", form=form, count=len(ids), most=service.MOST_LABELS, wording=wording
    )
    return page, 422 if form.errors else 200


@bp.route("/equipment/labels/blank", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def print_blanks() -> ResponseReturnValue:
    """Ask for labels with unused codes, to be stuck on pieces on the spot."""
    form = BlanksForm()
    if form.validate_on_submit():
        job = service.print_blanks(viewer, count=form.count.data or 0, paper=form.paper.data, language=language())
        db.session.commit()
        return redirect(url_for("equipment.label_job", job_id=job.id))
    return render_template("equipment/blanks.html", form=form), 422 if form.errors else 200


@bp.get("/equipment/labels/<uuid:job_id>")
@requires(Permission.PRINT_LABELS)
def label_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """How far the printing is, then its files."""
    job = found(printing.label_job(viewer, job_id))
    return render_template("equipment/label_job.html", job=job, refresh=0 if job.is_finished else 2)


@bp.get("/equipment/labels/<uuid:job_id>/<int:part>.pdf")
@requires(Permission.PRINT_LABELS)
def label_file(job_id: uuid.UUID, part: int) -> ResponseReturnValue:
    """One file of labels, for who asked for it."""
    job = found(printing.label_job(viewer, job_id))
    parts = (job.result or {}).get("parts", [])
    if not 1 <= part <= len(parts):
        abort(404)
    answer = make_response(files().get(parts[part - 1]["sha256"]))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="labels-{part}.pdf"'
    return answer
