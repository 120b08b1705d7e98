"""Several papers as one file: chosen in the list, put in order, made by the worker."""

from __future__ import annotations

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.documents import queries
from app.documents.forms import BatchForm, batch_form
from app.documents.kinds import Copy
from app.documents.models import IssuedDocument
from app.documents.service import joining
from app.documents.views.blueprint import bp
from app.documents.views.papers import send_pdf

COPIES = {"party": (Copy.PARTY,), "archive": (Copy.ARCHIVE,), "both": (Copy.PARTY, Copy.ARCHIVE)}


def _asked_for(values: list[str]) -> list[IssuedDocument]:
    try:
        ids = [uuid.UUID(value) for value in values]
    except ValueError:
        abort(404)
    return queries.chosen(viewer, ids[: joining.MOST_PAPERS])


def _page(papers: list[IssuedDocument], form: BatchForm, status: int = 200) -> ResponseReturnValue:
    has_archive = any(paper.archive_sha256 and queries.of_own_brigade(viewer, paper) for paper in papers)
    return render_template("documents/batch.html", papers=papers, form=form, has_archive=has_archive), status


@bp.get("/documents/batch")
@requires(Permission.SEE_DOCUMENTS)
def batch() -> ResponseReturnValue:
    """The papers that were ticked, each with its place in the joined file."""
    papers = _asked_for(request.args.getlist("id"))
    return _page(papers, batch_form(papers, formdata=None))


@bp.post("/documents/batch")
@requires(Permission.SEE_DOCUMENTS)
def join() -> ResponseReturnValue:
    """Leave the job that joins them."""
    papers = _asked_for(request.form.getlist("id"))
    form = batch_form(papers)
    if not form.validate_on_submit():
        return _page(papers, form, 422)
    papers.sort(key=lambda paper: form[f"place-{paper.id}"].data)
    try:
        job = joining.join(
            viewer,
            document_ids=[paper.id for paper in papers],
            copies=COPIES[form.copies.data],
            on_odd_pages=form.on_odd_pages.data,
        )
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _page(papers, form, 422)
    db.session.commit()
    return redirect(url_for("documents.joined", job_id=job.id))


@bp.get("/documents/batch/<uuid:job_id>")
@requires(Permission.SEE_DOCUMENTS)
def joined(job_id: uuid.UUID) -> ResponseReturnValue:
    """The joined file being made, or made."""
    job = found(queries.joined_job(viewer, job_id))
    return render_template("documents/joined.html", job=job, refresh=None if job.is_finished else 2)


@bp.get("/documents/batch/<uuid:job_id>.pdf")
@requires(Permission.SEE_DOCUMENTS)
def joined_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The joined file, for who asked for it."""
    job = found(queries.joined_job(viewer, job_id))
    if not job.result:
        abort(404)
    return send_pdf(job.result["sha256"], _("合并打印") + ".pdf", plain="papers")
