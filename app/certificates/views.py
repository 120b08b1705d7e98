"""Previewing and issuing the result notice of a signed inspection."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.certificates import service
from app.core.extensions import db
from app.core.web import found
from app.inspections import queries as inspections
from app.inspections.models import Inspection

bp = Blueprint("certificates", __name__)


def _ours(inspection_id: uuid.UUID) -> Inspection:
    inspection = found(inspections.get(viewer, inspection_id))
    if inspection.brigade_id not in viewer.brigade_ids:
        abort(403)
    return inspection


def _language() -> str:
    return "en" if request.form.get("language") == "en" else "zh_Hans_CN"


@bp.post("/inspections/<uuid:inspection_id>/certificate/preview")
@requires(Permission.ISSUE_DOCUMENTS)
def preview(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Make the notice as it would look, without a number."""
    job_id = service.preview(viewer, _ours(inspection_id), lang=_language())
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job_id))


@bp.post("/inspections/<uuid:inspection_id>/certificate")
@requires(Permission.ISSUE_DOCUMENTS)
def issue(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the notice; pressing twice issues it once."""
    _ours(inspection_id)
    inspection = found(inspections.locked(viewer, inspection_id))
    paper = service.issue(viewer, inspection, lang=_language())
    db.session.commit()
    return redirect(url_for("documents.show", document_id=paper.id))
