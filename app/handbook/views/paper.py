"""The handbook of a post on paper."""

from __future__ import annotations

import uuid

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.extensions import db
from app.documents import queries as document_queries
from app.documents import service as documents
from app.handbook import paper, queries
from app.handbook.documents import HANDBOOK
from app.handbook.views import bp
from app.handbook.views.posts import own
from app.organisations.models import Brigade


def _language() -> str:
    asked = request.form.get("language", "")
    return asked if asked in HANDBOOK.languages else HANDBOOK.languages[0]


@bp.post("/schools/<uuid:school_id>/handbook/<post_code>/preview")
@requires(Permission.LOG_DUTIES)
def preview(school_id: uuid.UUID, post_code: str) -> ResponseReturnValue:
    """The handbook as it would be printed, without number."""
    (desk, station), language = own(school_id, post_code), _language()
    job = documents.preview(
        HANDBOOK,
        paper.handbook(viewer, desk.school, station, language=language),
        brigade=db.session.get_one(Brigade, desk.school.brigade_id),
        by=viewer,
        school=desk.school,
        language=language,
    )
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job.id))


@bp.post("/schools/<uuid:school_id>/handbook/<post_code>/issue")
@requires(Permission.LOG_DUTIES)
def issue(school_id: uuid.UUID, post_code: str) -> ResponseReturnValue:
    """The handbook with a number of the school's, once a day in each language."""
    (desk, station), language = own(school_id, post_code), _language()
    subject = queries.subject_of(desk.school.id, station.post)
    document = document_queries.newest_about(("school_post", subject), HANDBOOK.code, language=language)
    if document is None or clock.day_of(document.made_at) != clock.today():
        document = documents.issue(
            HANDBOOK,
            paper.handbook(viewer, desk.school, station, language=language),
            brigade=db.session.get_one(Brigade, desk.school.brigade_id),
            by=viewer,
            subject=("school_post", subject),
            school=desk.school,
            language=language,
        )
        db.session.commit()
    if viewer.own_brigade_id is not None:
        return redirect(url_for("documents.show", document_id=document.id))
    return redirect(url_for(".post", school_id=school_id, post_code=post_code) + "#papers")
