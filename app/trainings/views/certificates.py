"""Certificates of a session as one job with its progress and one file; the attendance sheet."""

from __future__ import annotations

import uuid

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.extensions import db
from app.core.web import found
from app.documents.views.papers import send_pdf
from app.trainings.documents import CERTIFICATE
from app.trainings.queries import sessions as queries
from app.trainings.service import certificates
from app.trainings.views import bp
from app.trainings.views.sessions import own


def _language() -> str:
    asked = request.form.get("language", "")
    return asked if asked in CERTIFICATE.languages else CERTIFICATE.languages[0]


@bp.post("/trainings/sessions/<uuid:training_session_id>/certificates")
@requires(Permission.ISSUE_DOCUMENTS)
def order_certificates(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Leave the job that makes the certificates of everybody who earned one."""
    job = certificates.order(viewer, own(training_session_id).session, language=_language())
    db.session.commit()
    return redirect(url_for(".certificates_job", job_id=job.id))


@bp.get("/trainings/certificates/<uuid:job_id>")
@requires(Permission.ISSUE_DOCUMENTS)
def certificates_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """The certificates being made, or made."""
    job = found(queries.certificates_job(viewer, job_id, kind=certificates.CERTIFICATES))
    line = found(queries.get(viewer, uuid.UUID(job.arguments["session"])))
    refresh = None if job.is_finished else 2
    return render_template("trainings/certificates.html", job=job, line=line, school=line.school, refresh=refresh)


@bp.get("/trainings/certificates/<uuid:job_id>.pdf")
@requires(Permission.ISSUE_DOCUMENTS)
def certificates_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The joined file, for who asked for it."""
    job = found(queries.certificates_job(viewer, job_id, kind=certificates.CERTIFICATES))
    if not job.result:
        abort(404)
    return send_pdf(job.result["sha256"], _("消防培训证明") + ".pdf", plain="certificates")


@bp.post("/trainings/sessions/<uuid:training_session_id>/sheet")
@requires(Permission.ISSUE_DOCUMENTS)
def issue_sheet(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """The numbered attendance sheet; when the list has changed a new one in place of the earlier."""
    document = certificates.issue_sheet(viewer, own(training_session_id).session, language=_language())
    db.session.commit()
    return redirect(url_for("documents.show", document_id=document.id))
